/*
 * Times, addresses, ids, secrets and quantities by their shape. Knows shapes, not meanings: a date
 * in a message goes whether or not it is today's.
 */
#include "ci/normalise_shapes.h"

static bool ends_at(struct str s, size_t i)
{
	return !is_word(str_at(s, i));
}

/* '0' a digit, 'A' a capital, 'a' a small letter; anything else is itself. */
static bool has_shape(struct str s, const char *shape)
{
	for (size_t i = 0; shape[i]; i++) {
		char c = str_at(s, i);

		if (shape[i] == '0' ? !is_digit(c) : shape[i] == 'A' ? !is_upper(c) :
		    shape[i] == 'a' ? !is_letter(c) || is_upper(c) : c != shape[i])
			return false;
	}
	return true;
}

/* What stands behind a time and belongs to it: zones, and Go's monotonic clock. */
static size_t time_zone(struct str s, size_t start)
{
	static const char *const shapes[] = { " GMT", " UTC", " +0000", " -0000", "+00:00", "-00:00",
					      "+0000", "Z", " AM", " PM" };
	size_t n = start, before;

	do {
		before = n;
		for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
			size_t size = strlen(shapes[i]);

			if (!str_starts(str_from(s, n), shapes[i]) &&
			    (!str_has(str_of(shapes[i]), "00") || !has_shape(str_from(s, n), shapes[i])))
				continue;
			if (ends_at(s, n + size))
				n += size;
		}
	} while (n > before);
	if (str_starts(str_from(s, n), " m=+") || str_starts(str_from(s, n), " m=-")) {
		n += 4;
		n += str_run(s, n, is_digit);
		if (str_at(s, n) == '.')
			n += 1 + str_run(s, n + 1, is_digit);
	}
	return n - start;
}

static size_t take_time(struct spot spot)
{
	static const char *const shapes[] = {
		"0000-00-00T00:00:00", "0000-00-00 00:00:00", "0000/00/00 00:00:00",
		"00/00/0000 00:00:00", "00/Aaa/0000:00:00:00", "Aaa, 00 Aaa 0000 00:00:00",
		"Aaa Aaa 00 00:00:00 0000", "Aaa Aaa  0 00:00:00 0000", "Aaa 00, 0000 00:00:00",
		"Aaa 00, 0000 0:00:00", "Aaa 0, 0000 00:00:00", "Aaa 0, 0000 0:00:00",
		"Aaa 00 00:00:00", "Aaa  0 00:00:00", "A0000 00:00:00", "0000-00-00T00_00_00_000Z",
		"0000-00-00T00-00-00", "00000000T000000Z", "0000-00-00T00:00", "0000-00-00 00:00",
		"0000-00-00", "0000/00/00", "00:00:00",
	};
	struct str s = spot.rest;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		size_t n = strlen(shapes[i]), more;

		if (!has_shape(s, shapes[i]))
			continue;
		if ((str_at(s, n) == '.' || str_at(s, n) == ',') && is_digit(str_at(s, n + 1)))
			n += 1 + str_run(s, n + 1, is_digit);
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
		if (i && str_at(spot.rest, n++) != '-')
			return 0;
		if (str_run(str_slice(spot.rest, 0, n + groups[i]), n, is_hex) != groups[i])
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
		return is_hex(str_at(s, 2)) ? 2 + str_run(s, 2, is_hex) : 0;
	n = str_run(s, 0, is_hex);
	return str_last(spot.before) == '@' && n >= 5 && n <= 16 && ends_at(s, n) ? n : 0;
}

static bool is_pod(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

/*
 * Seven digits make a short commit id when letters are among them; twelve are one even without. A
 * compiler's "::h0123456789abcdef" too, and "shop-7d9f8b6c5-x2x4z", a pod's name, to its end.
 */
static size_t take_hash(struct spot spot)
{
	struct str s = spot.rest;
	size_t skip = str_at(s, 0) == 'h' && str_run(s, 1, is_hex) == 16 ? 1 : 0;
	size_t n = str_run(s, skip, is_hex), digits = 0;

	for (size_t i = skip; i < skip + n; i++)
		digits += is_digit(s.at[i]);
	if (n < 7 || (!ends_at(s, skip + n) && str_at(s, skip + n) != '_'))
		return 0;
	if (!(digits && digits < n) && n < 12)
		return 0;
	n += skip;
	if (str_last(spot.before) == '-' && n <= 10 && str_at(s, n) == '-' &&
	    str_run(s, n + 1, is_pod) == 5 && ends_at(s, n + 6))
		n += 6;
	return n;
}

static size_t take_ip(struct spot spot)
{
	struct str s = spot.rest;
	size_t n = 0, digits;

	for (size_t i = 0; i < 4; i++) {
		if (i && str_at(s, n++) != '.')
			return 0;
		digits = str_run(s, n, is_digit);
		if (!digits || digits > 3)
			return 0;
		n += digits;
	}
	if (str_at(s, n) == ':' && is_digit(str_at(s, n + 1)))
		n += 1 + str_run(s, n + 1, is_digit);
	return ends_at(s, n) && str_at(s, n) != '.' ? n : 0;
}

/* "2001:db8::8a2e:370:7334", "00:1a:2b:3c:4d:5e". Three colons and a digit, or "a::b" were one. */
static size_t take_ip6(struct spot spot)
{
	struct str s = spot.rest;
	size_t n = 0, colons = 0, digits = 0;
	bool pairs = true, gap = false;

	for (; n < s.size && n < 46 && (is_hex(s.at[n]) || s.at[n] == ':'); n++) {
		digits += is_digit(s.at[n]);
		if (s.at[n] != ':')
			continue;
		gap = gap || str_at(s, n + 1) == ':';
		pairs = pairs && n % 3 == 2;
		colons++;
	}
	if (!ends_at(s, n) || !digits || str_last(str_slice(s, 0, n)) == ':')
		return 0;
	if ((pairs && colons == 5 && n == 17) || (colons >= 3 && (gap || colons == 7)))
		return n;
	return 0;
}

static size_t number_size(struct str s)
{
	size_t n = str_run(s, 0, is_digit);

	if (n && str_at(s, n) == '.' && is_digit(str_at(s, n + 1)))
		n += 1 + str_run(s, n + 1, is_digit);
	return n;
}

static size_t take_unit(struct spot spot, const char *const *units, size_t count)
{
	size_t n = number_size(spot.rest);

	if (!n)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct str unit = str_of(units[i]), rest = str_from(spot.rest, n);

		if (str_skip(&rest, unit.at) && !is_word(str_at(rest, 0)))
			return n + unit.size;
	}
	return 0;
}

/* "3.2s", "200 ms", and Go's "1m30.5s". */
static size_t take_duration(struct spot spot)
{
	static const char *const units[] = {
		"ms", "s", "us", "\xc2\xb5s", "ns", "m", "min", "h", " ms", " s", " us", " ns", " sec",
		" secs", " seconds", " second", " minutes", " minute", " milliseconds", " millisecond",
		" millis", " min", " mins", " hours", " hour", " h",
	};
	size_t head = 0, n;

	for (;;) {
		n = str_run(spot.rest, head, is_digit);
		if (!n ||
		    (str_at(spot.rest, head + n) != 'm' && str_at(spot.rest, head + n) != 'h') ||
		    !is_digit(str_at(spot.rest, head + n + 1)))
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

static bool is_token(char c)
{
	return is_word(c) || c == '-' || c == '.';
}

/* What access tokens begin with. A runner masks them in one run and a tool prints them in another. */
static size_t take_secret(struct spot spot)
{
	static const struct {
		const char *start;
		size_t least;
	} tokens[] = {
		{ "ghp_", 20 }, { "gho_", 20 }, { "ghu_", 20 }, { "ghs_", 20 }, { "ghr_", 20 },
		{ "github_pat_", 30 }, { "glpat-", 20 }, { "npm_", 30 }, { "pypi-", 40 }, { "AKIA", 20 },
		{ "ASIA", 20 }, { "xoxb-", 20 }, { "xoxp-", 20 }, { "sk-", 24 }, { "sk_live_", 20 },
		{ "eyJ", 40 }, { "hvs.", 24 }, { "dop_v1_", 30 }, { "AIza", 35 },
	};

	for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		size_t n;

		if (!str_starts(spot.rest, tokens[i].start))
			continue;
		n = str_run(spot.rest, 0, is_token);
		while (spot.rest.at[n - 1] == '.')
			n--;
		return n >= tokens[i].least ? n : 0;
	}
	return 0;
}

static bool is_id(char c)
{
	return is_word(c) || c == '-' || c == ':';
}

/* The letters at the end of the text, small and without what stands between words; at most size. */
static struct str label_before(struct str text, char *out, size_t size)
{
	size_t n = size;

	for (size_t i = text.size; i > 0 && n > 0 && text.size - i < 2 * size; i--) {
		char c = text.at[i - 1];

		if (is_letter(c))
			out[--n] = (char)(c | 0x20);
		else if (!strchr(" -_=:\"'#", c))
			break;
	}
	return (struct str){ out + n, size - n };
}

enum { ID_BYTES_MAX = 128 };	/* looked at from each word's start, so the time stays in proportion */

/* "X-Request-Id: 0A1B:2C3D:4E5F", "requestId=8G7H6J": what is behind such a name is another each time. */
static size_t take_id(struct spot spot)
{
	static const char *const labels[] = { "requestid", "traceid", "spanid", "correlationid",
		"transactionid", "operationid", "invocationid", "sessionid", "executionid", "messageid",
		"activityid", "traceparent", "runid", "jobid", "buildid", "deploymentid", "containerid" };
	size_t n = str_run(str_slice(spot.rest, 0, ID_BYTES_MAX), 0, is_id);
	char last = str_last(spot.before), room[24];
	struct str label;
	bool digit = false;

	if (n < 6 || !last || !strchr(" =:\"'", last))
		return 0;
	for (size_t i = 0; i < n; i++)
		digit = digit || is_digit(spot.rest.at[i]);
	label = label_before(spot.before, room, sizeof(room));
	for (size_t i = 0; digit && i < sizeof(labels) / sizeof(labels[0]); i++)
		if (str_ends(label, labels[i]))
			return n;
	return 0;
}

static bool is_host(char c)
{
	return is_digit(c) || c == '-' || (c >= 'a' && c <= 'z');
}

/* Machines that are made for one job: "fv-az1234-567", "runnervmf4ws1", "ip-10-0-3-12". */
static size_t take_host(struct spot spot)
{
	static const char *const starts[] = { "fv-az", "runnervm", "ip-10-", "ip-172-", "ip-192-" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (str_starts(spot.rest, starts[i]))
			return str_run(str_slice(spot.rest, 0, ID_BYTES_MAX), 0, is_host);
	return 0;
}

static const struct {
	size_t (*take)(struct spot spot);
	const char *name;
} rules[] = {
	{ take_time, "<time>" }, { take_uuid, "<uuid>" }, { take_id, "<id>" },
	{ take_address, "<address>" }, { take_secret, "<secret>" }, { take_ip6, "<ip>" },
	{ take_hash, "<hash>" }, { take_ip, "<ip>" }, { take_duration, "<time>" },
	{ take_size, "<size>" }, { take_host, "<host>" },
};

const char *normalise_shape(struct spot spot, size_t *size)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		size_t n = rules[i].take(spot);

		if (!n)
			continue;
		*size = n;
		return rules[i].name;
	}
	return NULL;
}

/* How deep make called itself: "make[2]: ***". */
static size_t take_depth(struct spot spot)
{
	size_t n;

	if (str_at(spot.rest, 0) != '[' || !str_ends(spot.before, "make"))
		return 0;
	n = 1 + str_run(spot.rest, 1, is_digit);
	return n > 1 && str_starts(str_from(spot.rest, n), "]:") ? n + 1 : 0;
}

/* The "user:password" of "https://user:password@host". */
static size_t take_user(struct spot spot)
{
	struct str user;

	if (!str_ends(spot.before, "://") ||
	    !str_split(str_slice(spot.rest, 0, ID_BYTES_MAX), "@", &user, NULL) ||
	    str_has(user, "/") || str_has(user, " "))
		return 0;
	return user.size;
}

/* What a runner, or we, put in a secret's place; but "make: *** [all] Error 1" hides nothing. */
static size_t take_mask(struct spot spot)
{
	ptrdiff_t end;

	if (str_starts(spot.rest, "***"))
		return str_at(spot.rest, 3) == '*' || str_last(spot.before) == '*' ||
		       str_ends(spot.before, "make: ") || str_ends(spot.before, "]: ") ? 0 : 3;
	if (!str_starts(spot.rest, "[REDACTED"))
		return 0;
	end = str_char(str_slice(spot.rest, 0, ID_BYTES_MAX), ']');
	return end < 0 ? 0 : (size_t)end + 1;
}

const char *normalise_mask(struct spot spot, size_t *size)
{
	size_t depth = take_depth(spot), n = take_user(spot);

	n = n ? n : take_mask(spot);
	if (!depth && !n)
		return NULL;
	*size = depth ? depth : n;
	return depth ? "" : "<secret>";
}
