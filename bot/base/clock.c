/*
 * Two clocks and one date format. Knows UTC only: no time zone names, no locale, no other formats.
 */
#include "bot/base/clock.h"

#include <stdio.h>
#include <time.h>

enum { SECOND_MS = 1000, MINUTE_S = 60, HOUR_S = 3600 };

/* 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z */
static const int64_t wall_ms_least = INT64_C(-62135596800000);
static const int64_t wall_ms_most = INT64_C(253402300799999);

static struct clock source;

static int64_t read_ms(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * SECOND_MS + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	return source.wall_ms ? source.wall_ms(source.context) : read_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
	return source.monotonic_ms ? source.monotonic_ms(source.context) : read_ms(CLOCK_MONOTONIC);
}

void clock_replace(const struct clock *clock)
{
	source = clock ? *clock : (struct clock){ 0 };
}

const char *clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE])
{
	/* Larger than the text can get, so that the compiler sees that nothing is cut. */
	char wide[96];
	struct tm date;
	time_t seconds;
	int rest_ms;

	if (wall_ms < wall_ms_least)
		wall_ms = wall_ms_least;
	if (wall_ms > wall_ms_most)
		wall_ms = wall_ms_most;
	seconds = wall_ms / SECOND_MS;
	rest_ms = (int)(wall_ms % SECOND_MS);
	if (rest_ms < 0) {
		rest_ms += SECOND_MS;
		seconds--;
	}
	gmtime_r(&seconds, &date);
	snprintf(wide, sizeof(wide), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", date.tm_year + 1900,
		 date.tm_mon + 1, date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec, rest_ms);
	memcpy(text, wide, CLOCK_TEXT_SIZE - 1);
	text[CLOCK_TEXT_SIZE - 1] = '\0';
	return text;
}

/* Takes exactly `digits` digits and then `end` (NUL: nothing) off *rest. */
static bool take(struct str *rest, size_t digits, char end, int *n)
{
	struct str number = str_slice(*rest, 0, digits);
	unsigned long value;

	if (number.size != digits || !str_number(number, &value))
		return false;
	*rest = str_from(*rest, digits);
	if (end) {
		if (!rest->size || rest->at[0] != end)
			return false;
		*rest = str_from(*rest, 1);
	}
	*n = (int)value;
	return true;
}

static bool take_fraction(struct str *rest, int *ms)
{
	int value = 0, digits = 0;

	*ms = 0;
	if (!str_skip(rest, "."))
		return true;
	for (; rest->size && rest->at[0] >= '0' && rest->at[0] <= '9'; digits++) {
		if (digits < 3)
			value = value * 10 + (rest->at[0] - '0');
		*rest = str_from(*rest, 1);
	}
	for (int i = digits; i < 3; i++)
		value *= 10;
	*ms = value;
	return digits >= 1 && digits <= 9;
}

static bool take_offset(struct str *rest, int *seconds)
{
	int hours, minutes, sign = 1;

	*seconds = 0;
	if (str_skip(rest, "Z"))
		return true;
	if (str_skip(rest, "-"))
		sign = -1;
	else if (!str_skip(rest, "+"))
		return false;
	if (!take(rest, 2, ':', &hours) || !take(rest, 2, '\0', &minutes))
		return false;
	*seconds = sign * (hours * HOUR_S + minutes * MINUTE_S);
	return hours <= 23 && minutes <= 59;
}

/* timegm carries a 30th of February over into March; then the date it comes back as is another. */
static bool seconds_of(const struct tm *date, time_t *seconds)
{
	struct tm copy = *date, back;

	if (date->tm_hour > 23 || date->tm_min > 59 || date->tm_sec > 59)
		return false;
	*seconds = timegm(&copy);
	if (!gmtime_r(seconds, &back))
		return false;
	return back.tm_year == date->tm_year && back.tm_mon == date->tm_mon &&
	       back.tm_mday == date->tm_mday;
}

bool clock_parse(struct str text, int64_t *wall_ms, struct err *e)
{
	struct str rest = text;
	struct tm date = { 0 };
	int year, month, ms, offset_s;
	time_t seconds;

	if (!take(&rest, 4, '-', &year) || !take(&rest, 2, '-', &month) ||
	    !take(&rest, 2, 'T', &date.tm_mday) || !take(&rest, 2, ':', &date.tm_hour) ||
	    !take(&rest, 2, ':', &date.tm_min) || !take(&rest, 2, '\0', &date.tm_sec) ||
	    !take_fraction(&rest, &ms) || !take_offset(&rest, &offset_s) || rest.size || year < 1)
		return fail(e, ERR_INPUT, "not a time like 2026-01-31T12:00:00Z: \"%.*s\"",
			    STR_ARG(str_slice(text, 0, 40)));
	date.tm_year = year - 1900;
	date.tm_mon = month - 1;
	if (!seconds_of(&date, &seconds))
		return fail(e, ERR_INPUT, "no such time: \"%.*s\"",
			    STR_ARG(str_slice(text, 0, 40)));
	*wall_ms = ((int64_t)seconds - offset_s) * SECOND_MS + ms;
	return true;
}
