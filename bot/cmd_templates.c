/*
 * aegis templates: what the catalogue knows. `list` for an overview, `show NAME` for one, `test` to
 * run every template's own examples, `markdown` for the table in the README.
 */
#include "bot/command.h"
#include "bot/selftest.h"
#include "templates/template.h"

#include <stdio.h>

static const struct template *find(const char *name)
{
	for (size_t i = 0; i < template_count; i++)
		if (!strcmp(templates[i]->name, name))
			return templates[i];
	return NULL;
}

static const char *language_of(const struct template *t)
{
	return t->language ? t->language : "any";
}

static int list(void)
{
	for (size_t i = 0; i < template_count; i++)
		printf("%-28s %-8s %-14s %-22s D%d  %s\n", templates[i]->name,
		       language_of(templates[i]), templates[i]->class, templates[i]->oracles,
		       (int)templates[i]->danger, templates[i]->summary);
	return DONE;
}

static int markdown(void)
{
	puts("| template | language | class | oracle | danger | error and fix |\n"
	     "|---|---|---|---|---|---|");
	for (size_t i = 0; i < template_count; i++)
		printf("| `%s` | %s | %s | %s | D%d | %s |\n", templates[i]->name,
		       language_of(templates[i]), templates[i]->class, templates[i]->oracles,
		       (int)templates[i]->danger, templates[i]->summary);
	return DONE;
}

static int show(const struct template *t)
{
	printf("%s\n  %s\n\nLanguage   %s\nClass      %s\nOracle     %s\nDanger     D%d\n",
	       t->name, t->summary, language_of(t), t->class, t->oracles, (int)t->danger);
	if (t->pattern)
		printf("Message    %s\n", t->pattern);
	printf("Keeps off  %s\n\nExamples\n", t->keeps_off);
	for (const struct example *e = t->examples; e->name; e++)
		printf("  %s %s%s%s\n", e->declines ? "declines:" : "fixes:   ", e->name,
		       e->declines ? " - " : "", e->declines ? e->declines : "");
	return DONE;
}

static int test(void)
{
	struct selftest result = selftest_templates(stderr);

	printf("%u examples of %zu templates: %u wrong\n", result.checked, template_count,
	       result.wrong);
	return result.wrong ? FAILED : DONE;
}

static const struct flag flags[] = { {0} };

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct given given;
	const char *verb;

	if (!command_parse(&command_templates, argc, argv, &given, &e))
		return command_usage(&command_templates, e.text);
	verb = given.rest_count ? given.rest[0] : "list";
	if (!strcmp(verb, "list") && given.rest_count <= 1)
		return list();
	if (!strcmp(verb, "markdown") && given.rest_count == 1)
		return markdown();
	if (!strcmp(verb, "test") && given.rest_count == 1)
		return test();
	if (!strcmp(verb, "show") && given.rest_count == 2) {
		if (find(given.rest[1]))
			return show(find(given.rest[1]));
		command_say(stderr, arena_printf(&a, "there is no template \"%s\"",
						 given.rest[1]));
		return BAD_INPUT;
	}
	return command_usage(&command_templates, "say list, show NAME, test or markdown");
}

const struct command command_templates = {
	.name = "templates",
	.arguments = "[list|show NAME|test|markdown]",
	.summary = "show or check the known errors and their fixes",
	.help = "list      one line each: language, class, oracle, danger\n"
		"show      when a template fires, by which oracle, and when it keeps off\n"
		"test      runs every template's own examples\n"
		"markdown  the table of the README",
	.flags = flags,
	.run = run,
};
