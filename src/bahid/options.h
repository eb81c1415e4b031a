#ifndef BAHI_BAHID_OPTIONS_H
#define BAHI_BAHID_OPTIONS_H
/* The settings of bahid.conf; the table is also bahid.conf(5)'s source. */
#include <stddef.h>
#include "core/option.h"

extern const struct option_info bahid_options[];
extern const size_t n_bahid_options;

#endif
