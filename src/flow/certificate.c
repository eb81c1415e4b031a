/*
 * Looks each second for a new certificate of the TLS listener, so that one
 * that was renewed is shown without a restart.
 */
#include <stdlib.h>

#include "flow/beat.h"
#include "flow/job.h"
#include "net/tls.h"

struct certificate {
	struct tls *tls;
	struct beat beat;
};

static void *
look(void *arg)
{
	struct certificate *c = arg;

	while (beat_rest(&c->beat, BEAT_SECOND))
		tls_refresh(c->tls, false);
	return NULL;
}

static bool
open_certificate(void **state, const struct job_env *env, struct err *e)
{
	struct certificate *c;

	if (env->tls == NULL)
		return true;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		bug("out of memory");
	c->tls = env->tls;
	if (!beat_start(&c->beat, look, c, e)) {
		free(c);
		return false;
	}
	*state = c;
	return true;
}

static void
stop_certificate(void *state)
{
	struct certificate *c = state;

	beat_stop(&c->beat);
}

static void
close_certificate(void **state)
{
	struct certificate *c = *state;

	*state = NULL;
	beat_free(&c->beat);
	free(c);
}

const struct job job_certificate = {
	"certificate", open_certificate, stop_certificate, close_certificate
};
