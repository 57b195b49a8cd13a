/*
 * AttributeError: a method asks `self.files.make()`, but its class has no `files`: it is the class of
 * which others have one in `files`. The method was written for, or moved from, one of them; here the
 * method is its own: self.make().
 */
#include "templates/lib_definitions.h"
#include "templates/lib_guard.h"

struct user {
	const struct syntax *s;
	struct str attribute, class_name;
	bool found;
};

/* files = Files(...) in the body of a class, or self.files = Files(...) */
static bool see_user(TSNode node, void *context)
{
	struct user *u = context;
	TSNode left = syntax_field(node, "left"), right = syntax_field(node, "right");

	if (!syntax_type_is(node, "assignment") || !syntax_type_is(right, "call") ||
	    !str_equal(python_callee(u->s, right), u->class_name))
		return true;
	if (syntax_type_is(left, "attribute"))
		left = syntax_field(left, "attribute");
	u->found |= str_equal(syntax_text(u->s, left), u->attribute);
	return true;
}

static bool others_have_it(const struct site *crash, struct str attribute, struct str class_name)
{
	struct user u = { crash->syntax, attribute, class_name, false };

	syntax_walk(crash->syntax->root, see_user, &u);
	return u.found;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct str name = scene_group(scene, "name"), class_name = scene_group(scene, "class");
	struct edits edits = { .arena = scene->arena };
	struct definition class;
	struct site crash;
	unsigned count = 0;

	if (!python_crash(&python, &crash))
		return;
	if (!definition_of_class(&python, class_name, &class) ||
	    strcmp(class.path, crash.path) || definition_binds(class.syntax, class.node, name))
		return template_decline(scene, "%.*s is not the class of the line, or has it",
					STR_ARG(class_name));
	if (!others_have_it(&crash, name, class_name))
		return template_decline(scene, "no oracle: nothing here has a %.*s in %.*s",
					STR_ARG(class_name), STR_ARG(name));
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(class.node, "call", n), function = syntax_field(call, "function");
		TSNode object = syntax_field(function, "object");

		if (ts_node_is_null(call))
			break;
		if (!str_is(syntax_text(crash.syntax, syntax_field(object, "object")), "self") ||
		    !str_equal(syntax_text(crash.syntax, syntax_field(object, "attribute")), name))
			continue;
		if (ts_node_is_null(definition_method(class.syntax, class.node, syntax_text(
			    crash.syntax, syntax_field(function, "attribute")))))
			return template_decline(scene, "the class has no such method");
		edit_node(&edits, object, STR("self"));
		count++;
	}
	if (!count)
		return template_decline(scene, "no method of it is called there");
	edits_propose(&python, &crash, &edits, ORACLE_CONTRACT,
		      arena_printf(scene->arena, "%.*s is what others keep in %.*s: here it is self",
				   STR_ARG(class_name), STR_ARG(name)));
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "a method that was moved",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_move __________\n"
			"test_files.py:6: in test_move\n"
			"    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\"))"
			"\n"
			"files.py:11: in move\n"
			"    self.files.make(folder)\n"
			"E   AttributeError: 'Files' object has no attribute 'files'\n"
			"========== short test summary info ==========\n"
			"FAILED test_files.py::test_move - AttributeError: 'Files' object has "
			"no attri...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "import os\n"
			  "\n"
			  "\n"
			  "class Files:\n"
			  "    def make(self, path):\n"
			  "        os.makedirs(path, exist_ok=True)\n"
			  "\n"
			  "    def move(self, old, new):\n"
			  "        folder = os.path.dirname(new)\n"
			  "        if folder:\n"
			  "            self.files.make(folder)\n"
			  "        os.rename(old, new)\n"
			  "\n"
			  "\n"
			  "class Target:\n"
			  "    files = Files()\n",
			  "import os\n"
			  "\n"
			  "\n"
			  "class Files:\n"
			  "    def make(self, path):\n"
			  "        os.makedirs(path, exist_ok=True)\n"
			  "\n"
			  "    def move(self, old, new):\n"
			  "        folder = os.path.dirname(new)\n"
			  "        if folder:\n"
			  "            self.make(folder)\n"
			  "        os.rename(old, new)\n"
			  "\n"
			  "\n"
			  "class Target:\n"
			  "    files = Files()\n" },
			{ "test_files.py",
			  "from files import Files\n"
			  "\n"
			  "\n"
			  "def test_move(tmp_path):\n"
			  "    (tmp_path / \"a\").write_text(\"\")\n"
			  "    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\")"
			  ")\n"
			  "    assert (tmp_path / \"b\" / \"c\").exists()\n",
			  NULL },
		},
	},
	{
		.name = "nobody keeps one by that name",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_move __________\n"
			"test_files.py:6: in test_move\n"
			"    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\"))"
			"\n"
			"files.py:11: in move\n"
			"    self.files.make(folder)\n"
			"E   AttributeError: 'Files' object has no attribute 'files'\n"
			"========== short test summary info ==========\n"
			"FAILED test_files.py::test_move - AttributeError: 'Files' object has "
			"no attri...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "import os\n"
			  "\n"
			  "\n"
			  "class Files:\n"
			  "    def make(self, path):\n"
			  "        os.makedirs(path, exist_ok=True)\n"
			  "\n"
			  "    def move(self, old, new):\n"
			  "        folder = os.path.dirname(new)\n"
			  "        if folder:\n"
			  "            self.files.make(folder)\n"
			  "        os.rename(old, new)\n"
			  "\n"
			  "\n"
			  "class Target:\n"
			  "    files = None\n",
			  NULL },
			{ "test_files.py",
			  "from files import Files\n"
			  "\n"
			  "\n"
			  "def test_move(tmp_path):\n"
			  "    (tmp_path / \"a\").write_text(\"\")\n"
			  "    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\")"
			  ")\n"
			  "    assert (tmp_path / \"b\" / \"c\").exists()\n",
			  NULL },
		},
		.declines = "no oracle",
	},
	{
		.name = "the class has no such method",
		.log =
			"========== FAILURES ==========\n"
			"__________ test_move __________\n"
			"test_files.py:6: in test_move\n"
			"    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\"))"
			"\n"
			"files.py:11: in move\n"
			"    self.files.make(folder)\n"
			"E   AttributeError: 'Files' object has no attribute 'files'\n"
			"========== short test summary info ==========\n"
			"FAILED test_files.py::test_move - AttributeError: 'Files' object has "
			"no attri...\n"
			"1 failed in 0.02s\n",
		.file = {
			{ "files.py",
			  "import os\n"
			  "\n"
			  "\n"
			  "class Files:\n"
			  "    def build(self, path):\n"
			  "        os.makedirs(path, exist_ok=True)\n"
			  "\n"
			  "    def move(self, old, new):\n"
			  "        folder = os.path.dirname(new)\n"
			  "        if folder:\n"
			  "            self.files.make(folder)\n"
			  "        os.rename(old, new)\n"
			  "\n"
			  "\n"
			  "class Target:\n"
			  "    files = Files()\n",
			  NULL },
			{ "test_files.py",
			  "from files import Files\n"
			  "\n"
			  "\n"
			  "def test_move(tmp_path):\n"
			  "    (tmp_path / \"a\").write_text(\"\")\n"
			  "    Files().move(str(tmp_path / \"a\"), str(tmp_path / \"b\" / \"c\")"
			  ")\n"
			  "    assert (tmp_path / \"b\" / \"c\").exists()\n",
			  NULL },
		},
		.declines = "no such method",
	},
	{0}
};

const struct template template_python_users_attribute = {
	.name = "python_users_attribute",
	.summary = "AttributeError: a class asks for itself by the name its users have for it -> self",
	.language = "python",
	.class = "wrong name",
	.oracles = "contract",
	.keeps_off = "classes that nobody here keeps by that name, methods the class does not have",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'(?<class>\\w+)' object has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};
