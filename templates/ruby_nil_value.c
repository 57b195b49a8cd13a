/*
 * A method is called on a value that may be nil, and its siblings in the same file take a default
 * for the same kind of value: "(@fields[:name] || "").strip", "@fields[:name]&.strip || x",
 * "@fields[:name].to_s.strip" -> the same form. All siblings must agree; without one it declines.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "bot/base/regex.h"

static const char *const types[] = { "NoMethodError", NULL };
static const char pattern[] = "^undefined method " RUBY_QUOTED("method") " for nil";

struct nil_value {
	const struct ruby *ruby;
	struct str holder, item, method;	/* "@fields", "[:town]", "strip" */
	size_t start, end;			/* bytes of "@fields[:town].strip" */
};

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@';
}

/* Back over one item, "[:town]" or ".town"; false when something else is there. */
static bool item_before(struct str line, size_t end, size_t *start)
{
	size_t at = end;

	if (end && line.at[end - 1] == ']') {
		while (at && line.at[at - 1] != '[')
			at--;
		*start = at ? at - 1 : 0;
		return at > 1;
	}
	while (at && word_byte(line.at[at - 1]))
		at--;
	*start = at ? at - 1 : 0;
	return at > 1 && at < end && line.at[at - 1] == '.';
}

/* The one place on the line where the method is called on an item of a plain name. */
static bool find(struct nil_value *value, unsigned number)
{
	struct arena *a = value->ruby->scene->arena;
	struct str line = ruby_line(value->ruby->text, number);
	const char *call = arena_printf(a, ".%.*s", STR_ARG(value->method));
	size_t base = line_start(value->ruby->text, number), from = 0, item, start;
	bool found = false;

	for (;;) {
		ptrdiff_t at = str_find(str_from(line, from), str_of(call));
		size_t dot = from + (size_t)(at > 0 ? at : 0);

		if (at < 0)
			return found;
		from = dot + strlen(call);
		if (from < line.size && word_byte(line.at[from]))
			continue;
		if (!item_before(line, dot, &item))
			continue;
		for (start = item; start && word_byte(line.at[start - 1]); start--)
			;
		if (start == item || (start && strchr(".])&:", line.at[start - 1])))
			continue;
		if (found)
			return false;
		found = true;
		value->holder = str_slice(line, start, item - start);
		value->item = str_slice(line, item, dot - item);
		value->start = base + start;
		value->end = base + from;
	}
}

/* What stands before and behind the value in the forms that siblings may have. */
static const struct form {
	const char *before, *behind;	/* as regular expressions, around holder and item */
} forms[] = {
	{ "\\(", " \\|\\| (?<default>[^()|]{1,40})\\)\\.METHOD\\b" },
	{ "", "\\.to_s\\.METHOD\\b" },
	{ "", "&\\.METHOD\\b(?: \\|\\| (?<default>[^\\s()|,]{1,40}))?" },
};

static const char *escaped(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < text.size; i++)
		text_addf(&out, word_byte(text.at[i]) ? "%c" : "\\%c", text.at[i]);
	return text_cstr(&out);
}

/*
 * A sibling's text, with our item in place of its own. All siblings of all forms must come to the
 * same; empty when there is none or they do not.
 */
static struct str ask_form(const struct nil_value *value, const struct form *form, bool *several)
{
	struct arena *a = value->ruby->scene->arena;
	struct str behind = str_of(form->behind), before_method, after_method, groups[REGEX_GROUPS_MAX];
	struct str found = STR_NONE, text = value->ruby->text;
	const char *items = value->item.at[0] == '[' ? "(?<item>\\[[^\\]\\n]{1,40}\\])" : "(?<item>\\.\\w{1,40})";
	struct err e = ERR_INIT;
	size_t at = 0;

	(void)str_split(behind, "METHOD", &before_method, &after_method);
	REGEX regex = regex_open(arena_printf(a, "%s%s%s%.*s%s%.*s", form->before, escaped(a, value->holder), items,
					      STR_ARG(before_method), escaped(a, value->method),
					      STR_ARG(after_method)), &e);
	while (regex && regex_search(regex, text, at, groups) == REGEX_FOUND) {
		struct str item = groups[regex_group(regex, "item")], all = groups[0];
		size_t place = (size_t)(item.at - all.at);
		struct str made = str_of(arena_printf(a, "%.*s%.*s%.*s", STR_ARG(str_slice(all, 0, place)),
						      STR_ARG(value->item),
						      STR_ARG(str_from(all, place + item.size))));

		at = (size_t)(all.at - text.at) + all.size;
		*several |= found.size && !str_equal(found, made);
		found = made;
	}
	return found;
}

static void fix(struct scene *scene)
{
	struct str found = STR_NONE;
	bool several = false;
	unsigned line;
	const char *path = ruby_crash(scene, &line);
	struct ruby ruby;
	struct nil_value value = { .ruby = &ruby, .method = scene_group(scene, "method") };

	if (!ruby_open(&ruby, scene, path))
		return;
	if (!str_is_word(value.method) || !find(&value, line))
		return template_decline(scene, "line %u calls it not on one item of a plain name", line);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct str made = ask_form(&value, &forms[i], &several);

		several |= made.size && found.size;
		found = made.size ? made : found;
	}
	if (!found.size || several)
		return template_decline(scene, several ? "its siblings do not agree on what nothing is"
						       : "no sibling says what %.*s of nothing is",
					STR_ARG(value.method));
	candidate_put(scene, propose(scene, ORACLE_SIBLING, "%.*s%.*s may be nil; other methods of %s write %.*s.",
				     STR_ARG(value.holder), STR_ARG(value.item), path, STR_ARG(found)), path,
		      ruby_replace(scene->arena, ruby.text, value.start, value.end, found));
}

static const struct example examples[] = {
	{
		.name = "an empty text, as two siblings say",
		.log =
		"lib/contact.rb:11:in `town': undefined method `strip' for "
		"nil:NilClass (NoMethodError)\n"
		"\n"
		"    @fields[:town].strip\n"
		"                  ^^^^^^\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/contact.rb",
			  "class Contact\n"
			  "  def name\n"
			  "    (@fields[:name] || \"\").strip\n"
			  "  end\n"
			  "\n"
			  "  def street\n"
			  "    (@fields[:street] || \"\").strip\n"
			  "  end\n"
			  "\n"
			  "  def town\n"
			  "    @fields[:town].strip\n"
			  "  end\n"
			  "end\n",
			  "class Contact\n"
			  "  def name\n"
			  "    (@fields[:name] || \"\").strip\n"
			  "  end\n"
			  "\n"
			  "  def street\n"
			  "    (@fields[:street] || \"\").strip\n"
			  "  end\n"
			  "\n"
			  "  def town\n"
			  "    (@fields[:town] || \"\").strip\n"
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
		.name = "an attribute",
		.log =
		"lib/card.rb:3:in `line': undefined method `upcase' for nil:NilClass "
		"(NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/card.rb",
			  "class Card\n"
			  "  def line\n"
			  "    person.town.upcase\n"
			  "  end\n"
			  "\n"
			  "  def first\n"
			  "    person.name&.upcase || \"-\"\n"
			  "  end\n"
			  "end\n",
			  "class Card\n"
			  "  def line\n"
			  "    person.town&.upcase || \"-\"\n"
			  "  end\n"
			  "\n"
			  "  def first\n"
			  "    person.name&.upcase || \"-\"\n"
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
		.name = "two siblings that disagree",
		.log =
		"lib/contact.rb:11:in `town': undefined method `strip' for "
		"nil:NilClass (NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/contact.rb",
			  "class Contact\n"
			  "  def name\n"
			  "    (@fields[:name] || \"\").strip\n"
			  "  end\n"
			  "\n"
			  "  def street\n"
			  "    (@fields[:street] || \"?\").strip\n"
			  "  end\n"
			  "\n"
			  "  def town\n"
			  "    @fields[:town].strip\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "do not agree",
	},
	{
		.name = "nobody says it",
		.log =
		"lib/contact.rb:3:in `town': undefined method `strip' for nil:NilClass "
		"(NoMethodError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/contact.rb",
			  "class Contact\n"
			  "  def town\n"
			  "    @fields[:town].strip\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no sibling says",
	},
	{0}
};

const struct template template_ruby_nil_value = {
	.name = "ruby_nil_value",
	.summary = "a method of nil -> the default that its siblings take for the same kind "
		"of value",
	.language = "ruby",
	.class = "crash guard",
	.oracles = "the same call on other items in the same file",
	.keeps_off = "siblings that disagree; no sibling",
	.danger = DANGER_2,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
