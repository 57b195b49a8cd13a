/*
 * mypy: a parameter's default is None and its type does not say so. The type becomes Optional, as
 * the file writes it elsewhere. The default stays: another one would change what the function does.
 */
#include "templates/lib_import.h"
#include "templates/lib_python_line.h"
#include "templates/lib_scene.h"

enum { FILES_MAX = 3 };

struct file {
	const char *path;
	const struct syntax *syntax;
	struct edits edits;
	bool needs_import;
};

/* "X | None" stands in the file's types already. */
static bool uses_bar(const struct syntax *s)
{
	return str_has(s->text, "| None") && !python_binds(s, STR("Optional"));
}

/* The parameter of this name with None as its default, in the function whose head holds the line. */
static TSNode find(const struct syntax *s, struct str name, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "typed_default_parameter", n);

		if (ts_node_is_null(one))
			return one;
		if (ts_node_start_point(one).row + 1 <= line && ts_node_end_point(one).row + 1 >= line &&
		    str_equal(syntax_text(s, syntax_field(one, "name")), name) &&
		    syntax_type_is(syntax_field(one, "value"), "none"))
			return one;
	}
}

/* How the file calls it: "Optional", "typing.Optional", "t.Optional"; adds the import when needed. */
static const char *optional(struct file *f)
{
	if (python_binds(f->syntax, STR("Optional")))
		return "Optional";
	if (str_has(f->syntax->text, "typing.Optional["))
		return "typing.Optional";
	if (str_has(f->syntax->text, "t.Optional["))
		return "t.Optional";
	f->needs_import = true;
	return "Optional";
}

static struct file *file_of(struct python *python, struct file *files, size_t *count,
			    const char *path)
{
	const struct syntax *s;

	for (size_t i = 0; i < *count; i++)
		if (!strcmp(files[i].path, path))
			return &files[i];
	s = *count < FILES_MAX ? python_open(python, path) : NULL;
	if (!s)
		return NULL;
	files[*count] = (struct file){ path, s, { .arena = python->scene->arena }, false };
	return &files[(*count)++];
}

static void widen_one(struct file *f, TSNode parameter)
{
	TSNode node = syntax_field(parameter, "type");
	struct str type = syntax_text(f->syntax, node);

	if (!syntax_type_is(parameter, "typed_default_parameter") ||
	    !syntax_type_is(syntax_field(parameter, "value"), "none") || str_has(type, "Optional") ||
	    str_has(type, "None") || str_is(type, "Any") || str_is(type, "object"))
		return;
	edit_node(&f->edits, node, str_of(
		uses_bar(f->syntax) && type.size && type.at[0] != '"' && type.at[0] != '\'' ?
		arena_printf(f->edits.arena, "%.*s | None", STR_ARG(type)) :
		arena_printf(f->edits.arena, "%s[%.*s]", optional(f), STR_ARG(type))));
}

/* All parameters of the head together: one line of the log may stand for several. */
static bool widen(struct python *python, const struct scene *one, struct file *files, size_t *count)
{
	const char *path = scene_path(one, one->failure->file);
	struct file *f = path ? file_of(python, files, count, path) : NULL;
	TSNode parameter, list;

	if (!f)
		return false;
	parameter = find(f->syntax, scene_group(one, "name"), one->failure->line);
	if (ts_node_is_null(parameter))
		return false;
	list = ts_node_parent(parameter);
	for (size_t i = 0; i < f->edits.count; i++)
		if (f->edits.list[i].start >= ts_node_start_byte(list) &&
		    f->edits.list[i].end <= ts_node_end_byte(list))
			return true;
	for (unsigned i = 0; i < python_child_count(list); i++)
		widen_one(f, python_child(list, i));
	return true;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct file files[FILES_MAX];
	struct candidate *candidate;
	struct scene one;
	size_t index = 0, count = 0;

	if (!scene_is_first(scene))
		return template_decline(scene, "it is mended with the first of its kind");
	if (line_other_types(scene))
		return template_decline(scene, "mypy also finds what cannot be mended so");
	while (scene_next_alike(scene, &index, &one))
		if (!widen(&python, &one, files, &count))
			return template_decline(scene, "there is no parameter %.*s with None at %s:%u",
						STR_ARG(scene_group(&one, "name")), one.failure->file,
						one.failure->line);
	candidate = propose(scene, ORACLE_CONTRACT, "the default is None, and the type says so now");
	for (size_t i = 0; i < count; i++) {
		struct import_form form = { STR("typing"), STR("Optional"), STR_NONE };
		struct str after;

		if (files[i].needs_import)
			import_add(&files[i].edits, files[i].syntax, scene->tree, &form);
		if (!edits_apply(&files[i].edits, files[i].syntax, &after) ||
		    !candidate_put(scene, candidate, files[i].path, after)) {
			scene->candidate_count--;
			return template_decline(scene, "the edit would break %s", files[i].path);
		}
	}
}

static const struct example examples[] = {
	{
		.name = "as the sibling says it",
		.log =
			"a.py:8: error: Incompatible default for argument \"width\" (default has ty"
			"pe \"None\", argument has type \"int\")  [assignment]\n"
			"a.py:8: note: PEP 484 prohibits implicit Optional. Accordingly, mypy has c"
			"hanged its default to no_implicit_optional=True\n"
			"a.py:8: note: Use https://github.com/hauntsaninja/no_implicit_optional to "
			"automatically upgrade your codebase\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"from typing import Optional\n"
			"\n"
			"\n"
			"def one(width: Optional[int] = None) -> int:\n"
			"    return width or 0\n"
			"\n"
			"\n"
			"def two(width: int = None, name: str = \"\") -> int:\n"
			"    return width or 0\n", 
			"from typing import Optional\n"
			"\n"
			"\n"
			"def one(width: Optional[int] = None) -> int:\n"
			"    return width or 0\n"
			"\n"
			"\n"
			"def two(width: Optional[int] = None, name: str = \"\") -> int:\n"
			"    return width or 0\n" },
		},
	},
	{
		.name = "two in a file that has no import yet",
		.log =
			"a.py:4: error: Incompatible default for argument \"width\" (default has ty"
			"pe \"None\", argument has type \"int\")  [assignment]\n"
			"a.py:4: note: PEP 484 prohibits implicit Optional. Accordingly, mypy has c"
			"hanged its default to no_implicit_optional=True\n"
			"a.py:4: note: Use https://github.com/hauntsaninja/no_implicit_optional to "
			"automatically upgrade your codebase\n"
			"a.py:4: error: Incompatible default for argument \"name\" (default has typ"
			"e \"None\", argument has type \"str\")  [assignment]\n"
			"Found 2 errors in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"import sys\n"
			"\n"
			"\n"
			"def two(width: int = None, name: str = None) -> int:\n"
			"    return width or len(name or sys.argv[0])\n", 
			"import sys\n"
			"from typing import Optional\n"
			"\n"
			"\n"
			"def two(width: Optional[int] = None, name: Optional[str] = None) -> int:\n"
			"    return width or len(name or sys.argv[0])\n" },
		},
	},
	{
		.name = "with a bar, as the file does",
		.log =
			"a.py:5: error: Incompatible default for argument \"width\" (default has ty"
			"pe \"None\", argument has type \"int\")  [assignment]\n"
			"a.py:5: note: PEP 484 prohibits implicit Optional. Accordingly, mypy has c"
			"hanged its default to no_implicit_optional=True\n"
			"a.py:5: note: Use https://github.com/hauntsaninja/no_implicit_optional to "
			"automatically upgrade your codebase\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"def one(width: int | None = None) -> int:\n"
			"    return width or 0\n"
			"\n"
			"\n"
			"def two(width: int = None) -> int:\n"
			"    return width or 0\n", 
			"def one(width: int | None = None) -> int:\n"
			"    return width or 0\n"
			"\n"
			"\n"
			"def two(width: int | None = None) -> int:\n"
			"    return width or 0\n" },
		},
	},
	{
		.name = "another line than the log's",
		.log =
			"a.py:1: error: Incompatible default for argument \"width\" (default has ty"
			"pe \"None\", argument has type \"int\")  [assignment]\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"# one line more\n"
			"def two(width: int = 0) -> int:\n"
			"    return width\n", NULL },
		},
		.declines = "there is no parameter",
	},
	{0}
};

const struct template template_python_optional_default = {
	.name = "python_optional_default",
	.summary = "mypy: a default of None for a type without None -> Optional",
	.language = "python",
	.class = "types",
	.oracles = "contract (the default)",
	.keeps_off = "more than three files, parameters that are not where the log says",
	.danger = DANGER_1,
	.tool = "mypy",
	.pattern = "^Incompatible default for argument \"(?<name>\\w+)\" \\(default has type \"None\"",
	.fix = fix,
	.examples = examples,
};
