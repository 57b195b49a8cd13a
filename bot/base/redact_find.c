/*
 * The search in one line: which rules have a word in it, then their patterns; private key blocks
 * over lines. Words are found as in a hash table of their rarest three bytes, so that a line
 * without any costs one look a byte.
 */
#include "bot/base/redact_parts.h"

#include <assert.h>
#include <pthread.h>

enum { WORDS_MAX = 512, RULES_MAX = 192, PLACE_BITS = 15, PIECE = 3, KEY_LINES_MAX = 400 };

static struct {
	pthread_once_t once;
	unsigned char taken[1 << PLACE_BITS];
	uint16_t first[1 << PLACE_BITS];	/* from 1 */
	struct word {
		const char *at;
		uint16_t rule, size, offset, next;
	} words[WORDS_MAX];
	size_t word_count;
	struct regex *patterns[RULES_MAX];
} table = { .once = PTHREAD_ONCE_INIT };

/* Case does not matter to the filter; | 0x20 also changes other bytes, but alike on both sides. */
static inline uint32_t place_of(const char *at)
{
	uint32_t piece = (uint32_t)(unsigned char)at[0] | (uint32_t)(unsigned char)at[1] << 8 |
			 (uint32_t)(unsigned char)at[2] << 16;

	return (piece | 0x202020) * UINT32_C(2654435761) >> (32 - PLACE_BITS);
}

static unsigned rarity(const char *at)
{
	static const char common[] = "etaoinsrhldcumfpgwybvk0123456789-_.";
	unsigned sum = 0;

	for (size_t i = 0; i < PIECE; i++) {
		const char *found = strchr(common, at[i] | 0x20);

		sum += found ? (unsigned)(found - common) : 40;
	}
	return sum;
}

static void add_word(const char *at, size_t rule)
{
	struct word *word = &table.words[table.word_count++];
	uint32_t place;

	assert(table.word_count <= WORDS_MAX && strlen(at) >= PIECE);
	*word = (struct word){ .at = at, .rule = (uint16_t)rule, .size = (uint16_t)strlen(at) };
	for (size_t i = 1; i + PIECE <= word->size; i++)
		if (rarity(at + i) > rarity(at + word->offset))
			word->offset = (uint16_t)i;
	place = place_of(at + word->offset);
	word->next = table.first[place];
	table.first[place] = (uint16_t)table.word_count;
	table.taken[place] = 1;
}

static void build(void)
{
	struct err e = ERR_INIT;

	assert(redact_rule_count() < RULES_MAX);
	for (size_t i = 0; i < redact_rule_count(); i++) {
		for (size_t k = 0; k < 6 && redact_rule(i)->words[k]; k++)
			add_word(redact_rule(i)->words[k], i);
		table.patterns[i] = regex_open(redact_rule(i)->pattern, &e);
		if (!table.patterns[i]) {
			fprintf(stderr, "aegis: bug: rule %s: %s\n", redact_rule(i)->name, e.text);
			abort();
		}
	}
	for (const char *const *word = keys_words; *word; word++)
		add_word(*word, redact_rule_count());
}

static bool same_folded(const char *a, const char *b, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((a[i] | 0x20) != (b[i] | 0x20))
			return false;
	return true;
}

/* Sets the bit of every rule with a word that may stand there. */
static void compare(struct str line, size_t at, uint64_t awake[RULES_MAX / 64])
{
	for (uint16_t n = table.first[place_of(line.at + at)]; n; n = table.words[n - 1].next) {
		const struct word *word = &table.words[n - 1];

		if (at >= word->offset && line.size - (at - word->offset) >= word->size &&
		    same_folded(line.at + at - word->offset, word->at, word->size))
			awake[word->rule / 64] |= UINT64_C(1) << word->rule % 64;
	}
}

static bool wake(struct str line, uint64_t awake[RULES_MAX / 64])
{
	uint64_t any = 0;

	for (size_t i = 0; i + PIECE <= line.size; i++)
		if (__builtin_expect(table.taken[place_of(line.at + i)], 0))
			compare(line, i, awake);
	if (line.size && memchr(line.at, '@', line.size))
		for (size_t i = 0; i < redact_rule_count(); i++)
			if (!redact_rule(i)->words[0])
				awake[i / 64] |= UINT64_C(1) << i % 64;
	for (size_t i = 0; i < RULES_MAX / 64; i++)
		any |= awake[i];
	return any;
}

static bool is_secret(const struct redact_rule *rule, struct str value)
{
	return !str_has(value, "[REDACTED:") && keys_entropy(value) >= rule->entropy &&
	       !(rule->entropy && keys_is_placeholder(value));
}

/* Is the place inside the user part of a URL? Then an address there is none. */
static bool in_url(struct str line, size_t at)
{
	for (size_t i = 0; i < 256 && at; i++) {
		char c = line.at[--at];

		if (c == ' ' || c == '\t' || c == '"' || c == '\'')
			return false;
		if (c == '/' && at > 1 && line.at[at - 1] == '/' && line.at[at - 2] == ':')
			return true;
	}
	return false;
}

static void match_rule(size_t number, struct str line, struct find *find)
{
	const struct redact_rule *rule = redact_rule(number);
	struct str groups[REGEX_GROUPS_MAX];
	enum regex_end end;
	size_t at = 0;

	while ((end = regex_search(table.patterns[number], line, at, groups)) == REGEX_FOUND) {
		struct str value = groups[1].size ? groups[1] : groups[0];
		size_t start = (size_t)(value.at - line.at);

		if (is_secret(rule, value) && (rule->words[0] || !in_url(line, start)))
			find_add(find, start, start + value.size, rule->name);
		at = start + (value.size ? value.size : 1);
	}
	/* Too hard to tell: nothing of it goes out. */
	if (end == REGEX_LIMIT)
		find_add(find, 0, str_trim_right(line).size, rule->name);
}

static bool is_base64(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
	       c == '/' || c == '=' || c == '\\' || c == '\r';
}

/* What stands in front of a key's lines in a log: a time stamp, indent, quotes, comment signs. */
static size_t prefix_size(struct str line)
{
	static const char shape[] = "0000-00-00T00:00:00.0000000Z";
	size_t i = 0;

	while (i < sizeof(shape) - 1 && i < line.size &&
	       (shape[i] == '0' ? line.at[i] >= '0' && line.at[i] <= '9' : line.at[i] == shape[i]))
		i++;
	if (i < sizeof(shape) - 1)
		i = 0;
	while (i < line.size && strchr(" \t\"'#>|*", line.at[i]) && line.at[i])
		i++;
	return i;
}

/* Is it a line of a key: base64, or a header of PEM or PGP? */
static bool is_key_line(struct str body)
{
	static const char *const headers[] = { "Proc-Type:", "DEK-Info:", "Version:", "Comment:", "Hash:" };

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		if (str_starts(body, headers[i]))
			return true;
	for (size_t i = 0; i < body.size; i++)
		if (!is_base64((unsigned char)body.at[i]) &&
		    !(i + 3 >= body.size && strchr("\",;')", body.at[i])))
			return false;
	return true;
}

/* True when the line was one of a block and nothing else need be looked for in it. */
static bool key_block(struct str line, struct find_state *state, struct find *find)
{
	struct str text = str_trim_right(line), body = str_from(text, prefix_size(text));
	size_t start = text.size - body.size;
	bool begins = str_starts(body, "-----BEGIN ") && str_has(body, "PRIVATE KEY") &&
		      !str_has(body, "-----END ");

	if (begins) {
		state->key_lines = 1;
	} else if (!state->key_lines) {
		return false;
	} else if (str_starts(body, "-----END ")) {
		state->key_lines = 0;
	} else if (str_starts(body, "[REDACTED:")) {
		state->key_lines++;
		state->waiting = KEY_NONE;
		return true;
	} else if (state->key_lines++ > KEY_LINES_MAX || !is_key_line(body)) {
		state->key_lines = 0;
		return false;
	}
	find_add(find, start, text.size, "private-key");
	state->waiting = KEY_NONE;
	return true;
}

void find_line(struct str line, struct find_state *state, struct find *find)
{
	uint64_t awake[RULES_MAX / 64] = {0};

	pthread_once(&table.once, build);
	if (state && key_block(line, state, find))
		return;
	if (wake(line, awake))
		for (size_t i = 0; i < redact_rule_count(); i++)
			if (awake[i / 64] >> i % 64 & 1)
				match_rule(i, line, find);
	keys_waited(line, state, find);
	if (awake[redact_rule_count() / 64] >> redact_rule_count() % 64 & 1)
		keys_find(line, state, find);
}
