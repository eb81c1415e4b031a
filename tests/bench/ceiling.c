/*
 * The most that SQLite itself does here: the rows of bahid's postings put
 * straight into a fresh file with its schema, by prepared statements in groups
 * of 512, with no HTTP, no JSON, no rules, no signatures and no hashing.
 * bench.sh runs it beside the daemon.
 *
 *	ceiling SCHEMA.sql FILE SECONDS
 */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/file.h"

#define GROUP 512
#define SCHEMA_MAX (1 << 20)

enum statement {
	BEGIN, EVENT, CHANGE, IDEM, DOCUMENT, VERSION, JOURNAL, ENTRY, AUDIT,
	BALANCE, TALLY, DROP, COMMIT, STATEMENTS
};

static const char *const texts[STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[EVENT] = "INSERT INTO event VALUES (?1, 'pos', ?2,"
	    " 'payment.success', NULL, '51ebb6c0538fe3b4', ?3, ?3, ?4, ?5,"
	    " 'posted', 1, 1, 'IN01', 'sales_invoice', ?6, 1, 'WALKIN',"
	    " 100000, 'INR', ?1, 1, ?7, NULL, NULL, ?1)",
	[CHANGE] = "INSERT INTO change VALUES (?1, ?2, ?3)",
	[IDEM] = "INSERT INTO idem VALUES ('pos', ?2, ?1)",
	[DOCUMENT] = "INSERT INTO document VALUES ('IN01', 'sales_invoice',"
	    " ?2, 1, 'pos', 1, NULL, ?1, 0, ?1, 0)",
	[VERSION] = "INSERT INTO document_version VALUES (?1 * 128, 'IN01',"
	    " 'sales_invoice', ?2, 1, ?3, ?4, 12, ?1)",
	[JOURNAL] = "INSERT INTO journal VALUES (?1, 'IN01', '2026-10-05',"
	    " 'sales_invoice', ?2, 1, ?1, NULL, 'STORE-MUM')",
	[ENTRY] = "INSERT INTO entry VALUES (?1, ?2, ?3, 'INR', ?4, ?4, ?5,"
	    " ?6, ?7, NULL, NULL, NULL)",
	[AUDIT] = "INSERT INTO audit VALUES (?1, ?2, 'pos', 'posted', ?3, '',"
	    " ?4, ?5, ?5)",
	[BALANCE] = "INSERT INTO balance VALUES ('IN01', ?1, 'INR',"
	    " '2026-10', ?2, ?3, ?2, ?3) ON CONFLICT DO UPDATE SET"
	    " debit = debit + excluded.debit,"
	    " credit = credit + excluded.credit,"
	    " base_debit = base_debit + excluded.base_debit,"
	    " base_credit = base_credit + excluded.base_credit",
	[TALLY] = "INSERT INTO tally VALUES ('pos', ?1, ?2)"
	    " ON CONFLICT DO UPDATE SET n = n + excluded.n",
	[DROP] = "DELETE FROM change WHERE seq = ?1",
	[COMMIT] = "COMMIT",
};

static const struct {
	const char *account, *party, *cost_centre, *tax_code;
	int64_t amount;
} lines[4] = {
	{ "1200", "WALKIN", NULL, NULL, 100000 },
	{ "4000", NULL, "MUM-RETAIL", "GST18", -84746 },
	{ "2300", NULL, "MUM-RETAIL", "GST18", -7627 },
	{ "2310", NULL, "MUM-RETAIL", "GST18", -7627 },
};

static const char setup[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA cache_size = -16384;";

/* As a till's sale is kept; 600 and 530 bytes. */
static char body[600];
static const char document[] =
    "{\"kind\":\"sales_invoice\",\"entity\":\"IN01\",\"number\":"
    "\"MUM-0000000000100001\",\"date\":\"2026-10-05\",\"party\":\"WALKIN\","
    "\"currency\":\"INR\",\"total\":100000,\"tax\":15254,\"channel\":\"pos\","
    "\"memo\":\"STORE-MUM\",\"lines\":[{\"type\":\"settled\",\"account\":"
    "\"1200\",\"amount\":100000},{\"type\":\"sale\",\"account\":\"4000\","
    "\"cost_centre\":\"MUM-RETAIL\",\"tax_code\":\"GST18\",\"amount\":84746},"
    "{\"type\":\"tax\",\"account\":\"2300\",\"cost_centre\":\"MUM-RETAIL\","
    "\"tax_code\":\"GST18\",\"amount\":7627},{\"type\":\"tax\",\"account\":"
    "\"2310\",\"cost_centre\":\"MUM-RETAIL\",\"tax_code\":\"GST18\","
    "\"amount\":7627}]}";
static const char outcome[] = "state=posted event="
    "564f58008bc10b90c3dcfe55022873af65dbe9069f7b8969e358aae693811f73 "
    "rules=32d41ec202ab9a06 generation=12 journal=J100001 entries="
    "ad8d29f6fcb692d624d9c376531fbdf170db9d0aaafdd91b6fabcb2307097054 "
    "version=1";

struct file {
	sqlite3 *db;
	sqlite3_stmt *s[STATEMENTS];
	int64_t seq, change;
	int64_t fed[6];		/* latest change of each balance, status */
};

static void
run(struct file *file, enum statement which)
{
	sqlite3_stmt *s = file->s[which];

	if (sqlite3_step(s) != SQLITE_DONE)
		bug("%s: %s", texts[which], sqlite3_errmsg(file->db));
	sqlite3_reset(s);
}

static void
text(struct file *file, enum statement which, int at, const char *value)
{
	if (value == NULL)
		sqlite3_bind_null(file->s[which], at);
	else
		sqlite3_bind_text(file->s[which], at, value, -1,
		    SQLITE_STATIC);
}

static void
whole(struct file *file, enum statement which, int at, int64_t value)
{
	sqlite3_bind_int64(file->s[which], at, value);
}

static void
bytes(struct file *file, enum statement which, int at, const void *p, int n)
{
	sqlite3_bind_blob(file->s[which], at, p, n, SQLITE_STATIC);
}

static void
add_change(struct file *file, const char *topic, const char *key)
{
	whole(file, CHANGE, 1, ++file->change);
	text(file, CHANGE, 2, topic);
	text(file, CHANGE, 3, key);
	run(file, CHANGE);
}

static void
add_event(struct file *file, const char *number, int64_t now)
{
	char key[48], id[32];

	snprintf(key, sizeof key, "msg_%024" PRId64, now * 1000 + file->seq);
	snprintf(id, sizeof id, "E%" PRId64, file->seq);
	whole(file, EVENT, 1, file->seq);
	text(file, EVENT, 2, key);
	whole(file, EVENT, 3, now);
	bytes(file, EVENT, 4, body, 32);
	bytes(file, EVENT, 5, body, sizeof body);
	text(file, EVENT, 6, number);
	whole(file, EVENT, 7, file->change + 1);
	run(file, EVENT);
	add_change(file, "event", id);
	whole(file, IDEM, 1, file->seq);
	text(file, IDEM, 2, key);
	run(file, IDEM);
	whole(file, AUDIT, 1, file->seq);
	whole(file, AUDIT, 2, now);
	text(file, AUDIT, 3, id);
	text(file, AUDIT, 4, outcome);
	bytes(file, AUDIT, 5, body, 32);
	run(file, AUDIT);
}

static void
add_document(struct file *file, const char *number)
{
	whole(file, DOCUMENT, 1, file->seq);
	text(file, DOCUMENT, 2, number);
	run(file, DOCUMENT);
	whole(file, VERSION, 1, file->seq);
	text(file, VERSION, 2, number);
	text(file, VERSION, 3, document);
	text(file, VERSION, 4, "32d41ec202ab9a06b7237c5993be1c6bc35e15b201f85d"
	    "1e2dc5d445b02b12da");
	run(file, VERSION);
	whole(file, JOURNAL, 1, file->seq);
	text(file, JOURNAL, 2, number);
	run(file, JOURNAL);
	for (int i = 0; i < 4; i++) {
		whole(file, ENTRY, 1, file->seq);
		whole(file, ENTRY, 2, i + 1);
		text(file, ENTRY, 3, lines[i].account);
		whole(file, ENTRY, 4, lines[i].amount);
		text(file, ENTRY, 5, lines[i].party);
		text(file, ENTRY, 6, lines[i].cost_centre);
		text(file, ENTRY, 7, lines[i].tax_code);
		run(file, ENTRY);
	}
}

/* The feed keeps the latest change of a key only. */
static void
feed(struct file *file, int slot, const char *topic, const char *key)
{
	if (file->fed[slot] != 0) {
		whole(file, DROP, 1, file->fed[slot]);
		run(file, DROP);
	}
	add_change(file, topic, key);
	file->fed[slot] = file->change;
}

/* Sums are kept in memory for the group, as the daemon keeps them. */
static void
add_sums(struct file *file)
{
	static const char *const states[2] = { "received", "posted" };
	char key[32];

	for (int i = 0; i < 4; i++) {
		int64_t amount = lines[i].amount * GROUP;

		text(file, BALANCE, 1, lines[i].account);
		whole(file, BALANCE, 2, amount > 0 ? amount : 0);
		whole(file, BALANCE, 3, amount < 0 ? -amount : 0);
		run(file, BALANCE);
		snprintf(key, sizeof key, "IN01/%s/INR", lines[i].account);
		feed(file, i, "balance", key);
	}
	for (int i = 0; i < 2; i++) {
		text(file, TALLY, 1, states[i]);
		whole(file, TALLY, 2, GROUP);
		run(file, TALLY);
	}
	feed(file, 4, "status", "");
}

static void
add_group(struct file *file)
{
	char number[48];

	run(file, BEGIN);
	for (int i = 0; i < GROUP; i++) {
		int64_t now = clock_now();

		snprintf(number, sizeof number, "MUM-%016" PRId64,
		    ++file->seq);
		add_event(file, number, now);
		add_document(file, number);
	}
	add_sums(file);
	run(file, COMMIT);
}

static void
execute(struct file *file, const char *sql)
{
	if (sqlite3_exec(file->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bug("%s", sqlite3_errmsg(file->db));
}

static void
open_file(struct file *file, const char *schema, const char *path)
{
	struct arena *arena = arena_new();
	struct err e = { 0 };
	struct span sql;

	if (!file_read(schema, SCHEMA_MAX, arena, &sql, &e))
		bug("%s", e.why);
	if (sqlite3_open(path, &file->db) != SQLITE_OK)
		bug("%s", sqlite3_errmsg(file->db));
	execute(file, setup);
	execute(file, arena_strndup(arena, sql.p, sql.n));
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(file->db, texts[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &file->s[i], NULL) != SQLITE_OK)
			bug("%s: %s", texts[i], sqlite3_errmsg(file->db));
	memset(body, 'x', sizeof body);
	arena_free(&arena);
}

int
main(int argc, char **argv)
{
	struct file file = { 0 };
	int64_t start, took, most;

	if (argc != 4) {
		fprintf(stderr, "usage: ceiling SCHEMA.sql FILE SECONDS\n");
		return 64;
	}
	open_file(&file, argv[1], argv[2]);
	most = strtol(argv[3], NULL, 10) * 1000000;
	start = clock_mono();
	do {
		add_group(&file);
		took = clock_mono() - start;
	} while (took < most);
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(file.s[i]);
	sqlite3_close(file.db);
	printf("rate=%" PRId64 " posted=%" PRId64 "\n",
	    file.seq * 1000000 / took, file.seq);
	return 0;
}
