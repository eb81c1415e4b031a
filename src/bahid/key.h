#ifndef BAHI_BAHID_KEY_H
#define BAHI_BAHID_KEY_H
/* The key of bahid.conf, for whoever seals or opens. */
#include "core/option.h"
#include "core/sealkey.h"

/* *out is NULL when none is set. */
MUST_CHECK bool key_open(struct sealkey **out, const struct options *,
	struct err *);

#endif
