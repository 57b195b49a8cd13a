/*
 * Values of names that say "secret": password = "...", api_key: ..., --token X, <token>X</token>, in
 * code, JSON, YAML, XML, environment and command lines. A value must look like one: a password is
 * no variable and no placeholder, a token is random besides. Knows English names only.
 */
#include "bot/base/redact_parts.h"

enum { NAME_MOST = 80, VALUE_MOST = 8192, WORDS_MOST = 16, SPACES_MOST = 12,
       WORK_MOST = 256 * 1024 };	/* bytes of values that are looked at in one line */

const char *const keys_words[] = { "pass", "pwd", "secret", "token", "key", "auth", "cred", "bearer", NULL };

static const char *const passwords[] = { "password", "passwd", "passphrase", "pwd", "pass", "passcode", NULL };
static const char *const tokens[] = { "token", "tokens", "secret", "secrets", "credential",
	"credentials", "creds", "cred", "auth", "bearer", "apikey", "authkey", "accesskey",
	"secretkey", "privatekey", NULL };
static const char *const endings[] = { "token", "secret", "apikey", "secretkey", "accesskey", NULL };
/* A "key" is secret only of a kind. */
static const char *const key_kinds[] = { "api", "access", "private", "secret", "auth", "encryption",
	"signing", "master", "account", "storage", "service", "deploy", "ssh", "session", "shared",
	"admin", "app", "client", "consumer", "webhook", "license", "license", "server", "user",
	"write", "ingest", "subscription", NULL };
/* Names with these are of something beside the secret. */
static const char *const never[] = { "public", "pub", "csrf", "xsrf", "primary", "foreign", "sort",
	"partition", "cache", "bucket", "schema", "sequence", NULL };
static const char *const never_last[] = { "name", "names", "id", "ids", "url", "uri", "file",
	"files", "path", "dir", "type", "size", "length", "len", "count", "counts", "version",
	"endpoint", "host", "port", "expiry", "expires", "expiration", "ttl", "field", "prefix",
	"suffix", "format", "chars", "policy", "min", "max", "timeout", "index", "pair", "store",
	"tab", "ring", "usage", "limit", "status", "valid", "required", "enabled", "header",
	"param", "provider", "source", "manager", "class", "text", "label", "hint", "reset",
	"results", "result", "tag", "vault", "selector", "arn", "ref", "algorithm", "alg",
	"method", "mode", "scope", "scopes", "domain", "realm", "hash", "checksum", "sha",
	"fingerprint", "digest", "date", "time", "at", "location", "env", "variable", "var",
	"used", "per", "error", "location", NULL };

static const char *const placeholders[] = { "example", "your", "changeme", "change_me", "change-me",
	"placeholder", "dummy", "redacted", "xxxx", "****", "....", "abcdefghijkl", "notreal",
	"${", "{{", "$(", "%(", "#{", "<", NULL };
static const char *const nothings[] = { "none", "null", "nil", "true", "false", "undefined",
	"string", "required", "optional", "incorrect", "invalid", "unset", "empty", "default", NULL };

static const char *const operators[] = { "=", ":", "=>", ":=", "::=", ":::=", "?=", "+=", ".=", "||=",
	"||:", "||", ">", NULL };

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_number(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
	return is_letter(c) || is_number(c) || c == '_';
}

static bool among(const char *const *list, struct str word)
{
	for (; *list; list++)
		if (str_is(word, *list))
			return true;
	return false;
}

static bool has_nocase(struct str text, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= text.size; i++)
		if (fold(text.at[i]) == *word && str_equal_nocase(str_slice(text, i, size), (struct str){ word, size }))
			return true;
	return false;
}

/* log2(n) in 1/65536, by squaring; exact enough for a threshold and the same on every machine. */
static unsigned log2_fixed(unsigned n)
{
	uint64_t x = (uint64_t)n << 16;
	unsigned result = 0;

	while (x >= UINT64_C(2) << 16) {
		x >>= 1;
		result += 1U << 16;
	}
	for (unsigned bit = 1U << 15; bit; bit >>= 1) {
		x = x * x >> 16;
		if (x >= UINT64_C(2) << 16) {
			x >>= 1;
			result += bit;
		}
	}
	return result;
}

unsigned keys_entropy(struct str value)
{
	unsigned counts[256] = {0};
	uint64_t sum = 0;

	value = str_slice(value, 0, VALUE_MOST);
	for (size_t i = 0; i < value.size; i++)
		counts[(unsigned char)value.at[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (counts[i])
			sum += (uint64_t)counts[i] * log2_fixed(counts[i]);
	if (!value.size)
		return 0;
	return (unsigned)((log2_fixed((unsigned)value.size) - sum / value.size) * 10 >> 16);
}

static bool is_repeated(struct str value)
{
	size_t i = 1;

	while (i < value.size && value.at[i] == value.at[0])
		i++;
	return i >= value.size;
}

bool keys_is_placeholder(struct str value)
{
	char folded[64];
	struct str word = { folded, value.size < sizeof(folded) ? value.size : 0 };

	if (!value.size || is_repeated(value) || strchr("$%{<#@[", value.at[0]))
		return true;
	for (size_t i = 0; i < word.size; i++)
		folded[i] = fold(value.at[i]);
	if (among(nothings, word))
		return true;
	for (const char *const *one = placeholders; *one; one++)
		if (has_nocase(value, *one))
			return true;
	return false;
}

/* The words of a name, lower case: snake_case, kebab-case, dotted.names, camelCase, ACRONYMWord. */
static size_t split(struct str name, char folded[NAME_MOST], struct str words[WORDS_MOST])
{
	size_t count = 0, start = 0;

	for (size_t i = 0; i < name.size; i++)
		folded[i] = fold(name.at[i]);
	for (size_t i = 0; i <= name.size && count < WORDS_MOST; i++) {
		bool end = i == name.size || !(is_letter(name.at[i]) || is_number(name.at[i]));
		bool camel = !end && i > start && is_upper(name.at[i]) &&
			     (!is_upper(name.at[i - 1]) ||
			      (i + 1 < name.size && name.at[i + 1] >= 'a' && name.at[i + 1] <= 'z'));
		size_t stop = i;

		if (!end && !camel)
			continue;
		while (stop > start && is_number(folded[stop - 1]))
			stop--;
		if (stop > start)
			words[count++] = (struct str){ folded + start, stop - start };
		start = camel ? i : i + 1;
	}
	return count;
}

static bool ends_among(const char *const *list, struct str word)
{
	for (; *list; list++)
		if (str_ends(word, *list))
			return true;
	return false;
}

static enum key_class class_of(struct str name)
{
	char folded[NAME_MOST];
	struct str words[WORDS_MOST];
	size_t count = name.size <= NAME_MOST ? split(name, folded, words) : 0;
	enum key_class class = KEY_NONE;

	if (!count || among(never_last, words[count - 1]))
		return KEY_NONE;
	for (size_t i = 0; i < count; i++) {
		if (among(never, words[i]))
			return KEY_NONE;
		if (among(passwords, words[i]) || str_ends(words[i], "password") ||
		    str_ends(words[i], "passwd"))
			class = KEY_PASSWORD;
		else if (class == KEY_NONE &&
			 (among(tokens, words[i]) || ends_among(endings, words[i]) ||
			  (str_is(words[i], "key") && i && among(key_kinds, words[i - 1]))))
			class = KEY_TOKEN;
	}
	return class;
}

/* How often letters and digits, small and capital letters take turns: words do it seldom. */
static unsigned turns(struct str value, bool letters)
{
	unsigned n = 0;

	for (size_t i = 1; i < value.size; i++) {
		char a = value.at[i - 1], b = value.at[i];

		if (letters)
			n += is_letter(a) && is_letter(b) && is_upper(a) != is_upper(b);
		else
			n += (is_letter(a) && is_number(b)) || (is_number(a) && is_letter(b));
	}
	return n;
}

static bool is_uuid(struct str value)
{
	static const char shape[] = "00000000-0000-0000-0000-000000000000";

	if (value.size != sizeof(shape) - 1)
		return false;
	for (size_t i = 0; i < value.size; i++)
		if (shape[i] == '-' ? value.at[i] != '-' : !is_name(value.at[i]))
			return false;
	return true;
}

/* Letters and digits only: no words with marks between them. */
static bool is_plain(struct str value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!is_letter(value.at[i]) && !is_number(value.at[i]))
			return false;
	return true;
}

static bool is_digits(struct str value)
{
	for (size_t i = 0; i < value.size; i++)
		if (!is_number(value.at[i]))
			return false;
	return true;
}

static bool is_random(struct str value)
{
	unsigned entropy = keys_entropy(value);

	if (is_uuid(value))
		return entropy >= 20;
	if (value.size < 10 || entropy < (value.size < 16 ? 26 : 28))
		return false;
	if (turns(value, false) >= 3 || (entropy >= 30 && turns(value, false) == 2 && is_plain(value)))
		return true;
	if (is_digits(value))
		return value.size >= 15;
	return value.size >= 20 && turns(value, true) >= 6 && entropy >= 36;
}

/* A name of something: a.b.c, a::b, path/to/file, C:\file, https://... */
static bool is_reference(struct str value)
{
	bool plain = true;

	if (str_has(value, "://") || str_starts(value, "/") || str_starts(value, "./") ||
	    str_starts(value, "~/") || str_has(value, "::") || str_has(value, ":\\"))
		return true;
	for (size_t i = 0; i < value.size; i++)
		plain &= is_name(value.at[i]) || (value.at[i] == '.' && i && i + 1 < value.size);
	return plain && str_char(value, '.') >= 0 && is_letter(value.at[0]) &&
	       turns(value, false) < 3;
}

static bool is_secret(struct str value, enum key_class class, bool quoted)
{
	bool other = false;

	if (value.size < 6 || value.size > VALUE_MOST || str_has(value, "[REDACTED:") ||
	    keys_is_placeholder(value) || is_reference(value) || str_char(value, ' ') >= 0)
		return false;
	if (class == KEY_TOKEN)
		return is_random(value);
	for (size_t i = 0; i < value.size; i++)
		other |= !is_letter(value.at[i]) && !strchr("_-.,", value.at[i]);
	return other || (quoted && value.size >= 8 && !has_nocase(value, "pass") &&
			 keys_entropy(value) >= 20);
}

struct reader {
	struct str line;
	size_t at;
};

static char peek(const struct reader *r, size_t ahead)
{
	return r->at + ahead < r->line.size ? r->line.at[r->at + ahead] : '\n';
}

static void skip_spaces(struct reader *r)
{
	for (size_t i = 0; i < SPACES_MOST && (peek(r, 0) == ' ' || peek(r, 0) == '\t'); i++)
		r->at++;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

static bool take_operator(struct reader *r)
{
	size_t size = 0;

	while (size < 5 && strchr(":=?.+|>-", peek(r, size)))
		size++;
	if (!among(operators, str_slice(r->line, r->at, size)))
		return false;
	r->at += size;
	return true;
}

/* In `var token string = "..."` and `token: str = "..."` a type stands between. */
static void skip_type(struct reader *r)
{
	struct reader ahead = *r;

	while (is_name(peek(&ahead, 0)) && ahead.at - r->at < 24)
		ahead.at++;
	if (ahead.at == r->at)
		return;
	skip_spaces(&ahead);
	if (peek(&ahead, 0) == '=' && peek(&ahead, 1) != '=')
		r->at = ahead.at;
}

/* Between the name and its value. False when there is no assignment. */
static bool take_middle(struct reader *r, bool flag)
{
	size_t start = r->at;
	bool quoted;

	while (r->at - start < 3 && (is_quote(peek(r, 0)) || peek(r, 0) == '\\' || peek(r, 0) == ']'))
		r->at++;
	quoted = r->at > start;
	if (flag && !quoted && (peek(r, 0) == ' ' || peek(r, 0) == '\t')) {
		skip_spaces(r);
		if (peek(r, 0) == '=')
			r->at++;
		skip_spaces(r);
		return peek(r, 0) != '-';
	}
	skip_spaces(r);
	if (quoted && str_starts(str_from(r->line, r->at), "value=")) {
		r->at += sizeof("value=") - 1;
		return true;
	}
	if (quoted && peek(r, 0) == ',') {
		r->at++;
	} else if (!take_operator(r)) {
		size_t before = r->at;

		skip_type(r);
		if (r->at == before || !take_operator(r))
			return false;
	}
	skip_spaces(r);
	start = r->at;
	skip_type(r);
	if (r->at > start) {
		r->at++;
		skip_spaces(r);
	}
	return true;
}

/* The value at the reader; quotes are left out. False when there is none on this line. */
static bool take_value(struct reader *r, struct str *value, bool *quoted)
{
	size_t start;
	char quote = 0;

	for (size_t i = 0; i < 3 && !quote; i++)
		if (is_quote(peek(r, i)) && (!i || strchr("bBrRfFuU@\\", peek(r, i - 1)))) {
			quote = peek(r, i);
			r->at += i + 1;
		}
	start = r->at;
	*quoted = quote != 0;
	while (r->at < r->line.size && r->at - start <= VALUE_MOST) {
		char c = peek(r, 0);

		if (c == '\n' || c == '\r' || (quote ? c == quote : strchr(" \t,;\"'`<>()[]{}&", c) != NULL))
			break;
		if (c == '\\')
			break;
		r->at++;
	}
	*value = str_slice(r->line, start, r->at - start);
	return value->size && (quote || peek(r, 0) != '(');
}

static bool at_end(const struct reader *r)
{
	struct str rest = str_trim(str_from(r->line, r->at));

	return !rest.size || str_is(rest, "|") || str_is(rest, ">") || str_is(rest, "|-") ||
	       str_is(rest, "\\") || str_is(rest, "\"") || str_is(rest, "'");
}

static void look(struct str line, size_t start, size_t end, struct find_state *state,
		 struct find *find)
{
	enum key_class class = class_of(str_slice(line, start, end - start));
	struct reader r = { line, end };
	struct str value;
	bool quoted;

	/* The last part of a path is no name of a value. */
	if (!class || (start && line.at[start - 1] == '/') ||
	    !take_middle(&r, start && line.at[start - 1] == '-'))
		return;
	if (at_end(&r)) {
		if (state)
			state->waiting = (int)class;
		return;
	}
	if (!take_value(&r, &value, &quoted))
		return;
	find->work += value.size;
	if (is_secret(value, class, quoted)) {
		size_t at = (size_t)(value.at - line.at);

		find_add(find, at, at + value.size, class == KEY_PASSWORD ? "password" : "token");
	}
}

static bool in_name(struct str line, size_t i)
{
	if (is_name(line.at[i]))
		return true;
	return (line.at[i] == '-' || line.at[i] == '.') && i + 1 < line.size && i &&
	       is_name(line.at[i - 1]) && is_name(line.at[i + 1]);
}

void keys_find(struct str line, struct find_state *state, struct find *find)
{
	for (size_t i = 0, end; i < line.size; i = end) {
		end = i + 1;
		/* What stands for a value is no name of another. */
		if (line.at[i] == '[' && str_starts(str_from(line, i), "[REDACTED:")) {
			ptrdiff_t close = str_char(str_slice(line, i, 64), ']');

			end += close > 0 ? (size_t)close : 0;
			continue;
		}
		if (!is_name(line.at[i]))
			continue;
		while (end < line.size && in_name(line, end))
			end++;
		look(line, i, end, state, find);
		/* Names in values in names: nothing of such a line goes out. */
		if (find->work > WORK_MOST) {
			find_add(find, 0, str_trim_right(line).size, "token");
			return;
		}
	}
}

void keys_waited(struct str line, struct find_state *state, struct find *find)
{
	struct str value = str_trim(line);
	size_t at;

	if (!state || !state->waiting)
		return;
	state->waiting = KEY_NONE;
	while (value.size && (is_quote(value.at[0]) || value.at[0] == ' '))
		value = str_from(value, 1);
	while (value.size && strchr("\"'`,;", value.at[value.size - 1]))
		value.size--;
	at = value.size ? (size_t)(value.at - line.at) : 0;
	if (is_secret(value, KEY_TOKEN, false))
		find_add(find, at, at + value.size, "token");
}
