/*
 * An undefined name that is a slip of the keyboard of one name of the same method or class ->
 * that name. The suggestion of ruby is not asked: the name must be the only one that a slip can
 * have come from.
 */
#include "templates/lib_ruby.h"

#include "templates/lib_scene.h"


#include "templates/lib_old_name.h"
#include "templates/lib_similar.h"

static const char *const types[] = { "NameError", "NoMethodError", NULL };
static const char pattern[] = "^undefined (?:local variable or )?method " RUBY_QUOTED("name") " for (?!nil)";

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A word of the text that the name can be a slip of; *several when there are two. */
static void look(struct str text, struct str name, struct str *found, bool *several)
{
	size_t at = 0;

	while (at < text.size) {
		size_t start = at;
		struct str word;

		while (at < text.size && word_byte(text.at[at]))
			at++;
		word = str_slice(text, start, at - start);
		if (word.size && !str_equal(word, name) && similar_slip(name, word)) {
			*several |= found->size && !str_equal(*found, word);
			*found = word;
		}
		at += at == start;
	}
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name"), found = STR_NONE, line, names, after;
	unsigned at, count;
	const char *path = ruby_crash(scene, &at);
	struct ruby_method method;
	struct ruby ruby;
	bool several = false;
	size_t start;

	if (!str_is_word(name) || !ruby_open(&ruby, scene, path))
		return;
	if (!ruby_method_at(&ruby, at, &method))
		method = (struct ruby_method){ .first = 1, .last = at };
	start = line_start(ruby.code, method.first);
	names = str_slice(ruby.code, start, line_start(ruby.code, method.last) - start);
	look(names, name, &found, &several);
	for (unsigned n = 0; !found.size && !several && ruby_method(&ruby, n, &method); n++)
		look(method.name, name, &found, &several);
	if (!found.size || several)
		return template_decline(scene, "%s of this file can be meant by %.*s", several ? "several names"
											     : "no name",
					STR_ARG(name));
	start = line_start(ruby.text, at);
	line = ruby_line(ruby.code, at);
	after = old_name_replace(scene->arena, str_slice(ruby.text, start, line.size), line, name, found, &count);
	if (count != 1)
		return template_decline(scene, "line %u does not have %.*s just once", at, STR_ARG(name));
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "%.*s is a slip of %.*s, the only name like it.",
				     STR_ARG(name), STR_ARG(found)), path,
		      ruby_replace(scene->arena, ruby.text, start, start + line.size, after));
}

static const struct example examples[] = {
	{
		.name = "a parameter",
		.log =
		"lib/b.rb:3:in `sum': undefined local variable or method `toatl' for "
		"#<S:0x00007f1932ada208> (NameError)\n"
		"\n"
		"    toatl + 1\n"
		"    ^^^^^\n"
		"Did you mean?  total\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class S\n"
			  "  def sum(total)\n"
			  "    toatl + 1\n"
			  "  end\n"
			  "end\n",
			  "class S\n"
			  "  def sum(total)\n"
			  "    total + 1\n"
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
		.name = "two names are like it",
		.log =
		"lib/b.rb:4:in `sum': undefined local variable or method `totl' for "
		"#<S:0x00007f1932ada208> (NameError)\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class S\n"
			  "  def sum(total)\n"
			  "    totil = total\n"
			  "    totl + 1\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "several names",
	},
	{
		.name = "another name",
		.log =
		"lib/b.rb:3:in `sum': undefined method `sum_all' for "
		"#<S:0x00007f1932ada208> (NoMethodError)\n"
		"Did you mean?  sum_in\n"
		"\tfrom test/run.rb:3:in `<main>'\n",
		.file = {
			{ "lib/b.rb",
			  "class S\n"
			  "  def sum(account)\n"
			  "    account.sum_all\n"
			  "  end\n"
			  "\n"
			  "  def sum_in\n"
			  "  end\n"
			  "end\n",
			  NULL },
			{ "test/run.rb",
			  "\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "no name",
	},
	{0}
};

const struct template template_ruby_misspelt_name = {
	.name = "ruby_misspelt_name",
	.summary = "an undefined name that is a slip of one name of the file -> that name",
	.language = "ruby",
	.class = "name",
	.oracles = "the only name like it",
	.keeps_off = "several names; names that mean two things by convention",
	.danger = DANGER_1,
	.types = types,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
