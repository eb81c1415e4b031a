/* The table of schemes, and what every scheme needs. */
#include "sources/sources.h"

#include "sources/list.h"

const struct scheme *const schemes[] = {
	&scheme_standard, &scheme_stripe, &scheme_shopify, &scheme_razorpay,
	NULL
};

const struct scheme *
scheme_find(const char *name)
{
	for (size_t i = 0; schemes[i] != NULL; i++)
		if (strcmp(schemes[i]->name, name) == 0)
			return schemes[i];
	return NULL;
}

const struct scheme *
scheme_of(const struct source *source)
{
	return source->declared != NULL ? &scheme_hmac :
	    scheme_find(source->scheme);
}

const char *
delivery_header(const struct delivery *d, const char *name, struct err *e)
{
	bool twice = false;
	const char *value = d->header(d->request, name, &twice);

	if (value == NULL)
		err_set(e, ERR_UNAUTHENTIC, "no %s header", name);
	else if (twice)
		err_set(e, ERR_UNAUTHENTIC, "%s came twice", name);
	else
		return value;
	return NULL;
}

static bool
parse_seconds(struct span s, int64_t *out)
{
	*out = 0;
	if (s.n == 0 || s.n > 12)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*out = *out * 10 + (s.p[i] - '0');
	}
	return true;
}

bool
delivery_fresh(const struct source *source, const struct delivery *d,
    struct span seconds, int64_t *sent, struct err *e)
{
	int64_t age;

	if (!parse_seconds(seconds, sent))
		return err_set(e, ERR_UNAUTHENTIC, "time is not in seconds");
	age = d->now / 1000000 - *sent;
	*sent *= 1000000;
	if (age > source->tolerance || -age > source->tolerance)
		return err_set(e, ERR_UNAUTHENTIC,
		    "signed %lld seconds from now", (long long)-age);
	return true;
}

bool
key_sound(const char *key)
{
	size_t n = strlen(key);

	for (size_t i = 0; i < n; i++)
		if (key[i] <= 0x20 || key[i] >= 0x7f)
			return false;
	return n > 0 && n <= 255;
}

bool
secret_valid(const struct secret *secret, int64_t now)
{
	return secret->not_after == 0 || now <= secret->not_after;
}
