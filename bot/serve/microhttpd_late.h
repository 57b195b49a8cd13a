/*
 * libmicrohttpd, loaded when the door is opened: it brings a TLS library and what that needs, and
 * no other command shall wait for them.
 *
 * Whoever includes this calls its functions by their own names.
 */
#ifndef BOT_SERVE_MICROHTTPD_LATE_H
#define BOT_SERVE_MICROHTTPD_LATE_H

#include "bot/base/err.h"

#include <microhttpd.h>
#include <stdbool.h>

/* The functions used; a call of another one does not link. */
#define MICROHTTPD_LATE(each) \
	each(MHD_add_response_header) each(MHD_create_response_from_buffer) \
	each(MHD_destroy_response) each(MHD_get_connection_info) \
	each(MHD_get_connection_values) each(MHD_get_version) each(MHD_queue_response) \
	each(MHD_resume_connection) each(MHD_start_daemon) each(MHD_stop_daemon) \
	each(MHD_suspend_connection)

#define MICROHTTPD_LATE_MEMBER(name) __typeof__(&name) name;
struct microhttpd_late { MICROHTTPD_LATE(MICROHTTPD_LATE_MEMBER) };
extern struct microhttpd_late microhttpd_late;

/* Loads it, once. Fails when it is not installed, or lacks a function. */
bool microhttpd_late_start(struct err *e);

#ifndef MICROHTTPD_LATE_ITSELF
#define MHD_add_response_header microhttpd_late.MHD_add_response_header
#define MHD_create_response_from_buffer microhttpd_late.MHD_create_response_from_buffer
#define MHD_destroy_response microhttpd_late.MHD_destroy_response
#define MHD_get_connection_info microhttpd_late.MHD_get_connection_info
#define MHD_get_connection_values microhttpd_late.MHD_get_connection_values
#define MHD_get_version microhttpd_late.MHD_get_version
#define MHD_queue_response microhttpd_late.MHD_queue_response
#define MHD_resume_connection microhttpd_late.MHD_resume_connection
#define MHD_start_daemon microhttpd_late.MHD_start_daemon
#define MHD_stop_daemon microhttpd_late.MHD_stop_daemon
#define MHD_suspend_connection microhttpd_late.MHD_suspend_connection
#endif

#endif
