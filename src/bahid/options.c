/*
 * Every setting of bahid.conf with default, bounds and help. bahid(8) dumps
 * it with --dump=options and a test holds the dump against bahid.conf(5).
 */
#include "bahid/options.h"
#include "core/i18n.h"

static const char *const log_levels[] = {
	"debug", "info", "warn", "error", NULL
};

const struct option_info bahid_options[] = {
	{ "store", OPTION_PATH, "bahi.db", 0, 0, NULL,
	    N_("database file") },
	{ "socket", OPTION_PATH, "bahid.sock", 0, 0, NULL,
	    N_("Unix socket of the API; identity is the peer's user") },
	{ "listen", OPTION_TEXT, "127.0.0.1:0", 0, 0, NULL,
	    N_("loopback address and port for webhooks; port 0 takes a free "
	    "one; empty: none") },
	{ "url", OPTION_PATH, "url", 0, 0, NULL,
	    N_("file that receives the webhook base URL once it listens") },
	{ "rules", OPTION_PATH, BAHI_DATADIR "/rules", 0, 0, NULL,
	    N_("folder of the rules") },
	{ "secrets", OPTION_PATH, "secrets", 0, 0, NULL,
	    N_("folder of the sources' secrets, one 0600 file each") },
	{ "tolerance", OPTION_COUNT, "300", 1, 86400, NULL,
	    N_("seconds a signed time may differ from ours") },
	{ "body", OPTION_COUNT, "1048576", 1024, 67108864, NULL,
	    N_("largest request body in bytes") },
	{ "queue", OPTION_COUNT, "4096", 16, 1000000, NULL,
	    N_("events waiting for the writer; more are refused with 503") },
	{ "group", OPTION_COUNT, "512", 1, 10000, NULL,
	    N_("events in one commit at most") },
	{ "threads", OPTION_COUNT, "2", 1, 64, NULL,
	    N_("threads that read and judge requests") },
	{ "connections", OPTION_COUNT, "1000", 16, 100000, NULL,
	    N_("open connections at most") },
	{ "admins", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members are admins, comma separated") },
	{ "controllers", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members are controllers") },
	{ "approvers", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members are approvers") },
	{ "clerks", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members are clerks") },
	{ "viewers", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members are viewers") },
	{ "fronts", OPTION_TEXT, "", 0, 0, NULL,
	    N_("addresses of TLS fronts whose X-Forwarded-For is believed") },
	{ "minutes_per_item", OPTION_COUNT, "3", 0, 1440, NULL,
	    N_("minutes of work that an item posted by itself saves") },
	{ "log", OPTION_CHOICE, "info", 0, 0, log_levels,
	    N_("least level that is logged") },
	{ "schemes", OPTION_PATH, BAHI_DATADIR "/conf/schemes", 0, 0, NULL,
	    N_("folder of the declared signature schemes") },
};

const size_t n_bahid_options =
    sizeof(bahid_options) / sizeof(bahid_options[0]);
