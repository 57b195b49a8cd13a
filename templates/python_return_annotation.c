/*
 * mypy: a function without a return type that gives nothing back. mypy itself says what is right:
 * "-> None". Functions that give something back are left to people.
 */
#include "templates/lib_python.h"
#include "templates/lib_python_line.h"

enum { FILES_MAX = 16 };

/* Does a `return` of the function's own give a value? */
static bool gives_back(TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "return_statement|yield", n);

		if (ts_node_is_null(one))
			return false;
		if (ts_node_eq(syntax_up(one, "function_definition"), function) &&
		    (syntax_type_is(one, "yield") || python_child_count(one)))
			return true;
	}
}

/* The function whose head starts on the line (its `def`, or a decorator of it). */
static TSNode function_at(const struct syntax *s, unsigned line)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "function_definition", n);

		if (ts_node_is_null(one) || ts_node_start_point(one).row + 1 == line)
			return one;
	}
}

static bool annotate(struct scene *scene, struct python *python, const char *path, struct str *after)
{
	const struct syntax *s = python_open(python, path);
	struct edits edits = { .arena = scene->arena };

	for (size_t i = 0; s && i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *d = &scene->report->diagnostics[i];
		const char *file = scene_path(scene, d->file);
		TSNode one;
		size_t at;

		if (!file || strcmp(file, path) != 0 ||
		    !str_starts(str_of(d->message), "Function is missing a return type annotation"))
			continue;
		one = function_at(s, d->line);
		if (ts_node_is_null(one) || gives_back(one) ||
		    !ts_node_is_null(syntax_field(one, "return_type")))
			return template_decline(scene, "%s:%u is no function that gives nothing back", path,
						d->line), false;
		at = ts_node_end_byte(syntax_field(one, "parameters"));
		edit_replace(&edits, at, at, STR(" -> None"));
	}
	return s && edits_apply(&edits, s, after);
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct candidate *candidate = NULL;
	const char *done[FILES_MAX];
	size_t index = 0, count = 0;
	struct scene one;
	struct str after;

	if (!scene_is_first(scene))
		return template_decline(scene, "it is mended with the first of its kind");
	if (line_other_types(scene))
		return template_decline(scene, "mypy also finds what cannot be mended so");
	while (count < FILES_MAX && scene_next_alike(scene, &index, &one)) {
		const char *path = scene_path(scene, one.failure->file);
		bool seen = !path || python_is_test(str_of(path));

		for (size_t i = 0; !seen && i < count; i++)
			seen = !strcmp(done[i], path);
		if (seen)
			continue;
		done[count++] = path;
		if (!annotate(scene, &python, path, &after))
			continue;
		if (!candidate)
			candidate = propose(scene, ORACLE_TOOL, "mypy says so: the function gives nothing "
					    "back");
		candidate_put(scene, candidate, path, after);
	}
	if (!candidate && !scene->declined)
		template_decline(scene, "no function of own code is named");
}

static const struct example examples[] = {
	{
		.name = "a procedure and a method",
		.log =
			"a.py:2: error: Function is missing a return type annotation  [no-untyped-d"
			"ef]\n"
			"a.py:2: note: Use \"-> None\" if function does not return a value\n"
			"a.py:6: error: Function is missing a return type annotation  [no-untyped-d"
			"ef]\n"
			"a.py:6: note: Use \"-> None\" if function does not return a value\n"
			"a.py:7: error: Call to untyped function \"add\" in typed context  [no-unty"
			"ped-call]\n"
			"Found 3 errors in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"class Log:\n"
			"    def add(self):\n"
			"        print(\"x\")\n"
			"\n"
			"\n"
			"def main():\n"
			"    Log().add()\n"
			"    return\n", 
			"class Log:\n"
			"    def add(self) -> None:\n"
			"        print(\"x\")\n"
			"\n"
			"\n"
			"def main() -> None:\n"
			"    Log().add()\n"
			"    return\n" },
		},
	},
	{
		.name = "it gives something back",
		.log =
			"a.py:1: error: Function is missing a return type annotation  [no-untyped-d"
			"ef]\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"def main(n: int = 0):\n"
			"    return n + 1\n", NULL },
		},
		.declines = "gives nothing back",
	},
	{0}
};

const struct template template_python_return_annotation = {
	.name = "python_return_annotation",
	.summary = "mypy: a function that gives nothing back has no return type -> None",
	.language = "python",
	.class = "types",
	.oracles = "tool (mypy names the repair)",
	.keeps_off = "functions that give something back, other findings beside it, tests",
	.danger = DANGER_0,
	.tool = "mypy",
	.pattern = "^Function is missing a return type annotation",
	.fix = fix,
	.examples = examples,
};
