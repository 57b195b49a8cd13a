/*
 * The lines of .pre-commit-config.yaml, by their "- repo:" and "- id:". Knows no anchors and no flow
 * style: a hook written so is not found, and then nothing is done.
 */
#include "templates/lib_precommit.h"

#include "git/path.h"
#include "templates/lib_scene.h"

static struct str unquoted(struct str text)
{
	text = str_trim(text);
	if (text.size > 1 && (text.at[0] == '"' || text.at[0] == '\'') &&
	    text.at[text.size - 1] == text.at[0])
		return str_slice(text, 1, text.size - 2);
	return text;
}

bool precommit_hook(struct scene *scene, struct precommit_hook *hook)
{
	const struct str id = str_of(scene->failure->type);
	struct str text, rest, line, repo = STR_NONE;
	unsigned found = 0;
	bool inside = false;

	if (!scene_read(scene, ".pre-commit-config.yaml", &text))
		return template_decline(scene, "there is no .pre-commit-config.yaml"), false;
	*hook = (struct precommit_hook){ .repo = STR_NONE };
	for (rest = text; str_next_line(&rest, &line);) {
		struct str item = str_trim(line);
		const bool starts_repo = str_skip(&item, "- repo:"), starts_hook = str_skip(&item, "- id:");

		if (starts_repo)
			repo = unquoted(item);
		if (starts_repo || starts_hook)
			inside = false;
		if (starts_hook && str_equal(unquoted(item), id)) {
			*hook = (struct precommit_hook){ .repo = repo, .text = line };
			inside = true;
			found++;
		}
		if (inside)
			hook->text.size = (size_t)(line.at - hook->text.at) + line.size;
	}
	if (found != 1)
		return template_decline(scene, "%.*s is %s in .pre-commit-config.yaml", STR_ARG(id),
					found ? "more than once" : "no hook"), false;
	return true;
}

bool precommit_argument(const struct precommit_hook *hook, const char *name, struct str *value)
{
	ptrdiff_t at = str_find(hook->text, str_of(name));
	struct str rest;
	size_t size = 0;

	if (at < 0)
		return false;
	rest = str_from(hook->text, (size_t)at + strlen(name));
	while (rest.size && strchr("=, \"'\n-", rest.at[0]))
		rest = str_from(rest, 1);
	while (size < rest.size && !strchr("]\"' \n#", rest.at[size]))
		size++;
	*value = str_slice(rest, 0, size);
	str_chop(value, ",");
	return true;
}

static const char *const data[] = {
	"**/testdata/**", "**/test-data/**", "**/test_data/**", "**/fixtures/**", "**/__fixtures__/**",
	"**/snapshots/**", "**/__snapshots__/**", "**/golden/**", "**/goldens/**", "**/cassettes/**",
	"**/expected/**", "**/*.snap", "**/*.ambr", "**/*.golden", "**/*.golden.*", "**/*.expected",
	"**/*.approved.*", "**/*.patch", "**/*.diff", "**/vendor/**", "**/node_modules/**",
	"**/third_party/**",
};

bool precommit_is_data(const char *path)
{
	for (size_t i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		if (path_matches(data[i], str_of(path)) ||
		    path_matches(data[i] + strlen("**/"), str_of(path)))
			return true;
	return false;
}

const char *precommit_file(const struct scene *scene, size_t n)
{
	const struct report *report = scene->report;

	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *one = &report->diagnostics[i];

		if (str_is(str_of(one->tool), "pre-commit") &&
		    str_equal(str_of(one->code), str_of(scene->failure->type)) && n-- == 0)
			return scene_path(scene, one->file);
	}
	return NULL;
}
