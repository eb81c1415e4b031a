/*
 * libFuzzer target of the signature schemes. The first byte picks the scheme
 * and whether we sign what the sender wrote, so that what comes behind the
 * signature is reached, too. Unsigned, nothing is ever authentic.
 */
#include "fuzz.h"

#include <stdio.h>

#include "core/digest.h"
#include "sources/list.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define AT "1790000000"

static const char *const declared_names[] = { "salesforce", "woocommerce" };

static char hex[SHA256_HEX];
static struct str base64;

static void
sign(struct span key, const struct span *parts, size_t n)
{
	unsigned char mac[SHA256_SIZE];

	digest_hmac(key, parts, n, mac);
	digest_hex(mac, SHA256_SIZE, hex);
	str_clear(&base64);
	digest_base64(mac, SHA256_SIZE, &base64);
}

static void
put(struct fuzz_request *request, const char *name, const char *value)
{
	if (request->n == FUZZ_HEADERS)
		request->n--;
	request->headers[request->n].name = name;
	request->headers[request->n++].value = arena_strdup(request->arena,
	    value);
}

static const char *
value_of(const struct delivery *d, const char *name)
{
	const char *value = d->header(d->request, name, NULL);

	return value != NULL ? value : "";
}

/* The signature that this body deserves. */
static void
add_signature(const char *name, struct fuzz_request *request,
    const struct delivery *d)
{
	struct span key = SPAN(KEY);
	struct span timed[] = { SPAN(AT "."), d->body };
	struct span standard[] = { span_of(value_of(d, "webhook-id")),
	    SPAN("." AT "."), d->body };
	char text[200];

	if (strcmp(name, "standard") == 0) {
		sign(key, standard, 3);
		snprintf(text, sizeof text, "v1,%s", base64.p);
		put(request, "webhook-signature", text);
		put(request, "webhook-timestamp", AT);
	} else if (strcmp(name, "stripe") == 0) {
		sign(span_of(KEY), timed, 2);
		snprintf(text, sizeof text, "t=" AT ",v1=%s", hex);
		put(request, "Stripe-Signature", text);
	} else {
		sign(key, &d->body, 1);
		put(request, "X-Razorpay-Signature", hex);
		put(request, "X-Shopify-Hmac-SHA256", base64.p);
		snprintf(text, sizeof text, "sha256=%s", hex);
		put(request, "X-Hub-Signature-256", text);
		put(request, "X-WC-Webhook-Signature", base64.p);
	}
}

static void
judge(const struct source *source, const struct delivery *d, bool honest,
    struct arena *arena)
{
	struct verified out = { 0 }, again = { 0 };
	struct err e = { 0 }, twice = { 0 };
	bool ok = scheme_of(source)->verify(source, d, arena, &out, &e);

	must(ok == scheme_of(source)->verify(source, d, arena, &again,
	    &twice));
	must(ok == (e.code == ERR_NONE) && e.code == twice.code);
	must(ok || e.why[0] != '\0');
	if (!ok || out.ping)
		return;
	must(honest && out.key != NULL && key_sound(out.key));
	must(out.secret_id != NULL && strcmp(out.secret_id, "s1") == 0);
	must(strcmp(out.key, again.key) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n_declared = sizeof declared_names / sizeof *declared_names;
	struct fuzz_request request = { 0 };
	struct source source = { .name = "x", .tolerance = 300,
	    .n_secrets = 1 };
	struct delivery d;
	struct err e = { 0 };
	struct declared *declared;
	size_t n = 0, pick;
	bool honest;

	if (size == 0)
		return 0;
	if (base64.max == 0)
		str_init(&base64, 200);
	while (schemes[n] != NULL)
		n++;
	honest = data[0] & 1;
	pick = (data[0] >> 1) % (n + n_declared);
	request.arena = arena_new();
	fuzz_delivery(fuzz_span(data + 1, size - 1), &request, &d);
	source.scheme = pick < n ? schemes[pick]->name : "hmac";
	source.secrets[0] = (struct secret){ "s1", KEY, 0 };
	if (strcmp(source.scheme, "standard") == 0)
		source.secrets[0].text =
		    "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
	if (strcmp(source.scheme, "hmac") == 0) {
		must(declared_read("data/conf/schemes", declared_names[
		    pick < n ? 0 : pick - n], request.arena, &declared, &e));
		source.declared = declared;
	}
	if (honest)
		add_signature(source.scheme, &request, &d);
	judge(&source, &d, honest, request.arena);
	arena_free(&request.arena);
	return 0;
}
