/*
 * Every setting of bahid.conf with default, bounds and help. bahid(8) dumps
 * it with --dump=options and a test holds the dump against bahid.conf(5).
 */
#include "bahid/options.h"
#include "core/i18n.h"

static const char *const log_levels[] = {
	"debug", "info", "warn", "error", NULL
};

static const char *const yes_no[] = { "yes", "no", NULL };

static const char *const tls_clients[] = { "demand", "ask", NULL };

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
	{ "privacy", OPTION_PATH, BAHI_DATADIR "/privacy", 0, 0, NULL,
	    N_("folder of what of payloads is personal, and for how long") },
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
	{ "warehouses", OPTION_TEXT, "", 0, 0, NULL,
	    N_("Unix groups whose members see stock and orders") },
	{ "fronts", OPTION_TEXT, "", 0, 0, NULL,
	    N_("addresses of TLS fronts whose X-Forwarded-For is believed") },
	{ "consistency", OPTION_COUNT, "10", 0, 86400, NULL,
	    N_("seconds between two walks over the whole ledger; 0: none") },
	{ "govern", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("yes: changes of rules, mappings and master data wait for the "
	    "approval of a second person") },
	{ "minutes_per_item", OPTION_COUNT, "3", 0, 1440, NULL,
	    N_("minutes of work that an item posted by itself saves") },
	{ "log", OPTION_CHOICE, "info", 0, 0, log_levels,
	    N_("least level that is logged") },
	{ "schemes", OPTION_PATH, BAHI_DATADIR "/conf/schemes", 0, 0, NULL,
	    N_("folder of the declared signature schemes") },
	{ "polls", OPTION_PATH, "polls", 0, 0, NULL,
	    N_("folder of the polls, a NAME.conf each") },
	{ "targets", OPTION_PATH, "targets", 0, 0, NULL,
	    N_("folder of the targets that journals go to, a NAME.conf "
	    "each") },
	{ "alert_mail_to", OPTION_TEXT, "", 0, 0, NULL,
	    N_("who is told by mail, comma separated; empty: nobody") },
	{ "alert_mail_from", OPTION_TEXT, "", 0, 0, NULL,
	    N_("address that mail comes from") },
	{ "alert_smtp", OPTION_TEXT, "", 0, 0, NULL,
	    N_("mail server, smtp://HOST:PORT (with STARTTLS) or "
	    "smtps://HOST:PORT") },
	{ "alert_smtp_secret", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file with NAME:PASSWORD for it; empty: none") },
	{ "alert_webhook", OPTION_TEXT, "", 0, 0, NULL,
	    N_("URL that alerts are posted to as signed JSON") },
	{ "alert_webhook_secret", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file with the whsec_ secret that signs them") },
	{ "alert_command", OPTION_TEXT, "", 0, 0, NULL,
	    N_("absolute path of a program, and its arguments, that reads "
	    "each notice") },
	{ "alert_ca", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of the authorities that mail server and webhook are "
	    "verified by; empty: the system's") },
	{ "alert_quiet", OPTION_TEXT, "", 0, 0, NULL,
	    N_("hours of each day, IST, in which only urgent alerts go: "
	    "22:00-07:00") },
	{ "alert_repeat", OPTION_COUNT, "24", 0, 8760, NULL,
	    N_("hours after which a lasting alert is told again; 0: never") },
	{ "alert_late", OPTION_COUNT, "60", 0, 525600, NULL,
	    N_("minutes after which an unposted event makes its flow late; "
	    "0: never") },
	{ "alert_age", OPTION_COUNT, "48", 0, 87600, NULL,
	    N_("hours after which an unposted event is old; 0: never") },
	{ "alert_disk", OPTION_COUNT, "512", 0, 1000000000, NULL,
	    N_("MiB free on the store's disk, below which it is told; "
	    "0: never") },
	{ "alert_calm", OPTION_COUNT, "300", 0, 86400, NULL,
	    N_("seconds out of sight after which an alert is over") },
	{ "alert_every", OPTION_COUNT, "5", 1, 3600, NULL,
	    N_("seconds between two looks") },
	{ "inbox", OPTION_PATH, "", 0, 0, NULL,
	    N_("folder whose subfolders are watched for files, one a source; "
	    "empty: none") },
	{ "inbox_quiet", OPTION_COUNT, "30", 1, 3600, NULL,
	    N_("seconds without a change after which a file is whole, where "
	    "the system cannot tell whether it is open for writing") },
	{ "totp", OPTION_PATH, "totp", 0, 0, NULL,
	    N_("folder of the people's second factors, one 0600 file each") },
	{ "exports", OPTION_PATH, "exports", 0, 0, NULL,
	    N_("folder of the files that exports make") },
	{ "key", OPTION_PATH, "", 0, 0, NULL,
	    N_("key that the store is sealed with: a 0600 file, "
	    "credential:NAME or passphrase; empty: it is not sealed") },
	{ "token_minutes", OPTION_COUNT, "15", 1, 1440, NULL,
	    N_("minutes that a token of OAuth is good for") },
	{ "tls_listen", OPTION_TEXT, "", 0, 0, NULL,
	    N_("any address and port, served over TLS 1.3; empty: none") },
	{ "tls_cert", OPTION_PATH, "tls-cert.pem", 0, 0, NULL,
	    N_("file of its certificate, then of those that vouch for it") },
	{ "tls_key", OPTION_PATH, "tls-key.pem", 0, 0, NULL,
	    N_("0600 file of the certificate's key") },
	{ "tls_client_ca", OPTION_PATH, "", 0, 0, NULL,
	    N_("file of the authorities of clients' certificates; empty: "
	    "clients show none") },
	{ "tls_client", OPTION_CHOICE, "demand", 0, 0, tls_clients,
	    N_("demand: who shows no certificate of tls_client_ca is "
	    "refused; ask: comes in without") },
	{ "audit_key", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file of the key that signs anchors of the audit; empty: "
	    "none are made") },
	{ "anchors", OPTION_PATH, "anchors", 0, 0, NULL,
	    N_("folder that each anchor is written to, as a text to be kept "
	    "elsewhere") },
	{ "anchor_tell", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("yes: each anchor goes where alerts go, too") },
	{ "root", OPTION_CHOICE, "no", 0, 0, yes_no,
	    N_("yes: may run as root") },
	{ "sandbox", OPTION_CHOICE, "yes", 0, 0, yes_no,
	    N_("yes: gives up what it never needs of the system") },
	{ "backup_to", OPTION_TEXT, "", 0, 0, NULL,
	    N_("absolute folder, or sftp://USER@HOST/FOLDER, that backups go "
	    "to; empty: none are made by themselves") },
	{ "backup_every", OPTION_COUNT, "24", 0, 8760, NULL,
	    N_("hours between two backups; 0: only by hand") },
	{ "backup_keep", OPTION_COUNT, "14", 0, 10000, NULL,
	    N_("backups that are kept there; older ones go; 0: all") },
	{ "backup_drill", OPTION_COUNT, "7", 0, 3650, NULL,
	    N_("days between two trials of the newest backup; 0: never") },
	{ "backup_key", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file of the private key that backups are sent with by "
	    "SFTP") },
	{ "backup_hosts", OPTION_TEXT, "", 0, 0, NULL,
	    N_("absolute path of a known_hosts file, or SHA256: and the "
	    "digest of the server's key") },
	{ "backup_seal", OPTION_PATH, "", 0, 0, NULL,
	    N_("0600 file of the key that backups are sealed with; empty: "
	    "they are not") },
};

const size_t n_bahid_options =
    sizeof(bahid_options) / sizeof(bahid_options[0]);
