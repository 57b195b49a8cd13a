/*
 * A property that is set and declared nowhere, which PHP deprecates -> its declaration, below the
 * others of the class; private when only the class itself uses it, else public, as it was.
 * Without a type: what it may hold is not for us to say.
 */
#include "templates/lib_php.h"

#include "templates/lib_scene.h"


static const char pattern[] = "^Creation of dynamic property (?<class>[\\w\\\\]+)::\\$(?<name>\\w+) is deprecated";

/* The class that the file declares by that name; null node when it does not. */
static TSNode class_of(const struct syntax *s, struct str name)
{
	(void)str_split_last(name, "\\", NULL, &name);
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "class_declaration", n);

		if (ts_node_is_null(one) || str_equal(php_name(s, one), name))
			return one;
	}
}

/* Does anything but the class itself read or set it, or may a class derived from it? */
static bool is_used_outside(const struct scene *scene, const struct syntax *s, TSNode class, const char *path,
			    struct str name)
{
	const char *access = arena_printf(scene->arena, "->%.*s", STR_ARG(name));
	struct str before = str_slice(s->text, 0, ts_node_start_byte(class));
	struct str behind = str_from(s->text, ts_node_end_byte(class));

	if (!str_has(str_slice(before, before.size > 12 ? before.size - 12 : 0, 12), "final") &&
	    !str_starts(syntax_text(s, class), "final"))
		return true;
	if (str_has(before, access) || str_has(behind, access))
		return true;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *other = scene->tree->entries[i].path;
		struct str text;

		if (strcmp(other, path) != 0 && str_ends(str_of(other), ".php") &&
		    scene_read(scene, other, &text) && str_has(text, access))
			return true;
	}
	return false;
}

static void fix(struct scene *scene)
{
	const char *path, *line_of;
	unsigned line;
	SYNTAX s = php_crash(scene, &path, &line);
	struct str name = scene_group(scene, "name"), indent, after;
	struct edits edits = { .arena = scene->arena };
	TSNode class, body, last = {0}, one;
	size_t place;

	if (!s || !scene_is_first(scene))
		return;
	class = class_of(s, scene_group(scene, "class"));
	if (ts_node_is_null(class))
		return template_decline(scene, "%s does not declare the class itself", path);
	body = syntax_field(class, "body");
	for (unsigned n = 0; one = syntax_below(body, "property_declaration", n), !ts_node_is_null(one); n++)
		last = one;
	line_of = arena_printf(scene->arena, "%s $%.*s;",
			       is_used_outside(scene, s, class, path, name) ? "public" : "private", STR_ARG(name));
	if (ts_node_is_null(last)) {
		one = ts_node_named_child(body, 0);
		place = ts_node_start_byte(body) + 1;
		indent = syntax_indent(s, one);
		edit_replace(&edits, place, place, str_of(arena_printf(scene->arena, "\n%.*s%s\n", STR_ARG(indent),
								       line_of)));
	} else {
		place = ts_node_end_byte(last);
		indent = syntax_indent(s, last);
		edit_replace(&edits, place, place, str_of(arena_printf(scene->arena, "\n%.*s%s", STR_ARG(indent),
								       line_of)));
	}
	if (edits_apply(&edits, s, &after))
		candidate_put(scene, propose(scene, ORACLE_TOOL, "%.*s is set and declared nowhere.", STR_ARG(name)), path,
			      after);
}

static const struct example examples[] = {
	{
		.name = "of a final class",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Creation of dynamic "
		"property Shop\\A::$bar is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:5\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 5\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "namespace Shop;\n"
			  "final class A {\n"
			  "    private int $n = 0;\n"
			  "    public function __construct() { $this->bar = 1; }\n"
			  "}\n",
			  "<?php\n"
			  "namespace Shop;\n"
			  "final class A {\n"
			  "    private int $n = 0;\n"
			  "    private $bar;\n"
			  "    public function __construct() { $this->bar = 1; }\n"
			  "}\n" },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "read from outside, and the first one",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Creation of dynamic "
		"property A::$bar is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:3\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 3\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "final class A {\n"
			  "    public function __construct() { $this->bar = 1; }\n"
			  "}\n",
			  "<?php\n"
			  "final class A {\n"
			  "    public $bar;\n"
			  "\n"
			  "    public function __construct() { $this->bar = 1; }\n"
			  "}\n" },
			{ "src/b.php",
			  "<?php\n"
			  "echo $a->bar;\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
	},
	{
		.name = "of a class of another file",
		.log =
		"PHP Fatal error:  Uncaught ErrorException: Creation of dynamic "
		"property Vendor\\Model::$bar is deprecated in "
		"/home/runner/work/shop/shop/src/a.php:2\n"
		"Stack trace:\n"
		"#0 /home/runner/work/shop/shop/tests/run.php(3): Shop->go()\n"
		"#1 {main}\n"
		"  thrown in /home/runner/work/shop/shop/src/a.php on line 2\n",
		.file = {
			{ "src/a.php",
			  "<?php\n"
			  "$model->bar = 1;\n",
			  NULL },
			{ "tests/run.php",
			  "<?php\n"
			  "\n"
			  "\n",
			  NULL },
		},
		.declines = "does not declare",
	},
	{0}
};

const struct template template_php_dynamic_property = {
	.name = "php_dynamic_property",
	.summary = "a property that is declared nowhere -> its declaration",
	.language = "php",
	.class = "deprecated",
	.oracles = "the language itself",
	.keeps_off = "classes of other files",
	.danger = DANGER_1,
	.pattern = pattern,
	.fix = fix,
	.examples = examples,
};
