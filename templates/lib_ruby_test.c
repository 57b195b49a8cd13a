/*
 * Reads one line of a test. Knows no values made elsewhere (let, variables) and no line that goes on
 * to the next: there it says nothing.
 */
#include "templates/lib_ruby_test.h"

#include "templates/lib_scene.h"

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_number(struct str text)
{
	struct str whole = text, part = STR("0");
	unsigned long n;

	(void)str_skip(&whole, "-");
	(void)str_split(whole, ".", &whole, &part);
	return str_number(whole, &n) && str_number(part, &n);
}

static bool is_quoted(struct str text)
{
	struct str inside = str_slice(text, 1, text.size > 1 ? text.size - 2 : 0);
	const char quote[] = { text.size ? text.at[0] : ' ', '\0' };

	return text.size > 1 && strchr("\"'", quote[0]) && str_ends(text, quote) && !str_has(inside, quote) &&
	       !str_has(inside, "#{") && !str_has(inside, "\\");
}

bool ruby_is_literal(struct str text)
{
	struct str name = text;

	return is_number(text) || is_quoted(text) || word_among(text, "nil true false [] {}") ||
	       (str_skip(&name, ":") && str_is_word(name));
}

/* Is the text one whole pair of parentheses? */
static bool is_parenthesised(struct str text)
{
	int depth = 0;

	for (size_t i = 0; i < text.size; i++) {
		depth += text.at[i] == '(';
		depth -= text.at[i] == ')';
		if (!depth)
			return i && i + 1 == text.size;
	}
	return false;
}

/* "Ratings.new([]).average", "mean([])": is it the method's result itself? */
static bool is_call(struct arena *a, struct str text, struct str method)
{
	struct str rest, name = str_of(arena_printf(a, "%.*s", STR_ARG(method)));

	for (size_t from = 0; from < text.size;) {
		ptrdiff_t at = str_find(str_from(text, from), name);
		size_t place = from + (size_t)(at > 0 ? at : 0);

		if (at < 0)
			return false;
		rest = str_from(text, place + name.size);
		if ((!place || text.at[place - 1] == '.') && (!rest.size || is_parenthesised(rest)))
			return true;
		from = place + 1;
	}
	return false;
}

/* "assert_equal(0, mean([]))" and "assert_equal 0, mean([])": what stands behind the name. */
static bool arguments(struct str line, const char *name, struct str *rest)
{
	struct str text = line;

	if (!str_skip(&text, name) || !text.size || word_byte(text.at[0]))
		return false;
	if (is_parenthesised(text))
		text = str_slice(text, 1, text.size - 2);
	else if (!str_skip(&text, " "))
		return false;
	*rest = str_trim(text);
	return true;
}

/* "expect(mean([])).to eq(0)" in its parts: "mean([])", "eq(0)" */
static bool expectation(struct str line, struct str *subject, struct str *matcher)
{
	static const char *const forms[][2] = { { "expect(", ").to " }, { "_(", ")." }, { "expect(", ")." } };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct str text = line;

		if (str_skip(&text, forms[i][0]) && str_split_last(text, forms[i][1], subject, matcher))
			return true;
	}
	return false;
}

static bool read_line(struct arena *a, struct str line, struct str method, struct str *value)
{
	static const char *const matchers[] = { "eq", "eql", "be", "equal", "must_equal", "must_be_same_as" };
	struct str rest, subject, matcher;

	if (arguments(line, "assert_nil", &rest)) {
		*value = STR("nil");
		return is_call(a, rest, method);
	}
	if (arguments(line, "assert_equal", &rest) || arguments(line, "assert_same", &rest))
		return str_split(rest, ", ", value, &subject) && ruby_is_literal(*value) &&
		       is_call(a, str_trim(subject), method);
	if (!expectation(line, &subject, &matcher) || !is_call(a, subject, method))
		return false;
	*value = STR("nil");
	if (str_is(matcher, "be_nil") || str_is(matcher, "must_be_nil"))
		return true;
	for (size_t i = 0; i < sizeof(matchers) / sizeof(matchers[0]); i++)
		if (arguments(matcher, matchers[i], value))
			return ruby_is_literal(*value);
	return false;
}

static bool is_expected(const struct scene *scene, const char *error)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (str_ends(str_of(path), ".rb") && ruby_is_test(path) && scene_read(scene, path, &text) &&
		    text_has_word(text, error))
			return true;
	}
	return false;
}

bool ruby_test_value(struct scene *scene, struct str method, const char *error, struct str *value)
{
	const struct failure *failure = scene->failure;
	const struct frame *frame = NULL;
	const char *path = NULL;
	struct str text;

	for (size_t i = failure->frame_count; i-- > 0 && !path;) {
		frame = &failure->frames[i];
		path = frame->file && ruby_is_test(frame->file) ? scene_path(scene, frame->file) : NULL;
	}
	if (!path || !scene_read(scene, path, &text))
		return template_decline(scene, "no oracle: no test came here"), false;
	if (is_expected(scene, error))
		return template_decline(scene, "a test names %s: it may be meant", error), false;
	if (!read_line(scene->arena, str_trim(ruby_line(text, frame->line)), method, value))
		return template_decline(scene, "no oracle: line %u of %s does not say what %.*s gives",
					frame->line, path, STR_ARG(method)), false;
	return true;
}
