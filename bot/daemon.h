/*
 * What a daemon works with: its settings, its store, the client of GitHub, and a folder for mirrors.
 */
#ifndef BOT_DAEMON_H
#define BOT_DAEMON_H

#include "bot/base/config.h"
#include "bot/store/store.h"
#include "git/github_repository.h"

struct daemon {
	struct arena *arena;		/* of the whole run */
	const struct config *config;
	const char *config_file;	/* its absolute path; NULL: the defaults alone */
	struct store *store;
	struct github *github;
	const char *folder;		/* work.folder, made with mode 0700 */
	struct github_identity own;	/* login NULL: not asked for yet */
};

/*
 * config_file NULL: $AEGIS_CONFIG, else the defaults alone. Claims the store: one daemon at a time.
 * ERR_CONFIG for settings (also when neither an App nor a token is given), else as the parts fail.
 */
bool daemon_open(const char *config_file, struct arena *a, struct daemon *out, struct err *e);
void daemon_close(struct daemon *daemon);
#define DAEMON __attribute__((cleanup(daemon_close))) struct daemon

/* Settings and client of GitHub alone, for a command that asks and keeps nothing; no store, no folder. */
bool daemon_open_client(const char *config_file, struct arena *a, struct daemon *out, struct err *e);

/* Fills `own`, by a question about any repository that is watched. Asks until it was answered once. */
bool daemon_know_self(struct daemon *daemon, const char *owner, const char *name, struct err *e);

/*
 * The client of GitHub as the settings say; answers and waits are kept in the store (NULL: nowhere).
 * ERR_CONFIG when neither an App nor a token is given, or the key is none.
 */
bool daemon_github(const struct config *config, struct store *store, struct arena *a,
		   struct github **out, struct err *e);

/* The settings alone, for commands that only read the store. */
bool daemon_settings(const char *config_file, struct arena *a, const struct config **config,
		     struct err *e);

#endif
