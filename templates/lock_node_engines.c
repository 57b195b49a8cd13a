/*
 * npm refuses to install on a Node.js that package.json excludes -> the version of the workflow follows
 * .nvmrc or .node-version, else the lowest that package.json asks for. Keeps off lists of versions, which
 * mean what they say, and several workflows that differ.
 */
#include "bot/base/json.h"
#include "git/path.h"
#include "templates/lib_scene.h"
#include "templates/lib_version.h"

struct setting {
	const char *path;
	struct str text, value;		/* value: without quotes, a view of text */
	unsigned count;
	bool listed;
};

/* A version as a workflow gives it means the newest of its kind. */
static bool allows(struct scene *scene, struct str range, struct str version)
{
	struct version parsed;
	const char *filled;

	str_skip(&version, "v");
	while (str_chop(&version, ".x"))
		;
	if (!version_parse(version, &parsed))
		return false;
	filled = parsed.count == 1 ? ".9999.9999" : parsed.count == 2 ? ".9999" : "";
	return version_fits_npm(str_of(arena_printf(scene->arena, "%.*s%s", STR_ARG(version), filled)),
				range);
}

static bool is_number(struct str text)
{
	struct version ignored;

	while (str_chop(&text, ".x"))
		;
	return version_parse(text, &ignored);
}

/* "node-version: 14   # see .nvmrc" */
static bool take_setting(struct str line, struct str *value)
{
	line = str_trim(line);
	str_skip(&line, "- ");
	if (!str_skip(&line, "node-version:"))
		return false;
	str_split(line, " #", &line, NULL);
	line = str_trim(line);
	if (line.size > 1 && strchr("\"'", line.at[0]))
		line = str_slice(line, 1, line.size - 2);
	*value = line;
	return true;
}

/* The scalar settings of all workflows that the range excludes. */
static void find_settings(struct scene *scene, struct str range, struct setting *out)
{
	struct str text, rest, line, value;

	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (!path_matches(".github/workflows/*.y*ml", str_of(path)) ||
		    !tree_read(scene->tree, scene->arena, path, &text))
			continue;
		for (rest = text; str_next_line(&rest, &line);) {
			if (!take_setting(line, &value))
				continue;
			out->listed |= !is_number(value);
			if (!is_number(value) || allows(scene, range, value))
				continue;
			out->count++;
			out->path = path;
			out->text = text;
			out->value = value;
		}
	}
}

/* What the repository says that it is developed with. */
static struct str pinned(struct scene *scene, const char **from)
{
	static const char *const files[] = { ".nvmrc", ".node-version" };
	struct str text;

	for (size_t i = 0; i < 2; i++)
		if (scene_read(scene, files[i], &text) && str_trim(text).size) {
			text = str_trim(text);
			str_skip(&text, "v");
			*from = files[i];
			return text;
		}
	return STR_NONE;
}

/* ">=20", "^20.1.0", "20.x": the lowest major. */
static struct str lowest(struct str range)
{
	size_t size = 0;

	range = str_trim(range);
	if (str_has(range, "||") || str_has(range, "<") || str_char(range, ' ') >= 0)
		return STR_NONE;
	while (range.size && strchr("^~>=v", range.at[0]))
		range = str_from(range, 1);
	while (size < range.size && range.at[size] >= '0' && range.at[size] <= '9')
		size++;
	return str_slice(range, 0, size);
}

static void fix(struct scene *scene)
{
	JSON *manifest = NULL;
	struct err ignored = ERR_INIT;
	struct setting setting = {0};
	struct text out = TEXT(scene->arena);
	const char *from = "package.json";
	struct str text, range, version;
	size_t at;

	if (!scene_read(scene, "package.json", &text) ||
	    !json_parse(text, TREE_FILE_MAX, &manifest, &ignored))
		return template_decline(scene, "there is no package.json that can be read");
	range = json_text_or(manifest, "engines.node", STR_NONE);
	if (!range.size)
		return template_decline(scene, "package.json does not say which Node.js it needs");
	find_settings(scene, range, &setting);
	if (setting.count != 1 || setting.listed)
		return template_decline(scene, "%s", setting.count ? "the workflows set several versions"
					: "no workflow sets a version that package.json excludes");
	version = pinned(scene, &from);
	if (!version.size)
		version = lowest(range);
	if (!version.size || !is_number(version) || !allows(scene, range, version))
		return template_decline(scene, "which version to take instead %s does not say plainly", from);
	at = (size_t)(setting.value.at - setting.text.at);
	text_add(&out, str_slice(setting.text, 0, at));
	text_add(&out, version);
	text_add(&out, str_from(setting.text, at + setting.value.size));
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Sets up Node.js %.*s in %s, as %s says: "
				     "package.json needs %.*s.", STR_ARG(version), setting.path, from,
				     STR_ARG(range)),
		      setting.path, text_str(&out));
}

#define LOG \
	"npm ERR! code EBADENGINE\nnpm ERR! engine Unsupported engine\n" \
	"npm ERR! engine Not compatible with your version of node/npm: tally@3.0.0\n" \
	"npm ERR! notsup Required: {\"node\":\">=20\"}\n" \
	"npm ERR! notsup Actual:   {\"npm\":\"6.14.18\",\"node\":\"v14.21.3\"}\n"
#define CI(version) \
	"on: push\njobs:\n  test:\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n" \
	"          node-version: " version "\n      - run: npm ci\n"
#define MANIFEST(range) "{\"name\": \"tally\", \"engines\": {\"node\": \"" range "\"}}\n"

static const struct example examples[] = {
	{
		.name = ".nvmrc says it",
		.log = LOG,
		.file = { { ".github/workflows/ci.yml", CI("14   # see .nvmrc"), CI("20   # see .nvmrc") },
			  { ".nvmrc", "v20\n", NULL }, { "package.json", MANIFEST(">=18"), NULL } },
	},
	{
		.name = "package.json alone says it",
		.log = LOG,
		.file = { { ".github/workflows/ci.yml", CI("'14.x'"), CI("'20'") },
			  { "package.json", MANIFEST("^20.1.0"), NULL } },
	},
	{
		.name = "a matrix",
		.log = LOG,
		.file = { { ".github/workflows/ci.yml", CI("${{ matrix.node }}"), NULL },
			  { "package.json", MANIFEST(">=20"), NULL } },
		.declines = "no workflow sets a version",
	},
	{
		.name = "a package of somebody wants it",
		.log = LOG,
		.file = { { ".github/workflows/ci.yml", CI("14"), NULL },
			  { "package.json", MANIFEST(">=12"), NULL } },
		.declines = "no workflow sets a version",
	},
	{
		.name = "two jobs",
		.log = LOG,
		.file = { { ".github/workflows/ci.yml", CI("14"), NULL },
			  { ".github/workflows/old.yml", CI("16"), NULL },
			  { "package.json", MANIFEST(">=20"), NULL } },
		.declines = "the workflows set several versions",
	},
	{0}
};

static const char *const types[] = { "EBADENGINE", "ERR_PNPM_UNSUPPORTED_ENGINE", NULL };

const struct template template_lock_node_engines = {
	.name = "lock_node_engines",
	.summary = "the workflow's Node.js is one that package.json excludes -> the one .nvmrc names",
	.language = "node",
	.oracles = ".nvmrc or .node-version; the engines of package.json",
	.keeps_off = "a matrix or several versions; engines of other packages",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.types = types,
	.fix = fix,
	.examples = examples,
};
