/*
 * Tells the formats apart and merges what they hold. Does not run anything.
 */
#include "ci/results.h"

#include "ci/report.h"
#include "ci/results_parts.h"

enum { NAME_BYTES = 1024, MESSAGE_BYTES = 512, INDEX_LEAST = 1024 };

static uint32_t hash_of(struct str s)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < s.size; i++)
		hash = (hash ^ (unsigned char)s.at[i]) * 16777619u;
	return hash;
}

static size_t place_of(const struct results *set, struct str name)
{
	size_t place = hash_of(name) & (set->index_size - 1);

	while (set->index[place] && !str_is(name, set->list[set->index[place] - 1].name))
		place = (place + 1) & (set->index_size - 1);
	return place;
}

static void grow_index(struct results *set, struct arena *a)
{
	if (set->index_size && set->count < set->index_size / 2)
		return;
	set->index_size = set->index_size ? set->index_size * 2 : INDEX_LEAST;
	set->index = arena_array(a, uint32_t, set->index_size);
	for (size_t i = 0; i < set->count; i++)
		set->index[place_of(set, str_of(set->list[i].name))] = (uint32_t)i + 1;
}

struct result *result_named(struct reading_results *r, struct str name, bool *is_new)
{
	struct results *set = r->results;
	char text[NAME_BYTES + 1];
	size_t place;

	name = (struct str){ text, report_text_into(text, sizeof(text), str_trim(name)) };
	*is_new = false;
	if (!name.size)
		return NULL;
	grow_index(set, r->arena);
	place = place_of(set, name);
	if (set->index[place])
		return &set->list[set->index[place] - 1];
	if (set->count == RESULTS_MAX || set->bytes > RESULTS_BYTES) {
		set->dropped++;
		return NULL;
	}
	*is_new = true;
	set->bytes += name.size;
	arena_push(r->arena, set->list, set->count) =
		(struct result){ .name = str_text(r->arena, name), .duration_ms = -1 };
	set->index[place] = (uint32_t)set->count;
	return &set->list[set->count - 1];
}

void result_settle(struct reading_results *r, struct result *result, enum outcome outcome,
		   struct str message)
{
	char text[MESSAGE_BYTES];
	struct str first = STR_NONE;

	if (outcome > result->outcome) {
		result->outcome = outcome;
		result->message = NULL;
	}
	str_next(&message, '\n', &first);
	if (!result->message && outcome == result->outcome && outcome != OUTCOME_PASSED &&
	    r->results->bytes <= RESULTS_BYTES &&
	    report_text_into(text, sizeof(text), str_trim(first))) {
		result->message = arena_strdup(r->arena, text);
		r->results->bytes += strlen(text);
	}
}

void result_place(struct reading_results *r, struct result *result, struct str file,
		  unsigned long line)
{
	char text[NAME_BYTES + 1];

	if (!file.size || result->file || r->results->bytes > RESULTS_BYTES)
		return;
	if (r->tree) {
		result->file = tree_path(r->tree, file);
	} else if (report_text_into(text, sizeof(text), file)) {
		result->file = arena_strdup(r->arena, text);
		r->results->bytes += strlen(text);
	}
	if (!result->file)
		return;
	result->line = line > 0x7fffffff ? 0 : (unsigned)line;
}

long result_duration(struct str number, unsigned unit_ms)
{
	unsigned long long units = 0, fraction = 0, scale = 1;
	bool point = false, digit = false;

	for (size_t i = 0; i < number.size; i++) {
		char c = number.at[i];

		if (c == ',' && !point)
			continue;
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return -1;
		digit = true;
		if (!point)
			units = units * 10 + (unsigned)(c - '0');
		else if (scale < 1000000)
			fraction = fraction * 10 + (unsigned)(c - '0'), scale *= 10;
		if (units > 1000000000)
			return -1;
	}
	return digit ? (long)(units * unit_ms + fraction * unit_ms / scale) : -1;
}

static struct str first_text(struct str text)
{
	str_skip(&text, "\xef\xbb\xbf");
	return str_trim(str_slice(text, 0, 4096));
}

static bool looks_like_tap(struct str text)
{
	struct str line;

	while (str_next_line(&text, &line))
		if (str_starts(line, "TAP version ") || str_starts(line, "1..") ||
		    str_starts(line, "ok ") || str_starts(line, "not ok "))
			return true;
	return false;
}

bool results_read(struct results *results, struct arena *a, struct str text,
		  const struct tree *tree, struct err *e)
{
	ARENA scratch = {0};
	struct reading_results r = { .results = results, .arena = a, .scratch = &scratch,
				     .tree = tree };
	struct str head = first_text(text);

	if (text.size > RESULTS_FILE_BYTES)
		return fail(e, ERR_INPUT, "a test report of %zu bytes is larger than %d", text.size,
			    (int)RESULTS_FILE_BYTES);
	if (str_starts(head, "<"))
		return results_junit(&r, text, e);
	if (str_has(head, "\"Action\":"))
		return results_go(&r, text, e);
	if (looks_like_tap(head))
		return results_tap(&r, text, e);
	return fail(e, ERR_INPUT, "this is no JUnit XML, TAP or go test -json");
}

void results_tests(const struct results *results, struct arena *a, struct tests *tests)
{
	struct tests sums = { .framework = results->framework, .counted = results->count > 0 };

	for (size_t i = 0; i < results->count; i++) {
		const struct result *result = &results->list[i];

		switch (result->outcome) {
		case OUTCOME_PASSED:
			sums.passed++;
			break;
		case OUTCOME_SKIPPED:
			sums.skipped++;
			break;
		case OUTCOME_FAILED:
		case OUTCOME_ERROR:
			sums.failed++;
			arena_push(a, sums.failed_names, sums.failed_count) = result->name;
			break;
		}
	}
	sums.run = sums.passed + sums.failed;
	*tests = sums;
}
