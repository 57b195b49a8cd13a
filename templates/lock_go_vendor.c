/*
 * go finds vendor/ behind go.mod -> what `go mod vendor` would write, where all that is new is a folder
 * of the repository: its packages that are imported, and their names in modules.txt. What others wrote
 * is not here to be copied.
 */
#include "git/path.h"
#include "templates/lib_gomod.h"
#include "templates/lib_scene.h"

#include <stdlib.h>

enum { PACKAGES_MAX = 64, MODULES_MAX = 16 };

struct module {
	struct str path, version, target;	/* target: "./slugs" */
	const char *folder;
	struct str packages[PACKAGES_MAX];	/* import paths that something imports */
	size_t count;
};

struct work {
	struct scene *scene;
	struct str mod, listed;
	struct module modules[MODULES_MAX];	/* those that vendor lacks */
	size_t count;
	const char *why;
};

static bool give_up(struct work *w, struct str name, const char *what)
{
	w->why = arena_printf(w->scene->arena, "%.*s %s", STR_ARG(name), what);
	return false;
}

/* The required modules that modules.txt does not head; false when one is somebody else's. */
static bool find_modules(struct work *w)
{
	struct gomod_line line = {0};
	size_t offset = 0;

	while (gomod_next(w->mod, &line, &offset)) {
		struct str local, folder;
		const char *head;

		if (line.kind != GOMOD_REQUIRE)
			continue;
		local = gomod_local(w->mod, line.module);
		head = arena_printf(w->scene->arena, "# %.*s %.*s%s%.*s\n", STR_ARG(line.module),
				    STR_ARG(line.version), local.size ? " => " : "", STR_ARG(local));
		if (str_has(w->listed, head))
			continue;
		folder = local;
		if (!str_skip(&folder, "./") || str_has(folder, "..") || line.indirect)
			return give_up(w, line.module, "is not in vendor at this version, and only its "
				       "origin has the files");
		if (w->count == MODULES_MAX)
			return give_up(w, line.module, "is one of too many");
		w->modules[w->count++] = (struct module){
			.path = line.module, .version = line.version, .target = local,
			.folder = str_text(w->scene->arena, folder),
		};
	}
	return true;
}

/* Does a folder above the file have a go.mod of its own? */
static bool is_nested(const struct work *w, const char *path)
{
	struct str folder = path_folder(str_of(path));

	for (; folder.size; folder = path_folder(folder))
		if (tree_has(w->scene->tree, arena_printf(w->scene->arena, "%.*s/go.mod",
							  STR_ARG(folder))))
			return true;
	return false;
}

static bool has_package(const struct module *module, struct str package)
{
	for (size_t i = 0; i < module->count; i++)
		if (str_equal(module->packages[i], package))
			return true;
	return false;
}

/* Every import path of a module that the text has between quotes is a package to be vendored. */
static bool take_imports(struct work *w, struct str text)
{
	for (size_t m = 0; m < w->count; m++) {
		struct module *module = &w->modules[m];
		const char *start = arena_printf(w->scene->arena, "\"%.*s", STR_ARG(module->path));
		struct str rest = text, package;

		while (str_split(rest, start, NULL, &rest)) {
			struct str behind;

			if (!rest.size || (rest.at[0] != '"' && rest.at[0] != '/') ||
			    !str_split(rest, "\"", &behind, NULL))
				continue;
			package = str_of(arena_printf(w->scene->arena, "%.*s%.*s", STR_ARG(module->path),
						      STR_ARG(behind)));
			if (has_package(module, package))
				continue;
			if (module->count == PACKAGES_MAX)
				return give_up(w, module->path, "has too many packages");
			module->packages[module->count++] = package;
		}
	}
	return true;
}

/* Imports of somebody else's that a local package has must be in vendor already. */
static bool is_vendored(struct work *w, struct str text)
{
	struct str rest, line;

	for (rest = text; str_next_line(&rest, &line);) {
		struct str path, first;
		bool ours = false;

		line = str_trim(line);
		str_skip(&line, "import ");
		str_skip(&line, "_ ");
		if (!str_skip(&line, "\"") || !str_chop(&line, "\""))
			continue;
		path = line;
		str_split(path, "/", &first, NULL);
		for (size_t m = 0; m < w->count; m++)
			ours |= str_starts(path, str_text(w->scene->arena, w->modules[m].path));
		if (!ours && str_has(path, "/") && str_split(path, "/", &first, NULL) &&
		    str_char(first, '.') >= 0 &&
		    !tree_has_folder(w->scene->tree, arena_printf(w->scene->arena, "vendor/%.*s",
								  STR_ARG(path))))
			return give_up(w, path, "is imported and not in vendor");
	}
	return true;
}

/* The folder of a package in the repository. */
static const char *folder_of(struct work *w, const struct module *module, struct str package)
{
	return arena_printf(w->scene->arena, "%s%.*s", module->folder,
			    STR_ARG(str_from(package, module->path.size)));
}

static bool is_copied(const char *path, const char *folder)
{
	struct str name = path_name(str_of(path));

	return str_is(path_folder(str_of(path)), folder) && !str_ends(name, "_test.go") &&
	       !str_is(name, "go.mod") && !str_is(name, "go.sum");
}

/* Walks from the main module's files through the packages they import. */
static bool find_packages(struct work *w)
{
	const struct tree *tree = w->scene->tree;
	struct str text;

	for (size_t i = 0; i < tree->count; i++)
		if (str_ends(str_of(tree->entries[i].path), ".go") &&
		    strncmp(tree->entries[i].path, "vendor/", 7) != 0 &&
		    !is_nested(w, tree->entries[i].path) &&
		    tree_read(tree, w->scene->arena, tree->entries[i].path, &text) &&
		    !take_imports(w, text))
			return false;
	for (unsigned round = 0; round < PACKAGES_MAX; round++)
		for (size_t m = 0; m < w->count; m++)
			for (size_t p = 0; p < w->modules[m].count; p++)
				for (size_t i = 0; i < tree->count; i++)
					if (is_copied(tree->entries[i].path,
						      folder_of(w, &w->modules[m],
								w->modules[m].packages[p])) &&
					    str_ends(str_of(tree->entries[i].path), ".go") &&
					    tree_read(tree, w->scene->arena, tree->entries[i].path, &text) &&
					    (!take_imports(w, text) || !is_vendored(w, text)))
						return false;
	return true;
}

static bool copy_packages(struct work *w, struct candidate *candidate, const struct module *module)
{
	const struct tree *tree = w->scene->tree;
	struct str text;

	for (size_t p = 0; p < module->count; p++)
		for (size_t i = 0; i < tree->count; i++) {
			const char *path = tree->entries[i].path;

			if (!is_copied(path, folder_of(w, module, module->packages[p])))
				continue;
			if (!tree_read(tree, w->scene->arena, path, &text) ||
			    !candidate_put(w->scene, candidate,
					   arena_printf(w->scene->arena, "vendor/%.*s/%.*s",
							STR_ARG(module->packages[p]),
							STR_ARG(path_name(str_of(path)))), text))
				return false;
		}
	return true;
}

static int compare(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* "# module version => ./folder", what its go.mod says, and its packages. */
static void add_block(struct work *w, struct text *out, struct module *module)
{
	struct str mod = STR_NONE, line, go = STR_NONE;

	scene_read(w->scene, arena_printf(w->scene->arena, "%s/go.mod", module->folder), &mod);
	while (str_next_line(&mod, &line))
		if (str_starts(line, "go "))
			go = str_trim(str_from(line, 3));
	text_addf(out, "# %.*s %.*s => %.*s\n## explicit%s%.*s\n", STR_ARG(module->path),
		  STR_ARG(module->version), STR_ARG(module->target), go.size ? "; go " : "",
		  STR_ARG(go));
	if (module->count)
		qsort(module->packages, module->count, sizeof(module->packages[0]), compare);
	for (size_t i = 0; i < module->count; i++)
		text_addf(out, "%.*s\n", STR_ARG(module->packages[i]));
}

/* The module of "# a v1"; empty for a line of another form, or of the replacements at the end. */
static struct str head_of(struct str line)
{
	struct str name, rest;

	if (!str_skip(&line, "# ") || !str_split(line, " ", &name, &rest) || str_starts(rest, "=>"))
		return STR_NONE;
	return name;
}

/* modules.txt with the new blocks in order, and the replacements of go.mod at its end. */
static struct str new_list(struct work *w)
{
	struct text out = TEXT(w->scene->arena);
	struct gomod_line line = {0};
	struct str rest = w->listed, one, head;
	bool done[MODULES_MAX] = { false };
	size_t offset = 0;

	while (str_next_line(&rest, &one)) {
		head = head_of(one);
		if (str_starts(one, "# ") && !head.size)
			break;		/* the replacements */
		for (size_t m = 0; head.size && m < w->count; m++)
			if (!done[m] && str_compare(w->modules[m].path, head) < 0) {
				add_block(w, &out, &w->modules[m]);
				done[m] = true;
			}
		text_addf(&out, "%.*s\n", STR_ARG(one));
	}
	for (size_t m = 0; m < w->count; m++)
		if (!done[m])
			add_block(w, &out, &w->modules[m]);
	while (gomod_next(w->mod, &line, &offset))
		if (line.kind == GOMOD_REPLACE && !line.version.size)
			text_addf(&out, "# %.*s => %.*s\n", STR_ARG(line.module), STR_ARG(line.target));
	return text_str(&out);
}

static int by_path(const void *a, const void *b)
{
	return str_compare(((const struct module *)a)->path, ((const struct module *)b)->path);
}

static void fix(struct scene *scene)
{
	struct work *w = arena_new(scene->arena, struct work);
	struct candidate *candidate;

	if (!scene_is_first(scene))
		return;
	w->scene = scene;
	if (!scene_read(scene, "go.mod", &w->mod) || !scene_read(scene, "vendor/modules.txt", &w->listed))
		return template_decline(scene, "there is no go.mod with a vendor/modules.txt");
	if (!find_modules(w) || !find_packages(w))
		return template_decline(scene, "%s", w->why);
	if (!w->count || str_has(w->mod, "\ngo 1.16") || !str_has(w->mod, "\ngo "))
		return template_decline(scene, "vendor has all modules that go.mod requires");
	qsort(w->modules, w->count, sizeof(w->modules[0]), by_path);
	candidate = propose(scene, ORACLE_TOOL, "Vendors %.*s as go mod vendor does: a folder of the "
			    "repository.", STR_ARG(w->modules[0].path));
	for (size_t m = 0; m < w->count; m++)
		if (!copy_packages(w, candidate, &w->modules[m]))
			return;
	candidate_put(scene, candidate, "vendor/modules.txt", new_list(w));
}

#define LOG \
	"go: inconsistent vendoring in /srv/loom:\n" \
	"\texample.com/loom/slugs@v0.0.0: is explicitly required in go.mod, but not marked as explicit in " \
	"vendor/modules.txt\n\texample.com/loom/slugs: is replaced in go.mod, but not marked as replaced " \
	"in vendor/modules.txt\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n" \
	"\tTo sync the vendor directory, run:\n\t\tgo mod vendor\n"

static const struct example examples[] = {
	{
		.name = "a local module was required",
		.log = LOG,
		.file = {
			{ "go.mod", "module example.com/loom\n\ngo 1.19\n\nrequire (\n\texample.com/loom/slugs "
			  "v0.0.0\n\tgolang.org/x/text v0.14.0\n)\n\nreplace example.com/loom/slugs => "
			  "./slugs\n", NULL },
			{ "name.go", "package loom\n\nimport \"example.com/loom/slugs/ascii\"\n", NULL },
			{ "slugs/go.mod", "module example.com/loom/slugs\n\ngo 1.19\n", NULL },
			{ "slugs/ascii/ascii.go", "package ascii\n", NULL },
			{ "slugs/ascii/ascii_test.go", "package ascii\n", NULL },
			{ "vendor/example.com/loom/slugs/ascii/ascii.go", NULL, "package ascii\n" },
			{ "vendor/modules.txt", "# golang.org/x/text v0.14.0\n## explicit; go 1.18\n",
			  "# example.com/loom/slugs v0.0.0 => ./slugs\n## explicit; go 1.19\n"
			  "example.com/loom/slugs/ascii\n# golang.org/x/text v0.14.0\n## explicit; go 1.18\n"
			  "# example.com/loom/slugs => ./slugs\n" },
		},
	},
	{
		.name = "a module of somebody else",
		.log = LOG,
		.file = {
			{ "go.mod", "module example.com/loom\n\nrequire golang.org/x/text v0.15.0\n", NULL },
			{ "vendor/modules.txt", "# golang.org/x/text v0.14.0\n## explicit; go 1.18\n", NULL },
		},
		.declines = "golang.org/x/text is not in vendor",
	},
	{
		.name = "no vendor",
		.log = LOG,
		.file = { { "go.mod", "module example.com/loom\n", NULL } },
		.declines = "no go.mod with a vendor/modules.txt",
	},
	{0}
};

static const char *const types[] = { "inconsistent vendoring", NULL };

const struct template template_lock_go_vendor = {
	.name = "lock_go_vendor",
	.summary = "vendor/ is behind go.mod by modules of the repository itself -> vendor them",
	.oracles = "go's own advice",
	.keeps_off = "modules of others that vendor does not have at this version",
	.class = "lock file",
	.danger = DANGER_0,
	.tool = "go",
	.types = types,
	.fix = fix,
	.examples = examples,
};
