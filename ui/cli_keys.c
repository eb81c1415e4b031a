/* bahi keys: those in force, and what is wrong with them. */
#include "ui/cli_inside.h"

#include <string.h>

#include "core/i18n.h"
#include "ui/keyset.h"
#include "ui/restricted.h"

static const char *
level_name(enum key_level level)
{
	switch (level) {
	case KEY_NOTE: return _("note");
	case KEY_WARNING: return _("warning");
	case KEY_ERROR: return _("error");
	}
	return "";
}

static void
print_faults(struct job *job, const struct key_report *report)
{
	for (size_t i = 0; i < report->faults.n; i++) {
		const struct key_fault *one = vec_at(&report->faults, i);

		printf("%s: %s\n", level_name(one->level),
		    cli_tame(job, one->text));
	}
}

static void
print_keys(struct job *job)
{
	static const char *const heads[] = {
		N_("Action"), N_("Keys"), N_("Verb"), N_("What they do"), NULL
	};
	struct table table;

	table_start(&table, "<<<<", heads);
	for (int act = 1; act < ACT_COUNT; act++) {
		const struct key_info *info = key_info((enum act)act);

		table_add(&table, (const char *const []){ info->name,
		    key_names((enum act)act), info->verb, _(info->help) });
	}
	cli_table(job, &table);
}

/* A set by its name, or a file. */
static bool
read_one(struct job *job, const char *name, struct key_report *report,
    struct err *e)
{
	bool set = strcmp(name, "default") == 0 || strcmp(name, "vi") == 0;

	return (set || restricted_path(job->arena, name, &name, e)) &&
	    keyset_read(job->arena, name, report, e);
}

bool
run_keys(struct job *job, int *status, struct err *e)
{
	struct key_report report;
	bool check = job->argc > 0 && strcmp(job->argv[0], "--check") == 0;
	bool ok;

	if (job->argc > 0 && !check)
		return err_set(e, ERR_USAGE, "keys %.40s", job->argv[0]);
	key_report_open(&report);
	ok = job->argc < 2 ? keyset_open(job->options, &report, e) :
	    read_one(job, job->argv[1], &report, e);
	if (ok && job->argc == 2)
		keyset_judge(&report);
	if (ok && check)
		print_faults(job, &report);
	else if (ok)
		print_keys(job);
	*status = key_report_count(&report, KEY_ERROR) > 0;
	key_report_close(&report);
	return ok;
}
