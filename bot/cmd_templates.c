/*
 * aegis templates: what the catalogue knows, and what a repository adds to it. `list` for an overview,
 * `show NAME` for one, `test` to run every template's own examples, `markdown` for the README's table.
 */
#include "bot/command.h"
#include "bot/selftest.h"
#include "git/repo.h"
#include "templates/lib_own.h"

#include <stdio.h>

/* Ours, then those that the repository brings. */
struct catalogue {
	const struct template **list;
	size_t count;
};

static const struct template *find(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (!strcmp(catalogue->list[i]->name, name))
			return catalogue->list[i];
	return NULL;
}

static const char *language_of(const struct template *t)
{
	return t->language ? t->language : "any";
}

static int list(const struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct template *t = catalogue->list[i];

		printf("%-34s %-10s %-14s %-22s D%d  %s\n", t->name, language_of(t), t->class,
		       t->oracles, (int)t->danger, t->summary);
	}
	return DONE;
}

static int markdown(const struct catalogue *catalogue)
{
	puts("| template | language | class | oracle | danger | error and fix |\n"
	     "|---|---|---|---|---|---|");
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct template *t = catalogue->list[i];

		printf("| `%s` | %s | %s | %s | D%d | %s |\n", t->name, language_of(t), t->class,
		       t->oracles, (int)t->danger, t->summary);
	}
	return DONE;
}

static int show(const struct template *t)
{
	printf("%s\n  %s\n\nLanguage   %s\nClass      %s\nOracle     %s\nDanger     D%d\n",
	       t->name, t->summary, language_of(t), t->class, t->oracles, (int)t->danger);
	if (t->tool)
		printf("Tool       %s\n", t->tool);
	for (size_t i = 0; t->types && t->types[i]; i++)
		printf("%s %s\n", i ? "          " : "Type      ", t->types[i]);
	if (t->pattern)
		printf("Message    %s\n", t->pattern);
	printf("Proof      %s\nKeeps off  %s\n\nExamples\n",
	       t->reading ? "a run, or reading where no run here shows the failure" : "a run",
	       t->keeps_off);
	for (const struct example *e = t->examples; e->name; e++)
		printf("  %s %s%s%s\n", e->declines ? "declines:" : "fixes:   ", e->name,
		       e->declines ? " - " : "", e->declines ? e->declines : "");
	return DONE;
}

static int test(const struct catalogue *catalogue)
{
	struct selftest result = selftest_templates(catalogue->list, catalogue->count, stderr);

	printf("%u examples of %zu templates: %u wrong\n", result.checked, catalogue->count,
	       result.wrong);
	return result.wrong ? FAILED : DONE;
}

/* Of the repository in `folder` as committed; only ours without one. */
static bool gather(const char *folder, struct arena *a, struct catalogue *out, struct err *e)
{
	struct own_list own = { NULL, 0 };
	const struct repo_tree *tree;
	struct repo_head head;
	REPO repo = NULL;

	if (folder && (!repo_open(folder, &repo, e) || !repo_head(repo, &head, e) ||
		       !repo_tree(repo, head.commit, a, &tree, e) ||
		       !own_read(&tree->view, a, &own, e)))
		return false;
	for (size_t i = 0; i < template_count; i++)
		arena_push(a, out->list, out->count) = templates[i];
	for (size_t i = 0; i < own.count; i++)
		arena_push(a, out->list, out->count) = own.list[i];
	return true;
}

static const struct flag flags[] = {
	{ "--repo", "DIR", "with the templates that this repository brings itself" },
	{0}
};

static int act(const struct catalogue *catalogue, const struct given *given)
{
	const char *verb = given->rest_count ? given->rest[0] : "list";
	ARENA a = {0};

	if (!strcmp(verb, "list") && given->rest_count <= 1)
		return list(catalogue);
	if (!strcmp(verb, "markdown") && given->rest_count == 1)
		return markdown(catalogue);
	if (!strcmp(verb, "test") && given->rest_count == 1)
		return test(catalogue);
	if (strcmp(verb, "show") != 0 || given->rest_count != 2)
		return command_usage(&command_templates, "say list, show NAME, test or markdown");
	if (find(catalogue, given->rest[1]))
		return show(find(catalogue, given->rest[1]));
	command_say(stderr, arena_printf(&a, "there is no template \"%s\"", given->rest[1]));
	return BAD_INPUT;
}

static int run(int argc, char **argv)
{
	ARENA a = {0};
	struct err e = ERR_INIT;
	struct catalogue catalogue = { NULL, 0 };
	struct given given;

	if (!command_parse(&command_templates, argc, argv, &given, &e))
		return command_usage(&command_templates, e.text);
	if (!gather(given_value(&given, "--repo"), &a, &catalogue, &e))
		return command_fail(&e);
	return act(&catalogue, &given);
}

const struct command command_templates = {
	.name = "templates",
	.arguments = "[list|show NAME|test|markdown] [--repo DIR]",
	.summary = "show or check the known errors and their fixes",
	.help = "list      one line each: language, class, oracle, danger\n"
		"show      when a template fires, by which oracle, and when it keeps off\n"
		"test      runs every template's own examples\n"
		"markdown  the table of the README",
	.flags = flags,
	.run = run,
};
