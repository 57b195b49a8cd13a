/*
 * A checker's own repair on exactly the files of its findings. Never a folder, never a file
 * outside the tree, never a name that could be taken for an option. Runs nothing itself.
 */
#include "templates/lib_tool.h"

#include "git/path.h"
#include "templates/lib_scene.h"

#include <jansson.h>

static bool has_ending(struct str path, const char *endings)
{
	struct str rest = str_of(endings), ending;

	while (str_next(&rest, ' ', &ending))
		if (path.size > ending.size &&
		    str_equal(str_from(path, path.size - ending.size), ending))
			return true;
	return false;
}

void tool_files(const struct scene *scene, const struct tool *tool, struct tool_files *files)
{
	const struct report *report = scene->report;

	*files = (struct tool_files){ .count = 0 };
	for (size_t i = 0; i < report->diagnostic_count; i++) {
		const struct diagnostic *one = &report->diagnostics[i];
		const char *path = scene_path(scene, one->file);
		size_t at = 0;

		if (!str_is(str_of(one->tool), tool->name) ||
		    (one->severity != SEVERITY_ERROR && !tool->any_severity) ||
		    !path || !has_ending(str_of(path), tool->endings))
			continue;
		while (at < files->count && !str_is(str_of(files->paths[at]), path))
			at++;
		if (at < files->count)
			continue;
		if (files->count == TOOL_FILES_MAX) {
			files->too_many = true;
			return;
		}
		files->paths[files->count++] = path;
	}
}

const char *tool_foreign(const struct scene *scene, const struct tool_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct str path = str_of(files->paths[i]), text, head;

		if (str_starts(path, "vendor/") || str_has(path, "/vendor/") ||
		    str_starts(path, "third_party/") || str_has(path, "/third_party/"))
			return files->paths[i];
		if (!scene_read(scene, path.at, &text))
			continue;
		head = str_slice(text, 0, line_start(text, 20));
		if (str_has(head, "Code generated ") || str_has(head, "DO NOT EDIT"))
			return files->paths[i];
	}
	return NULL;
}

/* Files in which projects fix the versions of their tools. */
static const char *const pin_files[] = {
	"requirements*.txt", "**/requirements*.txt", "requirements/**", "constraints*.txt",
	"pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "Pipfile.lock", "poetry.lock", "uv.lock",
	"pdm.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "noxfile.py", ".pre-commit-config.yaml", ".github/workflows/*", "environment*.yml",
};

static bool is_pin_file(struct str path)
{
	size_t all = sizeof(pin_files) / sizeof(pin_files[0]);

	for (size_t n = 0; n < all; n++)
		if (path_matches(pin_files[n], path))
			return true;
	return false;
}

/* "psf/black", "astral-sh/ruff-pre-commit", "pre-commit/mirrors-isort": not "x/flake8-black". */
static bool is_hook_of(struct str line, const char *package)
{
	struct str name = path_name(str_trim(line));

	str_chop(&name, ".git");
	str_skip(&name, "mirrors-");
	return str_starts(name, package);
}

/* Adds the version at the start of `text` to the words of *out, unless it is a commit. */
static void add_version(struct text *out, struct str text)
{
	size_t size = 0, points = 0;

	while (text.size && strchr(" \"'v", text.at[0]))
		text = str_from(text, 1);
	for (; size < text.size && (strchr(".+-", text.at[size]) ||
				    (text.at[size] >= '0' && text.at[size] <= '9') ||
				    (text.at[size] >= 'a' && text.at[size] <= 'z')); size++)
		points += text.at[size] == '.';
	if (points)
		text_addf(out, " %.*s", (int)size, text.at);
}

/* The versions that the text demands exactly: "black==23.1.0", "rev: 23.1.0" below "psf/black". */
static void exact_versions(struct text *out, struct str text, const char *package)
{
	struct str line, rest = text, item;
	bool hook = false;

	while (str_next_line(&rest, &line)) {
		ptrdiff_t at = str_find(line, str_of(package));

		item = str_trim(line);
		if (at >= 0 && (!at || strchr(" \"'", line.at[at - 1]))) {
			item = str_from(line, (size_t)at + strlen(package));
			if (str_starts(item, "["))
				str_split(item, "]", NULL, &item);
			if (str_skip(&item, "==") && !str_has(item, "*"))
				add_version(out, item);
			item = str_trim(line);
		}
		if (str_skip(&item, "- repo:"))
			hook = is_hook_of(item, package);
		else if (hook && str_skip(&item, "rev:"))
			add_version(out, str_trim(item));
	}
}

/* NULL when any version will do. The tools of npm and of toolchains come with their own pins. */
static const char *pinned_versions(const struct scene *scene, const struct tool *tool)
{
	struct text out = TEXT(scene->arena);

	for (size_t i = 0; tool->home == TOOL_HOME_PYTHON && i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (is_pin_file(path) && scene_read(scene, path.at, &text))
			exact_versions(&out, text, tool->program);
	}
	return out.size ? text_cstr(&out) + 1 : NULL;
}

/* "black==23.1.0", "black = \"23.1", "name = \"black\"", "rev:" below "psf/black" */
static bool pins(struct arena *a, struct str text, const char *package)
{
	const char *forms[] = {
		arena_printf(a, "node_modules/%s\"", package), arena_printf(a, "\n%s@", package),
		arena_printf(a, "%s==", package), arena_printf(a, "%s = \"=", package),
		arena_printf(a, "name = \"%s\"", package), arena_printf(a, "\"%s\": {", package),
	};
	struct str line, rest = text;
	bool repo = false;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (str_has(text, forms[i]))
			return true;
	while (str_next_line(&rest, &line)) {
		struct str item = str_trim(line);

		if (str_skip(&item, "- repo:"))
			repo = text_has_word(item, package) || str_has(item, package);
		else if (repo && str_starts(item, "rev:"))
			return true;
	}
	return false;
}

bool tool_is_pinned(const struct scene *scene, const struct tool *tool)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (is_pin_file(path) && scene_read(scene, path.at, &text) &&
		    pins(scene->arena, text, tool->program))
			return true;
	}
	return false;
}

static bool names_package(struct str text, const char *package)
{
	static const char *const parts[] = { "dependencies", "devDependencies",
		"optionalDependencies", "peerDependencies" };
	json_t *root = json_loadb(text.at ? text.at : "", text.size, 0, NULL);
	bool found = false;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		found = found || json_object_get(json_object_get(root, parts[i]), package);
	json_decref(root);
	return found;
}

bool tool_in_package_json(const struct scene *scene, const char *package)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (str_is(path_name(path), "package.json") && !str_has(path, "node_modules/") &&
		    scene_read(scene, path.at, &text) && names_package(text, package))
			return true;
	}
	return false;
}

/* The line of the step's command that runs the tool, after its name; empty when it is not seen. */
static struct str check_line(const struct scene *scene, const struct tool *tool)
{
	static const char *const runners[] = { "python -m ", "python3 -m ", "poetry run ", "uv run ",
		"uvx ", "bundle exec ", "vendor/bin/", "pipenv run ", "hatch run ", "npx ", "npx --no-install ", "yarn ", "pnpm exec " };
	struct str rest = str_of(scene->report->command), line;

	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		for (size_t i = 0; i < sizeof(runners) / sizeof(runners[0]); i++)
			str_skip(&line, runners[i]);
		if (str_skip(&line, tool->program) && line.size && line.at[0] == ' ')
			return line;
	}
	return STR_NONE;
}

/* What follows the tool's name in a line, up to the end of its command; empty when it is no check. */
static struct str options_within(struct str line, const struct tool *tool)
{
	ptrdiff_t at = str_find(line, str_of(tool->program));
	struct str rest = str_from(line, at < 0 ? line.size : (size_t)at + strlen(tool->program)), words, word;
	size_t size = 0;

	if (at < 0 || (at && !strchr(" \t(/`\"@", line.at[at - 1])) || !str_starts(rest, " "))
		return STR_NONE;
	while (size < rest.size && !strchr(");|&`\"\\", rest.at[size]) &&
	       !str_starts(str_from(rest, size), "$("))
		size++;
	words = str_slice(rest, 0, size);
	for (struct str left = words; str_next(&left, ' ', &word);)
		if (word.size && word_among(word, tool->drop))
			return words;
	return STR_NONE;
}

static const char *const scripts[] = { ".github/workflows/*", "**/*.sh", "*.sh", "**/Makefile", "Makefile",
	"**/*.mk", "GNUmakefile", "package.json", "justfile", "Taskfile.yml", "tox.ini" };

static bool is_script(struct str path)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (path_matches(scripts[i], path))
			return true;
	return false;
}

/* " -i 2 -ci" of "-i 2 -d -ci a.sh b": without what makes it a check, and without files. */
static struct str without_files(struct arena *a, struct str words, const struct tool *tool)
{
	struct text out = TEXT(a);
	struct str word;
	bool value = false;

	while (str_next(&words, ' ', &word)) {
		const bool option = str_starts(word, "-") && !word_among(word, tool->drop);

		if (value || option)
			text_addf(&out, " %.*s", STR_ARG(word));
		value = option && word_among(word, tool->keep_value);
	}
	return text_str(&out);
}

struct sought {
	const struct scene *scene;
	const struct tool *tool;
	struct str options;
	bool found, several;
};

/* The options with which the text runs the check. */
static void seek_options(struct sought *sought, struct str text)
{
	struct str line, found;

	while (str_next_line(&text, &line)) {
		found = options_within(line, sought->tool);
		if (!found.size || str_starts(str_trim(line), "#"))
			continue;
		found = without_files(sought->scene->arena, found, sought->tool);
		sought->several |= sought->found && !str_equal(sought->options, found);
		sought->found = true;
		sought->options = found;
	}
}

/* The step's own command says it, else the one way in which the repository's scripts run it. */
static struct sought sought_options(const struct scene *scene, const struct tool *tool)
{
	struct sought sought = { .scene = scene, .tool = tool };
	struct str text;

	seek_options(&sought, str_of(scene->report->command));
	for (size_t i = 0, all = sought.found ? 0 : scene->tree->count; i < all; i++) {
		const char *path = scene->tree->entries[i].path;

		if (is_script(str_of(path)) && scene_read(scene, path, &text))
			seek_options(&sought, text);
	}
	return sought;
}

bool tool_is_checked(const struct scene *scene, const struct tool *tool)
{
	return sought_options(scene, tool).found;
}

/* The options of the check that the repair needs as well; false when one is unknown. */
static bool take_options(struct scene *scene, const struct tool *tool, const char ***argv,
			 size_t *count)
{
	struct str rest = check_line(scene, tool), word;

	if (tool->search) {
		struct sought sought = sought_options(scene, tool);

		if (sought.several)
			return false;
		rest = sought.options;
	}

	while (str_next(&rest, ' ', &word)) {
		struct str name = word, value = STR_NONE;
		bool joined = str_split(word, "=", &name, &value);

		if (word.size < 2 || word.at[0] != '-')
			continue;
		if (word_among(name, tool->drop))
			continue;
		if (word_among(name, tool->keep) && !joined) {
			arena_push(scene->arena, *argv, *count) = str_text(scene->arena, word);
			continue;
		}
		if (!word_among(name, tool->keep_value) ||
		    (!joined && !str_next(&rest, ' ', &value)) ||
		    !value.size || strchr("-\"'$`", value.at[0]))
			return false;
		arena_push(scene->arena, *argv, *count) = str_text(scene->arena, word);
		if (!joined)
			arena_push(scene->arena, *argv, *count) = str_text(scene->arena, value);
	}
	return true;
}

void tool_propose(struct scene *scene, const struct tool *tool, const char *const *more,
		  const struct tool_files *files)
{
	struct candidate *candidate;
	const char **argv = NULL;
	size_t count = 0;

	if (!files->count)
		return template_decline(scene, "no finding of %s is in a file of the repository",
					tool->name);
	if (files->too_many)
		return template_decline(scene, "more than %d files would change", TOOL_FILES_MAX);
	if (files->count > TOOL_UNPINNED_MAX && tool->home != TOOL_HOME_TOOLCHAIN &&
	    !tool_is_pinned(scene, tool))
		return template_decline(scene, "version drift: %zu files would change and nothing pins "
					"%s", files->count, tool->program);
	for (const char *const *word = tool->argv; *word; word++)
		arena_push(scene->arena, argv, count) = *word;
	for (const char *const *word = more; word && *word; word++)
		arena_push(scene->arena, argv, count) = *word;
	if (!take_options(scene, tool, &argv, &count))
		return template_decline(scene, "the check ran %s with options whose effect on the repair "
					"is not known", tool->program);
	for (size_t i = 0; i < files->count; i++)
		arena_push(scene->arena, argv, count) = files->paths[i][0] == '-' ?
			arena_printf(scene->arena, "./%s", files->paths[i]) : files->paths[i];
	arena_push(scene->arena, argv, count) = NULL;
	candidate = propose(scene, ORACLE_TOOL, "Runs %s's own repair on the %zu file%s that its findings name: the "
		"checker itself says what is right.", tool->name, files->count,
		files->count == 1 ? "" : "s");
	candidate->run = argv;
	candidate->layout = tool->layout;
	candidate->versions = pinned_versions(scene, tool);
}
