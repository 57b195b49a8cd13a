/*
 * A text is built on a frozen one -> a fresh one where the variable begins: "+" before a literal
 * or constant, as the file has it elsewhere, else ".dup". Keeps off parameters and whatever else
 * may be shared on purpose.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


enum { LINES_MAX = 60000 };

static const char *const types[] = { "FrozenError", NULL };
static const char pattern[] = "^can't modify frozen String";

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@';
}

/* The variable before `<<` or before a method that changes it: "out" of "out << x" */
static struct str changed(struct str line)
{
	static const char *const marks[] = { " << ", "<<", ".concat(", ".insert(", ".replace(", ".prepend(",
		".sub!", ".gsub!", ".strip!", ".chomp!", ".upcase!", ".downcase!", ".tr!", ".slice!", ".squeeze!", NULL };

	for (size_t i = 0; marks[i]; i++) {
		ptrdiff_t at = str_find(line, str_of(marks[i]));
		size_t start = at > 0 ? (size_t)at : 0;

		while (start && word_byte(line.at[start - 1]))
			start--;
		if (at > 0 && start < (size_t)at && (!start || line.at[start - 1] != '.'))
			return str_slice(line, start, (size_t)at - start);
	}
	return STR_NONE;
}

/*
 * The only place, within the lines, where the name gets its value: the bytes of the value. False
 * when it gets one in several places, or not so plainly.
 */
static bool value_of(const struct ruby *ruby, struct str name, unsigned first, unsigned last,
		     size_t *start, struct str *value)
{
	bool found = false;

	for (unsigned n = first; n <= last && line_start(ruby->text, n) < ruby->text.size; n++) {
		struct str line = ruby_line(ruby->code, n), full = ruby_line(ruby->text, n), rest = str_trim(line);
		size_t at;

		if (!str_starts(rest, str_text(ruby->scene->arena, name)))
			continue;
		rest = str_trim(str_from(rest, name.size));
		if (!str_skip(&rest, "=") || str_starts(rest, "=") || str_starts(rest, "~"))
			continue;
		if (found)
			return false;
		rest = str_trim(rest);
		at = (size_t)(rest.at - line.at);
		*start = line_start(ruby->text, n) + at;
		*value = str_trim(str_slice(full, at, rest.size));
		found = true;
	}
	return found;
}

static bool is_literal(struct str value)
{
	char quote = value.size > 1 ? value.at[0] : 0;

	return (quote == '"' || quote == '\'') && value.at[value.size - 1] == quote &&
	       str_char(str_slice(value, 1, value.size - 2), quote) < 0;
}

static bool is_constant(struct str value)
{
	if (!value.size || value.at[0] < 'A' || value.at[0] > 'Z')
		return false;
	for (size_t i = 0; i < value.size; i++)
		if (!word_byte(value.at[i]) && value.at[i] != ':')
			return false;
	return true;
}

static void fix(struct scene *scene)
{
	unsigned line;
	const char *path = ruby_crash(scene, &line);
	struct ruby_method method = { .first = 1, .last = LINES_MAX };
	struct ruby ruby;
	struct str name, value, after;
	size_t start;
	bool plus;

	if (!ruby_open(&ruby, scene, path))
		return;
	name = changed(ruby_line(ruby.code, line));
	if (!name.size)
		return template_decline(scene, "line %u shows no variable that it changes", line);
	if (name.at[0] != '@' && !ruby_method_at(&ruby, line, &method))
		return template_decline(scene, "it is in no method");
	if (!value_of(&ruby, name, method.first, method.last, &start, &value))
		return template_decline(scene, "%.*s does not get its value in one place", STR_ARG(name));
	if (!is_literal(value) && !is_constant(value))
		return template_decline(scene, "%.*s is made of something that others may share", STR_ARG(name));
	plus = is_literal(value) || str_has(ruby.text, "= +") || !str_has(ruby.text, ".dup");
	after = plus ? ruby_replace(scene->arena, ruby.text, start, start, STR("+"))
		     : ruby_replace(scene->arena, ruby.text, start + value.size, start + value.size, STR(".dup"));
	candidate_put(scene, propose(scene, ORACLE_TOOL, "%.*s is changed, so it must begin as a text of its own "
				     "and not as a frozen one.", STR_ARG(name)), path, after);
}

static const struct example examples[] = {
	{
		.name = "a constant",
		.log =
		"lib/letter.rb:8:in `text': can't modify frozen String: \"Dear\" "
		"(FrozenError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/letter.rb",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "class Letter\n"
			  "  GREETING = \"Dear\"\n"
			  "\n"
			  "  def text\n"
			  "    out = GREETING\n"
			  "    out << \" friends\"\n"
			  "  end\n"
			  "\n"
			  "  def other\n"
			  "    out = +\"x\"\n"
			  "  end\n"
			  "end\n",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "class Letter\n"
			  "  GREETING = \"Dear\"\n"
			  "\n"
			  "  def text\n"
			  "    out = +GREETING\n"
			  "    out << \" friends\"\n"
			  "  end\n"
			  "\n"
			  "  def other\n"
			  "    out = +\"x\"\n"
			  "  end\n"
			  "end\n" },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a literal in an instance variable",
		.log =
		"lib/log.rb:9:in `add': can't modify frozen String: \"\" (FrozenError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/log.rb",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "class Log\n"
			  "  def initialize\n"
			  "    @text = ''\n"
			  "  end\n"
			  "\n"
			  "  def add(line)\n"
			  "    @text << line\n"
			  "  end\n"
			  "end\n",
			  "# frozen_string_literal: true\n"
			  "\n"
			  "class Log\n"
			  "  def initialize\n"
			  "    @text = +''\n"
			  "  end\n"
			  "\n"
			  "  def add(line)\n"
			  "    @text << line\n"
			  "  end\n"
			  "end\n" },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "a parameter",
		.log =
		"lib/letter.rb:3:in `text': can't modify frozen String: \"Dear\" "
		"(FrozenError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/letter.rb",
			  "class Letter\n"
			  "  def text(out)\n"
			  "    out << \" friends\"\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "in one place",
	},
	{
		.name = "what others may share",
		.log =
		"lib/letter.rb:4:in `text': can't modify frozen String: \"Dear\" "
		"(FrozenError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/letter.rb",
			  "class Letter\n"
			  "  def text\n"
			  "    out = greeting\n"
			  "    out << \" friends\"\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "others may share",
	},
	{0}
};

const struct template template_ruby_frozen_string = {
	.name = "ruby_frozen_string",
	.summary = "a text that is built on a frozen one -> a fresh one",
	.language = "ruby",
	.class = "crash guard",
	.oracles = "the language itself",
	.keeps_off = "parameters and values of other methods",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
