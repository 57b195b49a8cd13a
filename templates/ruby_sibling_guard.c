/*
 * A method crashes on nothing - nil, a division by zero - while the other methods of its class
 * begin with one and the same guard about what they share ("return if @values.empty?") -> that
 * guard. Two others must have it, and the crashing method must use the same names.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


static const char *const types[] = { "NoMethodError", "ZeroDivisionError", "FloatDomainError", "TypeError", "ArgumentError",
	NULL };
static const char pattern[] = " for nil|^divided by 0|^NaN$|^Infinity$|^nil can't be coerced|"
	"^comparison of NilClass|no implicit conversion (?:from|of) nil|comparison of .* with nil failed";

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@';
}

/* The first line of the method's body when it is a guard: "return if @values.empty?" */
static struct str guard_of(const struct ruby *ruby, const struct ruby_method *method)
{
	struct str line = str_trim(ruby_line(ruby->text, method->first + 1));

	if (str_starts(line, "return ") && (str_has(line, " if ") || str_has(line, " unless ")))
		return line;
	if (str_starts(line, "raise ") && (str_has(line, " if ") || str_has(line, " unless ")))
		return line;
	return STR_NONE;
}

/* What the guard asks about: "@values" of "return if @values.empty?" */
static struct str subject_of(struct str guard)
{
	struct str condition;
	size_t size = 0;

	if (!str_split(guard, " if ", NULL, &condition) && !str_split(guard, " unless ", NULL, &condition))
		return STR_NONE;
	(void)str_skip(&condition, "!");
	while (size < condition.size && word_byte(condition.at[size]))
		size++;
	return str_slice(condition, 0, size);
}

/* A name that both methods can mean: an instance variable, or a parameter that both have. */
static bool is_shared(const struct ruby *ruby, const struct ruby_method *method, struct str name)
{
	struct str body = str_slice(ruby->code, line_start(ruby->code, method->first + 1),
				    line_start(ruby->code, method->last) -
				    line_start(ruby->code, method->first + 1));

	if (!name.size)
		return false;
	if (name.at[0] != '@' && !text_has_word(method->parameters, str_text(ruby->scene->arena, name)))
		return false;
	return text_has_word(body, str_text(ruby->scene->arena, name));
}

struct guards {
	struct str guard;
	unsigned count;
	bool several, parted;		/* parted: a blank line behind it */
};

static void collect(const struct ruby *ruby, const struct ruby_method *crash, struct guards *guards)
{
	struct ruby_method method;

	for (unsigned n = 0; ruby_method(ruby, n, &method); n++) {
		struct str guard = method.first == crash->first ? STR_NONE : guard_of(ruby, &method);

		if (!guard.size || !is_shared(ruby, crash, subject_of(guard)))
			continue;
		guards->several |= guards->guard.size && !str_equal(guards->guard, guard);
		guards->guard = guard;
		guards->count++;
		guards->parted = !str_trim(ruby_line(ruby->text, method.first + 2)).size;
	}
}

static void fix(struct scene *scene)
{
	unsigned line;
	const char *path = ruby_crash(scene, &line);
	struct guards guards = {0};
	struct ruby_method crash;
	struct str body, indent;
	struct ruby ruby;
	size_t place;

	if (!ruby_open(&ruby, scene, path))
		return;
	if (!ruby_method_at(&ruby, line, &crash))
		return template_decline(scene, "it is in no method");
	if (guard_of(&ruby, &crash).size)
		return template_decline(scene, "%.*s has a guard of its own", STR_ARG(crash.name));
	collect(&ruby, &crash, &guards);
	if (guards.count < 2 || guards.several)
		return template_decline(scene, guards.several ? "the guards of its siblings differ"
							      : "no two siblings of %.*s have one guard",
					STR_ARG(crash.name));
	body = ruby_line(ruby.text, crash.first + 1);
	indent = str_slice(body, 0, str_indent(body));
	place = line_start(ruby.text, crash.first + 1);
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "%u other methods of %s begin with \"%.*s\".",
				     guards.count, path, STR_ARG(guards.guard)), path,
		      ruby_replace(scene->arena, ruby.text, place, place,
				   str_of(arena_printf(scene->arena, "%.*s%.*s\n%s", STR_ARG(indent),
						       STR_ARG(guards.guard), guards.parted ? "\n" : ""))));
}

static const struct example examples[] = {
	{
		.name = "nothing to take the middle of",
		.log =
		"lib/sample.rb:15:in `median': undefined method `+' for nil:NilClass "
		"(NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/sample.rb",
			  "class Sample\n"
			  "  def mean\n"
			  "    return if @values.empty?\n"
			  "\n"
			  "    @values.sum.to_f / @values.size\n"
			  "  end\n"
			  "\n"
			  "  def spread\n"
			  "    return if @values.empty?\n"
			  "\n"
			  "    @values.last - @values.first\n"
			  "  end\n"
			  "\n"
			  "  def median\n"
			  "    (@values[0] + @values[1]) / 2.0\n"
			  "  end\n"
			  "end\n",
			  "class Sample\n"
			  "  def mean\n"
			  "    return if @values.empty?\n"
			  "\n"
			  "    @values.sum.to_f / @values.size\n"
			  "  end\n"
			  "\n"
			  "  def spread\n"
			  "    return if @values.empty?\n"
			  "\n"
			  "    @values.last - @values.first\n"
			  "  end\n"
			  "\n"
			  "  def median\n"
			  "    return if @values.empty?\n"
			  "\n"
			  "    (@values[0] + @values[1]) / 2.0\n"
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
		.name = "guards that differ",
		.log =
		"lib/sample.rb:11:in `median': divided by 0 (ZeroDivisionError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/sample.rb",
			  "class Sample\n"
			  "  def mean\n"
			  "    return if @values.empty?\n"
			  "    @values.sum.to_f / @values.size\n"
			  "  end\n"
			  "  def spread\n"
			  "    return 0 if @values.empty?\n"
			  "    @values.last - @values.first\n"
			  "  end\n"
			  "  def median\n"
			  "    @values.sum / @values.size\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "differ",
	},
	{
		.name = "one sibling is not enough",
		.log =
		"lib/sample.rb:7:in `median': divided by 0 (ZeroDivisionError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/sample.rb",
			  "class Sample\n"
			  "  def mean\n"
			  "    return if @values.empty?\n"
			  "    @values.sum.to_f / @values.size\n"
			  "  end\n"
			  "  def median\n"
			  "    @values.sum / @values.size\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no two siblings",
	},
	{
		.name = "it is about something else",
		.log =
		"lib/sample.rb:11:in `median': divided by 0 (ZeroDivisionError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/sample.rb",
			  "class Sample\n"
			  "  def mean\n"
			  "    return if @values.empty?\n"
			  "    @values.sum.to_f / @values.size\n"
			  "  end\n"
			  "  def spread\n"
			  "    return if @values.empty?\n"
			  "    @values.last - @values.first\n"
			  "  end\n"
			  "  def median\n"
			  "    @sum / @count\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no two siblings",
	},
	{0}
};

const struct template template_ruby_sibling_guard = {
	.name = "ruby_sibling_guard",
	.summary = "a crash on nothing -> the guard that the other methods of the class "
		"begin with",
	.language = "ruby",
	.class = "crash guard",
	.oracles = "two other methods with the same guard",
	.keeps_off = "guards that differ; other names",
	.danger = DANGER_2,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
