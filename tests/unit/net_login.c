/* One token for all threads: got once, anew before its end and when it was
 * refused; what is no answer of OAuth is said. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/clock.h"
#include "net/login.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

struct server {
	atomic_int asked;
	int seconds, status;	/* status 0: nobody is there, -1: interrupted */
	const char *answer;	/* NULL: tokens T1, T2, ... */
};

static bool
post(void *ctx, const char *path, const char *authorization,
    struct span form, int *status, struct str *body, struct err *e)
{
	struct server *server = ctx;
	int n = atomic_fetch_add(&server->asked, 1) + 1;

	assert_string_equal(path, "/v1/oauth/token");
	/* a%3Ab:s%2Bt */
	assert_string_equal(authorization, "Basic YSUzQWI6cyUyQnQ=");
	assert_true(span_is(form, "grant_type=client_credentials"));
	if (server->status == -1)
		return false;
	if (server->status == 0)
		return err_set(e, ERR_UNREACHABLE, "nobody");
	*status = server->status;
	if (server->answer != NULL)
		str_adds(body, server->answer);
	else
		str_addf(body, "{\"access_token\":\"T%d\",\"token_type\":"
		    "\"Bearer\",\"expires_in\":%d}", n, server->seconds);
	return true;
}

static struct login *
login(const char *url)
{
	return login_of(url, "a:b", "s+t");
}

static void *
ask(void *ctx)
{
	const struct login_call call = { post, ctx };
	char token[LOGIN_TOKEN];
	struct err e = { 0 };

	for (int i = 0; i < 1000; i++) {
		if (!login_token(login("http://threads"), &call, token, &e))
			fail_msg("%s", e.why);
		assert_string_equal(token, "T1");
	}
	return NULL;
}

static void
one_for_all(void **state)
{
	struct server server = { .seconds = 900, .status = 200 };
	pthread_t threads[8];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask,
		    &server), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&server.asked), 1);
	assert_ptr_equal(login("http://x"), login("http://x"));
	assert_ptr_not_equal(login("http://x"), login("http://y"));
}

static void
refused_once(void **state)
{
	struct server server = { .seconds = 900, .status = 200 };
	const struct login_call call = { post, &server };
	struct login *l = login("http://refused");
	char token[LOGIN_TOKEN];
	struct err e = { 0 };

	(void)state;
	assert_true(login_token(l, &call, token, &e));
	login_refused(l, token);
	assert_true(login_token(l, &call, token, &e));
	assert_string_equal(token, "T2");
	/* Another thread that had the old one does not drop the new one. */
	login_refused(l, "T1");
	assert_true(login_token(l, &call, token, &e));
	assert_string_equal(token, "T2");
}

/* The end comes a fifth of its time early. Until then a server that is away
 * disturbs nobody. */
static void
renewed_early(void **state)
{
	struct server server = { .seconds = 5, .status = 200 };
	const struct login_call call = { post, &server };
	struct login *l = login("http://early");
	char token[LOGIN_TOKEN];
	struct err e = { 0 };
	int64_t end = clock_mono() + 20 * 1000000;
	const struct timespec turn = { 0, 20000000 };

	(void)state;
	assert_true(login_token(l, &call, token, &e));
	server.status = 0;
	while (atomic_load(&server.asked) < 2 && clock_mono() < end) {
		assert_true(login_token(l, &call, token, &e));
		assert_string_equal(token, "T1");
		nanosleep(&turn, NULL);
	}
	assert_int_equal(atomic_load(&server.asked), 2);
}

static void
no_token(void **state)
{
	static const struct {
		int status;
		const char *answer;
		enum err_code code;
	} rows[] = {
		{ 0, NULL, ERR_UNREACHABLE }, { -1, NULL, ERR_NONE },
		{ 401, "{\"error\":\"invalid_client\",\"error_description\":"
		    "\"no such client\"}", ERR_UNAUTHENTIC },
		{ 400, "{\"error\":\"invalid_scope\"}", ERR_UNAUTHENTIC },
		{ 404, "<html>", ERR_UNAUTHENTIC },
		{ 429, "{\"detail\":\"wait\"}", ERR_LIMIT },
		{ 503, "{}", ERR_UNREACHABLE },
		{ 200, "", ERR_JSON }, { 200, "[]", ERR_JSON },
		{ 200, "{\"access_token\":\"\",\"expires_in\":9}", ERR_JSON },
		{ 200, "{\"access_token\":\"x\",\"expires_in\":0}",
		    ERR_JSON },
		{ 200, "{\"access_token\":\"x\"}", ERR_JSON },
		{ 200, "{\"access_token\":7,\"expires_in\":-1}", ERR_JSON },
	};
	char token[LOGIN_TOKEN];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct server server = { .status = rows[i].status,
		    .answer = rows[i].answer };
		const struct login_call call = { post, &server };
		struct err e = { 0 };

		if (login_token(login("http://none"), &call, token, &e))
			fail_msg("row %zu passes", i);
		if (e.code != rows[i].code)
			fail_msg("row %zu: %s", i, e.why);
		assert_int_equal(atomic_load(&server.asked), 1);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_for_all),
		cmocka_unit_test(refused_once),
		cmocka_unit_test(renewed_early),
		cmocka_unit_test(no_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
