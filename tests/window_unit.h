/* What the tests of bot/window share: a daemon with a store, and a server that does as it is told. */
#ifndef TESTS_WINDOW_UNIT_H
#define TESTS_WINDOW_UNIT_H

#include "bot/window.h"
#include "tests/http_unit.h"
#include "tests/store_unit.h"

#define T0 INT64_C(1700000000000)	/* of the deployment */

/* One place: folder with store and server, the daemon and the settings of a repository. */
struct window_scene {
	struct place place;
	struct http_server server;
	struct arena arena;
	struct daemon daemon;
	const struct config *settings;
	const char *incident;
	bool blind;			/* the forge is out of reach */
};

static inline const struct config *settings_of(struct arena *a, const char *text,
					       enum option_file file)
{
	const struct config *config = NULL;
	struct err e = ERR_INIT;

	if (!config_parse(&options, "f.yml", str_of(text), file, a, &config, &e))
		fail_msg("%s: %s", text, e.text);
	return config;
}

static inline void scene_tell(const struct window_scene *s, const char *name, const char *how)
{
	ARENA a = {0};
	struct err e = ERR_INIT;

	assert_done(file_write(arena_printf(&a, "%s/%s", s->place.folder.path, name), str_of(how),
			       0600, &e), e);
}

static inline size_t scene_asks(const struct window_scene *s, const char *name)
{
	ARENA a = {0};
	struct str text = STR_NONE;
	struct err e = ERR_INIT;

	if (!file_read(arena_printf(&a, "%s/%s.asks", s->place.folder.path, name), 10000, FILE_FOLLOW,
		       &a, &text, &e))
		return 0;
	return text.size;
}

/* The daemon's file, again after a change of where it looks. */
static inline void scene_configure(struct window_scene *s, const char *more)
{
	struct arena *a = &s->arena;

	s->daemon.config = settings_of(
		a, arena_printf(a, "github: { api_url: 'http://127.0.0.1:%u/forge' }\n"
				"watch: { private: true }\n%s", s->blind ? 1 : s->server.port, more),
		OPTION_DAEMON);
}

/* PORT in the settings is the server's. */
static inline void scene_settings(struct window_scene *s, const char *text)
{
	struct text out = TEXT(&s->arena);
	struct str rest = str_of(text), before;

	while (str_split(rest, "PORT", &before, &rest)) {
		text_add(&out, before);
		text_addf(&out, "%u", s->server.port);
	}
	text_add(&out, rest);
	s->settings = settings_of(&s->arena, text_cstr(&out), OPTION_REPOSITORY);
}

static inline void scene_restart(struct window_scene *s)
{
	store_close(&s->daemon.store);
	s->daemon.store = store_made(s->place.url);
}

static inline void scene_open(struct window_scene *s, const char *settings)
{
	*s = (struct window_scene){ .place = place_make() };
	http_server_start(&s->server, "python3", "tests/window_server.py", s->place.folder.path, NULL);
	s->daemon = (struct daemon){ .arena = &s->arena, .store = store_made(s->place.url) };
	scene_configure(s, "");
	scene_settings(s, settings);
	s->incident = incident_made(s->daemon.store, "main", &s->arena).id;
}

static inline void scene_close(struct window_scene *s)
{
	store_close(&s->daemon.store);
	http_server_stop(&s->server);
	place_close(&s->place);
	arena_release(&s->arena);
}
#define WINDOW_SCENE __attribute__((cleanup(scene_close))) struct window_scene

/* A look so many seconds after the deployment. */
static inline struct window_look look_at(struct window_scene *s, double seconds)
{
	struct window_order order = { s->incident, s->settings, T0 - 20000, T0,
				      T0 + (int64_t)(seconds * 1000) };
	struct window_look look = {0};
	struct err e = ERR_INIT;

	assert_done(window_look(&s->daemon, &order, &s->arena, &look, &e), e);
	return look;
}

static inline int64_t baseline_at(struct window_scene *s, double seconds)
{
	int64_t next_at = 0;
	struct err e = ERR_INIT;

	assert_done(window_baseline(&s->daemon, "7", s->settings, T0 + (int64_t)(seconds * 1000),
				    &next_at, &e), e);
	return next_at;
}

/* Looks as told, from then on until it is decided. */
static inline struct window_look look_on(struct window_scene *s, double from)
{
	struct window_look look = look_at(s, from);

	for (int i = 0; look.window == WINDOW_WATCHING; i++) {
		assert_true(look.next_at > T0 + (int64_t)(from * 1000) && i < 500);
		from = (double)(look.next_at - T0) / 1000;
		look = look_at(s, from);
	}
	return look;
}

#define assert_look(look, window_, words)                                                          \
	do {                                                                                       \
		if ((look).window != (window_) || !strstr((look).why, (words)))                    \
			fail_msg("window %d: %.3f %s", (int)(look).window, (look).confidence,      \
				 (look).why);                                                      \
	} while (0)

#endif
