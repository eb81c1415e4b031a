/* Alerts as the API shows them, and the log of what was sent. */
#include "store/show.h"

#include <string.h>

#include "book/alert.h"
#include "core/i18n.h"

static void
write_meaning(struct json *j, enum alert_code code, const char *subject,
    const char *value)
{
	const struct alert_info *info = alert_info(code);
	const struct alert alert = { .code = code, .subject = subject,
	    .value = value };
	struct str sentence;

	str_init(&sentence, 4096);
	alert_sentence(&alert, &sentence);
	json_key(j, "urgent");
	json_bool(j, info->urgent);
	json_key(j, "sentence");
	json_span(j, str_span(&sentence));
	json_kstr(j, "hint", _(info->hint));
	str_free(&sentence);
}

static void
show_maybe(struct json *j, const char *key, struct stmt *s, int at)
{
	if (!col_null(s, at)) {
		show_time(j, key, col_int(s, at));
		return;
	}
	json_key(j, key);
	json_null(j);
}

static void
write_alert(struct json *j, struct stmt *s)
{
	enum alert_code code;

	json_open(j, '{');
	show_id(j, "id", 'A', col_int(s, 0));
	json_kstr(j, "signature", col_text(s, 1));
	json_kstr(j, "code", col_text(s, 2));
	json_kstr(j, "subject", col_text(s, 3));
	json_kstr(j, "value", col_text(s, 4));
	json_kstr(j, "state", col_text(s, 5));
	/* One of another release has no sentence here. */
	if (alert_find(col_text(s, 2), &code))
		write_meaning(j, code, col_text(s, 3), col_text(s, 4));
	show_time(j, "since", col_int(s, 6));
	show_time(j, "last_seen", col_int(s, 7));
	show_maybe(j, "recovered_at", s, 8);
	json_key(j, "held");
	json_bool(j, col_int(s, 9) != 0);
	show_maybe(j, "sent_at", s, 10);
	json_kint(j, "attempts", col_int(s, 11));
	json_kstr(j, "why", col_text(s, 12));
	json_close(j, '}');
}

static void
write_sent(struct json *j, struct stmt *s)
{
	json_open(j, '{');
	show_id(j, "id", 'N', col_int(s, 0));
	show_time(j, "at", col_int(s, 1));
	json_kstr(j, "channel", col_text(s, 2));
	json_kstr(j, "to", col_text(s, 3));
	json_kstr(j, "signature", col_text(s, 4));
	json_kstr(j, "message", col_text(s, 5));
	json_kstr(j, "outcome", col_text(s, 6));
	json_close(j, '}');
}

static void
bind_page(struct stmt *s, int64_t after, int limit)
{
	stmt_int(s, 1, after > 0 ? after : INT64_MAX);
	stmt_int(s, 2, limit + 1);
}

bool
view_alerts(struct db *db, const char *state, int64_t after, int limit,
    struct json *j, struct err *e)
{
	static const char SQL[] = "SELECT id, signature, code, subject,"
	    " value, state, since, last_seen, recovered_at, held, sent_at,"
	    " attempts, why FROM alert WHERE id < $1 AND"
	    " ($3 IS NULL OR state = $3) ORDER BY id DESC LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);

	bind_page(s, after, limit);
	stmt_text(s, 3, state);
	return show_page(j, s, limit, 'A', write_alert, e);
}

bool
view_alerts_sent(struct db *db, int64_t after, int limit, struct json *j,
    struct err *e)
{
	static const char SQL[] = "SELECT id, at, channel, target, signature,"
	    " message, outcome FROM alert_sent WHERE id < $1"
	    " ORDER BY id DESC LIMIT $2";
	struct stmt *s = db_stmt(db, SQL);

	bind_page(s, after, limit);
	return show_page(j, s, limit, 'N', write_sent, e);
}

bool
view_alert_counts(struct db *db, void (*each)(void *, const char *code,
    int64_t n), void *arg, struct err *e)
{
	static const char SQL[] = "SELECT count(*) FROM alert"
	    " WHERE state = 'raised' AND code = $1";

	for (int i = 0; i < ALERT_CODES; i++) {
		const char *name = alert_info((enum alert_code)i)->name;
		struct stmt *s = db_stmt(db, SQL);

		stmt_text(s, 1, name);
		if (stmt_step(s, e) != STEP_ROW)
			return false;
		each(arg, name, col_int(s, 0));
		stmt_reset(s);
	}
	return true;
}
