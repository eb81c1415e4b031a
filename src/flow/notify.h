#ifndef BAHI_FLOW_NOTIFY_H
#define BAHI_FLOW_NOTIFY_H
/*
 * Whom nobody should wake twice: from what stands and what is seen, what
 * changes and what is told. Pure.
 */
#include "store/alerts.h"

enum standing_change { STANDING_KEPT, STANDING_NEW, STANDING_CHANGED };

struct standing {
	struct alert_row row;	/* not raised and told "recovered": new */
	bool seen;		/* now; with this value: */
	const char *value;
	bool over;		/* not seen for long enough */
	/* out */
	enum standing_change change;
	bool tell, together;	/* together: in the digest */
	enum alert_event event;
};

struct notify_rules {
	int64_t now, repeat;	/* microseconds; 0: tell only once */
	bool quiet, may_tell;
};

void notify_judge(struct standing *, const struct notify_rules *);
struct alert notify_alert(const struct standing *);

#endif
