/*
 * From the code that GitHub gave a browser, or from an App that is there, to the daemon's file.
 */
#ifndef BOT_SETUP_APP_H
#define BOT_SETUP_APP_H

#include "git/github_access.h"

struct setup_app {
	const char *api_url;		/* NULL: github.com */
	const char *folder;		/* where files are made; must be there */
	uint64_t id;
	const char *slug, *page;
	const char *config_file;	/* made: aegis.yml; NULL: there was one, which stays as it is */
	const char *key_file;
};

/*
 * Trades the code in, once, and keeps what comes: aegis-app.pem, aegis-webhook-secret and aegis.yml, mode
 * 0600, never over a file that is there (ERR_INPUT, before anything is asked). ERR_GONE: the code is
 * used or older than an hour. When keeping fails after GitHub's answer, the error says so.
 */
bool setup_app_convert(struct setup_app *setup, const char *code, struct arena *a, struct err *e);

/*
 * Asks GitHub whether the key is the App's, and what the App may do; makes aegis.yml unless it is there.
 * Errors as for github_app_get.
 */
bool setup_app_check(struct setup_app *setup, uint64_t app_id, const char *key_file, struct arena *a,
		     struct github_app *app, struct err *e);

#endif
