/* bot/base/redact: each rule's own examples, names and values, known secrets in all spellings. */
#include "tests/unit.h"

#include "bot/base/crypto.h"
#include "bot/base/redact_parts.h"

static const char canary[] = "Zk3" "9vQ7hT2mXr8LpWc5J";

static int forget(void **state)
{
	(void)state;
	redact_forget();
	return 0;
}

static void check(const char *text, const char *want)
{
	ARENA a = {0};
	struct str once = redact_text(str_of(text), &a);

	assert_str(once, want);
	assert_str(redact_text(once, &a), want);
}

static void rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < redact_rule_count(); i++) {
		const struct redact_rule *rule = redact_rule(i);

		assert_non_null(rule->hits[0]);
		for (size_t k = 0; k < 3 && rule->hits[k]; k++) {
			ARENA a = {0};
			const struct redact_span *spans;
			size_t count, n = 0;

			spans = redact_spans(str_of(rule->hits[k]), &a, &count);
			while (n < count && strcmp(spans[n].rule, rule->name))
				n++;
			if (n == count)
				fail_msg("%s does not find %s", rule->name, rule->hits[k]);
		}
		for (size_t k = 0; k < 3 && rule->passes[k]; k++)
			check(rule->passes[k], rule->passes[k]);
	}
}

static void names(void **state)
{
	static const char *const secrets[][2] = {
		{ "password=Hunter2!x", "password=[REDACTED:password]" },
		{ "\"db_password\": \"correcthorse\"", "\"db_password\": \"[REDACTED:password]\"" },
		{ "mysql --password 'n0t-this' -h db", "mysql --password '[REDACTED:password]' -h db" },
		{ "API_TOKEN=a8f5f167f44f4964e6c998dee827110c", "API_TOKEN=[REDACTED:token]" },
		{ "apiKey => `a8f5f167f44f4964e6c998dee827110c`", "apiKey => `[REDACTED:token]`" },
		{ "<secretKey>\n  a8f5f167f44f4964e6c998dee827110c\n</secretKey>",
		  "<secretKey>\n  [REDACTED:token]\n</secretKey>" },
		{ "var token string = \"a8f5f167f44f4964e6c9\"", "var token string = \"[REDACTED:token]\"" },
		{ "?access_token=a8f5f167f44f4964e6c9&page=2", "?access_token=[REDACTED:token]&page=2" },
		{ "{\\\"secret\\\": \\\"a8f5f167f44f4964e6c9\\\"}",
		  "{\\\"secret\\\": \\\"[REDACTED:token]\\\"}" },
	};
	static const char *const passes[] = {
		"password=$PASSWORD", "password: required", "password = get_password()",
		"token_count: 1234567890", "AssertionError: token != 'abc'", "PASSED tests/test_key.py::test_a",
		"key: node-cache-Linux-x64-npm-a8f5f167f44f4964e6c998dee827110c",
		"commit a8f5f167f44f4964e6c998dee827110ca8f5f167", "password = config.db.password",
		"File \"/home/runner/work/auth/token.py\", line 12, in get_token", "public_key=a8f5f167f44f4964",
		"E   KeyError: 'api_key'", "    raise AuthError(token_type, secret_name)", "author: token",
		"password=xxxxxxxx", "secret_name: my-secret-1", "pass 12 fail 3", "tokens: 4096",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++)
		check(secrets[i][0], secrets[i][1]);
	for (size_t i = 0; i < sizeof(passes) / sizeof(*passes); i++)
		check(passes[i], passes[i]);
}

/* Line numbers and time stamps stay; what is behind the block is read as usual. */
static void private_key_over_lines(void **state)
{
	(void)state;
	check("2026-01-02T03:04:05.1234567Z -----BEGIN RSA " "PRIVATE KEY-----\n"
	      "2026-01-02T03:04:05.1234567Z MIIEogIBAAKCAQEAwZBzKDUUZB2DROxJ0C3RcTIFXKhoDT2A4a1oizJWLs6ZhHFJ\n"
	      "2026-01-02T03:04:05.1234567Z -----END RSA " "PRIVATE KEY-----\nafter\n",
	      "2026-01-02T03:04:05.1234567Z [REDACTED:private-key]\n"
	      "2026-01-02T03:04:05.1234567Z [REDACTED:private-key]\n"
	      "2026-01-02T03:04:05.1234567Z [REDACTED:private-key]\nafter\n");
	check("-----BEGIN PRIVATE KEY-----\nnever ends\n", "[REDACTED:private-key]\nnever ends\n");
}

static void binary_passes(void **state)
{
	ARENA a = {0};
	char *bytes = arena_alloc(&a, 300000);
	struct str text = { bytes, 300000 };

	(void)state;
	for (size_t i = 0; i < text.size; i++)
		bytes[i] = (char)(i * 7 + i / 256);
	assert_true(str_equal(redact_text(text, &a), text));
	assert_int_equal(redact_text(STR(""), &a).size, 0);
}

static void spellings_of(struct arena *a, struct str secret, const char *list[16])
{
	size_t n = 0;
	struct text percent = TEXT(a), wrapped = TEXT(a), stamped = TEXT(a), coloured = TEXT(a);

	for (size_t i = 0; i < secret.size; i++) {
		text_addf(&percent, "%%%02X", (unsigned char)secret.at[i]);
		text_addf(&wrapped, "%c%s", secret.at[i], i % 5 == 4 ? "\r\n   " : "");
		text_addf(&stamped, "%c%s", secret.at[i],
			  i % 6 == 5 ? "\n2026-01-02T03:04:05.1234567Z " : "");
		text_addf(&coloured, "%c%s", secret.at[i], i % 7 == 6 ? "\033[31;1m" : "");
	}
	list[n++] = str_text(a, secret);
	list[n++] = crypto_hex(a, secret);
	list[n++] = crypto_base64(a, secret);
	list[n++] = crypto_base64(a, str_of(arena_printf(a, "x%.*s", STR_ARG(secret))));
	list[n++] = crypto_base64url(a, str_of(arena_printf(a, "user:%.*s", STR_ARG(secret))));
	list[n++] = crypto_base64(a, str_of(crypto_base64(a, secret)));
	list[n++] = crypto_base64(a, str_of(arena_printf(a, "ab%s", crypto_base64(a, secret))));
	list[n++] = crypto_hex(a, str_of(crypto_base64(a, secret)));
	list[n++] = arena_printf(a, "https://h/?q=%.*s", STR_ARG(secret));
	list[n++] = arena_printf(a, "\033]%.*s\a", STR_ARG(secret));
	list[n++] = arena_printf(a, "word%.*sword", STR_ARG(secret));
	list[n++] = text_cstr(&wrapped);
	list[n++] = text_cstr(&stamped);
	list[n++] = text_cstr(&coloured);
	list[n] = NULL;
	assert_true(percent.size > 0);
}

/* Is any piece of 12 bytes of the spelling left, white space and terminal sequences aside? */
static void assert_gone(struct arena *a, struct str out, struct str secret)
{
	struct text plain = TEXT(a);

	for (size_t i = 0; i < out.size; i++)
		if ((unsigned char)out.at[i] > ' ')
			text_addc(&plain, out.at[i]);
	for (size_t i = 0; i + 12 <= secret.size; i++)
		assert_true(str_find(text_str(&plain), str_slice(secret, i, 12)) < 0);
	assert_true(str_has(out, "[REDACTED:"));
}

static void keep(void *context, struct str text)
{
	text_add(context, text);
}

static void known_in_every_spelling(void **state)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	const char *list[16];

	(void)state;
	assert_true(redact_know(str_of(canary), &e));
	spellings_of(&a, str_of(canary), list);
	for (size_t i = 0; list[i]; i++) {
		struct str text = str_of(arena_printf(&a, "before\n %s \nafter", list[i]));

		assert_gone(&a, redact_text(text, &a), str_of(canary));
		assert_true(str_starts(redact_text(text, &a), "before\n"));
		/* Cut at every place into two feeds. */
		for (size_t cut = 0; cut <= text.size; cut++) {
			struct text out = TEXT(&a);
			struct redact_stream *s = redact_open(&(struct redact_out){ keep, NULL, &out });

			redact_feed(s, str_slice(text, 0, cut));
			redact_feed(s, str_from(text, cut));
			redact_close(s);
			assert_true(str_equal(text_str(&out), redact_text(text, &a)));
		}
	}
}

static void known_pieces_and_bounds(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_false(redact_know(STR("abc"), &e));
	assert_int_equal(e.kind, ERR_CONFIG);
	assert_true(redact_know(str_of(canary), &e));
	assert_true(redact_know(STR("s3cr3t"), &e));
	check("the first 7 bytes cut off: hT2mXr8LpWc5J.", "the first 7 bytes cut off: [REDACTED:known].");
	check("as3cr3tb", "a[REDACTED:known]b");
}

/* A line of 1 MiB with nothing else, and with names in values in names. */
static void long_lines(void **state)
{
	ARENA a = {0};
	struct text text = TEXT(&a);
	struct str out;

	(void)state;
	while (text.size < 1 << 20)
		text_adds(&text, text.size == 600 * 1024 / 8 * 8 ? "ghp_" : "abcd1234");
	text_adds(&text, " token=a8f5f167f44f4964e6c998dee827110c");
	out = redact_text(text_str(&text), &a);
	assert_true(str_ends(out, " token=[REDACTED:token]"));
	text = TEXT(&a);
	while (text.size < 1 << 20)
		text_adds(&text, "token=key=");
	redact_text(text_str(&text), &a);
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(rules), cmocka_unit_test(names),
		cmocka_unit_test(private_key_over_lines), cmocka_unit_test(binary_passes),
		cmocka_unit_test_teardown(known_in_every_spelling, forget),
		cmocka_unit_test_teardown(known_pieces_and_bounds, forget),
		cmocka_unit_test(long_lines),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
