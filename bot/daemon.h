/*
 * What a daemon works with: its settings, its store, the client of GitHub, and a folder for mirrors.
 */
#ifndef BOT_DAEMON_H
#define BOT_DAEMON_H

#include "bot/base/config.h"
#include "bot/store/store.h"
#include "git/github.h"

struct daemon {
	struct arena *arena;		/* of the whole run */
	const struct config *config;
	const char *config_file;	/* its absolute path; NULL: the defaults alone */
	struct store *store;
	struct github *github;
	const char *folder;		/* work.folder, made with mode 0700 */
};

/*
 * config_file NULL: $AEGIS_CONFIG, else the defaults alone. Claims the store: one daemon at a time.
 * ERR_CONFIG for settings (also when neither an App nor a token is given), else as the parts fail.
 */
bool daemon_open(const char *config_file, struct arena *a, struct daemon *out, struct err *e);
void daemon_close(struct daemon *daemon);
#define DAEMON __attribute__((cleanup(daemon_close))) struct daemon

/* The settings alone, for commands that only read the store. */
bool daemon_settings(const char *config_file, struct arena *a, const struct config **config,
		     struct err *e);

#endif
