/*
 * One script asks all tools at once. Knows which tools there are and how each is asked; a tool that
 * only a Makefile or a package.json names is not found.
 */
#include "bot/tool_versions.h"

#include "bot/recipe.h"
#include "bot/trial.h"

enum { ASK_MS = 15 * 1000 };

#define MARK "aegis-tool "

static const struct {
	const char *name, *ask;
} tools[] = {
	{ "python", "--version" }, { "python3", "--version" }, { "pytest", "--version" },
	{ "tox", "--version" }, { "nox", "--version" }, { "flake8", "--version" },
	{ "black", "--version" }, { "isort", "--version" }, { "ruff", "--version" },
	{ "mypy", "--version" }, { "node", "--version" }, { "npm", "--version" },
	{ "npx", "--version" }, { "yarn", "--version" }, { "pnpm", "--version" },
	{ "jest", "--version" }, { "vitest", "--version" }, { "tsc", "--version" },
	{ "eslint", "--version" }, { "prettier", "--version" }, { "go", "version" },
	{ "gofmt", NULL }, { "cargo", "--version" }, { "rustc", "--version" },
	{ "rustfmt", "--version" }, { "java", "-version" }, { "javac", "-version" },
	{ "mvn", "--version" }, { "gradle", "--version" }, { "gcc", "--version" },
	{ "g++", "--version" }, { "cc", "--version" }, { "clang", "--version" },
	{ "make", "--version" }, { "cmake", "--version" }, { "ctest", "--version" },
	{ "ninja", "--version" }, { "meson", "--version" }, { "ruby", "--version" },
	{ "bundle", "--version" }, { "rspec", "--version" }, { "php", "--version" },
	{ "composer", "--version" }, { "dotnet", "--version" }, { "shellcheck", "--version" },
};

/* What a tool says little without. */
static const struct {
	const char *name, *with;
} others[] = {
	{ "pytest", "python3" }, { "npm", "node" }, { "npx", "node" }, { "yarn", "node" },
	{ "pnpm", "node" }, { "cargo", "rustc" }, { "mvn", "java" }, { "gradle", "java" },
	{ "gofmt", "go" },
};

struct asked {
	const char *name, *program;	/* the program as the command names it: a path, too */
	const char *ask;
};

static bool is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("._/+-", c));
}

static void add(struct arena *a, struct asked *list, size_t *count, struct str word)
{
	struct str name = word;

	str_split_last(word, "/", NULL, &name);
	for (size_t i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		bool known = *count == TOOL_VERSIONS_MOST || !str_is(name, tools[i].name);

		for (size_t k = 0; k < *count && !known; k++)
			known = !strcmp(list[k].name, tools[i].name);
		if (!known && tools[i].ask)
			list[(*count)++] = (struct asked){ tools[i].name, str_text(a, word), tools[i].ask };
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (str_is(name, others[i].name))
			add(a, list, count, str_of(others[i].with));
}

static const char *script_of(struct arena *a, const struct asked *list, size_t count)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < count; i++) {
		const char *program = recipe_quote(a, list[i].program);

		text_addf(&out, "command -v %s >/dev/null 2>&1 && { printf '" MARK "%s '; %s %s 2>&1 "
			  "</dev/null | head -n 1; }\n", program, list[i].name, program, list[i].ask);
	}
	text_adds(&out, "true\n");
	return text_cstr(&out);
}

static struct tool_version *read_versions(struct arena *a, struct str tail, const struct asked *list,
					  size_t count, size_t *found)
{
	struct tool_version *out = NULL;
	struct str line, name, version;

	*found = 0;
	while (str_next_line(&tail, &line)) {
		if (!str_skip(&line, MARK) || !str_split(line, " ", &name, &version))
			continue;
		version = str_trim(str_slice(version, 0, TOOL_VERSION_BYTES));
		for (size_t i = 0; version.size && i < count && *found < TOOL_VERSIONS_MOST; i++)
			if (str_is(name, list[i].name))
				arena_push(a, out, *found) =
					(struct tool_version){ list[i].name, str_text(a, version) };
	}
	return out;
}

struct tool_version *tool_versions(const struct workplace *place, const char *command, const char *tool,
				   struct arena *a, size_t *count)
{
	struct asked list[TOOL_VERSIONS_MOST];
	struct workplace here = *place;
	struct err ignored = ERR_INIT;
	struct trial trial;
	size_t asked = 0;

	*count = 0;
	for (const char *at = command ? command : ""; *at;) {
		size_t size = 0;

		while (is_of_word(at[size]))
			size++;
		if (size)
			add(a, list, &asked, (struct str){ at, size });
		at += size ? size : 1;
	}
	if (tool)
		add(a, list, &asked, str_of(tool));
	here.limits.wall_ms = ASK_MS;
	if (!asked || !trial_run(&here, script_of(a, list, asked), NULL, NULL, a, &trial, &ignored))
		return NULL;
	return read_versions(a, trial.tail, list, asked, count);
}
