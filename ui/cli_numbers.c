/* The numbers that finance asks for, as `bahi status` prints them. */
#include <string.h>

#include "core/i18n.h"
#include "ui/cli_inside.h"

static void
add_source(struct job *job, struct table *table, const char *name,
    const struct wire_numbers_source *one)
{
	struct arena *arena = job->arena;

	table_add(table, (const char *const []){ name,
	    text_count(arena, one->posted),
	    text_percent(arena, one->touchless),
	    text_percent(arena, one->duplicate),
	    text_duration(arena, one->p50), text_duration(arena, one->p95),
	    text_duration(arena, one->p99),
	    text_duration(arena, one->resolution) });
}

static void
print_sources(struct job *job, const struct wire_numbers *numbers)
{
	static const char *const heads[] = {
		N_("Source"), N_("Posted"), N_("Touchless"),
		N_("Duplicates"), N_("p50 today"), N_("p95"), N_("p99"),
		N_("Resolved in"), NULL
	};
	struct table table;

	table_start(&table, "<>>>>>>>", heads);
	for (size_t i = 0; i < numbers->n_sources; i++)
		add_source(job, &table, cli_tame(job,
		    numbers->sources[i].name), &numbers->sources[i]);
	add_source(job, &table, _("Total"), &numbers->total);
	cli_table(job, &table);
}

static void
print_exceptions(struct job *job, const struct wire_numbers *numbers)
{
	static const char *const heads[] = {
		N_("Open"), "0-1h", "1-24h", "1-3d", "3d+", NULL
	};
	struct table table;

	table_start(&table, "<>>>>", heads);
	for (size_t i = 0; i < numbers->n_exceptions; i++) {
		const struct wire_exceptions *one = &numbers->exceptions[i];
		const char *cells[5] = { text_state(job->arena, one->state),
		    "", "", "", "" };

		for (size_t k = 0; k < one->ages.n && k < 4; k++)
			cells[k + 1] = text_count(job->arena,
			    one->ages.items[k].count);
		table_add(&table, cells);
	}
	cli_table(job, &table);
}

static void
print_positions(struct job *job, const struct wire_numbers *numbers)
{
	static const char *const heads[] = {
		N_("Entity"), N_("Cash"), N_("Clearing"), N_("Receivable"),
		N_("Payable"), N_("Cur"), NULL
	};
	struct table table;

	table_start(&table, "<>>>><", heads);
	for (size_t i = 0; i < numbers->n_positions; i++) {
		const struct wire_position *one = &numbers->positions[i];
		const char *currency = one->currency;
		struct arena *arena = job->arena;

		table_add(&table, (const char *const []){
		    cli_tame(job, one->entity),
		    text_money(arena, currency, one->cash),
		    text_money(arena, currency, one->clearing),
		    text_money(arena, currency, one->receivable),
		    text_money(arena, currency, one->payable),
		    cli_tame(job, currency) });
	}
	cli_table(job, &table);
}

void
cli_print_numbers(struct job *job, const struct wire_numbers *numbers)
{
	puts("");
	print_sources(job, numbers);
	printf(_("Time saved: %lld h; by hand: %s\n\n"),
	    (long long)(numbers->minutes_saved / 60),
	    text_percent(job->arena, numbers->total.manual));
	print_exceptions(job, numbers);
	if (numbers->n_positions > 0) {
		puts("");
		print_positions(job, numbers);
	}
	if (numbers->differences > 0)
		printf(_("\nTHE BOOKS DIFFER in %lld places: see "
		    "/v1/consistency\n"), (long long)numbers->differences);
	else if (numbers->checked > 0)
		printf(_("\nConsistent: %s of %lld events\n"),
		    text_percent(job->arena, numbers->consistency),
		    (long long)numbers->checked);
}
