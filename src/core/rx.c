/* All of PCRE2's use. Limits keep a hostile pattern or text from hanging. */
#include "core/rx.h"

#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define PATTERN_MAX 1024
#define TEXT_MAX 65536

struct rx {
	pcre2_code *code;
	pcre2_match_context *limits;
};

bool
rx_new(struct rx **out, struct span pattern, bool caseless, struct err *e)
{
	uint32_t flags = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
	struct rx *rx;
	int code;
	size_t at;

	if (pattern.n > PATTERN_MAX)
		return err_set(e, ERR_REQUEST, "pattern longer than %d bytes",
		    PATTERN_MAX);
	rx = calloc(1, sizeof *rx);
	if (rx == NULL)
		bug("out of memory");
	rx->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n,
	    flags | (caseless ? PCRE2_CASELESS : 0), &code, &at, NULL);
	if (rx->code == NULL) {
		unsigned char text[200];

		pcre2_get_error_message(code, text, sizeof text);
		free(rx);
		return err_set(e, ERR_REQUEST, "pattern: %s at %zu",
		    (char *)text, at);
	}
	rx->limits = pcre2_match_context_create(NULL);
	if (rx->limits == NULL)
		bug("out of memory");
	pcre2_set_match_limit(rx->limits, 100000);
	pcre2_set_depth_limit(rx->limits, 1000);
	pcre2_set_heap_limit(rx->limits, 1024);
	*out = rx;
	return true;
}

void
rx_free(struct rx **rp)
{
	struct rx *rx = *rp;

	if (rx == NULL)
		return;
	pcre2_match_context_free(rx->limits);
	pcre2_code_free(rx->code);
	free(rx);
	*rp = NULL;
}

bool
rx_match(const struct rx *rx, struct span text)
{
	pcre2_match_data *data;
	int rc;

	if (text.n > TEXT_MAX)
		return false;
	data = pcre2_match_data_create(1, NULL);
	if (data == NULL)
		bug("out of memory");
	rc = pcre2_match(rx->code, (PCRE2_SPTR)text.p, text.n, 0, 0, data,
	    rx->limits);
	pcre2_match_data_free(data);
	return rc >= 0;
}
