/*
 * An App's manifest: what GitHub is asked to make, with the least rights (git/github_rights.h), and the
 * form that a person sends from a browser. Pure.
 */
#ifndef BOT_MANIFEST_H
#define BOT_MANIFEST_H

#include "bot/base/arena.h"
#include "bot/base/err.h"
#include "bot/base/str.h"

#include <jansson.h>

enum { MANIFEST_NAME_MOST = 34 };	/* GitHub's limit */

struct manifest {
	const char *name;
	const char *url;		/* a page about it, https:// */
	const char *webhook_url;	/* NULL: none; found by polling then */
	const char *organisation;	/* who shall own it; NULL: whoever sends the form */
	const char *api_url;		/* NULL: github.com */
};

/* The manifest of GitHub's "Registering a GitHub App from a manifest"; the caller owns the reference. */
json_t *manifest_json(const struct manifest *manifest);

/* ERR_INPUT: a name, an organisation or an address that GitHub would not take. */
bool manifest_check(const struct manifest *manifest, struct err *e);

/* Where people see GitHub: "https://github.com", or the Enterprise server of ".../api/v3". */
const char *manifest_site(const char *api_url, struct arena *a);
/* A page with the form; nothing in it is sent before its button is pressed. */
struct str manifest_form(const struct manifest *manifest, struct arena *a);

/*
 * The code out of what a person gives: the code, or the whole address the browser was sent to. ERR_INPUT
 * when there is none.
 */
bool manifest_code(struct str given, struct arena *a, const char **code, struct err *e);

#endif
