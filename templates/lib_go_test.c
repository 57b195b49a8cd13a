/*
 * From the name of a failed test to the functions it runs: calls by name, in the package of the
 * test only. Methods are found by their name alone.
 */
#include "templates/lib_go_test.h"

#include "templates/lib_scene.h"

static bool knows(const struct go_tested *tested, TSNode function)
{
	for (size_t i = 0; i < tested->count; i++)
		if (ts_node_eq(tested->list[i].function, function))
			return true;
	return false;
}

static void add_named(struct go_tested *tested, struct str name)
{
	for (size_t i = 0; i < tested->package->count; i++) {
		struct go_file *file = &tested->package->files[i];

		for (unsigned n = 0; !file->test; n++) {
			TSNode function = syntax_below(file->syntax->root,
						       "function_declaration|method_declaration", n);

			if (ts_node_is_null(function))
				break;
			if (!str_equal(syntax_text(file->syntax, syntax_field(function, "name")), name) ||
			    tested->count == GO_TESTED_MAX || knows(tested, function))
				continue;
			tested->list[tested->count].file = file;
			tested->list[tested->count++].function = function;
		}
	}
}

static void add_called(struct go_tested *tested, const struct syntax *s, TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(function, "call_expression", n);
		TSNode callee = syntax_field(call, "function");

		if (ts_node_is_null(call))
			return;
		if (syntax_type_is(callee, "selector_expression"))
			callee = syntax_field(callee, "field");
		add_named(tested, syntax_text(s, callee));
	}
}

bool go_tested_by(struct scene *scene, struct go_package *package, struct go_tested *tested)
{
	struct str test = str_of(scene->failure->test);
	const char *path = scene_path(scene, scene->failure->file);

	*package = (struct go_package){ .count = 0 };
	*tested = (struct go_tested){ .scene = scene, .package = package };
	(void)str_split(test, "/", &test, NULL);
	if (!path || !test.size || !str_ends(str_of(path), ".go")) {
		template_decline(scene, "no test of the repository is named");
		return false;
	}
	go_open(package, scene->arena, scene->tree, path);
	for (size_t i = 0; i < package->count; i++) {
		const struct syntax *s = package->files[i].syntax;

		for (unsigned n = 0; package->files[i].test; n++) {
			TSNode function = syntax_below(s->root, "function_declaration", n);

			if (ts_node_is_null(function))
				break;
			if (str_equal(syntax_text(s, syntax_field(function, "name")), test))
				add_called(tested, s, function);
		}
	}
	for (size_t i = 0; i < tested->count && i < GO_TESTED_MAX / 2; i++)
		add_called(tested, tested->list[i].file->syntax, tested->list[i].function);
	if (!tested->count)
		template_decline(scene, "what %.*s runs is not in its package", STR_ARG(test));
	return tested->count > 0;
}

unsigned go_version(const struct scene *scene)
{
	struct str text, line;
	unsigned long major, minor;

	if (!scene_read(scene, "go.mod", &text))
		return 0;
	while (str_next_line(&text, &line))
		if (str_skip(&line, "go ") && str_take_number(&line, &major) && str_skip(&line, ".") &&
		    str_take_number(&line, &minor) && major < 10 && minor < 100)
			return (unsigned)(major * 100 + minor);
	return 0;
}
