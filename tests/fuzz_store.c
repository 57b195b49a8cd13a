/*
 * A damaged database file: opened, checked, read through every list and written to. The input is
 * either a whole file, or pairs of place and byte to turn over in a good one. Nothing may crash,
 * and every error names the file.
 */
#include "bot/base/clock.h"
#include "bot/base/file.h"
#include "bot/store/cache.h"
#include "bot/store/delivery.h"
#include "bot/store/incident.h"
#include "bot/store/lesson.h"
#include "bot/store/outbox.h"
#include "bot/store/seen.h"

#include <stdint.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SIGNATURE "0123456789abcdef0123456789abcdef"

static struct {
	struct file_temporary folder;
	char path[300], url[320];
	struct arena arena;
	struct str good;
} place;

static void must(bool done, const struct err *e)
{
	if (done)
		return;
	fprintf(stderr, "%s\n", e->text);
	abort();
}

static void remove_folder(void)
{
	file_temporary_remove(&place.folder);
	arena_release(&place.arena);
}

static bool fill(struct store *store, struct err *e)
{
	STORE_TRANSACTION t = {0};
	ARENA a = {0};
	struct incident_key key = { SIGNATURE, SIGNATURE, "owner/name", 7, "main", "base" };
	struct sighting sighting = { 1, 2, "test", "head", 3, 0 };
	struct repository repository = { 7, "owner/name", 3, "main", true, 0 };
	struct settings_text settings = { "abc", STR("autonomy: propose\n"), 0 };
	struct cache_answer answer = { "etag", STR("body") };
	struct lesson lesson = { .signature = SIGNATURE, .family = SIGNATURE, .repository_id = 7,
				 .action = "template", .name = "x" };
	struct seen_thing thing = { 7, "run", 9, 1 };
	const struct delivery delivery = { .id = "guid", .digest = "", .hint = { .event = "push",
		.wants = HINT_RUNS } };
	struct incident incident = {0};
	bool new;

	if (!store_begin(store, &t, e) ||
	    !incident_open(store, &key, &sighting, "aegis", &a, &incident, &new, e))
		return false;
	lesson.incident = incident.id;
	return outbox_intend(store, incident.id, "push", "push-1", STR("{}"), &new, e) &&
	       repository_put(store, &repository, e) && settings_put(store, 7, &settings, e) &&
	       cache_put(store, "url", &answer, &new, e) && lesson_add(store, &lesson, &new, e) &&
	       seen_put(store, &thing, &new, e) && delivery_add(store, &delivery, 1000, &new, e) &&
	       mark_put(store, "mark", STR("value"), e) && store_commit(&t, e);
}

static void prepare(void)
{
	struct err e = ERR_INIT;
	struct store *store = NULL;

	must(file_temporary(&place.folder, &e), &e);
	atexit(remove_folder);
	snprintf(place.path, sizeof(place.path), "%s/aegis.db", place.folder.path);
	snprintf(place.url, sizeof(place.url), "sqlite:%s", place.path);
	must(store_open(place.url, STORE_WRITE, &store, &e) && fill(store, &e), &e);
	store_close(&store);
	must(file_read(place.path, 1 << 24, FILE_FOLLOW, &place.arena, &place.good, &e), &e);
}

static bool count_row(void *context, const struct audit_row *row)
{
	(void)row;
	return ++*(int *)context < 1000;
}

static void read_all(struct store *store)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct incident_filter filter = {0};
	struct audit_filter rows = {0};
	struct audit_verdict verdict;
	struct incident *incidents = NULL;
	struct sighting *sightings;
	struct effect *effects;
	struct repository *repositories;
	struct settings_text settings;
	struct cache_answer answer;
	struct lesson *lessons;
	struct delivery *deliveries;
	struct str value;
	size_t count, incident_count = 0;
	int called = 0;
	bool found;

	(void)incident_list(store, &filter, &a, &incidents, &incident_count, &e);
	for (size_t i = 0; i < incident_count; i++)
		(void)incident_sightings(store, incidents[i].id, &a, &sightings, &count, &e);
	(void)outbox_pending(store, INT64_MAX, 0, &a, &effects, &count, &e);
	(void)repository_list(store, &a, &repositories, &count, &e);
	(void)settings_get(store, 7, &a, &settings, &e);
	(void)cache_get(store, "url", &a, &answer, &found, &e);
	(void)lesson_of_signature(store, SIGNATURE, INT64_MAX, 0, &a, &lessons, &count, &e);
	(void)delivery_waiting(store, 100, &a, &deliveries, &count, &e);
	(void)mark_get(store, "mark", &a, &value, &found, &e);
	(void)audit_each(store, &rows, count_row, &called, &e);
	(void)audit_check(store, NULL, &verdict, &e);
	(void)store_check(store, &e);
	(void)fill(store, &e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str file = { (const char *)data, size };

	if (!place.good.size)
		prepare();
	if (!str_starts(file, "SQLite format 3")) {
		char *bytes = arena_copy(&a, place.good.at, place.good.size);

		/* 3 bytes a place, 1 byte to turn over. */
		for (size_t i = 0; i + 4 <= size && i < 4096; i += 4)
			bytes[((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) %
			      place.good.size] ^= (char)data[i + 3];
		file = (struct str){ bytes, place.good.size };
	}
	must(file_write(place.path, file, 0600, &e), &e);
	{
		STORE store = NULL;

		if (store_open(place.url, STORE_WRITE, &store, &e))
			read_all(store);
		else if (!strstr(e.text, place.path))
			abort();
	}
	/* A log that could not be put away belongs to this file only. */
	unlink(arena_printf(&a, "%s-wal", place.path));
	unlink(arena_printf(&a, "%s-shm", place.path));
	return 0;
}
