/*
 * Compares versions and ranges. Knows no pre-releases, build numbers, epochs or local versions: they
 * are no plain release, and nothing is said of them.
 */
#include "templates/lib_version.h"

bool version_parse(struct str text, struct version *version)
{
	struct version out = {0};

	str_skip(&text, "v");
	do {
		if (out.count == VERSION_PARTS_MAX ||
		    !str_take_number(&text, &out.parts[out.count]))
			return false;
		out.count++;
	} while (str_skip(&text, "."));
	if (text.size)
		return false;
	*version = out;
	return true;
}

int version_compare(const struct version *a, const struct version *b)
{
	for (size_t i = 0; i < VERSION_PARTS_MAX; i++)
		if (a->parts[i] != b->parts[i])
			return a->parts[i] < b->parts[i] ? -1 : 1;
	return 0;
}

/* The first version above all that begin with the first `kept` parts. */
static struct version above(const struct version *version, size_t kept)
{
	struct version out = { .count = kept };

	for (size_t i = 0; i < kept; i++)
		out.parts[i] = version->parts[i];
	if (kept)
		out.parts[kept - 1]++;
	return out;
}

/* Which parts a caret keeps: up to the first that is not 0. */
static size_t caret_parts(const struct version *version)
{
	for (size_t i = 0; i < version->count && i < 3; i++)
		if (version->parts[i])
			return i + 1;
	return version->count < 3 ? version->count : 3;
}

static bool between(const struct version *v, const struct version *low, size_t kept)
{
	struct version high = above(low, kept);

	return version_compare(v, low) >= 0 && (!kept || version_compare(v, &high) < 0);
}

/* "1.2.x" gives 1.2 and says that it is a pattern. */
static bool take_pattern(struct str text, struct version *version, bool *open)
{
	*open = false;
	while (str_chop(&text, ".x") || str_chop(&text, ".X") || str_chop(&text, ".*"))
		*open = true;
	return version_parse(text, version);
}

static bool fits_one(const struct version *v, struct str text)
{
	struct version low;
	bool open;

	if (!text.size || str_is(text, "*") || str_is(text, "x") || str_is(text, "X"))
		return true;
	if (str_skip(&text, "^"))
		return take_pattern(str_trim(text), &low, &open) && between(v, &low, caret_parts(&low));
	if (str_skip(&text, "~"))
		return take_pattern(str_trim(text), &low, &open) &&
		       between(v, &low, low.count > 2 ? 2 : low.count);
	if (str_skip(&text, ">="))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) >= 0;
	if (str_skip(&text, "<="))
		return version_parse(str_trim(text), &low) && low.count >= 3 &&
		       version_compare(v, &low) <= 0;
	if (str_skip(&text, ">"))
		return version_parse(str_trim(text), &low) && low.count >= 3 &&
		       version_compare(v, &low) > 0;
	if (str_skip(&text, "<"))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) < 0;
	str_skip(&text, "=");
	return take_pattern(str_trim(text), &low, &open) && between(v, &low, low.count);
}

/* All comparators of a set; blanks may stand behind an operator. */
static bool fits_set(const struct version *v, struct str set)
{
	set = str_trim(set);
	if (str_has(set, " - "))
		return false;
	do {
		size_t size = 0;

		while (size < set.size && strchr("^~<>=", set.at[size]))
			size++;
		while (size < set.size && set.at[size] == ' ')
			size++;
		while (size < set.size && !strchr(" ,", set.at[size]))
			size++;
		if (!fits_one(v, str_slice(set, 0, size)))
			return false;
		set = str_from(set, size);
		while (set.size && strchr(" ,", set.at[0]))
			set = str_from(set, 1);
	} while (set.size);
	return true;
}

bool version_fits_npm(struct str version, struct str range)
{
	struct str one, rest;
	struct version v;

	if (!version_parse(version, &v))
		return false;
	while (str_split(range, "||", &one, &rest)) {
		if (fits_set(&v, one))
			return true;
		range = rest;
	}
	return fits_set(&v, range);
}

bool version_fits_cargo(struct str version, struct str range)
{
	struct str rest = range, one;
	struct version v;

	if (!version_parse(version, &v))
		return false;
	while (str_next(&rest, ',', &one)) {
		struct version low;

		one = str_trim(one);
		if (version_parse(one, &low) ? !between(&v, &low, caret_parts(&low))
					     : !fits_set(&v, one))
			return false;
	}
	return range.size > 0;
}

static bool fits_specifier(const struct version *v, struct str text)
{
	struct version low;
	bool open;

	if (str_skip(&text, "~="))
		return version_parse(str_trim(text), &low) && low.count > 1 &&
		       between(v, &low, low.count - 1);
	if (str_starts(text, "==="))
		return false;
	if (str_skip(&text, "=="))
		return take_pattern(str_trim(text), &low, &open) &&
		       (open ? between(v, &low, low.count) : !version_compare(v, &low));
	if (str_skip(&text, "!="))
		return take_pattern(str_trim(text), &low, &open) &&
		       !(open ? between(v, &low, low.count) : !version_compare(v, &low));
	if (str_skip(&text, ">="))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) >= 0;
	if (str_skip(&text, "<="))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) <= 0;
	if (str_skip(&text, ">"))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) > 0;
	if (str_skip(&text, "<"))
		return version_parse(str_trim(text), &low) && version_compare(v, &low) < 0;
	return false;
}

bool version_fits_python(struct str version, struct str specifiers)
{
	struct str one;
	struct version v;

	if (!version_parse(version, &v))
		return false;
	while (str_next(&specifiers, ',', &one))
		if (!fits_specifier(&v, str_trim(one)))
			return false;
	return true;
}
