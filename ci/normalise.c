/*
 * Goes through a text once; at each place the first rule of a table that fits takes its bytes. Every
 * rule looks at what is before and behind only so far that the time stays in proportion to the text.
 * Knows shapes, not meanings: a four-digit year in a message goes like any other number.
 */
#include "ci/normalise.h"

#include "ci/normalise_paths.h"
#include "ci/normalise_shapes.h"

/* "1.26.4", "v2.0.0-rc.1", "1.4-SNAPSHOT": gives how long what follows the major part is. */
static size_t take_version(struct spot spot)
{
	static const char *const marks[] = { "dev", "rc", "alpha", "beta", "post", "pre", "SNAPSHOT",
					     "snapshot", "next", "canary", "nightly", "a", "b" };
	size_t n = 0, dots = 0;

	for (; str_at(spot.rest, n) == '.' && is_digit(str_at(spot.rest, n + 1)); dots++)
		n += 1 + str_run(spot.rest, n + 1, is_digit);
	for (size_t i = 0; dots && i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t glue = str_at(spot.rest, n) == '-' || str_at(spot.rest, n) == '.' ? 1 : 0;

		if (!str_starts(str_from(spot.rest, n + glue), marks[i]) ||
		    is_letter(str_at(spot.rest, n + glue + strlen(marks[i]))))
			continue;
		n += glue + strlen(marks[i]);
		while (is_word(str_at(spot.rest, n)) ||
		       ((str_at(spot.rest, n) == '.' || str_at(spot.rest, n) == '+') &&
			is_word(str_at(spot.rest, n + 1))))
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
	"pool-", "(node:", "$Proxy", "pull/", "attempt #",
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

static bool is_place_end(char c)
{
	return is_digit(c) || c == ':' || c == '(' || c == ',';
}

/* Files without an ending, what stands for a file, and a parser's "line 3:14". */
static const char *const places[] = { "akefile", "Dockerfile", "Rakefile", "Gemfile", "Jenkinsfile",
				      "ustfile", "line ", ">" };

/* Behind "a.py:", "a.py:12:", "a.cs(12," stand a line and a column; behind "host:" a port. */
static bool is_place(struct str before)
{
	struct str tail = str_from(before, before.size > 256 ? before.size - 256 : 0);
	char c = str_last(tail);
	ptrdiff_t dot;

	if (c != ':' && c != '(' && c != ',')
		return false;
	while (tail.size && is_place_end(str_last(tail)))
		tail.size--;
	if (str_ends(tail, "localhost") || str_ends(tail, "]") ||
	    ends_with_one(tail, places, sizeof(places) / sizeof(places[0])))
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
	size_t fraction = str_at(s, digits) == '.' ? str_run(s, digits + 1, is_digit) : 0;
	size_t n = fraction ? digits + 1 + fraction : digits;
	size_t sign, exponent;

	if (str_at(s, n) == 'e' || str_at(s, n) == 'E') {
		sign = str_at(s, n + 1) == '-' || str_at(s, n + 1) == '+' ? 1 : 0;
		exponent = str_run(s, n + 1 + sign, is_digit);
		if (exponent && !is_word(str_at(s, n + 1 + sign + exponent)))
			return n + 1 + sign + exponent;
	}
	return fraction >= 3 ? n : digits;
}

/*
 * Numbers that their surroundings tell: a parser's "(3:14)" and ": (3, 14)", a debugger's "<f+12>", a
 * sanitizer's "==123==", "85.3%" of a coverage. Their size, or 0.
 */
static size_t framed_number(struct spot spot, const char **name)
{
	struct str s = spot.rest;
	size_t digits = str_run(s, 0, is_digit), more = 0;
	char before = str_last(spot.before), behind = str_at(s, digits);

	*name = "<n>";
	if ((before == '+' && behind == '>') ||
	    (str_ends(spot.before, "==") && str_starts(str_from(s, digits), "==")))
		return digits;
	if (behind == '.' && (more = str_run(s, digits + 1, is_digit)) &&
	    str_at(s, digits + 1 + more) == '%')
		return digits + 1 + more;
	*name = "<n>:<n>";
	if ((before == '(' || before == '[') && behind == ':' &&
	    (more = str_run(s, digits + 1, is_digit)) &&
	    str_at(s, digits + 1 + more) == (before == '(' ? ')' : ']'))
		return digits + 1 + more;
	if (str_ends(spot.before, ": (") && str_starts(str_from(s, digits), ", ") &&
	    (more = str_run(s, digits + 2, is_digit)) && str_at(s, digits + 2 + more) == ')')
		return digits + 2 + more;
	return 0;
}

/* A run of digits that no other rule took. NULL: it stays. */
static const char *number_name(struct spot spot, size_t *size)
{
	struct str s = spot.rest;
	size_t digits = str_run(s, 0, is_digit);
	char before = str_last(spot.before);
	bool glued = is_letter(before) || before == '_';
	const char *name;

	*size = framed_number(spot, &name);
	if (*size)
		return name;
	*size = digits;
	if (ends_with_one(spot.before, codes, sizeof(codes) / sizeof(codes[0])) ||
	    is_code(spot.before))
		return NULL;
	if (ends_with_one(spot.before, counters, sizeof(counters) / sizeof(counters[0])) ||
	    is_place(spot.before))
		return "<n>";
	while (digits <= 3 && str_at(s, *size) == ',' && str_run(s, *size + 1, is_digit) == 3)
		*size += 4;			/* 1,234,567 */
	if (*size > digits)
		return "<n>";
	if (!glued && float_size(s, digits) > digits) {
		*size = float_size(s, digits);
		return "<n>";
	}
	return digits >= (glued ? 7 : 4) ? "<n>" : NULL;
}

/* At the start of a word. False: no rule fits. */
static bool word_rule(struct text *out, struct spot *spot)
{
	size_t digits = str_run(spot->rest, 0, is_digit), n;
	const char *name = normalise_shape(*spot, &n);

	if (name) {
		text_adds(out, name);
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
	char c = spot->rest.at[0], before = str_last(spot->before);
	size_t size = 1;
	const char *name = normalise_mask(*spot, &size);

	if (!name && !is_word(before)) {
		if (is_word(c) && word_rule(out, spot))
			return;
	} else if (!name && before == 'v' && is_digit(c)) {
		struct str front = str_slice(spot->before, 0, spot->before.size - 1);

		if (!is_word(str_last(front)) && word_rule(out, spot))
			return;
	}
	if (!name && is_digit(c) && !is_digit(before))
		name = number_name(*spot, &size);
	if (name)
		text_adds(out, name);
	else
		text_add(out, str_slice(spot->rest, 0, size));
	spot->rest = str_from(spot->rest, size);
}

/* The names within a path go the same way, once more and no further. */
static bool one_path(struct text *out, struct spot *spot)
{
	ARENA a = {0};
	struct text names = TEXT(&a);
	struct spot inner = {0};
	struct str whole;

	if (is_word(str_last(spot->before)) ||
	    !normalise_path(out, &names, spot->before, &spot->rest))
		return false;
	whole = inner.rest = text_str(&names);
	while (inner.rest.size) {
		inner.before = str_slice(whole, 0, whole.size - inner.rest.size);
		one_step(out, &inner);
	}
	return true;
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
			if (!one_path(&out, &spot))
				one_step(&out, &spot);
		}
	}
	return text_str(&out);
}
