/*
 * Small questions to PHP code. Judges nothing, proposes nothing; follows no autoloader.
 */
#include "templates/lib_php.h"

#include "git/path.h"
#include "templates/lib_scene.h"

bool php_is_test(const char *path)
{
	struct str whole = str_of(path), name = path_name(whole);

	return str_starts(whole, "test/") || str_starts(whole, "tests/") || str_has(whole, "/test/") ||
	       str_has(whole, "/tests/") || str_starts(whole, "Tests/") || str_has(whole, "/Tests/") ||
	       str_starts(whole, "spec/") || str_ends(name, "Test.php") || str_ends(name, "TestCase.php") ||
	       str_ends(name, "Spec.php");
}

bool php_is_own(const char *path)
{
	return (str_ends(str_of(path), ".php") || str_ends(str_of(path), ".phtml") ||
		str_ends(str_of(path), ".inc")) && !php_is_test(path) && !scene_is_aside(path, "");
}

struct syntax *php_crash(struct scene *scene, const char **path, unsigned *line)
{
	const struct failure *failure = scene->failure;
	struct syntax *s = NULL;
	struct str text;

	*path = scene_path(scene, failure->file);
	*line = failure->line;
	if (!*path || !scene_read(scene, *path, &text))
		template_decline(scene, "the failure is in no file of the repository");
	else if (!php_is_own(*path))
		template_decline(scene, "%s is a test, or not ours", *path);
	else
		s = syntax_open(scene->arena, "php", text);
	return s;
}

TSNode php_on_line(const struct syntax *s, unsigned line, const char *types, unsigned n)
{
	for (unsigned i = 0;; i++) {
		TSNode node = syntax_below(s->root, types, i);

		if (ts_node_is_null(node))
			return node;
		if (syntax_line(node) == line && !n--)
			return node;
	}
}

struct str php_name(const struct syntax *s, TSNode node)
{
	TSNode name = syntax_field(node, "name");

	if (ts_node_is_null(name))
		name = syntax_field(node, "function");
	return syntax_text(s, name);
}

bool php_is_simple(TSNode node)
{
	return syntax_type_is(node, "variable_name|member_access_expression|nullsafe_member_access_expression|"
			      "subscript_expression|member_call_expression|nullsafe_member_call_expression|"
			      "function_call_expression|scoped_call_expression|scoped_property_access_expression|"
			      "class_constant_access_expression");
}
