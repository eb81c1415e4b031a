/* Who the caller is to us and what he may: consoles hide the rest by it. */
#include "api/inside.h"

#include "flow/act.h"
#include "flow/commits.h"
#include "store/scope.h"

#define ME_MAX (256 << 10)

static void
show_route(const struct route *route, struct json *j)
{
	json_open(j, '{');
	json_kstr(j, "method", route->method);
	json_kstr(j, "path", route->path);
	json_close(j, '}');
}

static void
show_words(struct json *j, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, " ");

		if (n > 0)
			json_span(j, (struct span){ list, n });
		list += n + (list[n] == ' ');
	}
}

/* Of decisions, and behind them those of commits, of which each has roles of
 * its own, too. */
static void
show_acts(struct call *call, struct json *j)
{
	const char *roles, *name;
	struct str text;

	for (size_t i = 0; i < n_acts; i++)
		if (role_may(call->caller.role, acts[i].roles))
			json_str(j, acts[i].name);
	for (size_t i = 0; (name = commit_act(i, &roles)) != NULL; i++) {
		if (!role_may(call->caller.role, roles))
			continue;
		str_init(&text, 64);
		str_addf(&text, "commit.%s", name);
		json_str(j, text.p);
		str_free(&text);
	}
}

void
me_get(struct call *call)
{
	struct scope scope = caller_scope(&call->caller);
	struct answer a;
	struct json *j = &a.j;

	answer_start(&a, ME_MAX);
	json_open(j, '{');
	json_kstr(j, "name", call->caller.name);
	json_kstr(j, "role", role_name(call->caller.role));
	json_key(j, "read_only");
	json_bool(j, call->caller.reads_only);
	json_key(j, "scope");
	json_open(j, '{');
	json_key(j, "entities");
	json_open(j, '[');
	show_words(j, scope.entities);
	json_close(j, ']');
	json_close(j, '}');
	json_key(j, "grants");
	json_open(j, '[');
	show_words(j, scope.sees);
	json_close(j, ']');
	json_key(j, "may");
	json_open(j, '[');
	for (size_t i = 0; i < n_routes; i++)
		if (route_open(&routes[i]) || route_may(call, &routes[i], &a.e))
			show_route(&routes[i], j);
	json_close(j, ']');
	json_key(j, "acts");
	json_open(j, '[');
	if (!call->caller.reads_only)
		show_acts(call, j);
	json_close(j, ']');
	json_close(j, '}');
	answer_end(call, &a, true);
}
