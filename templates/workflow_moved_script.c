/*
 * A step calls a file that the red commit moved -> its new path, in everything that workflows run. The new
 * path is the one that holds what the old one held, or else the one new file of the same name.
 */
#include "templates/lib_scene.h"
#include "templates/lib_workflow.h"

#include "git/path.h"

enum { FILES_MAX = 3 };

static bool is_path_byte(char c)
{
	return c && (strchr("._-/+@", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		     (c >= 'A' && c <= 'Z'));
}

/* A word of the message that was a file in the commit before and is none now. */
static const char *gone(const struct scene *scene)
{
	struct str message = str_of(scene->failure->message);

	for (size_t at = 0; at < message.size;) {
		size_t end = at;
		struct str word;
		const char *path;

		while (end < message.size && is_path_byte(message.at[end]))
			end++;
		word = str_slice(message, at, end - at);
		at = end > at ? end : at + 1;
		(void)str_skip(&word, "./");
		if (word.size < 3)
			continue;
		path = tree_path(scene->parent, word);
		if (path && !tree_has(scene->tree, path))
			return path;
	}
	return NULL;
}

/* Where it is now; NULL when nothing or several things say so. */
static const char *moved_to(const struct scene *scene, const char *old)
{
	struct str before, text, name = path_name(str_of(old));
	const char *same = NULL, *named = NULL;
	unsigned sames = 0, nameds = 0;

	if (!tree_read(scene->parent, scene->arena, old, &before))
		return NULL;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;

		if (tree_has(scene->parent, path) || !scene_read(scene, path, &text))
			continue;
		if (before.size && str_equal(before, text)) {
			same = path;
			sames++;
		}
		if (str_equal(path_name(str_of(path)), name)) {
			named = path;
			nameds++;
		}
	}
	return sames == 1 ? same : !sames && nameds == 1 ? named : NULL;
}

struct walk {
	const struct syntax *s;
	struct edits *edits;
	struct str old, new;
};

/* Scalars that are run or name a file; a name or a text that only looks so is told by its key. */
static bool one(TSNode node, void *context)
{
	struct walk *walk = context;
	TSNode pair = syntax_up(node, "block_mapping_pair|flow_pair");
	struct str key = yaml_text(walk->s, yaml_key(pair)), text = syntax_text(walk->s, node);

	if (!syntax_type_is(node, YAML_SCALAR) || str_is(key, "name") || str_is(key, "description"))
		return true;
	for (size_t at = 0; at + walk->old.size <= text.size; at++) {
		size_t end = at + walk->old.size, start = ts_node_start_byte(node);
		bool dotted = at >= 2 && text.at[at - 1] == '/' && text.at[at - 2] == '.' &&
			      (at == 2 || !is_path_byte(text.at[at - 3]));

		if (!str_equal(str_slice(text, at, walk->old.size), walk->old) ||
		    (at && is_path_byte(text.at[at - 1]) && !dotted) ||
		    (end < text.size && is_path_byte(text.at[end]) &&
		     !(text.at[end] == '.' && (end + 1 == text.size || !is_path_byte(text.at[end + 1])))))
			continue;
		edit_replace(walk->edits, start + at, start + end, walk->new);
		at = end - 1;
	}
	return true;
}

static void fix(struct scene *scene)
{
	const char *old = scene->parent ? gone(scene) : NULL, *new;
	struct candidate *candidate;
	WORKFLOWS w = {0};

	if (!old)
		return template_decline(scene, "the commit before had no file that the log misses");
	new = moved_to(scene, old);
	if (!new)
		return template_decline(scene, "nothing says where %s is now", old);
	workflows_open(&w, scene->arena, scene->tree);
	candidate = propose(scene, ORACLE_HISTORY, "The commit moved %s to %s, and workflows call it by its "
			    "old path.", old, new);
	for (size_t i = 0; i < w.count; i++) {
		struct edits edits = { .arena = scene->arena };
		struct walk walk = { w.list[i].syntax, &edits, str_of(old), str_of(new) };

		syntax_walk(w.list[i].root, one, &walk);
		if (!workflow_put(scene, candidate, &w.list[i], &edits))
			return;
	}
	if (!candidate->patch.count || candidate->patch.count > FILES_MAX)
		workflow_decline(scene, candidate->patch.count ? "more than three files call it"
							      : "no workflow calls it");
}

#define LOG "##[group]Run sh scripts/a.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]\n" \
	"sh: 0: cannot open scripts/a.sh: No such file\n##[error]Process completed with exit code 2.\n"
#define JOB(path) "on: push\njobs:\n  a:\n    # scripts/a.sh\n    runs-on: ubuntu-24.04\n    env:\n" \
	"      LOG: scripts/a.sh-log\n    steps:\n      - run: sh " path " > log   # long\n" \
	"      - run: |\n          ./" path "\n"

static const struct example examples[] = {
	{
		.name = "twice in a workflow",
		.log = LOG,
		.file = {
			{ "scripts/a.sh", NULL, NULL, .was = "make\n" },
			{ "ci/test.sh", "make\n", NULL, .was = "" },
			{ ".github/workflows/c.yml", JOB("scripts/a.sh"), JOB("ci/test.sh") },
		},
	},
	{
		.name = "taken away",
		.log = LOG,
		.file = {
			{ "scripts/a.sh", NULL, NULL, .was = "make\n" },
			{ "ci/test.sh", "make test\n", NULL },
			{ ".github/workflows/c.yml", JOB("scripts/a.sh"), NULL },
		},
		.declines = "nothing says where",
	},
	{
		.name = "no history",
		.log = LOG,
		.file = {
			{ "ci/a.sh", "true\n", NULL },
			{ ".github/workflows/c.yml",
			  "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: sh scripts/a.sh\n",
			  NULL },
		},
		.declines = "commit before",
	},
	{0}
};

const struct template template_workflow_moved_script = {
	.name = "workflow_moved_script",
	.summary = "a file that the commit moved, called by its old path -> the new path",
	.class = "workflow",
	.oracles = "the commit before",
	.keeps_off = "files that are nowhere or in several places now",
	.danger = DANGER_1,
	.reading = true,
	.pattern = "[Nn]o such file|an't open|annot open|not found|Cannot find module|does not exist",
	.fix = fix,
	.examples = examples,
};
