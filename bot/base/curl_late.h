/*
 * libcurl, loaded when the first request is made. It brings some twenty libraries, and loading them
 * takes a fifth of the time in which a command that asks nobody is done.
 *
 * Whoever includes this calls libcurl's functions by their own names.
 */
#ifndef BOT_BASE_CURL_LATE_H
#define BOT_BASE_CURL_LATE_H

#include "bot/base/err.h"

#include <curl/curl.h>
#include <stdbool.h>

/* The functions used; a call of another one does not link. */
#define CURL_LATE(each) \
	each(curl_easy_cleanup) each(curl_easy_getinfo) each(curl_easy_init) \
	each(curl_easy_perform) each(curl_easy_reset) each(curl_easy_setopt) \
	each(curl_easy_strerror) each(curl_free) each(curl_global_init) \
	each(curl_multi_add_handle) each(curl_multi_cleanup) each(curl_multi_info_read) \
	each(curl_multi_init) each(curl_multi_perform) each(curl_multi_poll) \
	each(curl_multi_remove_handle) each(curl_multi_setopt) each(curl_slist_append) \
	each(curl_slist_free_all) each(curl_url) each(curl_url_cleanup) \
	each(curl_url_get) each(curl_url_set)

/* These are macros over the function, for the compiler's checks of their arguments. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define CURL_LATE_MEMBER(name) __typeof__(&name) name;
struct curl_late { CURL_LATE(CURL_LATE_MEMBER) };
extern struct curl_late curl_late;

/* Loads and starts libcurl, once. Fails when it is not installed, or lacks a function. */
bool curl_late_start(struct err *e);

#ifndef CURL_LATE_ITSELF
#define curl_easy_cleanup curl_late.curl_easy_cleanup
#define curl_easy_getinfo curl_late.curl_easy_getinfo
#define curl_easy_init curl_late.curl_easy_init
#define curl_easy_perform curl_late.curl_easy_perform
#define curl_easy_reset curl_late.curl_easy_reset
#define curl_easy_setopt curl_late.curl_easy_setopt
#define curl_easy_strerror curl_late.curl_easy_strerror
#define curl_free curl_late.curl_free
#define curl_global_init curl_late.curl_global_init
#define curl_multi_add_handle curl_late.curl_multi_add_handle
#define curl_multi_cleanup curl_late.curl_multi_cleanup
#define curl_multi_info_read curl_late.curl_multi_info_read
#define curl_multi_init curl_late.curl_multi_init
#define curl_multi_perform curl_late.curl_multi_perform
#define curl_multi_poll curl_late.curl_multi_poll
#define curl_multi_remove_handle curl_late.curl_multi_remove_handle
#define curl_multi_setopt curl_late.curl_multi_setopt
#define curl_slist_append curl_late.curl_slist_append
#define curl_slist_free_all curl_late.curl_slist_free_all
#define curl_url curl_late.curl_url
#define curl_url_cleanup curl_late.curl_url_cleanup
#define curl_url_get curl_late.curl_url_get
#define curl_url_set curl_late.curl_url_set
#endif

#endif
