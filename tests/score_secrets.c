/*
 * Scores bot/base/redact on 3,306 public texts with known secrets: recall (every byte of the secret
 * that is no white space is redacted) and false hits, by rule, on a half that rules were made with
 * and on the half that they were not. Fails below the floor. Personal data is no secret here.
 */
#include "bot/base/file.h"
#include "bot/base/json.h"
#include "bot/base/crypto.h"
#include "bot/base/redact.h"

#include <stdio.h>
#include <stdlib.h>

enum { RULES = 256, DEVELOPED = 0, HELD_OUT = 1 };
enum { RECALL_FLOOR = 990, FALSE_CEILING = 400, PLAIN_CEILING = 50 };	/* per mille */

struct score {
	const char *rule;
	unsigned hits[2], secrets[2], wrong[2], harmless[2];
};

static struct score scores[RULES];
static size_t score_count;
static unsigned plain_wrong, plain_harmless;
static bool verbose;

static struct score *score_of(const char *rule, struct arena *a)
{
	for (size_t i = 0; i < score_count; i++)
		if (!strcmp(scores[i].rule, rule))
			return &scores[i];
	if (score_count == RULES)
		abort();
	scores[score_count].rule = arena_strdup(a, rule);
	return &scores[score_count++];
}

/* Which half: by a hash of the text, so that all machines cut alike. */
static int half_of(struct str text)
{
	uint8_t digest[CRYPTO_SHA256_BYTES];

	crypto_sha256(text, digest);
	return digest[0] & 1;
}

/* Some spans of the corpus end with the mark (quote, &, backslash) behind the secret. */
static bool covered(const struct redact_span *spans, size_t count, struct str text, size_t start,
		    size_t end)
{
	while (end > start && strchr("\"'`&\\", text.at[end - 1]))
		end--;
	for (size_t at = start; at < end; at++) {
		bool in = strchr(" \t\r\n", text.at[at]) != NULL;

		for (size_t i = 0; i < count && !in; i++)
			in = at >= spans[i].start && at < spans[i].end;
		if (!in)
			return false;
	}
	return true;
}

static bool any_secret(const struct redact_span *spans, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(spans[i].rule, "email"))
			return true;
	return false;
}

/* Does a name in the text say that a secret follows? Such texts are redacted on purpose. */
static bool says_secret(struct str text)
{
	static const char *const words[] = { "token", "secret", "passw", "key", "auth", "cred" };
	ARENA a = {0};
	char *folded = str_text(&a, text);

	for (size_t i = 0; i < text.size; i++)
		if (folded[i] >= 'A' && folded[i] <= 'Z')
			folded[i] = (char)(folded[i] + 32);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_has((struct str){ folded, text.size }, words[i]))
			return true;
	return false;
}

static void take(const json_t *object, struct arena *keep)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct str text;
	struct score *score = score_of(json_text_or(object, "rule", STR("?")).at, keep);
	size_t start = (size_t)json_integer_or(object, "start", 0);
	size_t end = (size_t)json_integer_or(object, "end", 0), count;
	const struct redact_span *spans;
	bool secret = str_is(json_text_or(object, "label", STR("")), "tp"), good;
	int half;

	if (!crypto_hex_decode(json_text_or(object, "text_hex", STR("")), &a, &text, &e))
		return;
	half = half_of(text);
	spans = redact_spans(text, &a, &count);
	if (secret) {
		good = covered(spans, count, text, start, end);
		score->secrets[half]++;
		score->hits[half] += good;
	} else {
		bool plain = !says_secret(text);

		good = !any_secret(spans, count);
		score->harmless[half]++;
		score->wrong[half] += !good;
		plain_harmless += plain;
		plain_wrong += plain && !good;
	}
	if (!good && verbose && half == DEVELOPED)
		printf("%s %s: %.*s => %.*s\n", secret ? "miss" : "false", score->rule, STR_ARG(text),
		       STR_ARG(redact_text(text, &a)));
}

static unsigned per_mille(unsigned part, unsigned all)
{
	return all ? (unsigned)(((uint64_t)part * 2000 + all) / (2 * (uint64_t)all)) : 1000;
}

static void print(const struct score *s)
{
	printf("%-44s %4u/%-4u %4u/%-4u   %3u/%-3u %3u/%-3u\n", s->rule, s->hits[0], s->secrets[0],
	       s->hits[1], s->secrets[1], s->wrong[0], s->harmless[0], s->wrong[1], s->harmless[1]);
}

static struct score sum(void)
{
	struct score all = { .rule = "all" };

	for (size_t i = 0; i < score_count; i++)
		for (int h = 0; h < 2; h++) {
			all.hits[h] += scores[i].hits[h];
			all.secrets[h] += scores[i].secrets[h];
			all.wrong[h] += scores[i].wrong[h];
			all.harmless[h] += scores[i].harmless[h];
		}
	return all;
}

static int judge(void)
{
	struct score all = sum();
	unsigned recall[2], wrong[2], plain = plain_harmless ? per_mille(plain_wrong, plain_harmless) : 0;
	unsigned whole = 0;
	int bad = 0;

	for (int h = 0; h < 2; h++) {
		recall[h] = per_mille(all.hits[h], all.secrets[h]);
		wrong[h] = per_mille(all.wrong[h], all.harmless[h]);
		bad |= recall[h] < RECALL_FLOOR || wrong[h] > FALSE_CEILING;
	}
	for (size_t i = 0; i < score_count; i++)
		whole += scores[i].hits[0] + scores[i].hits[1] ==
			 scores[i].secrets[0] + scores[i].secrets[1];
	print(&all);
	printf("recall %u.%u %% developed, %u.%u %% held out (at least %d.%d)\n", recall[0] / 10,
	       recall[0] % 10, recall[1] / 10, recall[1] % 10, RECALL_FLOOR / 10, RECALL_FLOOR % 10);
	printf("false hits %u.%u %% developed, %u.%u %% held out (at most %d); without a name that says "
	       "secret %u of %u\n", wrong[0] / 10, wrong[0] % 10, wrong[1] / 10, wrong[1] % 10,
	       FALSE_CEILING / 10, plain_wrong, plain_harmless);
	printf("%u of %zu rules with every secret\n", whole, score_count);
	return bad || plain > PLAIN_CEILING;
}

int main(int argc, char **argv)
{
	ARENA keep = {0};
	struct err e = ERR_INIT;
	struct str text, line;
	const char *folder = getenv("AEGIS_CORPORA");
	const char *path = arena_printf(&keep, "%s/secrets/cases.jsonl",
					folder ? folder : "../shared/corpora");

	verbose = argc > 1 && !strcmp(argv[1], "-v");
	if (!file_read(path, 64 << 20, FILE_FOLLOW, &keep, &text, &e)) {
		printf("skip score_secrets: %s\n", e.text);
		return 0;
	}
	while (str_next_line(&text, &line)) {
		JSON *object = NULL;

		if (line.size && json_parse(line, SIZE_MAX, &object, &e))
			take(object, &keep);
	}
	for (size_t i = 0; i < score_count; i++)
		print(&scores[i]);
	if (judge()) {
		puts("FAILED score_secrets");
		return 1;
	}
	puts("ok score_secrets");
	return 0;
}
