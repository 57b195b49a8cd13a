/*
 * Tags before lines, names of failed tests, words of the network. Makes no failures and reads no whole traces.
 */
#include "ci/jvm.h"

enum { TAGS_MAX = 4, TAG_BYTES_MAX = 24 };

static bool is_tag(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || c == ':';
}

/* Tags start small: Maven's "[ERROR] " is part of what its readers look for. */
static bool skip_tag(struct str *text)
{
	struct str rest = str_from(*text, str_indent(*text));
	size_t n = 1;

	if (rest.size < 4 || rest.at[0] != '[' || rest.at[1] < 'a' || rest.at[1] > 'z')
		return false;
	while (n < rest.size && n < TAG_BYTES_MAX && is_tag(rest.at[n]))
		n++;
	if (n + 1 >= rest.size || rest.at[n] != ']' || rest.at[n + 1] != ' ')
		return false;
	*text = str_from(rest, n + 2);
	return true;
}

struct str jvm_body(struct str text)
{
	for (unsigned i = 0; i < TAGS_MAX && skip_tag(&text); i++)
		;
	return text;
}

void jvm_append(struct kept *out, struct str text)
{
	text = str_slice(text, 0, sizeof(out->at) - out->size);
	if (text.size)
		memcpy(out->at + out->size, text.at, text.size);
	out->size = (unsigned short)(out->size + text.size);
}

void jvm_name(struct kept *out, struct str text)
{
	struct str method, class;

	if (str_ends(text, ")") && str_split(text, "(", &method, &class) && method.size &&
	    str_char(class, '.') > 0 && str_char(class, ' ') < 0 && str_char(class, ',') < 0) {
		str_chop(&class, ")");
		keep(out, class);
		jvm_append(out, STR("."));
		jvm_append(out, method);
	} else {
		keep(out, text);
	}
}

/* "[ERROR] counts(shop.CartTest)  Time elapsed: 0 s  <<< FAILURE!", with "--" before the time since 3.0 */
static bool surefire(struct str text, struct kept *name)
{
	if ((!str_ends(text, "<<< FAILURE!") && !str_ends(text, "<<< ERROR!")) ||
	    str_starts(text, "Tests run: ") || !str_split(text, " Time elapsed: ", &text, NULL))
		return false;
	(void)str_split(text, " --", &text, NULL);
	jvm_name(name, str_trim(text));
	return true;
}

/* "Gradle Test Run :test > Gradle Test Executor 1 > shop.CartTest > counts": who ran it is no name. */
static struct str without_executor(struct str text)
{
	struct str first, rest;

	while (str_split(text, " > ", &first, &rest) && (str_starts(first, "Gradle Test ") ||
						str_is(first, "Gradle suite") ||
						str_is(first, "Gradle test")))
		text = rest;
	return text;
}

/* "CartTest > counts FAILED", "ATest > [1] x > ATest.each[x]" where the last piece says it all. */
static bool gradle(struct str text, struct kept *name)
{
	struct str first, last, piece, rest;

	if (!str_chop(&text, " FAILED") || str_starts(text, ">"))
		return false;
	rest = without_executor(text);
	if (rest.size != text.size && !str_has(rest, " > ")) {
		keep(name, rest);	/* TestNG's has all in one */
		return true;
	}
	text = rest;
	if (!str_split(text, " > ", &first, NULL) || !str_split_last(text, " > ", NULL, &last))
		return false;
	name->size = 0;
	if (str_find(last, first) >= 0) {
		keep(name, last);	/* a parameter's own display name */
		return true;
	}
	while (rest.size) {
		if (!str_split(rest, " > ", &piece, &rest)) {
			piece = rest;
			rest = STR_NONE;
		}
		if (name->size)
			jvm_append(name, STR("."));
		jvm_append(name, piece);
	}
	return true;
}

/* "picard.sam.MetricsTest.provider FAILED", by TestNG's listeners: a package, a class and a method. */
static bool dotted(struct str text, struct kept *name)
{
	struct str class, package;

	if (!str_chop(&text, " FAILED") || str_char(text, ' ') >= 0 || str_char(text, ':') >= 0 ||
	    str_char(text, '/') >= 0 || !str_split_last(text, ".", &class, NULL) ||
	    !str_split_last(class, ".", &package, &class) || !package.size || !class.size ||
	    class.at[0] < 'A' || class.at[0] > 'Z')
		return false;
	keep(name, text);
	return true;
}

/* "Testcase: counts(shop.CartTest):	FAILED", "... Caused an ERROR" */
static bool ant(struct str text, struct kept *name)
{
	struct str outcome;

	if (!str_skip(&text, "Testcase: ") || !str_split_last(text, "):", &text, &outcome))
		return false;
	outcome = str_trim(outcome);
	if (!str_is(outcome, "FAILED") && !str_is(outcome, "Caused an ERROR"))
		return false;
	jvm_name(name, (struct str){ text.at, text.size + 1 });
	return true;
}

/* "Test shop.CartTest.counts failed: java.lang.AssertionError: ..., took 0.002s" */
static bool sbt(struct str text, struct kept *name)
{
	if (!str_skip(&text, "Test ") || !str_split(text, " failed: ", &text, NULL) ||
	    str_char(text, '.') < 0 || str_char(text, '/') >= 0 ||
	    (str_char(text, ' ') >= 0 && !str_ends(text, ")") && !str_ends(text, "]")))
		return false;
	keep(name, text);
	return true;
}

bool jvm_failed_test(struct str text, struct kept *name, const char **framework)
{
	(void)str_skip(&text, "[ERROR] ");
	text = str_trim_right(text);
	*framework = "junit";
	if (surefire(text, name) || ant(text, name) || sbt(text, name))
		return true;
	*framework = "gradle";
	return gradle(text, name) || dotted(text, name);
}

bool jvm_network(struct str text)
{
	static const char *const words[] = { "Unknown host", "UnknownHost", "Connection reset",
		"onnect timed out", "Read timed out", "Connection timed out", "Connection refused",
		"Remote host terminated the handshake", "No such host is known", "502 Bad Gateway",
		"status code: 500", "status code: 502", "status code: 503", "status code: 504",
		"status code: 429", "status code 500", "status code 502", "status code 503",
		"status code 504", "status code 429", "Bad Gateway (502)", "Service Unavailable (503)",
		"Gateway Time-out (504)", "Too Many Requests (429)", "Premature EOF", NULL };

	for (size_t i = 0; words[i]; i++)
		if (str_has(text, words[i]))
			return true;
	return false;
}

bool jvm_frame(struct failure *failure, struct str text)
{
	struct str function, name, package, rest;
	struct place place = {0};
	struct kept path = {0};

	text = str_trim(text);
	if (!str_chop(&text, ")") || !str_split_last(text, "(", &function, &rest) ||
	    str_char(function, ' ') >= 0 || !str_split_last(function, ".", &package, NULL) ||
	    !str_split(rest, ":", &name, &rest) || !str_take_number(&rest, &place.line) || rest.size ||
	    !place_ends(name, ".java .kt .scala .groovy"))
		return false;
	if (str_split_last(package, ".", &package, NULL)) {
		keep(&path, package);
		for (size_t i = 0; i < path.size; i++)
			path.at[i] = path.at[i] == '.' ? '/' : path.at[i];
		jvm_append(&path, STR("/"));
	}
	jvm_append(&path, name);
	place.file = kept_str(&path);
	trace_frame(failure, &place, function);
	return true;
}

enum kind jvm_kind(struct str type)
{
	if (str_has(type, "OutOfMemory"))
		return KIND_RESOURCE;
	if (str_has(type, "Timeout") || str_has(type, "TimedOut"))
		return KIND_TIMEOUT;
	return str_has(type, "Assertion") || str_has(type, "ComparisonFailure") ||
	       str_has(type, "MultipleFailures") || str_has(type, "TestFailed") ? KIND_ASSERTION :
	       KIND_EXCEPTION;
}
