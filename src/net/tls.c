/*
 * GnuTLS for the listener; the only file that knows it.  A face is what new
 * connections are greeted with; a changed certificate makes a new one, and
 * the old one stays until its last connection is gone.  Nothing here waits:
 * handshakes are run by the listener's threads, piece by piece.
 */
#include "net/tls.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/log.h"
#include "core/secret.h"

#define PEM_MAX ((size_t)256 << 10)
#define FILES 3
#define CHAIN_MAX 16
#define NAMES_MAX 16
#define NAME_MAX_BYTES 256
#define RSA_LEAST 2048
#define SECOND INT64_C(1000000)
/* Whoever has a ticket key reads what was resumed with it: not for long. */
#define TICKETS_LAST (12 * 3600 * SECOND)
#define RESUME_SECONDS (6 * 3600)
#define REFUSED_EVERY SECOND	/* a line of the log at most */

/* No finite-field groups: their handshakes cost a server too much. */
const char tls_priorities[] = "NORMAL:%PROFILE_MEDIUM:-VERS-ALL:+VERS-TLS1.3:"
    "-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-GROUP-ALL:"
    "+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:%SERVER_PRECEDENCE";

struct tls_face {
	gnutls_certificate_credentials_t credentials;
	size_t held;		/* by connections, and once by being in force */
	int64_t ends;
	char pin[TLS_PIN_MAX], spoken[SHA256_SPOKEN];
	bool asks, demands;
};

struct stamp {
	struct timespec modified, changed;
	dev_t dev;
	ino_t ino;
	off_t size;
	bool there;
};

struct stamps {
	struct stamp files[FILES];
};

struct tls {
	struct tls_options options;
	char *texts[FILES];
	pthread_mutex_t looking;	/* one look at a time */
	struct stamps seen, tried;
	pthread_mutex_t lock;		/* guards the rest */
	struct tls_face *face;
	gnutls_datum_t ticket;
	int64_t ticket_made;
	char why[480];
};

/* ---- reading certificate and key -------------------------------------- */

static bool
refuse(struct err *e, const char *path, int code)
{
	return err_set(e, ERR_CONFIG, "%.200s: %s", path,
	    gnutls_strerror(code));
}

static gnutls_datum_t
datum(struct span s)
{
	return (gnutls_datum_t){ (unsigned char *)(uintptr_t)s.p,
	    (unsigned)s.n };
}

static bool
find_pin(gnutls_x509_crt_t leaf, struct tls_face *face)
{
	unsigned char hash[SHA256_SIZE];
	gnutls_datum_t key = { NULL, 0 };
	gnutls_pubkey_t public;
	struct str text;
	bool ok;

	if (gnutls_pubkey_init(&public) != 0)
		bug("out of memory");
	ok = gnutls_pubkey_import_x509(public, leaf, 0) == 0 &&
	    gnutls_pubkey_export2(public, GNUTLS_X509_FMT_DER, &key) == 0;
	gnutls_pubkey_deinit(public);
	if (!ok)
		return false;
	digest_sha256((struct span){ (char *)key.data, key.size }, hash);
	gnutls_free(key.data);
	str_init(&text, TLS_PIN_MAX);
	digest_base64(hash, sizeof hash, &text);
	snprintf(face->pin, sizeof face->pin, "sha256//%s", text.p);
	digest_spoken(hash, face->spoken);
	str_free(&text);
	return true;
}

static bool
judge_key(gnutls_x509_crt_t leaf, const char *path, struct err *e)
{
	unsigned bits = 0;
	int kind = gnutls_x509_crt_get_pk_algorithm(leaf, &bits);

	if ((kind == GNUTLS_PK_RSA || kind == GNUTLS_PK_RSA_PSS) &&
	    bits < RSA_LEAST)
		return err_set(e, ERR_CONFIG, "%.200s: an RSA key of %u bits "
		    "can be broken; %d at least", path, bits, RSA_LEAST);
	return true;
}

static bool
read_chain(struct tls_face *face, const char *path, struct err *e)
{
	gnutls_x509_crt_t *chain;
	unsigned n = 0;
	bool ok;
	int code = gnutls_certificate_get_x509_crt(face->credentials, 0,
	    &chain, &n);

	if (code != 0)
		return refuse(e, path, code);
	face->ends = INT64_MAX;
	for (unsigned i = 0; i < n; i++) {
		int64_t ends = (int64_t)gnutls_x509_crt_get_expiration_time(
		    chain[i]) * SECOND;

		if (ends < face->ends)
			face->ends = ends;
	}
	ok = n > 0 && n <= CHAIN_MAX && find_pin(chain[0], face) ?
	    judge_key(chain[0], path, e) :
	    err_set(e, ERR_CONFIG, "%.200s: not a chain of certificates",
	    path);
	for (unsigned i = 0; i < n; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
	return ok;
}

static bool
read_pair(const struct tls_options *o, struct tls_face *face,
    struct arena *arena, struct err *e)
{
	struct span cert, key;
	gnutls_datum_t pem[2];
	int code;

	if (!file_read(o->cert, PEM_MAX, arena, &cert, e) ||
	    !secret_read(o->key, arena, &key, e))
		return false;
	pem[0] = datum(cert);
	pem[1] = datum(key);
	code = gnutls_certificate_set_x509_key_mem2(face->credentials,
	    &pem[0], &pem[1], GNUTLS_X509_FMT_PEM, NULL, 0);
	gnutls_memset(pem[1].data, 0, key.n);
	if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
		return err_set(e, ERR_CONFIG, "%.200s is not the key of "
		    "%.200s", o->key, o->cert);
	if (code < 0)
		return err_set(e, ERR_CONFIG, "%.150s with %.150s: %s",
		    o->cert, o->key, gnutls_strerror(code));
	return read_chain(face, o->cert, e);
}

static bool
read_clients(const struct tls_options *o, struct tls_face *face,
    struct arena *arena, struct err *e)
{
	struct span ca;
	gnutls_datum_t pem;
	int n;

	if (o->client_ca[0] == '\0')
		return true;
	if (!file_read(o->client_ca, PEM_MAX, arena, &ca, e))
		return false;
	pem = datum(ca);
	n = gnutls_certificate_set_x509_trust_mem(face->credentials, &pem,
	    GNUTLS_X509_FMT_PEM);
	if (n <= 0)
		return n < 0 ? refuse(e, o->client_ca, n) : err_set(e,
		    ERR_CONFIG, "%.200s: no certificate", o->client_ca);
	face->asks = true;
	face->demands = o->demand;
	return true;
}

static void
face_free(struct tls_face *face)
{
	gnutls_certificate_free_credentials(face->credentials);
	free(face);
}

/* ---- who is refused, and hears why ------------------------------------ */

/* The listener closes what fails without a word; an alert lets the other side
 * say what is wrong. */
static int
refuse_session(gnutls_session_t session, gnutls_alert_description_t alert,
    int code, const char *why)
{
	static _Atomic int64_t last;
	int64_t now = clock_mono();

	gnutls_alert_send(session, GNUTLS_AL_FATAL, alert);
	if (now - last >= REFUSED_EVERY) {
		last = now;
		log_line(LOG_INFO, "tls.refused", "why=\"%s\"", why);
	}
	return code;
}

/* Of the extension supported_versions: a list of two bytes each. */
static int
find_version(void *found, unsigned extension, const unsigned char *data,
    unsigned n)
{
	if (extension != 43)
		return 0;
	for (unsigned i = 1; i + 1 < n; i += 2)
		if (data[i] == 3 && data[i + 1] == 4)
			*(bool *)found = true;
	return 0;
}

static int
hear(gnutls_session_t session, unsigned kind, unsigned when,
    unsigned incoming, const gnutls_datum_t *message)
{
	const struct tls_face *face = gnutls_db_get_ptr(session);
	bool found = false;

	(void)when;
	if (!incoming)
		return 0;
	if (kind == GNUTLS_HANDSHAKE_CLIENT_HELLO) {
		gnutls_ext_raw_parse(&found, find_version, message,
		    GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO);
		return found ? 0 : refuse_session(session,
		    GNUTLS_A_PROTOCOL_VERSION,
		    GNUTLS_E_UNSUPPORTED_VERSION_PACKET,
		    "it speaks nothing as new as TLS 1.3");
	}
	/* A list of no certificates is four bytes of nought. */
	if (kind == GNUTLS_HANDSHAKE_CERTIFICATE_PKT && face->demands &&
	    message->size <= 4)
		return refuse_session(session, GNUTLS_A_CERTIFICATE_REQUIRED,
		    GNUTLS_E_CERTIFICATE_REQUIRED, "it shows no certificate");
	return 0;
}

static int
refuse_client(gnutls_session_t session, unsigned status)
{
	gnutls_alert_description_t alert = GNUTLS_A_BAD_CERTIFICATE;
	gnutls_datum_t text = { NULL, 0 };
	int code;

	if (status & GNUTLS_CERT_EXPIRED)
		alert = GNUTLS_A_CERTIFICATE_EXPIRED;
	else if (status & GNUTLS_CERT_SIGNER_NOT_FOUND)
		alert = GNUTLS_A_UNKNOWN_CA;
	gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509,
	    &text, 0);
	code = refuse_session(session, alert,
	    GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR,
	    text.data != NULL ? (char *)text.data : "its certificate");
	gnutls_free(text.data);
	return code;
}

static int
judge_client(gnutls_session_t session)
{
	gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
	    (unsigned char *)(uintptr_t)GNUTLS_KP_TLS_WWW_CLIENT, 0 };
	const struct tls_face *face = gnutls_db_get_ptr(session);
	unsigned status = GNUTLS_CERT_INVALID, n = 0;

	if (!face->demands &&
	    gnutls_certificate_get_peers(session, &n) == NULL)
		return 0;
	if (gnutls_certificate_verify_peers(session, &purpose, 1, &status) !=
	    0)
		status = GNUTLS_CERT_INVALID;
	return status == 0 ? 0 : refuse_client(session, status);
}

/* ---- faces ------------------------------------------------------------- */

static bool
face_read(const struct tls_options *o, struct tls_face **out, struct err *e)
{
	struct tls_face *face = calloc(1, sizeof *face);
	struct arena *arena = arena_new();
	bool ok;

	if (face == NULL ||
	    gnutls_certificate_allocate_credentials(&face->credentials) != 0)
		bug("out of memory");
	face->held = 1;
	gnutls_certificate_set_verify_function(face->credentials,
	    judge_client);
	ok = read_pair(o, face, arena, e) && read_clients(o, face, arena, e);
	arena_free(&arena);
	if (ok)
		*out = face;
	else
		face_free(face);
	return ok;
}

/* Under lock. */
static void
face_drop(struct tls_face *face)
{
	if (face != NULL && --face->held == 0)
		face_free(face);
}

/* Under lock. */
static void
forget_ticket(struct tls *tls)
{
	if (tls->ticket.data != NULL)
		gnutls_memset(tls->ticket.data, 0, tls->ticket.size);
	gnutls_free(tls->ticket.data);
	tls->ticket.data = NULL;
}

/* Who resumes is judged no more: so no ticket outlives the authority that its
 * owner was judged by. */
static void
face_use(struct tls *tls, struct tls_face *face)
{
	pthread_mutex_lock(&tls->lock);
	face_drop(tls->face);
	tls->face = face;
	tls->why[0] = '\0';
	forget_ticket(tls);
	pthread_mutex_unlock(&tls->lock);
}

/* ---- files ------------------------------------------------------------- */

static void
look_at(const char *path, struct stamp *out)
{
	struct stat st;

	if (path[0] == '\0' || stat(path, &st) != 0)
		return;
	out->there = true;
	out->modified = st.st_mtim;
	out->changed = st.st_ctim;
	out->dev = st.st_dev;
	out->ino = st.st_ino;
	out->size = st.st_size;
}

/* Cleared first, so that they compare byte by byte. */
static void
look(const struct tls *tls, struct stamps *out)
{
	memset(out, 0, sizeof *out);
	for (int i = 0; i < FILES; i++)
		look_at(tls->texts[i], &out->files[i]);
}

static bool
same(const struct stamps *a, const struct stamps *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

static void
keep_face(struct tls *tls, const struct err *e)
{
	log_line(LOG_ERROR, "tls.kept", "why=\"%s\"", e->why);
	pthread_mutex_lock(&tls->lock);
	snprintf(tls->why, sizeof tls->why, "%s", e->why);
	pthread_mutex_unlock(&tls->lock);
}

/* Certificate and key are two files: one may be new while the other is not
 * yet. */
void
tls_refresh(struct tls *tls, bool at_once)
{
	struct tls_face *face;
	struct stamps now;
	struct err e = { 0 };

	pthread_mutex_lock(&tls->looking);
	look(tls, &now);
	if (at_once || (!same(&now, &tls->tried) && same(&now, &tls->seen))) {
		tls->tried = now;
		if (face_read(&tls->options, &face, &e)) {
			face_use(tls, face);
			tls_say(tls);
		} else {
			keep_face(tls, &e);
		}
	}
	tls->seen = now;
	pthread_mutex_unlock(&tls->looking);
}

void
tls_state(struct tls *tls, struct tls_state *out)
{
	pthread_mutex_lock(&tls->lock);
	out->ends = tls->face->ends;
	memcpy(out->pin, tls->face->pin, sizeof out->pin);
	memcpy(out->spoken, tls->face->spoken, sizeof out->spoken);
	memcpy(out->why, tls->why, sizeof out->why);
	pthread_mutex_unlock(&tls->lock);
}

void
tls_say(struct tls *tls)
{
	struct tls_state state;
	char ends[25];

	tls_state(tls, &state);
	clock_format(state.ends, ends);
	log_line(state.ends > clock_now() ? LOG_INFO : LOG_WARN,
	    "tls.certificate", "ends=%s pin=%s", ends, state.pin);
}

/* ---- opening ----------------------------------------------------------- */

static char *
copy(const char *s)
{
	char *p = strdup(s);

	if (p == NULL)
		bug("out of memory");
	return p;
}

bool
tls_open(struct tls **out, const struct tls_options *options, struct err *e)
{
	struct tls *tls = calloc(1, sizeof *tls);
	struct tls_face *face;

	if (tls == NULL)
		bug("out of memory");
	pthread_mutex_init(&tls->looking, NULL);
	pthread_mutex_init(&tls->lock, NULL);
	tls->options.cert = tls->texts[0] = copy(options->cert);
	tls->options.key = tls->texts[1] = copy(options->key);
	tls->options.client_ca = tls->texts[2] = copy(options->client_ca);
	tls->options.demand = options->demand;
	look(tls, &tls->tried);
	tls->seen = tls->tried;
	if (!face_read(&tls->options, &face, e)) {
		tls_close(&tls);
		return false;
	}
	face_use(tls, face);
	*out = tls;
	return true;
}

void
tls_close(struct tls **tp)
{
	struct tls *tls = *tp;

	*tp = NULL;
	if (tls == NULL)
		return;
	face_drop(tls->face);
	forget_ticket(tls);
	for (int i = 0; i < FILES; i++)
		free(tls->texts[i]);
	pthread_mutex_destroy(&tls->looking);
	pthread_mutex_destroy(&tls->lock);
	free(tls);
}

/* ---- sessions ---------------------------------------------------------- */

/* Under lock. Without a key there are no tickets, and all goes on. */
static void
allow_tickets(struct tls *tls, gnutls_session_t session)
{
	int64_t now = clock_mono();

	if (tls->ticket.data == NULL ||
	    now - tls->ticket_made >= TICKETS_LAST) {
		forget_ticket(tls);
		if (gnutls_session_ticket_key_generate(&tls->ticket) != 0)
			return;
		tls->ticket_made = now;
	}
	gnutls_session_ticket_enable_server(session, &tls->ticket);
}

struct tls_face *
tls_greet(struct tls *tls, void *of)
{
	gnutls_session_t session = of;
	struct tls_face *face;

	pthread_mutex_lock(&tls->lock);
	face = tls->face;
	face->held++;
	allow_tickets(tls, session);
	pthread_mutex_unlock(&tls->lock);
	gnutls_db_set_ptr(session, face);
	gnutls_db_set_cache_expiration(session, RESUME_SECONDS);
	gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE,
	    face->credentials);
	gnutls_certificate_server_set_request(session, !face->asks ?
	    GNUTLS_CERT_IGNORE : face->demands ? GNUTLS_CERT_REQUIRE :
	    GNUTLS_CERT_REQUEST);
	gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_ANY,
	    GNUTLS_HOOK_PRE, hear);
	return face;
}

void
tls_part(struct tls *tls, struct tls_face **face)
{
	pthread_mutex_lock(&tls->lock);
	face_drop(*face);
	pthread_mutex_unlock(&tls->lock);
	*face = NULL;
}

bool
tls_resumed(void *session)
{
	return gnutls_session_is_resumed(session) != 0;
}

/* ---- who the client is ------------------------------------------------- */

struct names {
	struct arena *arena;
	const char **list;
	size_t n;
};

/* A name with a NUL in it is one for each who reads it otherwise. */
static void
add_name(struct names *names, const char *text, size_t n)
{
	if (names->n < NAMES_MAX && n > 0 && memchr(text, '\0', n) == NULL)
		names->list[names->n++] = arena_strndup(names->arena, text,
		    n);
}

static void
add_all(struct names *names, gnutls_x509_crt_t leaf)
{
	char text[NAME_MAX_BYTES];
	size_t n = sizeof text;
	int kind;

	if (gnutls_x509_crt_get_dn_by_oid(leaf, GNUTLS_OID_X520_COMMON_NAME,
	    0, 0, text, &n) == 0)
		add_name(names, text, n);
	for (unsigned i = 0; i < NAMES_MAX; i++) {
		n = sizeof text;
		kind = gnutls_x509_crt_get_subject_alt_name(leaf, i, text,
		    &n, NULL);
		if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
			break;
		if (kind == GNUTLS_SAN_DNSNAME || kind == GNUTLS_SAN_URI ||
		    kind == GNUTLS_SAN_RFC822NAME)
			add_name(names, text, n);
	}
}

const char *const *
tls_names(void *session, struct arena *arena)
{
	unsigned n = 0;
	const gnutls_datum_t *shown = gnutls_certificate_get_peers(session,
	    &n);
	struct names names = { .arena = arena };
	gnutls_x509_crt_t leaf;

	if (shown == NULL || n == 0)
		return NULL;
	names.list = arena_alloc(arena, (NAMES_MAX + 1) *
	    sizeof *names.list);
	if (gnutls_x509_crt_init(&leaf) != 0)
		bug("out of memory");
	if (gnutls_x509_crt_import(leaf, &shown[0], GNUTLS_X509_FMT_DER) == 0)
		add_all(&names, leaf);
	gnutls_x509_crt_deinit(leaf);
	names.list[names.n] = NULL;
	return names.list;
}

const char *
tls_certificate(void *session, struct arena *arena)
{
	unsigned n = 0;
	const gnutls_datum_t *shown = gnutls_certificate_get_peers(session,
	    &n);
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX];

	if (shown == NULL || n == 0)
		return NULL;
	digest_sha256((struct span){ (const char *)shown[0].data,
	    shown[0].size }, digest);
	digest_hex(digest, sizeof digest, hex);
	return arena_strdup(arena, hex);
}
