/*
 * Goes through a text once; at each place the first rule of a table that fits takes its bytes. Every
 * rule looks at what is before and behind only so far that the time stays in proportion to the text.
 * Knows shapes, not meanings: a four-digit year in a message goes like any other number.
 */
#include "ci/normalise.h"

#include "ci/normalise_paths.h"

struct spot {
	struct str rest;		/* from here on */
	struct str before;		/* the text up to here */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
	return is_digit(c) || is_letter(c) || c == '_';
}

static char at(struct str s, size_t i)
{
	return i < s.size ? s.at[i] : '\0';
}

static char last_of(struct str s)
{
	return s.size ? s.at[s.size - 1] : '\0';
}

static size_t run(struct str s, size_t from, bool (*is)(char))
{
	size_t n = from;

	while (n < s.size && is(s.at[n]))
		n++;
	return n - from;
}

static bool ends_at(struct str s, size_t i)
{
	return !is_word(at(s, i));
}

/* '0' a digit, 'A' a capital, 'a' a small letter; anything else is itself. */
static bool has_shape(struct str s, const char *shape)
{
	for (size_t i = 0; shape[i]; i++) {
		char c = at(s, i);

		if (shape[i] == '0' ? !is_digit(c) : shape[i] == 'A' ? !is_upper(c) :
		    shape[i] == 'a' ? !is_letter(c) || is_upper(c) : c != shape[i])
			return false;
	}
	return true;
}

static size_t time_zone(struct str s, size_t n)
{
	static const char *const zones[] = { " GMT", " UTC", " +0000", "+00:00", "Z" };

	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (str_starts(str_from(s, n), zones[i]))
			return strlen(zones[i]);
	if (has_shape(str_from(s, n), "+00:00") || has_shape(str_from(s, n), "-00:00"))
		return 6;
	return 0;
}

static size_t take_time(struct spot spot)
{
	static const char *const shapes[] = {
		"0000-00-00T00:00:00", "0000-00-00 00:00:00", "0000/00/00 00:00:00",
		"00/00/0000 00:00:00", "00/Aaa/0000:00:00:00", "Aaa, 00 Aaa 0000 00:00:00",
		"Aaa Aaa 00 00:00:00 0000", "Aaa Aaa  0 00:00:00 0000", "Aaa 00 00:00:00",
		"Aaa  0 00:00:00", "0000-00-00", "0000/00/00", "00:00:00",
	};
	struct str s = spot.rest;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		size_t n = strlen(shapes[i]), more;

		if (!has_shape(s, shapes[i]))
			continue;
		if ((at(s, n) == '.' || at(s, n) == ',') && is_digit(at(s, n + 1)))
			n += 1 + run(s, n + 1, is_digit);
		more = time_zone(s, n);
		if (ends_at(s, n + more))
			return n + more;
	}
	return 0;
}

static size_t take_uuid(struct spot spot)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };
	size_t n = 0;

	for (size_t i = 0; i < 5; i++) {
		if (i && at(spot.rest, n++) != '-')
			return 0;
		if (run(str_slice(spot.rest, 0, n + groups[i]), n, is_hex) != groups[i])
			return 0;
		n += groups[i];
	}
	return ends_at(spot.rest, n) ? n : 0;
}

static size_t take_address(struct spot spot)
{
	struct str s = spot.rest;
	size_t n;

	if (str_starts(s, "0x") || str_starts(s, "0X"))
		return is_hex(at(s, 2)) ? 2 + run(s, 2, is_hex) : 0;
	n = run(s, 0, is_hex);
	return last_of(spot.before) == '@' && n >= 5 && n <= 16 && ends_at(s, n) ? n : 0;
}

/* Seven digits make a short commit id when letters are among them; twelve are one even without. A
 * compiler's "::h0123456789abcdef" too. */
static size_t take_hash(struct spot spot)
{
	struct str s = spot.rest;
	size_t skip = at(s, 0) == 'h' && run(s, 1, is_hex) == 16 ? 1 : 0;
	size_t n = run(s, skip, is_hex), digits = 0;

	for (size_t i = skip; i < skip + n; i++)
		digits += is_digit(s.at[i]);
	if (n < 7 || (!ends_at(s, skip + n) && at(s, skip + n) != '_'))
		return 0;
	return (digits && digits < n) || n >= 12 ? skip + n : 0;
}

static size_t take_ip(struct spot spot)
{
	struct str s = spot.rest;
	size_t n = 0, digits;

	for (size_t i = 0; i < 4; i++) {
		if (i && at(s, n++) != '.')
			return 0;
		digits = run(s, n, is_digit);
		if (!digits || digits > 3)
			return 0;
		n += digits;
	}
	if (at(s, n) == ':' && is_digit(at(s, n + 1)))
		n += 1 + run(s, n + 1, is_digit);
	return ends_at(s, n) && at(s, n) != '.' ? n : 0;
}

static size_t number_size(struct str s)
{
	size_t n = run(s, 0, is_digit);

	if (n && at(s, n) == '.' && is_digit(at(s, n + 1)))
		n += 1 + run(s, n + 1, is_digit);
	return n;
}

static size_t take_unit(struct spot spot, const char *const *units, size_t count)
{
	size_t n = number_size(spot.rest);

	if (!n)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct str unit = str_of(units[i]), rest = str_from(spot.rest, n);

		if (str_skip(&rest, unit.at) && !is_word(at(rest, 0)))
			return n + unit.size;
	}
	return 0;
}

/* "3.2s", "200 ms", and Go's "1m30.5s". */
static size_t take_duration(struct spot spot)
{
	static const char *const units[] = {
		"ms", "s", "us", "\xc2\xb5s", "ns", "m", "min", "h", " ms", " sec", " secs", " seconds",
		" second", " minutes", " minute", " milliseconds", " millis", " min", " hours", " hour",
	};
	size_t head = 0, n;

	for (;;) {
		n = run(spot.rest, head, is_digit);
		if (!n || (at(spot.rest, head + n) != 'm' && at(spot.rest, head + n) != 'h') ||
		    !is_digit(at(spot.rest, head + n + 1)))
			break;
		head += n + 1;
	}
	spot.rest = str_from(spot.rest, head);
	n = take_unit(spot, units, sizeof(units) / sizeof(units[0]));
	return n ? head + n : 0;
}

static size_t take_size(struct spot spot)
{
	static const char *const units[] = {
		"B", "kB", "KB", "KiB", "MB", "MiB", "GB", "GiB", "TB", " B", " kB", " KB", " KiB", " MB",
		" MiB", " GB", " GiB", " TB", " bytes", " byte", "K", "M", "G",
	};

	return take_unit(spot, units, sizeof(units) / sizeof(units[0]));
}

/* "1.26.4", "v2.0.0-rc.1", "1.4-SNAPSHOT": gives how long what follows the major part is. */
static size_t take_version(struct spot spot)
{
	static const char *const marks[] = { "dev", "rc", "alpha", "beta", "post", "pre", "SNAPSHOT",
					     "snapshot", "next", "canary", "nightly", "a", "b" };
	size_t n = 0, dots = 0;

	for (; at(spot.rest, n) == '.' && is_digit(at(spot.rest, n + 1)); dots++)
		n += 1 + run(spot.rest, n + 1, is_digit);
	for (size_t i = 0; dots && i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t glue = at(spot.rest, n) == '-' || at(spot.rest, n) == '.' ? 1 : 0;

		if (!str_starts(str_from(spot.rest, n + glue), marks[i]) ||
		    is_letter(at(spot.rest, n + glue + strlen(marks[i]))))
			continue;
		n += glue + strlen(marks[i]);
		while (is_word(at(spot.rest, n)) ||
		       ((at(spot.rest, n) == '.' || at(spot.rest, n) == '+') &&
			is_word(at(spot.rest, n + 1))))
			n++;
		return n;
	}
	return dots >= 2 ? n : 0;
}

/* Numbers that name nothing but this run, however short. */
static const char *const counters[] = {
	"goroutine ", "hread ", "hread-", "thread #", "pid ", "pid=", "pid: ", "PID ", "PID: ", "PID=",
	"tid ", "tid=", "TID ", "rocess ", "port ", "port: ", "port=", "orker ", "orker-", "orker #",
	"line ", "lines ", "line: ", "ine:", "column ", "col ", "col=", "column: ", "char ", "offset ",
	"position ", "pos ", "index=", "byte ", "seed ", "seed=", "seed: ", "attempt ", "retry ",
	"id ", "id=", "id: ", "ID ", "request ", "fd ", "fd=", "pytest-", "gw", "Lambda$", "row ",
};

/* Numbers that say what happened, however long. */
static const char *const codes[] = {
	"exit code ", "exit code: ", "exit status ", "error code ", "status code ", "errno ",
	"exited with code ", "code ", "code=", "code: ", "signal ", "status ", "HTTP ", "HTTP/1.1 ",
	"errno=", "Errno ", "return code ", "returned ",
};

static bool ends_with_one(struct str s, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_ends(s, list[i]))
			return true;
	return false;
}

/* Behind "a.py:", "a.py:12:", "a.cs(12," stand a line and a column; behind "host:" a port. */
static bool is_place(struct str before)
{
	struct str tail = str_from(before, before.size > 256 ? before.size - 256 : 0);
	char c = last_of(tail);
	ptrdiff_t dot;

	if (c != ':' && c != '(' && c != ',')
		return false;
	while (tail.size && (is_digit(last_of(tail)) || last_of(tail) == ':' || last_of(tail) == '(' ||
			     last_of(tail) == ','))
		tail.size--;
	if (str_ends(tail, "localhost") || str_ends(tail, "]"))
		return c == ':';
	dot = str_char_last(tail, '.');
	if (dot < 0 || (size_t)dot + 1 == tail.size || tail.size - (size_t)dot > 7 ||
	    (dot && !is_word(tail.at[dot - 1])))
		return false;
	for (size_t i = (size_t)dot + 1; i < tail.size; i++)
		if (!is_word(tail.at[i]) && tail.at[i] != '+')
			return false;
	return true;
}

/* "E0308", "TS2322", "ORA-00942", "CVE-2024-12": capitals before it make a number a name. */
static bool is_code(struct str before)
{
	size_t n = before.size;

	while (n && (is_digit(before.at[n - 1]) || before.at[n - 1] == '-'))
		n--;
	if (!n || !is_upper(before.at[n - 1]))
		return false;
	while (n && is_upper(before.at[n - 1]))
		n--;
	return !n || !is_word(before.at[n - 1]);
}

/* "0.30000000000000004", "1.5e-07": the noise of arithmetic. Other numbers have the size of their digits. */
static size_t float_size(struct str s, size_t digits)
{
	size_t fraction = at(s, digits) == '.' ? run(s, digits + 1, is_digit) : 0;
	size_t n = fraction ? digits + 1 + fraction : digits;
	size_t sign, exponent;

	if (at(s, n) == 'e' || at(s, n) == 'E') {
		sign = at(s, n + 1) == '-' || at(s, n + 1) == '+' ? 1 : 0;
		exponent = run(s, n + 1 + sign, is_digit);
		if (exponent && ends_at(s, n + 1 + sign + exponent))
			return n + 1 + sign + exponent;
	}
	return fraction >= 3 ? n : digits;
}

/* A run of digits that no other rule took. NULL: it stays. */
static const char *number_name(struct spot spot, size_t *size)
{
	struct str s = spot.rest;
	size_t digits = run(s, 0, is_digit);
	char before = last_of(spot.before);
	bool glued = is_letter(before) || before == '_';

	*size = digits;
	if (ends_with_one(spot.before, codes, sizeof(codes) / sizeof(codes[0])) ||
	    is_code(spot.before))
		return NULL;
	if (ends_with_one(spot.before, counters, sizeof(counters) / sizeof(counters[0])) ||
	    is_place(spot.before))
		return "<n>";
	while (digits <= 3 && at(s, *size) == ',' && run(s, *size + 1, is_digit) == 3)
		*size += 4;			/* 1,234,567 */
	if (*size > digits)
		return "<n>";
	if (!glued && float_size(s, digits) > digits) {
		*size = float_size(s, digits);
		return "<n>";
	}
	return digits >= (glued ? 7 : 4) ? "<n>" : NULL;
}

static const struct {
	size_t (*take)(struct spot spot);
	const char *name;
} rules[] = {
	{ take_time, "<time>" }, { take_uuid, "<uuid>" }, { take_address, "<address>" },
	{ take_hash, "<hash>" }, { take_ip, "<ip>" }, { take_duration, "<time>" },
	{ take_size, "<size>" },
};

/* At the start of a word. False: no rule fits. */
static bool word_rule(struct text *out, struct spot *spot)
{
	size_t digits = run(spot->rest, 0, is_digit), n;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		n = rules[i].take(*spot);
		if (!n)
			continue;
		text_adds(out, rules[i].name);
		spot->rest = str_from(spot->rest, n);
		return true;
	}
	n = digits ? take_version((struct spot){ .rest = str_from(spot->rest, digits) }) : 0;
	if (!n)
		return false;
	text_add(out, str_slice(spot->rest, 0, digits));
	text_adds(out, ".x");
	spot->rest = str_from(spot->rest, digits + n);
	return true;
}

static void one_step(struct text *out, struct spot *spot)
{
	char c = spot->rest.at[0], before = last_of(spot->before);
	size_t size = 1;
	const char *name = NULL;

	if (!is_word(before)) {
		if (normalise_path(out, spot->before, &spot->rest))
			return;
		if (is_word(c) && word_rule(out, spot))
			return;
	} else if (before == 'v' && is_digit(c)) {
		struct str front = str_slice(spot->before, 0, spot->before.size - 1);

		if (!is_word(last_of(front)) && word_rule(out, spot))
			return;
	}
	if (is_digit(c) && !is_digit(before))
		name = number_name(*spot, &size);
	if (name)
		text_adds(out, name);
	else
		text_add(out, str_slice(spot->rest, 0, size));
	spot->rest = str_from(spot->rest, size);
}

struct str normalise_text(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	struct spot spot = { .rest = str_trim(text) };
	struct str whole = spot.rest;

	while (spot.rest.size) {
		char c = spot.rest.at[0];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			while (spot.rest.size && str_trim(str_slice(spot.rest, 0, 1)).size == 0)
				spot.rest = str_from(spot.rest, 1);
			text_addc(&out, ' ');
		} else {
			spot.before = str_slice(whole, 0, whole.size - spot.rest.size);
			one_step(&out, &spot);
		}
	}
	return text_str(&out);
}
