/*
 * `bahid run`: opens the pump, the API and its listeners, waits for a
 * signal, and closes them so that whoever was heard is answered.
 */
#include <config.h>
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api/api.h"
#include "bahid/jobs.h"
#include "bahid/manager.h"
#include "bahid/sandbox.h"
#include "bahid/verbs.h"
#include "core/cidr.h"
#include "core/file.h"
#include "core/log.h"
#include "flow/command.h"
#include "flow/committing.h"
#include "flow/consistency.h"
#include "flow/backtester.h"
#include "flow/backup.h"
#include "flow/drift.h"
#include "flow/exporter.h"
#include "flow/looker.h"
#include "flow/witness.h"
#include "gst/inward.h"
#include "net/tls.h"

struct daemon {
	const struct options *options;
	struct api *api;
	struct pump *pump;
	struct httpd *local, *loopback, *remote;
	struct tls *tls;
	struct jobs jobs;
	struct drift *drift;
	struct consistency *consistency;
	struct backtester *backtester;
	struct exporter *exporter;
	struct lookers *lookers;
	struct witness *witness;
	struct committing *committing;
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
		.warehouses = options_text(o, "warehouses"),
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

	backup_plan_of(o, &api.backup);
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
	daemon->lookers = lookers_new();
	api.lookers = daemon->lookers;
	daemon->witness = witness_new();
	api.witness = daemon->witness;
	daemon->committing = committing_new();
	api.committing = daemon->committing;
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
	    daemon->drift, daemon->consistency, daemon->exporter,
	    daemon->lookers, daemon->tls, daemon->witness,
	    daemon->committing };

	return jobs_open(&daemon->jobs, &env, e);
}

static struct httpd_options
listener(const struct options *o)
{
	return (struct httpd_options){
		.body_max = (size_t)options_count(o, "body"),
		.threads = (unsigned)options_count(o, "threads"),
		.connections = (unsigned)options_count(o, "connections"),
		.each = (unsigned)options_count(o, "connections") / 2,
		.fronts = options_text(o, "fronts"),
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

#define ADDRESS_MAX 64

/* "192.0.2.1:443", "[2001:db8::1]:443" */
static bool
parse_address(const char *name, const char *text, char address[ADDRESS_MAX],
    struct httpd_options *at, struct err *e)
{
	const char *colon = strrchr(text, ':');
	bool six = text[0] == '[' && colon != NULL && colon[-1] == ']';
	const char *from = text + six;
	long n = colon != NULL ? colon - six - from : 0;
	char *end = NULL;
	long port = colon != NULL && colon[1] != '\0' ?
	    strtol(colon + 1, &end, 10) : -1;

	if (port < 0 || port > 65535 || *end != '\0' || n <= 0 ||
	    n >= ADDRESS_MAX || (memchr(from, ':', (size_t)n) != NULL) != six)
		return err_set(e, ERR_CONFIG, "%s: %.60s is not like "
		    "192.0.2.1:443 or [2001:db8::1]:443", name, text);
	snprintf(address, ADDRESS_MAX, "%.*s", (int)n, from);
	at->address = address;
	at->port = (unsigned)port;
	return true;
}

static bool
is_loopback(const char *address)
{
	unsigned char in[4];

	return strcmp(address, "::1") == 0 ||
	    (inet_pton(AF_INET, address, in) == 1 && in[0] == 127);
}

/* Said in the log, and in the file for who sends from this machine. */
static bool
tell(const struct daemon *daemon, const char *scheme,
    const struct httpd_options *at, unsigned port, bool write, struct err *e)
{
	bool six = strchr(at->address, ':') != NULL;
	char url[128];

	snprintf(url, sizeof url, "%s://%s%s%s:%u\n", scheme, six ? "[" : "",
	    at->address, six ? "]" : "", port);
	log_line(LOG_INFO, "bahid.listens", "url=%.*s",
	    (int)strcspn(url, "\n"), url);
	return !write || file_write(options_text(daemon->options, "url"),
	    span_of(url), 0644, e);
}

/* What is said without TLS is heard by whoever stands between the two. */
static bool
judge_addresses(const struct options *o, struct err *e)
{
	const char *listen = options_text(o, "listen");
	const char *tls = options_text(o, "tls_listen");
	struct httpd_options at;
	char address[ADDRESS_MAX];

	if (listen[0] != '\0') {
		if (!parse_address("listen", listen, address, &at, e))
			return false;
		if (!is_loopback(address))
			return err_set(e, ERR_PLAIN, "listen: %s is not an "
			    "address of this machine alone", address);
	}
	return tls[0] == '\0' ||
	    parse_address("tls_listen", tls, address, &at, e);
}

static bool
open_loopback(struct daemon *daemon, struct err *e)
{
	struct httpd_options at = listener(daemon->options);
	const char *listen = options_text(daemon->options, "listen");
	char address[ADDRESS_MAX];

	if (listen[0] == '\0')
		return true;
	if (!parse_address("listen", listen, address, &at, e))
		return false;
	return httpd_open(&daemon->loopback, &at, api_handle, daemon->api,
	    e) && tell(daemon, "http", &at, httpd_port(daemon->loopback),
	    true, e);
}

static bool
open_certificate(const struct options *o, struct tls **out, struct err *e)
{
	const struct tls_options tls = {
		.cert = options_text(o, "tls_cert"),
		.key = options_text(o, "tls_key"),
		.client_ca = options_text(o, "tls_client_ca"),
		.demand = strcmp(options_text(o, "tls_client"), "ask") != 0,
	};

	return tls_open(out, &tls, e);
}

/* Before anything that costs: what is wrong with a setting or a file is said
 * first. */
static bool
open_tls(struct daemon *daemon, struct err *e)
{
	if (!judge_addresses(daemon->options, e))
		return false;
	if (options_text(daemon->options, "tls_listen")[0] == '\0')
		return true;
	if (!open_certificate(daemon->options, &daemon->tls, e))
		return false;
	tls_say(daemon->tls);
	return true;
}

static bool
open_remote(struct daemon *daemon, struct err *e)
{
	struct httpd_options at = listener(daemon->options);
	const char *listen = options_text(daemon->options, "tls_listen");
	char address[ADDRESS_MAX];

	at.tls = daemon->tls;
	return daemon->tls == NULL || (parse_address("tls_listen", listen,
	    address, &at, e) && httpd_open(&daemon->remote, &at, api_handle,
	    daemon->api, e) && tell(daemon, "https", &at,
	    httpd_port(daemon->remote), daemon->loopback == NULL, e));
}

/* ---- closing ---------------------------------------------------------- */

/* What was read since the last writing is chained by the next start. */
static void
leave_witness(struct daemon *daemon)
{
	struct err e = { 0 };

	if (daemon->witness != NULL && !witness_leave(daemon->witness,
	    options_text(daemon->options, "store"), &e))
		log_line(LOG_ERROR, "audit.not_written", "why=\"%s\"",
		    e.why);
	witness_free(&daemon->witness);
}

/* New connections first, then the queue, then those who wait for news: after
 * this every request has its answer. */
static void
close_all(struct daemon *daemon)
{
	if (daemon->loopback != NULL)
		httpd_quiesce(daemon->loopback);
	if (daemon->remote != NULL)
		httpd_quiesce(daemon->remote);
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
	httpd_close(&daemon->remote);
	httpd_close(&daemon->local);
	jobs_close(&daemon->jobs);
	pump_close(&daemon->pump);
	api_close(&daemon->api);
	leave_witness(daemon);
	drift_free(&daemon->drift);
	consistency_free(&daemon->consistency);
	backtester_free(&daemon->backtester);
	exporter_free(&daemon->exporter);
	committing_free(&daemon->committing);
	lookers_free(&daemon->lookers);
	tls_close(&daemon->tls);
}

/* ---- waiting ---------------------------------------------------------- */

/* A sign of life is the writer's: it has nothing to do, or did something since
 * the last one. */
static void
pulse(struct daemon *daemon, int64_t *groups)
{
	struct pump_figures now;

	pump_figures(daemon->pump, &now);
	if (now.waiting == 0 || now.groups != *groups)
		manager_tell("WATCHDOG=1");
	*groups = now.groups;
}

static void
reload(struct daemon *daemon)
{
	manager_reloading();
	pump_refresh(daemon->pump);
	if (daemon->tls != NULL)
		tls_refresh(daemon->tls, true);
	manager_tell("READY=1");
}

/* SIGHUP: look at once for changed rules and certificates. */
static bool
wait_for_signal(struct daemon *daemon, int fd, struct err *e)
{
	int64_t groups = 0;
	struct pollfd signals = { .fd = fd, .events = POLLIN };
	const int every = manager_pulse();

	for (;;) {
		struct signalfd_siginfo info;
		int got = poll(&signals, 1, every);

		if (got == 0)
			pulse(daemon, &groups);
		if (got == 0 || (got < 0 && errno == EINTR))
			continue;
		if (read(fd, &info, sizeof info) != sizeof info)
			return err_set(e, ERR_SYSTEM, "signalfd");
		if (info.ssi_signo != SIGHUP)
			return true;
		reload(daemon);
	}
}

/* The one that may start a program is forked before the walls are up. */
static bool
confine(const struct options *options, struct err *e)
{
	char *argv[COMMAND_ARGS + 1];
	struct arena *arena = arena_new();
	bool ok = guard_check(options, e) && command_words(
	    options_text(options, "alert_command"), arena, argv, e) &&
	    (argv[0] == NULL || command_fork(argv, e)) &&
	    sandbox_enter(options, e);

	arena_free(&arena);
	return ok;
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
	if (!confine(options, e))
		return false;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (fd = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
		return err_set(e, ERR_SYSTEM, "signals");
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* it is a full disk to us */
	ok = open_tls(&daemon, e) && open_pump(&daemon, e) &&
	    open_local(&daemon, e) && open_loopback(&daemon, e) &&
	    open_remote(&daemon, e) && open_jobs(&daemon, e);
	if (ok) {
		log_line(LOG_INFO, "bahid.ready", "store=%s",
		    options_text(options, "store"));
		manager_tell("READY=1");
		ok = wait_for_signal(&daemon, fd, e);
		manager_tell("STOPPING=1");
		log_line(LOG_INFO, "bahid.draining", "-");
	}
	close_all(&daemon);
	close(fd);
	if (ok)
		log_line(LOG_INFO, "bahid.stopped", "-");
	return ok;
}

bool
verb_pin(struct options *options, int argc, char **argv, struct err *e)
{
	struct tls_state state;
	struct tls *tls;

	(void)argc;
	(void)argv;
	if (!open_certificate(options, &tls, e))
		return false;
	tls_state(tls, &state);
	tls_close(&tls);
	printf("%s\n%s\n", state.pin, state.spoken);
	return true;
}
