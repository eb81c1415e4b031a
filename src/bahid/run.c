/*
 * `bahid run`: opens the pump, the API and its two listeners, waits for a
 * signal, and closes them so that whoever was heard is answered.
 */
#include <config.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api/api.h"
#include "bahid/jobs.h"
#include "bahid/verbs.h"
#include "core/cidr.h"
#include "core/file.h"
#include "core/log.h"
#include "flow/consistency.h"
#include "flow/backtester.h"
#include "flow/drift.h"
#include "flow/exporter.h"
#include "gst/inward.h"

struct daemon {
	const struct options *options;
	struct api *api;
	struct pump *pump;
	struct httpd *local, *loopback;
	struct jobs jobs;
	struct drift *drift;
	struct consistency *consistency;
	struct backtester *backtester;
	struct exporter *exporter;
};

/* ---- opening ---------------------------------------------------------- */

static bool
is_yes(const struct options *o, const char *name)
{
	return strcmp(options_text(o, name), "yes") == 0;
}

static bool
open_pump(struct daemon *daemon, struct err *e)
{
	const struct options *o = daemon->options;
	struct api_options api = {
		.store = options_text(o, "store"),
		.secrets = options_text(o, "secrets"),
		.schemes = options_text(o, "schemes"),
		.totp = options_text(o, "totp"),
		.tolerance = options_count(o, "tolerance"),
		.fronts = options_text(o, "fronts"),
		.minutes = options_count(o, "minutes_per_item"),
		.viewers = options_text(o, "viewers"),
		.clerks = options_text(o, "clerks"),
		.approvers = options_text(o, "approvers"),
		.controllers = options_text(o, "controllers"),
		.admins = options_text(o, "admins"),
		.token_minutes = options_count(o, "token_minutes"),
		.govern = is_yes(o, "govern"),
	};
	struct pump_options pump = {
		.store = options_text(o, "store"),
		.rules = options_text(o, "rules"),
		.privacy = options_text(o, "privacy"),
		.queue = (size_t)options_count(o, "queue"),
		.group = (size_t)options_count(o, "group"),
		.changed = api_changed,
		.govern = is_yes(o, "govern"),
	};

	if (!cidr_valid(api.fronts))
		return err_set(e, ERR_CONFIG, "fronts: %.80s is no list of "
		    "addresses", api.fronts);
	daemon->drift = drift_new(api.store);
	api.drift = daemon->drift;
	daemon->consistency = consistency_new();
	api.consistency = daemon->consistency;
	daemon->backtester = backtester_new(api.store);
	api.backtester = daemon->backtester;
	daemon->exporter = exporter_new(api.store, options_text(o, "exports"));
	api.exporter = daemon->exporter;
	if (!api_open(&daemon->api, &api, e))
		return false;
	pump.changed_arg = daemon->api;
	if (!pump_open(&daemon->pump, &pump, e))
		return false;
	backtester_use(daemon->backtester, daemon->pump);
	api_start(daemon->api, daemon->pump);
	return true;
}

static bool
open_jobs(struct daemon *daemon, struct err *e)
{
	const struct job_env env = { daemon->options, daemon->pump,
	    daemon->drift, daemon->consistency, daemon->exporter };

	return jobs_open(&daemon->jobs, &env, e);
}

static struct httpd_options
listener(const struct options *o)
{
	return (struct httpd_options){
		.body_max = (size_t)options_count(o, "body"),
		.threads = (unsigned)options_count(o, "threads"),
		.connections = (unsigned)options_count(o, "connections"),
		.idle = 75,
	};
}

static bool
open_local(struct daemon *daemon, struct err *e)
{
	struct httpd_options at = listener(daemon->options);

	at.unix_path = options_text(daemon->options, "socket");
	/* A month of a large buyer, of people on this machine alone. */
	at.large_path = "/v1/gst/inward";
	at.large_max = INWARD_MAX;
	return httpd_open(&daemon->local, &at, api_handle, daemon->api, e);
}

/* Only loopback: from elsewhere a TLS front must stand before it. */
static bool
open_loopback(struct daemon *daemon, struct err *e)
{
	struct httpd_options at = listener(daemon->options);
	const char *listen = options_text(daemon->options, "listen");
	const char *colon = strrchr(listen, ':');
	char address[64], url[128];
	long port;
	char *end;

	if (listen[0] == '\0')
		return true;
	port = colon != NULL ? strtol(colon + 1, &end, 10) : -1;
	if (port < 0 || port > 65535 || *end != '\0' ||
	    strncmp(listen, "127.", 4) != 0 || colon - listen > 15)
		return err_set(e, ERR_CONFIG, "listen: %.40s is not a "
		    "loopback address and port", listen);
	snprintf(address, sizeof address, "%.*s", (int)(colon - listen),
	    listen);
	at.address = address;
	at.port = (unsigned)port;
	if (!httpd_open(&daemon->loopback, &at, api_handle, daemon->api, e))
		return false;
	snprintf(url, sizeof url, "http://%s:%u\n", address,
	    httpd_port(daemon->loopback));
	log_line(LOG_INFO, "bahid.listens", "url=%.*s",
	    (int)strcspn(url, "\n"), url);
	return file_write(options_text(daemon->options, "url"),
	    span_of(url), 0644, e);
}

/* ---- closing ---------------------------------------------------------- */

/* New connections first, then the queue, then those who wait for news: after
 * this every request has its answer. */
static void
close_all(struct daemon *daemon)
{
	if (daemon->loopback != NULL)
		httpd_quiesce(daemon->loopback);
	if (daemon->local != NULL)
		httpd_quiesce(daemon->local);
	jobs_stop(&daemon->jobs);
	if (daemon->backtester != NULL)
		backtester_stop(daemon->backtester);
	if (daemon->pump != NULL)
		pump_drain(daemon->pump);
	if (daemon->api != NULL)
		api_stop(daemon->api);
	httpd_close(&daemon->loopback);
	httpd_close(&daemon->local);
	jobs_close(&daemon->jobs);
	pump_close(&daemon->pump);
	api_close(&daemon->api);
	drift_free(&daemon->drift);
	consistency_free(&daemon->consistency);
	backtester_free(&daemon->backtester);
	exporter_free(&daemon->exporter);
}

/* ---- waiting ---------------------------------------------------------- */

/* SIGHUP: look at once for changed rules. */
static bool
wait_for_signal(struct daemon *daemon, int fd, struct err *e)
{
	for (;;) {
		struct signalfd_siginfo info;

		if (read(fd, &info, sizeof info) != sizeof info)
			return err_set(e, ERR_SYSTEM, "signalfd");
		if (info.ssi_signo != SIGHUP)
			return true;
		pump_refresh(daemon->pump);
	}
}

bool
verb_run(struct options *options, int argc, char **argv, struct err *e)
{
	struct daemon daemon = { .options = options };
	sigset_t set;
	int fd;
	bool ok;

	(void)argc;
	(void)argv;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (fd = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return err_set(e, ERR_SYSTEM, "signals");
	signal(SIGPIPE, SIG_IGN);
	ok = open_pump(&daemon, e) && open_local(&daemon, e) &&
	    open_loopback(&daemon, e) && open_jobs(&daemon, e);
	if (ok) {
		log_line(LOG_INFO, "bahid.ready", "store=%s",
		    options_text(options, "store"));
		ok = wait_for_signal(&daemon, fd, e);
		log_line(LOG_INFO, "bahid.draining", "-");
	}
	close_all(&daemon);
	close(fd);
	if (ok)
		log_line(LOG_INFO, "bahid.stopped", "-");
	return ok;
}
