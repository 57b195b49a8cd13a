/*
 * make: missing separator. A recipe begins with blanks where make wants a tab -> the tab, in all the
 * recipes of the file that were written so. The line must stand under the head of a rule; lists that
 * go on over several lines, assignments and conditions keep their blanks.
 */
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

#include "bot/base/regex.h"

#define RULE_HEAD "^[^\\s#=:][^=#]*::?(?:[^=:]|$)"
#define NO_RECIPE "^\\s*(?:#|(?:export |override )?[\\w.-]+\\s*[:?+!]?=|(?:ifn?eq|ifn?def|else|endif|-?include|" \
	"define|endef|vpath)\\b)"

static bool fits(const char *pattern, struct str line)
{
	struct str groups[REGEX_GROUPS_MAX];
	const struct regex *regex = regex_kept(pattern);

	return regex && regex_match(regex, line, groups);
}

struct makefile {
	struct text out;
	unsigned wanted;		/* the line that make names */
	bool in_rule, goes_on;		/* the line before: below a rule's head; ends with a backslash */
	bool wanted_is_recipe;
	unsigned changed;
};

static void add_line(struct makefile *m, struct str line, unsigned number)
{
	struct str code = str_trim(line);
	bool blanks = line.size && *line.at == ' ', recipe = blanks && m->in_rule && !m->goes_on &&
		      code.size && !fits(NO_RECIPE, line);

	if (recipe) {
		m->changed++;
		m->wanted_is_recipe |= number == m->wanted;
		text_adds(&m->out, "\t");
		while (line.size && (*line.at == ' ' || *line.at == '\t'))
			line = str_from(line, 1);
	}
	text_add(&m->out, line);
	if (!m->goes_on && code.size && *code.at != '#' && !recipe && *line.at != '\t')
		m->in_rule = fits(RULE_HEAD, line) || (m->in_rule && fits(NO_RECIPE, line) && blanks);
	m->goes_on = str_ends(str_trim_right(line), "\\");
}

static void fix(struct scene *scene)
{
	struct makefile m = { .out = TEXT(scene->arena), .wanted = scene->failure->line };
	const char *path = scene_path(scene, scene->failure->file);
	struct str text, rest, line;
	unsigned number = 0;

	if (!path || !scene_read(scene, path, &text) || scene_is_aside(path, ""))
		return template_decline(scene, "the file is not this project's own");
	for (rest = text; str_next(&rest, '\n', &line);) {
		add_line(&m, line, ++number);
		text_adds(&m.out, line.at + line.size < text.at + text.size ? "\n" : "");
	}
	if (!m.wanted_is_recipe)
		return template_decline(scene, "line %u of %s is no recipe that begins with blanks", m.wanted,
					path);
	candidate_put(scene, propose(scene, ORACLE_TOOL, "A recipe begins with a tab; %u line%s of %s began "
				     "with blanks.", m.changed, m.changed == 1 ? "" : "s", path),
		      path, text_str(&m.out));
}

static const struct example examples[] = {
	{
		.name = "recipes of two rules",
		.log =
			"Makefile:6: *** missing separator (did you mean TAB instead of 8 spac"
			"es?).  Stop.\n",
		.file = {
			{ "Makefile",
			  "CFLAGS = -O1\n"
			  "OBJECTS = a.o \\\n"
			  "        b.o\n"
			  "\n"
			  "all: $(OBJECTS)\n"
			  "        @echo made\n"
			  "\n"
			  "a.o b.o:\n"
			  "\t@touch $@\n"
			  "\n"
			  ".PHONY: test\n"
			  "test: all\n"
			  "    @echo tested\n",
			  "CFLAGS = -O1\n"
			  "OBJECTS = a.o \\\n"
			  "        b.o\n"
			  "\n"
			  "all: $(OBJECTS)\n"
			  "\t@echo made\n"
			  "\n"
			  "a.o b.o:\n"
			  "\t@touch $@\n"
			  "\n"
			  ".PHONY: test\n"
			  "test: all\n"
			  "\t@echo tested\n" },
		},
	},
	{
		.name = "a line that belongs to no rule",
		.log =
			"Makefile:2: *** missing separator.  Stop.\n",
		.file = {
			{ "Makefile",
			  "NAME = x\n"
			  "    echo $(NAME)\n"
			  "\n"
			  "all:\n"
			  "\t@echo made\n",
			  NULL },
		},
		.declines = "no recipe",
	},
	{0}
};

const struct template template_tool_make_tab = {
	.name = "tool_make_tab",
	.summary = "make: missing separator, a recipe begins with blanks -> a tab",
	.class = "syntax",
	.oracles = "the checker itself",
	.keeps_off = "lines that are no recipe of a rule",
	.danger = DANGER_0,
	.tool = "make",
	.pattern = "^missing separator",
	.fix = fix,
	.examples = examples,
};
