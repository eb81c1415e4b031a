/*
 * What a server shows in its handshake, for people who compare it by
 * telephone before they trust it.  The only place that talks to a server
 * which was not verified, and it says nothing to it.
 */
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "core/digest.h"
#include "net/curl.h"
#include "net/http.h"

#define NAME_BYTES 400
#define SECONDS 15L

struct looking {
	struct http_shown *out;
	struct arena *arena;
	const char *host;
	bool seen;
};

static const char *
name_of(struct arena *arena, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char text[NAME_BYTES];
	int n;

	if (bio == NULL)
		bug("out of memory");
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE &
	    ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	n = BIO_read(bio, text, sizeof text);
	BIO_free(bio);
	return arena_strndup(arena, text, n > 0 ? (size_t)n : 0);
}

static int64_t
time_of(const ASN1_TIME *at)
{
	struct tm tm;

	return ASN1_TIME_to_tm(at, &tm) == 1 ?
	    (int64_t)timegm(&tm) * 1000000 : 0;
}

static void
take_pin(struct looking *l, X509 *leaf)
{
	unsigned char *der = NULL, hash[SHA256_SIZE];
	char spoken[SHA256_SPOKEN];
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(leaf), &der);
	struct str text;

	if (n <= 0)
		return;
	digest_sha256((struct span){ (char *)der, (size_t)n }, hash);
	OPENSSL_free(der);
	str_init(&text, 128);
	str_adds(&text, "sha256//");
	digest_base64(hash, sizeof hash, &text);
	l->out->pin = arena_strdup(l->arena, text.p);
	digest_spoken(hash, spoken);
	l->out->spoken = arena_strdup(l->arena, spoken);
	str_free(&text);
	l->seen = true;
}

/* Called instead of the judgement; what that would say is kept. */
static int
look(X509_STORE_CTX *store, void *arg)
{
	struct looking *l = arg;
	struct http_shown *out = l->out;
	X509 *leaf = X509_STORE_CTX_get0_cert(store);

	if (leaf == NULL)
		return 0;
	take_pin(l, leaf);
	out->subject = name_of(l->arena, X509_get_subject_name(leaf));
	out->issuer = name_of(l->arena, X509_get_issuer_name(leaf));
	out->from = time_of(X509_get0_notBefore(leaf));
	out->until = time_of(X509_get0_notAfter(leaf));
	out->named = X509_check_host(leaf, l->host, 0, 0, NULL) == 1 ||
	    X509_check_ip_asc(leaf, l->host, 0) == 1;
	out->vouched = X509_verify_cert(store) == 1;
	out->why = out->vouched ? "" : arena_strdup(l->arena,
	    X509_verify_cert_error_string(X509_STORE_CTX_get_error(store)));
	return 1;
}

static CURLcode
watch(CURL *curl, void *context, void *arg)
{
	(void)curl;
	SSL_CTX_set_cert_verify_callback(context, look, arg);
	return CURLE_OK;
}

static const char *
host_of(const char *text, struct arena *arena)
{
	CURLU *url = curl_url();
	char *host = NULL;
	const char *out = NULL;
	size_t n;

	if (url == NULL)
		bug("out of memory");
	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	    curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		n = strlen(host);
		out = host[0] == '[' && n > 2 ?
		    arena_strndup(arena, host + 1, n - 2) :
		    arena_strdup(arena, host);
	}
	curl_free(host);
	curl_url_cleanup(url);
	return out;
}

bool
http_show(const char *url, const char *ca, struct arena *arena,
    struct http_shown *out, struct err *e)
{
	struct looking l = { out, arena, NULL, false };
	char why[CURL_ERROR_SIZE] = "";
	CURLcode code;
	CURL *curl;

	curl_begin();
	*out = (struct http_shown){ .pin = "", .spoken = "", .subject = "",
	    .issuer = "", .why = "" };
	if (strncmp(url, "https://", 8) != 0 ||
	    (l.host = host_of(url, arena)) == NULL)
		return err_set(e, ERR_USAGE, "%.200s is not like "
		    "https://books.example.in", url);
	curl = curl_easy_init();
	if (curl == NULL)
		bug("out of memory");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_3);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, watch);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, &l);
	if (ca != NULL && ca[0] != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
	code = curl_easy_perform(curl);
	curl_easy_cleanup(curl);
	if (l.seen)
		return true;
	return err_set(e, code == CURLE_SSL_CONNECT_ERROR ? ERR_TLS :
	    ERR_UNREACHABLE, "%.200s: %.200s", url, why[0] != '\0' ? why :
	    curl_easy_strerror(code));
}
