/*
 * A hash is handed on as one argument to a method that takes keywords, which Ruby 3 no longer
 * spreads -> "**" before it, or a hash that is written out loses its braces. Only for the last
 * argument of the one call on the line.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "ArgumentError", NULL };
static const char pattern[] = "^wrong number of arguments \\(given (?<given>\\d+), expected (?<expected>\\d+)";

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The bytes of the arguments of the one call `name(...)` in the line; false when there are two. */
static bool arguments_of(const struct ruby *ruby, unsigned number, struct str name, size_t *start, size_t *end)
{
	struct str line = ruby_line(ruby->code, number);
	const char *call = arena_printf(ruby->scene->arena, "%.*s(", STR_ARG(name));
	ptrdiff_t at = str_find(line, str_of(call));
	size_t from, depth = 1, i;

	if (at < 0 || (at && word_byte(line.at[at - 1])) ||
	    str_find(str_from(line, (size_t)at + 1), str_of(call)) >= 0)
		return false;
	from = (size_t)at + strlen(call);
	for (i = from; i < line.size; i++) {
		if (strchr("([{", line.at[i]))
			depth++;
		else if (strchr(")]}", line.at[i]) && !--depth)
			break;
	}
	*start = line_start(ruby->text, number) + from;
	*end = line_start(ruby->text, number) + i;
	return i < line.size;
}

/* The last of the arguments, and how many there are. */
static struct str last_of(const struct ruby *ruby, size_t start, size_t end, unsigned *count)
{
	size_t depth = 0, from = start;

	*count = 1;
	for (size_t i = start; i < end; i++) {
		if (strchr("([{", ruby->code.at[i]))
			depth++;
		else if (strchr(")]}", ruby->code.at[i]))
			depth--;
		else if (ruby->code.at[i] == ',' && !depth) {
			from = i + 1;
			++*count;
		}
	}
	return str_trim(str_slice(ruby->text, from, end - from));
}

static bool is_name(struct str text)
{
	(void)str_skip(&text, "@");
	return str_is_word(text);
}

/* The place in the code that called the method: the own frame right before the innermost one. */
static const char *caller(const struct scene *scene, unsigned *line, const char **definition, unsigned *at)
{
	const struct failure *f = scene->failure;

	*definition = NULL;
	for (size_t i = f->frame_count; i-- > 0;) {
		const char *path = f->frames[i].own ? scene_path(scene, f->frames[i].file) : NULL;

		if (!path)
			continue;
		if (!*definition) {
			*definition = path;
			*at = f->frames[i].line;
			continue;
		}
		*line = f->frames[i].line;
		return path;
	}
	return NULL;
}

static bool takes_keywords(struct scene *scene, const char *path, unsigned line, struct ruby_method *method)
{
	struct ruby ruby;

	return ruby_open(&ruby, scene, path) && ruby_method_at(&ruby, line, method) && method->first == line &&
	       (str_has(method->parameters, ": ") || str_ends(method->parameters, ":") ||
		str_has(method->parameters, ":,") || str_has(method->parameters, "**"));
}

static void fix(struct scene *scene)
{
	unsigned line = 0, at = 0, count;
	unsigned long given = 0, expected = 0;
	const char *definition, *path = caller(scene, &line, &definition, &at);
	struct ruby_method method;
	struct str last, mended;
	struct ruby ruby;
	size_t start, end;

	if (!path || !takes_keywords(scene, definition, at, &method))
		return template_decline(scene, "the method takes no keywords, or nobody of ours calls it");
	if (!ruby_open(&ruby, scene, path))
		return;
	if (!str_number(scene_group(scene, "given"), &given) ||
	    !str_number(scene_group(scene, "expected"), &expected) || given != expected + 1)
		return template_decline(scene, "not one argument too many was given");
	if (!arguments_of(&ruby, line, method.name, &start, &end))
		return template_decline(scene, "line %u does not call %.*s just once", line, STR_ARG(method.name));
	last = last_of(&ruby, start, end, &count);
	if (count != given)
		return template_decline(scene, "the call has not as many arguments as were given");
	if (is_name(last))
		mended = str_of(arena_printf(scene->arena, "**%.*s", STR_ARG(last)));
	else if (str_starts(last, "{") && str_ends(last, "}") && str_has(last, ": "))
		mended = str_trim(str_slice(last, 1, last.size - 2));
	else
		return template_decline(scene, "the last argument is neither a name nor a hash");
	start = (size_t)(last.at - ruby.text.at);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s takes keywords, and a hash is none: it is spread.",
				     STR_ARG(method.name)), path,
		      ruby_replace(scene->arena, ruby.text, start, start + last.size, mended));
}

static const struct example examples[] = {
	{
		.name = "options that are handed on",
		.log =
		"lib/bars.rb:2:in `bar': wrong number of arguments (given 2, expected "
		"1) (ArgumentError)\n"
		"\tfrom lib/chart.rb:3:in `rows'\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/chart.rb",
			  "class Chart\n"
			  "  def rows\n"
			  "    @values.map { |value| \"#{value} #{Bars.bar(value, @options)}\" }\n"
			  "  end\n"
			  "end\n",
			  "class Chart\n"
			  "  def rows\n"
			  "    @values.map { |value| \"#{value} #{Bars.bar(value, **@options)}\" "
			  "}\n"
			  "  end\n"
			  "end\n" },
			{ "lib/bars.rb",
			  "module Bars\n"
			  "  def self.bar(value, width: 10, mark: \"#\")\n"
			  "    mark * width\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a hash that is written out",
		.log =
		"lib/bars.rb:2:in `bar': wrong number of arguments (given 2, expected "
		"1; required keyword: width) (ArgumentError)\n"
		"\tfrom lib/chart.rb:3:in `rows'\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/chart.rb",
			  "class Chart\n"
			  "  def rows\n"
			  "    Bars.bar(1, { width: 4 })\n"
			  "  end\n"
			  "end\n",
			  "class Chart\n"
			  "  def rows\n"
			  "    Bars.bar(1, width: 4)\n"
			  "  end\n"
			  "end\n" },
			{ "lib/bars.rb",
			  "module Bars\n"
			  "  def self.bar(value, width:)\n"
			  "    mark * width\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a method without keywords",
		.log =
		"lib/bars.rb:2:in `bar': wrong number of arguments (given 2, expected "
		"1) (ArgumentError)\n"
		"\tfrom lib/chart.rb:3:in `rows'\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/chart.rb",
			  "class Chart\n"
			  "  def rows\n"
			  "    Bars.bar(1, options)\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "lib/bars.rb",
			  "module Bars\n"
			  "  def self.bar(value)\n"
			  "    value\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "takes no keywords",
	},
	{0}
};

const struct template template_ruby_keyword_arguments = {
	.name = "ruby_keyword_arguments",
	.summary = "a hash given to a method of keywords -> ** before it",
	.language = "ruby",
	.class = "call",
	.oracles = "the method's own keywords",
	.keeps_off = "methods without keywords; anything but the last argument",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
