/*
 * "divided by 0": a guard right before the division, whose result the failing test names. Only where
 * the division is its method's last word, so that leaving before it skips nothing, and only for the
 * plain values that stand for nothing: 0, nil, empty. Never a rescue, never a divisor of 1.
 */
#include "templates/lib_ruby_test.h"

#include "templates/lib_scene.h"

static const char *const types[] = { "ZeroDivisionError", NULL };

struct division {
	const struct ruby *ruby;
	struct ruby_method method;
	unsigned line;
	struct str divisor;
};

static bool chain_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("_@.?", c);
}

/* The one operator of the line; false when there is none, or several. */
static bool find_divisor(struct division *d)
{
	struct str code = ruby_line(d->ruby->code, d->line);
	size_t at = 0, count = 0, size = 0;
	struct str rest;

	for (size_t i = 0; i < code.size; i++)
		if (code.at[i] == '/' || code.at[i] == '%') {
			at = i;
			count++;
		}
	rest = str_from(code, at + 1);
	if (count != 1 || !str_skip(&rest, " ") || code.at[at - (at > 0)] != ' ')
		return false;
	while (size < rest.size && chain_byte(rest.at[size]))
		size++;
	d->divisor = str_slice(rest, 0, size);
	return size && !strchr("0123456789", rest.at[0]) && (size == rest.size || strchr(" )", rest.at[size]));
}

/* What makes a line more than one plain value, or does something besides. */
static const char *const more[] = { " if ", " unless ", " ? ", "&&", "||", " and ", " or ", "{", " do", ";",
	"rescue", "!", "<<", "yield", "[", "puts ", "print ", ".shift", ".pop", ".push", ".delete", ".next",
	".call", "gets", ".save", ".read", ".write", ".update", "rand", "*=", "+=", "-=", "/=", "%=", "==" };
static const char pure[] = "sum round to_i to_f to_r fdiv max min count inject reduce abs floor ceil Integer "
			   "Float";

static bool is_plain(struct str code)
{
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		if (str_has(code, more[i]))
			return false;
	for (size_t i = 0; i < code.size; i++) {
		size_t start = i;

		if (code.at[i] != '(')
			continue;
		while (start && chain_byte(code.at[start - 1]) && code.at[start - 1] != '.')
			start--;
		if (start < i && !word_among(str_slice(code, start, i - start), pure))
			return false;
	}
	return true;
}

/* "a / b", "return a / b", "mean = a / b" */
static bool is_statement(struct str code)
{
	struct str left, right = code;

	(void)str_skip(&code, "return ");
	if (str_split(code, " = ", &left, &right) && (!str_is_word(left) || str_has(right, " = ")))
		return false;
	return is_plain(code) && !strchr(".+-*/,(&|=", code.at[code.size - 1]) && code.at[0] != '.';
}

/* Is nothing done behind the line but that a name, or a name rounded, is given back? */
static bool is_last(const struct division *d)
{
	for (unsigned n = d->line + 1; n < d->method.last; n++) {
		struct str code = str_trim(ruby_line(d->ruby->code, n));

		for (size_t i = 0; i < code.size; i++)
			if (!chain_byte(code.at[i]) && !strchr("()", code.at[i]))
				return false;
		if ((code.size && (code.at[0] == '.' || code.at[0] == '@')) || !is_plain(code))
			return false;
	}
	return true;
}

/* Does the line begin a statement, and at the level of the method's own body? */
static bool is_at_top(const struct division *d)
{
	struct str line = ruby_line(d->ruby->code, d->line), before = STR_NONE, other;

	for (unsigned n = d->method.first + 1; n < d->line; n++) {
		other = ruby_line(d->ruby->code, n);
		if (!str_trim(other).size)
			continue;
		before = str_trim(other);
		if (str_indent(other) < str_indent(line))
			return false;
	}
	return d->line > d->method.first &&
	       str_indent(line) > str_indent(ruby_line(d->ruby->code, d->method.first)) &&
	       (!before.size || !strchr(".+-*/,(&|={[\\", before.at[before.size - 1])) &&
	       str_indent(line) <= str_indent(ruby_line(d->ruby->code, d->method.first)) + 2;
}

/* "values.empty?" of values.size, "count == 0" of count */
static const char *condition(struct arena *a, struct str divisor)
{
	struct str whole = divisor;

	if ((str_chop(&divisor, ".size") || str_chop(&divisor, ".length")) && divisor.size)
		return arena_printf(a, "%.*s.empty?", STR_ARG(divisor));
	return arena_printf(a, "%.*s == 0", STR_ARG(whole));
}

static void fix(struct scene *scene)
{
	struct division d = { .ruby = NULL };
	const char *path = ruby_crash(scene, &d.line), *guard;
	struct str value, line;
	struct ruby ruby;
	size_t place;

	if (!ruby_open(&ruby, scene, path))
		return;
	d.ruby = &ruby;
	if (!ruby_method_at(&ruby, d.line, &d.method))
		return template_decline(scene, "no oracle: the division is in no method");
	if (!find_divisor(&d))
		return template_decline(scene, "line %u has not one division by a plain name", d.line);
	line = ruby_line(ruby.code, d.line);
	if (!is_at_top(&d) || !is_statement(str_trim(line)) || !is_last(&d))
		return template_decline(scene, "leaving before line %u may skip something", d.line);
	if (!ruby_test_value(scene, d.method.name, "ZeroDivisionError", &value))
		return;
	if (!word_among(value, "0 0.0 nil [] {} false \"\" ''"))
		return template_decline(scene, "%.*s may be the answer to the test's own input only",
					STR_ARG(value));
	guard = arena_printf(scene->arena, "%.*sreturn%s%.*s if %s\n\n", (int)str_indent(line), line.at,
			     str_is(value, "nil") ? "" : " ", str_is(value, "nil") ? 0 : (int)value.size, value.at,
			     condition(scene->arena, d.divisor));
	place = line_start(ruby.text, d.line);
	candidate_put(scene, propose(scene, ORACLE_TEST, "%.*s gives %.*s where %.*s is zero: the failing test "
				     "expects it.", STR_ARG(d.method.name), STR_ARG(value), STR_ARG(d.divisor)),
		      path, ruby_replace(scene->arena, ruby.text, place, place, str_of(guard)));
}

#define LOG(line, method, name) \
	"  1) Error:\n" name ":\nZeroDivisionError: divided by 0\n" \
	"    /home/runner/work/app/app/lib/ratings.rb:" line ":in `/'\n" \
	"    /home/runner/work/app/app/lib/ratings.rb:" line ":in `" method "'\n" \
	"    test/test_ratings.rb:6:in `test_no_stars'\n\n" \
	"2 runs, 1 assertions, 0 failures, 1 errors, 0 skips\n"
#define TEST(assertion) \
	"require \"minitest/autorun\"\nrequire_relative \"../lib/ratings\"\n\n" \
	"class TestRatings < Minitest::Test\n  def test_no_stars\n    " assertion "\n  end\nend\n"
#define NAME "TestRatings#test_no_stars"

static const struct example examples[] = {
	{
		.name = "no stars, the test expects 0",
		.log = LOG("3", "average", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "class Ratings\n  def average\n    @stars.sum / @stars.size\n  end\nend\n",
			  "class Ratings\n  def average\n    return 0 if @stars.empty?\n\n"
			  "    @stars.sum / @stars.size\n  end\nend\n" },
			{ "test/test_ratings.rb", TEST("assert_equal 0, Ratings.new([]).average"), NULL },
		},
	},
	{
		.name = "a local name, rounded; the test expects nil",
		.log = LOG("4", "share", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "module Ratings\n  def self.share(part, all)\n    whole = all.sum\n"
			  "    percent = part * 100 / whole\n    percent.round(1)\n  end\nend\n",
			  "module Ratings\n  def self.share(part, all)\n    whole = all.sum\n"
			  "    return if whole == 0\n\n"
			  "    percent = part * 100 / whole\n    percent.round(1)\n  end\nend\n" },
			{ "test/test_ratings.rb", TEST("assert_nil(Ratings.share(1, []))"), NULL },
		},
	},
	{
		.name = "the value may be of this input only",
		.log = LOG("3", "share", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "class Ratings\n  def self.share(part, whole)\n    part / whole\n  end\nend\n", NULL },
			{ "test/test_ratings.rb", TEST("assert_equal 7, Ratings.share(7, 0)"), NULL },
		},
		.declines = "own input only",
	},
	{
		.name = "something is recorded afterwards",
		.log = LOG("3", "average", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "class Ratings\n  def average\n    mean = @stars.sum / @stars.size\n"
			  "    @seen << mean\n    mean\n  end\nend\n", NULL },
			{ "test/test_ratings.rb", TEST("assert_equal 0, Ratings.new([]).average"), NULL },
		},
		.declines = "may skip something",
	},
	{
		.name = "the test asks another method",
		.log = LOG("3", "average", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "class Ratings\n  def average\n    @stars.sum / @stars.size\n  end\nend\n", NULL },
			{ "test/test_ratings.rb", TEST("assert_equal \"none\", Ratings.new([]).to_s"), NULL },
		},
		.declines = "does not say what average gives",
	},
	{
		.name = "a test expects the error",
		.log = LOG("3", "average", NAME),
		.file = {
			{ "lib/ratings.rb",
			  "class Ratings\n  def average\n    @stars.sum / @stars.size\n  end\nend\n", NULL },
			{ "test/test_ratings.rb", TEST("assert_equal 0, Ratings.new([]).average"), NULL },
			{ "test/test_more.rb", "assert_raises(ZeroDivisionError) { Ratings.new([]).share }\n", NULL },
		},
		.declines = "may be meant",
	},
	{0}
};

const struct template template_ruby_zero_division = {
	.name = "ruby_zero_division",
	.summary = "divided by 0 -> a guard that gives what the failing test expects",
	.language = "ruby",
	.class = "crash guard",
	.oracles = "the failing test's own line",
	.keeps_off = "a value that is not plain; what would be skipped; tests that expect the error",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};
