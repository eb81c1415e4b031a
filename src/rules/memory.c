/*
 * How much memory SQLite holds for this thread, so that a rule's can be
 * bounded.  SQLite's own count is one for the process behind one lock, which
 * every thread would meet at every allocation; it is switched off.
 */
#include "rules/sandbox.h"

#include "rules/rules.h"

static sqlite3_mem_methods base;
static _Thread_local int64_t held;

static void *
take(int n)
{
	void *p = base.xMalloc(n);

	if (p != NULL)
		held += base.xSize(p);
	return p;
}

static void
give(void *p)
{
	held -= base.xSize(p);
	base.xFree(p);
}

static void *
resize(void *p, int n)
{
	int before = base.xSize(p);
	void *q = base.xRealloc(p, n);

	if (q != NULL)
		held += base.xSize(q) - before;
	return q;
}

void
rules_setup(void)
{
	sqlite3_mem_methods methods;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &base) != SQLITE_OK)
		bug("SQLite is in use already");
	methods = base;
	methods.xMalloc = take;
	methods.xFree = give;
	methods.xRealloc = resize;
	if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK ||
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		bug("SQLite is in use already");
}

int64_t
sandbox_memory(void)
{
	return held;
}
