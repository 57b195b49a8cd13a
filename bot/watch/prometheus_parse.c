/*
 * Reads answers of Prometheus. The format: an object with status, data.resultType and data.result,
 * points as [seconds, "value"]. Labels are not looked at; native histograms are no number here.
 */
#include "bot/watch/prometheus.h"

#include "bot/base/json.h"

#include <math.h>
#include <stdlib.h>

enum { BODY_MOST = 16 * 1024 * 1024, SERIES_MOST = 1000, POINTS_MOST = 200000, WARNINGS_MOST = 20,
       SHOWN_MOST = 200 };

/* Error types of the API that a later try may mend. */
static const char *const passing[] = { "timeout", "canceled", "unavailable", "internal",
				       "too_many_requests" };

/* "1.5", "NaN", "+Inf", "-Inf", as Go prints them; nothing before or behind. */
static bool read_value(const json_t *json, double *value)
{
	const char *text = json_string_value(json);
	char *end;

	if (!text || !*text || strlen(text) != json_string_length(json) || *text == ' ' ||
	    strpbrk(text, "xXpP("))
		return false;
	*value = strtod(text, &end);
	return !*end;
}

static bool read_point(const json_t *point, double *t, double *value)
{
	const json_t *time = json_array_get(point, 0);

	if (json_array_size(point) != 2 || !json_is_number(time))
		return false;
	*t = json_number_value(time);
	return isfinite(*t) && read_value(json_array_get(point, 1), value);
}

static bool read_points(const json_t *points, size_t *room, struct arena *a,
			struct prometheus_series *series, struct err *e)
{
	size_t count = json_array_size(points), i;
	double *times, *values;
	const json_t *point;

	if (!json_is_array(points))
		return fail(e, ERR_INPUT, "a series without its points");
	if (count > *room)
		return fail(e, ERR_INPUT, "more than %d points", POINTS_MOST);
	*room -= count;
	times = arena_array(a, double, count + 1);
	values = arena_array(a, double, count + 1);
	json_array_foreach(points, i, point)
		if (!read_point(point, &times[i], &values[i]) || (i && times[i] <= times[i - 1]))
			return fail(e, ERR_INPUT, "point %zu of a series is malformed", i + 1);
	*series = (struct prometheus_series){ times, values, count };
	return true;
}

/* A vector's item has one "value", a matrix's has "values"; an item of histograms has neither. */
static bool read_list(const json_t *list, bool matrix, struct arena *a,
		      struct prometheus_answer *answer, struct err *e)
{
	size_t count = json_array_size(list), made = 0, room = POINTS_MOST, i;
	struct prometheus_series *series;
	const json_t *item;

	if (!json_is_array(list))
		return fail(e, ERR_INPUT, "a result that is no list");
	if (count > SERIES_MOST)
		return fail(e, ERR_INPUT, "more than %d series", SERIES_MOST);
	series = arena_array(a, struct prometheus_series, count + 1);
	json_array_foreach(list, i, item) {
		const json_t *points = json_object_get(item, matrix ? "values" : "value");
		JSON *one = matrix || !points ? NULL : json_pack("[O]", points);

		if (!points && json_object_get(item, matrix ? "histograms" : "histogram"))
			continue;
		if (!read_points(one ? one : points, &room, a, &series[made++], e))
			return false;
	}
	answer->series = series;
	answer->count = made;
	return true;
}

static bool read_scalar(const json_t *point, struct arena *a, struct prometheus_answer *answer,
			struct err *e)
{
	struct prometheus_series *series = arena_new(a, struct prometheus_series);
	JSON *one = json_is_array(point) ? json_pack("[O]", point) : NULL;
	size_t room = 1;

	if (!read_points(one, &room, a, series, e))
		return false;
	answer->series = series;
	answer->count = 1;
	return true;
}

static void read_warnings(const json_t *body, struct arena *a, struct prometheus_answer *answer)
{
	const json_t *list = json_object_get(body, "warnings"), *item;
	const char **warnings = arena_array(a, const char *, WARNINGS_MOST);
	size_t i;

	json_array_foreach(list, i, item)
		if (json_is_string(item) && answer->warning_count < WARNINGS_MOST)
			warnings[answer->warning_count++] = arena_printf(
				a, "%.*s", SHOWN_MOST, json_string_value(item));
	answer->warnings = warnings;
}

static bool fail_status(const json_t *body, struct err *e)
{
	struct str type = json_text_or(body, "errorType", STR("error"));
	struct str text = json_text_or(body, "error", STR("no reason given"));
	enum err_kind kind = ERR_INPUT;

	for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
		if (str_is(type, passing[i]))
			kind = ERR_LATER;
	return fail(e, kind, "%.*s: %.*s", STR_ARG(str_slice(type, 0, 40)),
		    STR_ARG(str_slice(text, 0, SHOWN_MOST)));
}

bool prometheus_parse(struct str body, struct arena *a, struct prometheus_answer *answer,
		      struct err *e)
{
	struct prometheus_answer made = {0};
	JSON *json = NULL;
	const json_t *result;
	struct str status, type;

	if (!json_parse(body, BODY_MOST, &json, e) || !json_get_text(json, "status", &status, e))
		return false;
	if (str_is(status, "error"))
		return fail_status(json, e);
	if (!str_is(status, "success"))
		return fail(e, ERR_INPUT, "status is neither success nor error");
	if (!json_get_text(json, "data.resultType", &type, e))
		return false;
	result = json_at(json, "data.result");
	if (str_is(type, "matrix") || str_is(type, "vector")) {
		if (!read_list(result, str_is(type, "matrix"), a, &made, e))
			return false;
	} else if (str_is(type, "scalar")) {
		if (!read_scalar(result, a, &made, e))
			return false;
	} else if (!str_is(type, "string")) {
		return fail(e, ERR_INPUT, "a result of another type than Prometheus has");
	}
	read_warnings(json, a, &made);
	*answer = made;
	return true;
}
