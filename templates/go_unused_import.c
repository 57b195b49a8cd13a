/*
 * "imported and not used" -> the import goes, with the parentheses when it was the last. Keeps off
 * packages that are imported for what their init does, and files in which a name is undefined: that
 * may be the misspelled use. Never writes "_".
 */
#include "git/path.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

/* Packages of the standard library that register something when they are imported. */
static const char registering[] = "image/png image/jpeg image/gif net/http/pprof expvar embed "
				  "time/tzdata crypto/sha256 crypto/sha512 crypto/md5 crypto/sha1";

struct unused {
	const char *path, *package;
};

/* What imports the package in this text: "_" when it is only for its side effects. */
static bool imported_blank(struct arena *a, struct str text, const char *package)
{
	SYNTAX s = syntax_open(a, "go", text);

	for (unsigned n = 0; s; n++) {
		TSNode spec = syntax_below(s->root, "import_spec", n);
		struct str path = syntax_text(s, syntax_field(spec, "path"));

		if (ts_node_is_null(spec))
			return false;
		if (path.size > 2 && str_is(str_slice(path, 1, path.size - 2), package) &&
		    str_is(syntax_text(s, syntax_field(spec, "name")), "_"))
			return true;
	}
	return false;
}

/* Is there a name that nobody defines in the file? It may be meant to use the import. */
static const char *undefined_in(const struct scene *scene, const char *path)
{
	const char *member = NULL;

	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *other = &scene->report->failures[i];
		const char *file = scene_path(scene, other->file);
		struct str name;

		if (!file || !str_is(str_of(file), path))
			continue;
		if (str_starts(str_of(other->message), "undefined: "))
			return other->message + strlen("undefined: ");
		/* "string.ToUpper undefined (type string has no field or method ToUpper)" */
		if (str_split(str_of(other->message), " undefined (type ", &name, NULL))
			member = str_text(scene->arena, name);
	}
	return member;
}

/* Does a package of this module act when it is imported? */
static bool has_init(const struct scene *scene, struct str package)
{
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str folder = path_folder(str_of(path)), text;

		if (folder.size && str_ends(str_of(path), ".go") &&
		    str_ends(package, arena_printf(scene->arena, "/%.*s", STR_ARG(folder))) &&
		    scene_read(scene, path, &text) && str_has(text, "\nfunc init()"))
			return true;
	}
	return false;
}

static bool want(const struct scene *scene, struct unused *unused, const char **why)
{
	const char *path = scene_path(scene, scene->failure->file), *name;
	struct str package = scene_group(scene, "before"), text;

	if (!package.size)
		package = scene_group(scene, "after");
	*unused = (struct unused){ path, str_text(scene->arena, package) };
	if (!path) {
		*why = "the file is not in the repository";
		return false;
	}
	name = undefined_in(scene, path);
	if (name)
		*why = arena_printf(scene->arena, "%s is undefined in the same file and may be meant to "
				    "use it", name);
	else if (word_among(package, registering) || has_init(scene, package))
		*why = arena_printf(scene->arena, "importing %s has effects of its own",
				    unused->package);
	else if (scene->parent && tree_read(scene->parent, scene->arena, path, &text) &&
		 imported_blank(scene->arena, text, unused->package))
		*why = arena_printf(scene->arena, "%s was imported for its effects before",
				    unused->package);
	else
		return true;
	return false;
}

/* The lines of a declaration without the blank ones that would be left at the ends or doubled. */
static struct str tidy(struct arena *a, struct str text)
{
	struct text out = TEXT(a);
	struct str line;
	bool blank = true;

	while (str_next_line(&text, &line)) {
		bool empty = !str_trim(line).size;

		if (empty && blank)
			continue;
		if (str_is(str_trim(line), ")") && str_ends(text_str(&out), "\n\n"))
			out.size--;
		blank = empty || str_ends(line, "(");
		text_addf(&out, "%.*s\n", STR_ARG(line));
	}
	return text_str(&out);
}

/* The declaration without these packages; empty when none is left. */
static struct str without(const struct syntax *s, TSNode declaration, const struct unused *list,
			  size_t count, const char *path)
{
	struct text out = TEXT(s->arena);
	size_t at = ts_node_start_byte(declaration), end = ts_node_end_byte(declaration);
	unsigned kept = 0;

	for (unsigned n = 0;; n++) {
		TSNode spec = syntax_below(declaration, "import_spec", n);
		struct str name = syntax_text(s, syntax_field(spec, "path"));
		size_t start, i = 0;

		if (ts_node_is_null(spec))
			break;
		start = ts_node_start_byte(spec);
		while (i < count && !(str_is(str_of(list[i].path), path) && name.size > 2 &&
				      str_is(str_slice(name, 1, name.size - 2), list[i].package)))
			i++;
		if (i == count) {
			kept++;
			continue;
		}
		while (start > at && s->text.at[start - 1] != '\n')
			start--;
		text_add(&out, str_slice(s->text, at, start - at));
		at = line_end(s->text, ts_node_end_byte(spec));
		at = at > end ? end : at;
	}
	text_add(&out, str_slice(s->text, at, end - at));
	return kept ? str_trim_right(tidy(s->arena, text_str(&out))) : STR_NONE;
}

static void put(struct scene *scene, struct candidate *candidate, const struct unused *list,
		size_t count, const char *path)
{
	struct edits edits = { .arena = scene->arena };
	struct str text, out;
	SYNTAX s = NULL;

	if (!scene_read(scene, path, &text))
		return;
	s = syntax_open(scene->arena, "go", text);
	for (unsigned n = 0; s; n++) {
		TSNode declaration = syntax_below(s->root, "import_declaration", n);
		struct str left;
		size_t end;

		if (ts_node_is_null(declaration))
			break;
		end = ts_node_end_byte(declaration);
		left = without(s, declaration, list, count, path);
		if (!left.size) {
			end = line_end(s->text, end);
			if (str_starts(str_from(s->text, end), "\n"))
				end++;
		}
		if (!str_equal(left, syntax_text(s, declaration)))
			edit_replace(&edits, ts_node_start_byte(declaration), end, left);
	}
	if (s && edits_apply(&edits, s, &out))
		candidate_put(scene, candidate, path, out);
}

static void fix(struct scene *scene)
{
	struct unused *list = NULL;
	struct text told = TEXT(scene->arena);
	struct candidate *candidate;
	struct scene alike;
	const char *why = "";
	size_t index = 0, count = 0;

	if (!scene_is_first(scene))
		return;		/* mended, or declined, with the first of its kind */
	while (scene_next_alike(scene, &index, &alike)) {
		struct unused unused;

		if (!want(&alike, &unused, &why))
			continue;
		arena_push(scene->arena, list, count) = unused;
		text_addf(&told, "%s%s in %s", count > 1 ? ", " : "", unused.package, unused.path);
	}
	if (!count)
		return template_decline(scene, "%s", why);
	candidate = propose(scene, ORACLE_TOOL, "Takes out the imports that the compiler says are not "
			    "used: %s.", text_cstr(&told));
	for (size_t i = 0; i < count; i++)
		put(scene, candidate, list, count, list[i].path);
}

static const struct example examples[] = {
	{
		.name = "two of a group, one of them renamed",
		.log =
		"# example.com/shop\n./a.go:5:2: imported and not used: \"os\"\n"
		"./a.go:7:2: imported and not used: \"strings\" as str\n",
		.file = {
			{ "go.mod",
			  "module example.com/shop\n\ngo 1.19\n",
			  NULL },
			{ "a.go",
			  "package shop\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n\tstr \"strings\"\n)\n\n"
			  "func Show(a int) {\n\tfmt.Println(a)\n}\n",
			  "package shop\n\nimport (\n\t\"fmt\"\n)\n\nfunc Show(a int) {\n"
			  "\tfmt.Println(a)\n}\n" },
		},
	},
	{
		.name = "the only one",
		.log =
		"# example.com/shop/cart\nvet: cart/a.go:3:8: \"os\" imported but not used\n",
		.file = {
			{ "go.mod",
			  "module example.com/shop\n\ngo 1.19\n",
			  NULL },
			{ "cart/a.go",
			  "package cart\n\nimport \"os\"\n\nfunc One() int { return 1 }\n",
			  "package cart\n\nfunc One() int { return 1 }\n" },
		},
	},
	{
		.name = "the first of a block",
		.log =
		"# example.com/shop\n./a.go:4:2: imported and not used: \"errors\"\n",
		.file = {
			{ "go.mod",
			  "module example.com/shop\n\ngo 1.19\n",
			  NULL },
			{ "a.go",
			  "package shop\n\nimport (\n\t\"errors\"\n\n\t\"fmt\"\n\t\"os\"\n)\n\n"
			  "func Show() {\n\tfmt.Println(os.Args)\n}\n",
			  "package shop\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc Show() {\n"
			  "\tfmt.Println(os.Args)\n}\n" },
		},
	},
	{
		.name = "its use is misspelled",
		.log =
		"# example.com/shop\n./a.go:3:8: imported and not used: \"strings\"\n"
		"./a.go:6:16: string.ToUpper undefined (type string has no field or method ToUpper)\n"
		"./a.go:6:29: undefined: strigs\n",
		.file = {
			{ "go.mod",
			  "module example.com/shop\n\ngo 1.19\n",
			  NULL },
			{ "a.go",
			  "package shop\n\nimport \"strings\"\n\nfunc Loud(a string) string {\n"
			  "\treturn string.ToUpper(a) + strigs.ToLower(a)\n}\n",
			  NULL },
		},
		.declines = "strigs is undefined in the same file",
	},
	{
		.name = "imported for what it registers",
		.log =
		"# example.com/shop\n./a.go:5:2: imported and not used: \"image/png\"\n",
		.file = {
			{ "go.mod",
			  "module example.com/shop\n\ngo 1.19\n",
			  NULL },
			{ "a.go",
			  "package shop\n\nimport (\n\t\"image\"\n\t\"image/png\"\n\t\"io\"\n)\n\n"
			  "func Open(r io.Reader) (image.Image, error) {\n"
			  "\timg, _, err := image.Decode(r)\n\treturn img, err\n}\n",
			  NULL },
		},
		.declines = "importing image/png has effects",
	},
	{
		.name = "a package of the module that acts when it is imported",
		.log =
			"# example.com/a\n"
			"./a.go:3:8: imported and not used: \"example.com/a/plugin\"\n",
		.file = {
			{ "go.mod",
			  "module example.com/a\n"
			  "\n"
			  "go 1.19\n", NULL },
			{ "a.go",
			  "package a\n"
			  "\n"
			  "import \"example.com/a/plugin\"\n", NULL },
			{ "plugin/p.go",
			  "package plugin\n"
			  "\n"
			  "func init() { println(1) }\n", NULL },
		},
		.declines = "has effects",
	},
	{0}
};

const struct template template_go_unused_import = {
	.name = "go_unused_import",
	.summary = "an import that is not used -> take it out",
	.language = "go",
	.class = "import",
	.oracles = "the compiler, which demands it",
	.keeps_off = "packages imported for their effects; files with an undefined name",
	.danger = DANGER_0,
	.pattern = "^(?:\"(?<before>[^\"]+)\" imported (?:as \\w+ )?(?:and|but) not used|"
		   "imported and not used: \"(?<after>[^\"]+)\")",
	.fix = fix,
	.examples = examples,
};
