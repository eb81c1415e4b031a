/*
 * A closed-loop HTTP client for measuring bahid: every connection sends its
 * next request when the last one is answered.  All requests are written and
 * signed before the clock starts, so that the client spends little of the
 * machine it shares with the daemon.  bench.sh runs it.
 *
 *	load hook CONNECTIONS SECONDS COUNT 127.0.0.1:PORT SECRET-FILE
 *	load batch CONNECTIONS SECONDS COUNT SOCKET
 *
 * COUNT requests are prepared; SECONDS of 0 means until all are answered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/secret.h"
#include "core/str.h"

#define BATCH 100		/* events of one CloudEvents batch */
#define CONNECTIONS_MAX 1024
#define REQUEST_MAX (1 << 20)
#define ANSWER_MAX (1 << 20)
#define PATIENCE 10000000	/* microseconds for the last answers */

struct request {
	char *p;
	size_t n;
};

struct connection {
	int fd;
	const struct request *request;	/* NULL: nothing left to send */
	size_t sent;
	int64_t since;
	struct str answer;
};

struct run {
	struct request *requests;
	size_t count, next, waiting;
	int epoll;
	int64_t *latency;
	size_t answered, posted, refused;
	int64_t start, end, last;
};

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

/* What is to be sent. */

static struct request
seal(struct span head, struct span body)
{
	struct str text;
	struct request out;

	str_init(&text, REQUEST_MAX + 4096);
	str_add(&text, head.p, head.n);
	str_addf(&text, "Content-Length: %zu\r\n\r\n", body.n);
	str_add(&text, body.p, body.n);
	if (text.over)
		bug("request too long");
	out.n = text.n;
	out.p = malloc(text.n);
	if (out.p == NULL)
		bug("out of memory");
	memcpy(out.p, text.p, text.n);
	str_free(&text);
	return out;
}

static void
add_money(struct str *out, int64_t paise)
{
	str_addf(out, "%" PRId64 ".%02d", paise / 100, (int)(paise % 100));
}

/* A till's sale as data/demo/generate.py has it, with a basket: some 600
 * bytes.  Four entries: clearing, sale, CGST, SGST. */
static void
sale_body(struct str *out, int64_t serial)
{
	int64_t amount = 4900 + serial % 490000 * 7919 % 490000;
	int day = 1 + (int)(serial % 28);

	str_adds(out, "{\"event\":\"payment.success\",\"data\":{\"amount\":");
	add_money(out, amount);
	str_adds(out, ",\"currency\":\"INR\",\"customer_id\":\"WALKIN\","
	    "\"tax_amount\":");
	add_money(out, (2 * amount * 18 + 118) / 236);
	str_addf(out, ",\"ledger_account\":\"Sales-Revenue\","
	    "\"receipt\":\"MUM-%016" PRId64 "\",\"store\":\"STORE-MUM\","
	    "\"paid_at\":\"2026-10-%02dT%02d:%02d:%02d+05:30\","
	    "\"tax_rate\":18,\"till\":\"MUM-T%02d\",\"cashier\":\"emp_%04d\","
	    "\"method\":\"upi\",\"terminal\":\"TERM-88213-MUM-%02d\","
	    "\"basket\":[{\"sku\":\"DIW-LMP-12\",\"title\":\"Brass diya, set "
	    "of twelve\",\"quantity\":1},{\"sku\":\"DIW-TOR-03\",\"title\":"
	    "\"Marigold toran, three metres\",\"quantity\":2}],"
	    "\"note\":\"Thank you for shopping with Sahyadri Traders. Goods "
	    "once sold are taken back within seven days with this receipt, unopened "
	    "and unused.\"}}", serial, day,
	    10 + (int)(serial % 11), (int)(serial % 60),
	    (int)(serial / 60 % 60), (int)(serial % 8),
	    (int)(serial % 40), (int)(serial % 8));
}

static void
sign(struct str *head, struct span key, const char *id, int64_t now,
    struct span body)
{
	unsigned char hmac[SHA256_SIZE];
	char stamp[32];
	struct span parts[5] = {
		span_of(id), SPAN("."), { stamp, 0 }, SPAN("."), body
	};

	snprintf(stamp, sizeof stamp, "%" PRId64, now / 1000000);
	parts[2].n = strlen(stamp);
	digest_hmac(key, parts, 5, hmac);
	str_addf(head, "webhook-id: %s\r\nwebhook-timestamp: %s\r\n"
	    "webhook-signature: v1,", id, stamp);
	digest_base64(hmac, sizeof hmac, head);
	str_adds(head, "\r\n");
}

static struct request
sale(struct span key, int64_t now, size_t i, struct str *head,
    struct str *body)
{
	int64_t serial = now + (int64_t)i;
	char id[48];

	str_clear(head);
	str_clear(body);
	sale_body(body, serial);
	snprintf(id, sizeof id, "msg_%024" PRId64, serial);
	str_adds(head, "POST /v1/hooks/pos HTTP/1.1\r\nHost: bench\r\n"
	    "Content-Type: application/json\r\n");
	sign(head, key, id, now, str_span(body));
	return seal(str_span(head), str_span(body));
}

static void
voucher(struct str *out, int64_t serial)
{
	int64_t a = 10000 + serial % 900000 * 7919 % 900000;
	int64_t b = 5000 + serial % 400000 * 7919 % 400000;

	str_addf(out, "{\"specversion\":\"1.0\",\"id\":\"v%" PRId64 "\","
	    "\"source\":\"/bench\",\"type\":\"in.bahi.journal_voucher\","
	    "\"datacontenttype\":\"application/json\",\"data\":{"
	    "\"entity\":\"IN01\",\"number\":\"JV-%" PRId64 "\","
	    "\"date\":\"2026-10-%02d\",\"currency\":\"INR\","
	    "\"memo\":\"Rent and salaries of the month\",\"lines\":["
	    "{\"account\":\"6100\",\"cost_centre\":\"MUM-RETAIL\",\"debit\":\"",
	    serial, serial, 1 + (int)(serial % 28));
	add_money(out, a);
	str_adds(out, "\"},{\"account\":\"6200\","
	    "\"cost_centre\":\"MUM-RETAIL\",\"debit\":\"");
	add_money(out, b);
	str_adds(out, "\"},{\"account\":\"1000\",\"credit\":\"");
	add_money(out, a);
	str_adds(out, "\"},{\"account\":\"3000\",\"credit\":\"");
	add_money(out, b);
	str_adds(out, "\"}]}}");
}

static struct request
batch(int64_t now, size_t i, struct str *head, struct str *body)
{
	str_clear(head);
	str_clear(body);
	for (size_t k = 0; k < BATCH; k++) {
		str_addc(body, k == 0 ? '[' : ',');
		voucher(body, now + (int64_t)(i * BATCH + k));
	}
	str_addc(body, ']');
	str_adds(head, "POST /v1/events HTTP/1.1\r\nHost: bench\r\n"
	    "Content-Type: application/cloudevents-batch+json\r\n");
	return seal(str_span(head), str_span(body));
}

/* "whsec_" and base64, the first line of the source's file. */
static struct span
secret(const char *path, struct arena *arena)
{
	static unsigned char key[256];
	struct span text;
	size_t n = sizeof key;
	struct err e = { 0 };
	const char *end;

	if (!secret_read(path, arena, &text, &e)) {
		fprintf(stderr, "%s: %s\n", path, e.why);
		exit(1);
	}
	end = memchr(text.p, '\n', text.n);
	if (end != NULL)
		text.n = (size_t)(end - text.p);
	if (text.n < 6 || memcmp(text.p, "whsec_", 6) != 0 ||
	    !digest_unbase64((struct span){ text.p + 6, text.n - 6 }, key,
	    &n))
		bug("%s: not a Standard Webhooks secret", path);
	return (struct span){ (char *)key, n };
}

static void
prepare(struct run *run, bool hooks, const char *secret_path)
{
	struct arena *arena = arena_new();
	struct span key = { NULL, 0 };
	int64_t now = clock_now();
	struct str head, body;

	str_init(&head, 4096);
	str_init(&body, REQUEST_MAX);
	if (hooks)
		key = secret(secret_path, arena);
	for (size_t i = 0; i < run->count; i++)
		run->requests[i] = hooks ? sale(key, now, i, &head, &body) :
		    batch(now, i, &head, &body);
	str_free(&head);
	str_free(&body);
	arena_free(&arena);
}

/* Sending and hearing. */

static int
dial_tcp(const char *address)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	const char *colon = strrchr(address, ':');
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (colon == NULL)
		bug("%s: no port", address);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die(address);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return fd;
}

static int
dial_unix(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (snprintf(to.sun_path, sizeof to.sun_path, "%s", path) >=
	    (int)sizeof to.sun_path)
		bug("%s: too long", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die(path);
	return fd;
}

static void
watch(struct run *run, struct connection *c, int operation, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = c };

	if (epoll_ctl(run->epoll, operation, c->fd, &event) != 0)
		die("epoll_ctl");
}

/* As much as the socket takes; the rest when it says so. */
static void
push(struct run *run, struct connection *c)
{
	while (c->sent < c->request->n) {
		ssize_t n = send(c->fd, c->request->p + c->sent,
		    c->request->n - c->sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			watch(run, c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			return;
		}
		if (n < 0)
			die("send");
		c->sent += (size_t)n;
	}
}

static void
start(struct run *run, struct connection *c, int64_t now)
{
	c->request = NULL;
	if (run->next == run->count || (run->end != 0 && now >= run->end))
		return;
	c->request = &run->requests[run->next++];
	c->sent = 0;
	c->since = now;
	str_clear(&c->answer);
	run->waiting++;
	push(run, c);
}

static bool
is_whole(struct str *answer, int *status)
{
	const char *end, *length;
	size_t head;

	str_addc(answer, '\0');
	answer->n--;
	end = strstr(answer->p, "\r\n\r\n");
	if (end == NULL)
		return false;
	head = (size_t)(end - answer->p) + 4;
	length = strcasestr(answer->p, "\r\nContent-Length:");
	if (length == NULL || length > end)
		bug("answer without its length");
	*status = (int)strtol(answer->p + 9, NULL, 10);
	return answer->n >= head + strtoul(length + 17, NULL, 10);
}

static void
judge(struct run *run, const struct connection *c, int status, int64_t now)
{
	static bool told;
	const char *at = c->answer.p;
	size_t posted = 0;

	while ((at = strstr(at, "\"state\":\"posted\"")) != NULL) {
		posted++;
		at++;
	}
	run->posted += posted;
	if (status != 201 || posted == 0) {
		run->refused++;
		if (!told)
			fprintf(stderr, "%.800s\n", c->answer.p);
		told = true;
	}
	run->latency[run->answered++] = now - c->since;
	run->last = now;
	run->waiting--;
}

static void
hear(struct run *run, struct connection *c)
{
	static char buffer[65536];
	ssize_t n = recv(c->fd, buffer, sizeof buffer, 0);
	int64_t now;
	int status;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		die("recv");
	if (n == 0)
		bug("the daemon closed a connection");
	str_add(&c->answer, buffer, (size_t)n);
	if (c->answer.over)
		bug("answer too long");
	if (!is_whole(&c->answer, &status))
		return;
	now = clock_mono();
	judge(run, c, status, now);
	start(run, c, now);
}

static void
serve(struct run *run)
{
	struct epoll_event events[64];

	while (run->waiting > 0) {
		int n = epoll_wait(run->epoll, events, 64, 1000);

		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;

			if (events[i].events & EPOLLOUT) {
				watch(run, c, EPOLL_CTL_MOD, EPOLLIN);
				push(run, c);
			}
			if (events[i].events & ~(uint32_t)EPOLLOUT)
				hear(run, c);
		}
		if (run->end != 0 && clock_mono() > run->end + PATIENCE)
			bug("%zu never answered", run->waiting);
	}
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
report(struct run *run)
{
	int64_t took = run->last - run->start;
	size_t n = run->answered;

	if (n == 0 || took <= 0)
		bug("nothing answered");
	qsort(run->latency, n, sizeof *run->latency, compare);
	printf("rate=%" PRId64 " p50=%" PRId64 " p99=%" PRId64 " max=%" PRId64
	    " posted=%zu refused=%zu us=%" PRId64 "\n",
	    (int64_t)run->posted * 1000000 / took, run->latency[n / 2],
	    run->latency[n * 99 / 100], run->latency[n - 1], run->posted,
	    run->refused, took);
}

static void
measure(struct run *run, bool hooks, size_t connections, int64_t seconds,
    const char *address)
{
	struct connection *all = calloc(connections, sizeof *all);

	if (all == NULL)
		bug("out of memory");
	for (size_t i = 0; i < connections; i++) {
		all[i].fd = hooks ? dial_tcp(address) : dial_unix(address);
		fcntl(all[i].fd, F_SETFL, O_NONBLOCK);
		str_init(&all[i].answer, ANSWER_MAX);
		watch(run, &all[i], EPOLL_CTL_ADD, EPOLLIN);
	}
	run->start = clock_mono();
	run->end = seconds == 0 ? 0 : run->start + seconds * 1000000;
	for (size_t i = 0; i < connections; i++)
		start(run, &all[i], clock_mono());
	serve(run);
	for (size_t i = 0; i < connections; i++) {
		close(all[i].fd);
		str_free(&all[i].answer);
	}
	free(all);
}

int
main(int argc, char **argv)
{
	struct run run = { 0 };
	bool hooks = argc == 7 && strcmp(argv[1], "hook") == 0;
	long connections = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	long count = argc > 4 ? strtol(argv[4], NULL, 10) : 0;

	if ((!hooks && (argc != 6 || strcmp(argv[1], "batch") != 0)) ||
	    connections < 1 || connections > CONNECTIONS_MAX || count < 1) {
		fprintf(stderr, "usage: load hook|batch CONNECTIONS SECONDS "
		    "COUNT ADDRESS [SECRET-FILE]\n");
		return 64;
	}
	run.count = (size_t)count;
	run.requests = calloc(run.count, sizeof *run.requests);
	run.latency = calloc(run.count, sizeof *run.latency);
	run.epoll = epoll_create1(0);
	if (run.requests == NULL || run.latency == NULL || run.epoll < 0)
		bug("out of memory");
	prepare(&run, hooks, hooks ? argv[6] : NULL);
	measure(&run, hooks, (size_t)connections, strtol(argv[3], NULL, 10),
	    argv[5]);
	report(&run);
	for (size_t i = 0; i < run.count; i++)
		free(run.requests[i].p);
	free(run.requests);
	free(run.latency);
	close(run.epoll);
	return run.refused > 0 ? 1 : 0;
}
