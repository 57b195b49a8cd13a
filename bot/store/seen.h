/*
 * What the daemon saw already: installations, repositories and their settings, runs and jobs it
 * worked on, and marks of its own (where a poll stopped).
 */
#ifndef BOT_STORE_SEEN_H
#define BOT_STORE_SEEN_H

#include "bot/store/store.h"

struct repository {
	int64_t id;			/* the forge's number; stays when it is renamed */
	const char *name;		/* "owner/name" */
	int64_t installation_id;	/* 0: none (a personal token) */
	const char *default_branch;
	bool watched;
	int64_t seen_at;		/* set by the store */
};
/* Makes it known, or up to date. */
bool repository_put(struct store *store, const struct repository *repository, struct err *e);
bool repository_get(struct store *store, int64_t id, struct arena *a, struct repository *out,
		    struct err *e);				/* ERR_GONE */
/* Upper and lower case are the same. Of several (after renaming) the last one seen. ERR_GONE. */
bool repository_find(struct store *store, const char *name, struct arena *a,
		     struct repository *out, struct err *e);
/* The watched ones, by id. */
bool repository_list(struct store *store, struct arena *a, struct repository **list, size_t *count,
		     struct err *e);

struct installation {
	int64_t id;
	const char *account;
	bool suspended;
	int64_t seen_at;		/* set by the store */
};
bool installation_put(struct store *store, const struct installation *installation, struct err *e);
bool installation_list(struct store *store, struct arena *a, struct installation **list,
		       size_t *count, struct err *e);

/* The settings file of a known repository as last read. sha "": it has none. */
struct settings_text {
	const char *sha;
	struct str text;
	int64_t read_at;		/* set by the store */
};
bool settings_put(struct store *store, int64_t repository_id, const struct settings_text *settings,
		  struct err *e);
bool settings_get(struct store *store, int64_t repository_id, struct arena *a,
		  struct settings_text *out, struct err *e);	/* ERR_GONE: never read */

/* One attempt of a run or job; kind is "run", "job", ... and attempts count from 1. */
struct seen_thing {
	int64_t repository_id;
	const char *kind;
	int64_t id, attempt;
};
/* Marks it as handled. *fresh: it was not. */
bool seen_put(struct store *store, const struct seen_thing *thing, bool *fresh, struct err *e);
bool seen_has(struct store *store, const struct seen_thing *thing, bool *handled, struct err *e);
/*
 * From now on every first attempt of this kind up to this id counts as handled (a watermark only
 * rises). For the runs before a repository was known, and to keep the table small.
 */
bool seen_up_to(struct store *store, int64_t repository_id, const char *kind, int64_t id,
		struct err *e);
bool seen_watermark(struct store *store, int64_t repository_id, const char *kind, int64_t *id,
		    struct err *e);				/* 0: none yet */

/* Forgets later attempts handled before the time. */
bool seen_prune(struct store *store, int64_t handled_before, struct err *e);

/* The daemon's own marks: any name, any value. */
bool mark_put(struct store *store, const char *name, struct str value, struct err *e);
/* *found is false when there is none; *value is untouched then. */
bool mark_get(struct store *store, const char *name, struct arena *a, struct str *value,
	      bool *found, struct err *e);

#endif
