/* Which members are found, of whom they are, and what is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "book/personal.h"

static const char TABLE[] = "source,topic,member,is,then,unless,why\n"
    "shop,orders/*,customer.id,code,shop-,0,\n"
    "shop,orders/*,customer.email,email,erase,,\n"
    "shop,orders/*,ship.first_name,first_name,erase,,\n"
    "shop,orders/*,ship.last_name,last_name,erase,,\n"
    "shop,orders/*,ship.company,text,keep,,the law\n"
    "shop,orders/*,buyer,name,erase,gstin,\n"
    "shop,orders/*,attributes,text,erase,,\n"
    "pay,*,people[].id,code,,,\n"
    "pay,*,people[].name,name,erase,,\n"
    "pay,*,people[].bank.*,number,erase,,\n"
    "edi,*,segments[PER],text,erase,,\n"
    "*,*,**.phone,phone,erase,,\n";

static struct personal *personal;
static struct arena *arena;

static int
set_up(void **state)
{
	struct err e = { 0 };

	(void)state;
	arena = arena_new();
	assert_true(personal_read(&personal, span_of(TABLE), &e));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	personal_free(&personal);
	arena_free(&arena);
	return 0;
}

static const char *
cut(const char *source, const char *topic, const char *body,
    struct personal_found *found)
{
	struct json_where where;
	struct json_tape tape;
	struct span left;

	assert_int_equal(json_read(span_of(body), JSON_DEPTH_MAX, arena,
	    &tape, &where), JSON_OK);
	personal_find(personal, source, topic, &tape, "event:x", arena,
	    found);
	left = personal_cut(span_of(body), found, arena);
	return arena_strndup(arena, left.p, left.n);
}

static void
test_cut(void **state)
{
	struct personal_found f;

	(void)state;
	assert_string_equal(cut("shop", "orders/paid", "{ \"n\": 1.50,"
	    " \"customer\" : {\"id\": 17, \"email\":\"A\\u0040b.in\"},\t"
	    "\"ship\":{\"first_name\":\"R\\\"\", \"last_name\":\"Kale\","
	    "\"company\":\"K & Co\"}}", &f), "{ \"n\": 1.50,"
	    " \"customer\" : {\"id\": 17, \"email\":\"\"},\t"
	    "\"ship\":{\"first_name\":\"\", \"last_name\":\"\","
	    "\"company\":\"K & Co\"}}");
	assert_true(f.cut);
	assert_int_equal(f.n_people, 1);
	assert_string_equal(f.people[0].id, "code:shop-17");
	assert_int_equal(f.people[0].n_also, 3);
	assert_string_equal(f.people[0].also[0], "email:a@b.in");
	assert_string_equal(f.people[0].also[1], "name:r\" kale");
	/* Another topic, another source: nothing is known of it. */
	cut("shop", "refunds", "{\"customer\":{\"email\":\"a@b.in\"}}", &f);
	assert_false(f.cut);
	cut("shopify", "orders/paid", "{\"buyer\":\"A\"}", &f);
	assert_false(f.cut);
	/* A source of the same family. */
	cut("shop-pune", "orders/paid", "{\"buyer\":\"A\"}", &f);
	assert_true(f.cut);
}

static void
test_unless(void **state)
{
	struct personal_found f;

	(void)state;
	cut("shop", "orders/x", "{\"buyer\":\"Apte\",\"gstin\":\"27A\"}", &f);
	assert_false(f.cut);
	cut("shop", "orders/x", "{\"buyer\":\"Apte\",\"gstin\":\"\"}", &f);
	assert_true(f.cut);
	/* Nobody is known by the guests' number. */
	cut("shop", "orders/x", "{\"buyer\":\"A\",\"customer\":{\"id\":0}}",
	    &f);
	assert_string_equal(f.people[0].id, "event:x");
}

static void
test_groups(void **state)
{
	struct personal_found f;

	(void)state;
	assert_string_equal(cut("shop", "orders/x", "{\"attributes\":[{\"k\":"
	    "\"gift\",\"v\":[null,true,12.5,\"\"]}]}", &f),
	    "{\"attributes\":[{\"k\":\"\",\"v\":[null,true,0,\"\"]}]}");
	assert_string_equal(cut("edi", "850", "{\"segments\":[[\"N1\",\"X\"],"
	    "[\"PER\",\"IC\",[\"Asha\",\"TE\"]]]}", &f), "{\"segments\":"
	    "[[\"N1\",\"X\"],[\"PER\",\"\",[\"\",\"\"]]]}");
	/* At any depth, but only as a member's name. */
	assert_string_equal(cut("any", "x", "{\"a\":[{\"phone\":912}],"
	    "\"b\":\"phone\"}", &f), "{\"a\":[{\"phone\":0}],"
	    "\"b\":\"phone\"}");
	assert_string_equal(f.people[0].id, "phone:912");
}

static void
test_people(void **state)
{
	struct personal_found f;

	(void)state;
	assert_string_equal(cut("pay", "run", "{\"net\":5,\"people\":["
	    "{\"id\":\"e1\",\"name\":\"A B\",\"bank\":{\"ac\":11,\"if\":"
	    "\"X\"}},{\"name\":\"nobody\"},{\"id\":\"e2\",\"name\":\"C\"}]}",
	    &f), "{\"net\":5,\"people\":["
	    "{\"id\":\"e1\",\"name\":\"\",\"bank\":{\"ac\":0,\"if\":"
	    "\"\"}},{\"name\":\"\"},{\"id\":\"e2\",\"name\":\"\"}]}");
	assert_int_equal(f.n_people, 3);
	assert_int_equal(f.n, 5);
	assert_string_equal(f.people[f.members[0].who].id, "code:e1");
	assert_string_equal(f.people[f.members[2].who].id, "code:e1");
	assert_string_equal(f.people[f.members[3].who].id, "event:x");
	assert_string_equal(f.people[f.members[4].who].id, "code:e2");
	/* A number where a list is meant. */
	cut("pay", "run", "{\"people\":14}", &f);
	assert_false(f.cut);
}

static void
test_many(void **state)
{
	struct personal_found f;
	struct str body;

	(void)state;
	str_init(&body, 4 << 20);
	str_adds(&body, "{\"people\":[");
	for (int i = 0; i < PERSONAL_PEOPLE_MAX + 2; i++)
		str_addf(&body, "%s{\"id\":%d,\"name\":\"n%d\"}",
		    i > 0 ? "," : "", i + 1, i);
	str_adds(&body, "]}");
	assert_non_null(strstr(cut("pay", "run", body.p, &f),
	    "{\"id\":7,\"name\":\"\"}"));
	assert_int_equal(f.n, PERSONAL_PEOPLE_MAX + 2);
	assert_int_equal(f.n_people, 1);
	assert_string_equal(f.people[0].id, "event:x");
	str_free(&body);
}

static void
test_plain(void **state)
{
	(void)state;
	assert_string_equal(personal_plain(PERSONAL_PHONE, "+91 98200-12345",
	    arena), "phone:9820012345");
	assert_string_equal(personal_plain(PERSONAL_NAME, " Rutuja \t Kale ",
	    arena), "name:rutuja kale");
	assert_string_equal(personal_plain(PERSONAL_EMAIL, "A@B.in", arena),
	    "email:a@b.in");
}

static void
test_table(void **state)
{
	static const char *const wrong[] = {
		"source,topic\n",
		"source,topic,member,is,then,unless,why\na,*,x,email,drop,,\n",
		"source,topic,member,is,then,unless,why\na,*,x,mail,erase,,\n",
		"source,topic,member,is,then,unless,why\na,*,x,email,keep,,\n",
		"source,topic,member,is,then,unless,why\na,*,,email,erase,,\n",
		"source,topic,member,is,then,unless,why\na,*,x,email,erase\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct personal *p;
		struct err e = { 0 };

		assert_false(personal_read(&p, span_of(wrong[i]), &e));
		assert_int_equal(e.code, ERR_CONFIG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_unless),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
