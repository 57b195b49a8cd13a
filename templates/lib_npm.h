/*
 * A package-lock.json as npm writes it, taken apart and put together again.
 */
#ifndef TEMPLATES_LIB_NPM_H
#define TEMPLATES_LIB_NPM_H

#include "bot/base/json.h"

struct npm_lock {
	json_t *json, *packages;	/* packages is borrowed of json */
	size_t indent;
	bool newline;			/* at its end */
};

/*
 * False when it is no lock of version 2 or 3, or npm would not have laid it out so: then putting it
 * together again would change more than is meant. Close with npm_close.
 */
bool npm_open(struct arena *a, struct str text, struct npm_lock *lock);
void npm_close(struct npm_lock *lock);
#define NPM_LOCK __attribute__((cleanup(npm_close))) struct npm_lock

/* The text of the lock; false when it cannot be written. */
bool npm_text(struct arena *a, const struct npm_lock *lock, struct str *text);

/* Puts a member where npm's order of names wants it. Takes the value over. */
bool npm_put(json_t *object, const char *name, json_t *value);

#endif
