/*
 * PCRE2, 8 bit, JIT where the kernel allows it (MemoryDenyWriteExecute does not) and the
 * interpreter elsewhere, with the same limits. Match data is one a thread. Leaves out UTF,
 * callouts and substitution.
 */
#include "bot/base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 10000, HEAP_LIMIT_KIB = 1024, PATTERN_MAX = 16 * 1024,
       KEPT_SLOTS = 2048 };

struct regex {
	pcre2_code *code;
	uint32_t groups;
};

static struct {
	pthread_once_t once;
	pthread_key_t match_data;
	pcre2_compile_context *compile;
	pcre2_match_context *match;
} shared = { .once = PTHREAD_ONCE_INIT };

static _Noreturn void out_of_memory(void)
{
	fputs("aegis: out of memory\n", stderr);
	abort();
}

static void match_data_free(void *data)
{
	pcre2_match_data_free(data);
}

static void share(void)
{
	shared.compile = pcre2_compile_context_create(NULL);
	shared.match = pcre2_match_context_create(NULL);
	if (!shared.compile || !shared.match ||
	    pthread_key_create(&shared.match_data, match_data_free))
		out_of_memory();
	pcre2_set_max_pattern_length(shared.compile, PATTERN_MAX);
	pcre2_set_match_limit(shared.match, MATCH_LIMIT);
	pcre2_set_depth_limit(shared.match, DEPTH_LIMIT);
	pcre2_set_heap_limit(shared.match, HEAP_LIMIT_KIB);
}

static pcre2_match_data *match_data(void)
{
	pcre2_match_data *data = pthread_getspecific(shared.match_data);

	if (data)
		return data;
	data = pcre2_match_data_create(REGEX_GROUPS_MAX, NULL);
	if (!data || pthread_setspecific(shared.match_data, data))
		out_of_memory();
	return data;
}

struct regex *regex_open(const char *pattern, struct err *e)
{
	/* NEVER_UTF and NEVER_UCP: "(*UTF)" in a pattern would make invalid text an error. */
	const uint32_t options = PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
	struct regex *regex;
	pcre2_code *code;
	uint32_t groups = 0;
	PCRE2_SIZE at = 0;
	int number = 0;

	pthread_once(&shared.once, share);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &number, &at,
			     shared.compile);
	if (!code) {
		char why[160] = "unknown error";

		pcre2_get_error_message(number, (PCRE2_UCHAR *)why, sizeof(why));
		fail(e, ERR_INPUT, "pattern \"%.200s\", character %zu: %s", pattern, at + 1, why);
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups >= REGEX_GROUPS_MAX) {
		pcre2_code_free(code);
		fail(e, ERR_INPUT, "pattern \"%.200s\": %u groups, at most %d are allowed", pattern,
		     groups, REGEX_GROUPS_MAX - 1);
		return NULL;
	}
	/* Without JIT the interpreter matches: slower, but with the same answers. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	regex = calloc(1, sizeof(*regex));
	if (!regex)
		out_of_memory();
	regex->code = code;
	regex->groups = groups;
	return regex;
}

void regex_close(struct regex *const *regex)
{
	if (!regex || !*regex)
		return;
	pcre2_code_free((*regex)->code);
	free(*regex);
}

static struct {
	pthread_mutex_t lock;
	struct {
		char *pattern;
		const struct regex *regex;
	} slots[KEPT_SLOTS];
	size_t count;
} kept = { .lock = PTHREAD_MUTEX_INITIALIZER };

const struct regex *regex_kept(const char *pattern)
{
	const struct regex *found = NULL;
	struct err ignored = ERR_INIT;
	size_t at = 5381;

	for (const char *c = pattern; *c; c++)
		at = at * 33 + (unsigned char)*c;
	pthread_mutex_lock(&kept.lock);
	for (at %= KEPT_SLOTS; kept.slots[at].pattern && strcmp(kept.slots[at].pattern, pattern);)
		at = (at + 1) % KEPT_SLOTS;
	if (!kept.slots[at].pattern && kept.count < KEPT_SLOTS / 2) {
		kept.slots[at].pattern = strdup(pattern);
		if (!kept.slots[at].pattern)
			out_of_memory();
		kept.slots[at].regex = regex_open(pattern, &ignored);
		kept.count++;
	}
	found = kept.slots[at].regex;
	pthread_mutex_unlock(&kept.lock);
	return found;
}

static void take_groups(const PCRE2_SIZE *places, int filled, struct str text, struct str *groups)
{
	for (int i = 0; i < REGEX_GROUPS_MAX; i++) {
		PCRE2_SIZE start = i < filled ? places[2 * i] : PCRE2_UNSET;
		PCRE2_SIZE end = i < filled ? places[2 * i + 1] : PCRE2_UNSET;

		groups[i] = STR_NONE;
		if (start != PCRE2_UNSET && start <= end && end <= text.size)
			groups[i] = str_slice(text, start, end - start);
	}
}

enum regex_end regex_search(const struct regex *regex, struct str text, size_t start,
			    struct str groups[REGEX_GROUPS_MAX])
{
	PCRE2_SPTR at = (PCRE2_SPTR)(text.at ? text.at : "");
	pcre2_match_data *data = match_data();
	int filled;

	if (start > text.size)
		return REGEX_NONE;
	filled = pcre2_match(regex->code, at, text.size, start, 0, data, shared.match);
	/* The JIT runs on 32 KiB of stack; what needs more gets the interpreter's limited heap. */
	if (filled == PCRE2_ERROR_JIT_STACKLIMIT)
		filled = pcre2_match(regex->code, at, text.size, start, PCRE2_NO_JIT, data,
				     shared.match);
	if (filled < 0)
		return filled == PCRE2_ERROR_NOMATCH ? REGEX_NONE : REGEX_LIMIT;
	if (groups)
		take_groups(pcre2_get_ovector_pointer(data), filled, text, groups);
	return REGEX_FOUND;
}

bool regex_match(const struct regex *regex, struct str text, struct str groups[REGEX_GROUPS_MAX])
{
	return regex_search(regex, text, 0, groups) == REGEX_FOUND;
}

int regex_group(const struct regex *regex, const char *name)
{
	int number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)name);

	return number > 0 ? number : -1;
}

size_t regex_group_count(const struct regex *regex)
{
	return regex->groups;
}
