#ifndef BAHI_NET_CURL_H
#define BAHI_NET_CURL_H
/* Inside of net/: what all users of libcurl share. */
#include <curl/curl.h>
#include <stdatomic.h>

#include "core/span.h"
#include "core/str.h"

/* Before the first handle; from any thread, any number of times. */
void curl_begin(void);
/* What TLS keeps to come back with, of all threads of this process. */
CURLSH *curl_sessions(void);
/* CURLOPT_WRITEFUNCTION into a struct str: fails when that is full. */
size_t curl_take(char *p, size_t size, size_t n, void *body);
/* Until it is done, or `stop` is true: then CURLE_ABORTED_BY_CALLBACK. */
CURLcode curl_run(CURLM *, CURL *, atomic_bool *stop);
/* This machine, as a URL names it: nothing that a resolver would be asked
 * for but localhost itself. */
bool host_is_loopback(const char *host);

#endif
