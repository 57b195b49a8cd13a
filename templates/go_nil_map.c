/*
 * "assignment to entry in nil map" -> the map is made where it is declared: a variable, a named
 * result, the struct's constructors, or, for maps in maps and structs without constructor, just
 * before the assignment. Keeps off where being nil means something, and where the map is the
 * caller's.
 */
#include "templates/lib_go.h"
#include "templates/lib_go_maker.h"
#include "templates/lib_scene.h"

struct crash {
	struct scene *scene;
	struct go_package *package;
	struct go_file *file;
	TSNode function;		/* around the assignment */
	TSNode statement;		/* which assigns */
	TSNode map;			/* the expression that is nil */
};

static struct str text_of(const struct crash *c, TSNode node)
{
	return syntax_text(c->file->syntax, node);
}

/* The map that the line assigns to an entry of; false when none, or more than one, does. */
static bool find_map(struct crash *c, unsigned line)
{
	unsigned found = 0;

	for (unsigned n = 0;; n++) {
		TSNode index = syntax_below(c->file->syntax->root, "index_expression", n);
		TSNode statement, left;

		if (ts_node_is_null(index))
			break;
		statement = syntax_up(index, "assignment_statement|inc_statement|dec_statement|block");
		left = syntax_field(statement, "left");
		if (syntax_line(index) != line || syntax_type_is(statement, "block"))
			continue;
		if (!ts_node_is_null(left) && ts_node_start_byte(index) >= ts_node_end_byte(left))
			continue;
		if (syntax_type_is(ts_node_parent(index), "index_expression"))
			continue;	/* the inner one of m[a][b] */
		found++;
		c->statement = statement;
		c->map = syntax_field(index, "operand");
	}
	c->function = syntax_up(c->statement, "function_declaration|method_declaration|func_literal");
	return found == 1 && !ts_node_is_null(c->function);
}

static void finish(struct crash *c, struct edits *edits, struct go_file *file, enum oracle oracle,
		   const char *why)
{
	struct str out;

	if (!edits_apply(edits, file->syntax, &out))
		return template_decline(c->scene, "the edit of %s does not fit", file->path);
	candidate_put(c->scene, propose(c->scene, oracle, "%s", why), file->path, out);
}

/* var m map[K]V, in the function or the package. */
static bool fix_variable(struct crash *c, TSNode scope, struct str name)
{
	struct edits edits = { .arena = c->scene->arena };
	struct go_file *from = c->file;
	bool local = !ts_node_eq(scope, c->file->syntax->root);

	for (unsigned n = 0;; n++) {
		TSNode spec = syntax_below(scope, "var_spec", n), parent, type;
		struct str made;

		if (ts_node_is_null(spec))
			return false;
		parent = ts_node_parent(spec);
		type = syntax_field(spec, "type");
		if (!str_equal(text_of(c, syntax_field(spec, "name")), name) ||
		    (!local && !syntax_type_is(ts_node_parent(parent), "source_file")))
			continue;
		if (!ts_node_is_null(syntax_field(spec, "value")) || ts_node_is_null(type) ||
		    ts_node_named_child_count(spec) != 2 ||
		    ts_node_is_null(go_map_type(c->package, type, &from)))
			return false;
		made = str_of(arena_printf(edits.arena, local ? "%.*s := make(%.*s)" :
					   "%.*s = make(%.*s)", STR_ARG(name),
					   STR_ARG(text_of(c, type))));
		edit_node(&edits, local && syntax_type_is(parent, "var_declaration") ? parent : spec,
			  made);
		finish(c, &edits, c->file, ORACLE_CONTRACT,
		       arena_printf(edits.arena, "Makes the map %.*s where it is declared: by the "
				    "language an entry can only be stored in a map that was made.",
				    STR_ARG(name)));
		return true;
	}
}

/* func f() (m map[K]V): made first thing in the body. */
static bool fix_result(struct crash *c, struct str name)
{
	struct edits edits = { .arena = c->scene->arena };
	TSNode result = syntax_field(c->function, "result");
	TSNode body = syntax_field(c->function, "body");
	struct go_file *from = c->file;

	for (unsigned n = 0; syntax_type_is(result, "parameter_list"); n++) {
		TSNode one = syntax_below(result, "parameter_declaration", n);
		TSNode type = syntax_field(one, "type");
		TSNode first = ts_node_is_null(body) ? body : ts_node_named_child(body, 0);

		if (ts_node_is_null(one) || ts_node_is_null(first))
			return false;
		if (!str_equal(text_of(c, syntax_field(one, "name")), name))
			continue;
		if (ts_node_is_null(go_map_type(c->package, type, &from)))
			return false;
		edit_replace(&edits, ts_node_start_byte(first), ts_node_start_byte(first),
			     str_of(arena_printf(edits.arena, "%.*s = make(%.*s)\n%.*s", STR_ARG(name),
						 STR_ARG(text_of(c, type)),
						 STR_ARG(syntax_indent(c->file->syntax, first)))));
		finish(c, &edits, c->file, ORACLE_CONTRACT,
		       arena_printf(edits.arena, "Makes the result %.*s before it is filled: by the "
				    "language an entry can only be stored in a map that was made.",
				    STR_ARG(name)));
		return true;
	}
	return false;
}

/* if m == nil { m = make(T) } before the assignment. */
static void fix_before(struct crash *c, struct str type, const char *because)
{
	struct edits edits = { .arena = c->scene->arena };
	struct str indent = syntax_indent(c->file->syntax, c->statement);
	struct str map = text_of(c, c->map);
	size_t at = ts_node_start_byte(c->statement);

	edit_replace(&edits, at, at,
		     str_of(arena_printf(edits.arena, "if %.*s == nil {\n%.*s\t%.*s = make(%.*s)\n"
					 "%.*s}\n%.*s", STR_ARG(map), STR_ARG(indent), STR_ARG(map),
					 STR_ARG(type), STR_ARG(indent), STR_ARG(indent))));
	finish(c, &edits, c->file, ORACLE_CONTRACT,
	       arena_printf(edits.arena, "Makes %.*s before the first entry is stored: %s.",
			    STR_ARG(map), because));
}

static void fix_identifier(struct crash *c)
{
	struct str name = text_of(c, c->map);
	TSNode parameters = syntax_field(c->function, "parameters");

	if (go_asks_nil(c->package, name))
		return template_decline(c->scene, "the code asks whether %.*s is nil", STR_ARG(name));
	for (unsigned n = 0; !ts_node_is_null(parameters); n++) {
		TSNode one = syntax_below(parameters, "parameter_declaration", n);

		if (ts_node_is_null(one))
			break;
		if (str_equal(text_of(c, syntax_field(one, "name")), name))
			return template_decline(c->scene, "the map %.*s comes from the caller",
						STR_ARG(name));
	}
	if (!fix_variable(c, c->function, name) && !fix_result(c, name) &&
	    !fix_variable(c, c->file->syntax->root, name) && !c->scene->declined)
		template_decline(c->scene, "where %.*s is declared is not seen", STR_ARG(name));
}

static void fix_makers(struct crash *c, const struct go_makers *l, struct str type)
{
	struct edits edits = { .arena = c->scene->arena };

	for (unsigned i = 0; i < l->first_count; i++)
		go_add_element(&edits, l->file->syntax, l->first[i], l->field, type);
	finish(c, &edits, l->file, ORACLE_CONTRACT,
	       arena_printf(edits.arena, "Makes the map %.*s wherever a %.*s is made: by the language an "
			    "entry can only be stored in a map that was made.", STR_ARG(l->field),
			    STR_ARG(l->type)));
}

static void fix_field(struct crash *c)
{
	struct str owner = text_of(c, syntax_field(c->map, "operand"));
	struct go_makers l = { .field = text_of(c, syntax_field(c->map, "field")) };
	struct go_file *from = c->file, *shown;
	bool pointer = false;
	TSNode type, map;

	l.type = go_parameter_type(c->file->syntax, c->function, owner, &pointer);
	type = go_field_type(c->package, l.type, l.field, &from);
	shown = from;
	map = ts_node_is_null(type) ? type : go_map_type(c->package, type, &from);
	if (ts_node_is_null(map))
		return template_decline(c->scene, "the type of %.*s is not seen",
					STR_ARG(text_of(c, c->map)));
	if (go_asks_nil(c->package, l.field))
		return template_decline(c->scene, "the code asks whether %.*s is nil", STR_ARG(l.field));
	go_look_at_makers(c->package, &l);
	if (l.without && !l.odd && !l.zero)
		return fix_makers(c, &l, syntax_text(shown->syntax, type));
	if (!pointer)
		return template_decline(c->scene, "%.*s is a copy: a map made here would be lost",
					STR_ARG(owner));
	fix_before(c, syntax_text(shown->syntax, type),
		   "its type is also used without a constructor, as a zero value");
}

/* m[a][b] = v: the inner map is made when its place is empty. */
static void fix_inner(struct crash *c)
{
	TSNode outer = syntax_field(c->map, "operand"), index = syntax_field(c->map, "index");
	struct go_file *from = c->file;
	struct str name = text_of(c, outer);
	TSNode type = {{0}, NULL, NULL}, map;
	bool pointer;

	if (!syntax_type_is(index, "identifier|selector_expression|int_literal|"
				   "interpreted_string_literal"))
		return template_decline(c->scene, "the key %.*s may change when it is read twice",
					STR_ARG(text_of(c, index)));
	for (unsigned n = 0; syntax_type_is(outer, "identifier"); n++) {
		TSNode one = syntax_below(c->file->syntax->root, "var_spec|parameter_declaration|"
					  "short_var_declaration", n);
		TSNode made = syntax_below(one, "map_type", 0);

		if (ts_node_is_null(one))
			break;
		if (str_equal(text_of(c, syntax_field(one, "name")), name) ||
		    str_equal(text_of(c, syntax_field(one, "left")), name))
			type = ts_node_is_null(made) ? syntax_field(one, "type") : made;
	}
	if (syntax_type_is(outer, "selector_expression"))
		type = go_field_type(c->package, 
				     go_parameter_type(c->file->syntax, c->function,
						       text_of(c, syntax_field(outer, "operand")),
						       &pointer),
				     text_of(c, syntax_field(outer, "field")), &from);
	map = ts_node_is_null(type) ? type : go_map_type(c->package, type, &from);
	type = ts_node_is_null(map) ? map : syntax_field(map, "value");
	if (ts_node_is_null(type))
		return template_decline(c->scene, "the type of %.*s is not seen", STR_ARG(name));
	fix_before(c, syntax_text(from->syntax, type),
		   "the maps in a map are not made with it, and its type says what they hold");
}

static void fix(struct scene *scene)
{
	const char *path = scene_path(scene, scene->failure->file);
	GO_PACKAGE package = { .count = 0 };
	struct crash c = { .scene = scene, .package = &package };

	if (!path || path[0] == '\0')
		return template_decline(scene, "the crash is not in the repository");
	if (str_ends(str_of(path), "_test.go"))
		return template_decline(scene, "the crash is in a test");
	go_open(&package, scene->arena, scene->tree, path);
	c.file = go_file(&package, path);
	if (!c.file || !find_map(&c, scene->failure->line))
		return template_decline(scene, "no single assignment to a map's entry is on line %u",
					scene->failure->line);
	if (syntax_type_is(c.map, "identifier"))
		return fix_identifier(&c);
	if (syntax_type_is(c.map, "selector_expression"))
		return fix_field(&c);
	if (syntax_type_is(c.map, "index_expression"))
		return fix_inner(&c);
	template_decline(scene, "the map is the value of %.*s", STR_ARG(text_of(&c, c.map)));
}

static const struct example examples[] = {
	{
		.name = "a local variable",
		.log =
		"--- FAIL: TestGroup (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x509000, 0x551f40})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x509000, 0x551f40})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.Group(...)\n\t/src/shop.go:7\n"
		"example.com/shop.TestGroup(0xc000096680)\n\t/src/shop_test.go:6 +0xfd\n"
		"testing.tRunner(0xc000096680, 0x52f4f0)\n\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n"
		"created by testing.(*T).Run\n\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\n"
		"FAIL\texample.com/shop\t0.007s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Group groups words by length.\nfunc Group(words []string) map[int][]string {\n"
			  "\tvar groups map[int][]string\n\tfor _, word := range words {\n"
			  "\t\tgroups[len(word)] = append(groups[len(word)], word)\n\t}\n\treturn groups\n}\n",
			  "package shop\n\n// Group groups words by length.\nfunc Group(words []string) map[int][]string {\n"
			  "\tgroups := make(map[int][]string)\n\tfor _, word := range words {\n"
			  "\t\tgroups[len(word)] = append(groups[len(word)], word)\n\t}\n\treturn groups\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestGroup(t *testing.T) {\n"
			  "\tif len(Group([]string{\"a\"})) != 1 {\n\t\tt.Fatal(\"one\")\n\t}\n}\n",
			  NULL },
		},
	},
	{
		.name = "a field, made by the constructor, on one line",
		.log =
		"--- FAIL: TestAdd (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 20 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cc0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cc0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.(*Stock).Add(...)\n\t/src/shop.go:15\n"
		"example.com/shop.TestAdd(0x0?)\n\t/src/shop_test.go:7 +0x5a\ntesting.tRunner(0xc0000829c0, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.005s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "func New() *Stock {\n\treturn &Stock{names: []string{}}\n}\n\n// Add counts a good.\n"
			  "func (s *Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "func New() *Stock {\n\treturn &Stock{names: []string{}, counts: make(map[string]int)}\n}\n\n"
			  "// Add counts a good.\nfunc (s *Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\ts := New()\n\ts.Add(\"a\", 1)\n}\n",
			  NULL },
		},
	},
	{
		.name = "a field, the constructor has a line for each",
		.log =
		"--- FAIL: TestAdd (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cc0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cc0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.(*Stock).Add(...)\n\t/src/shop.go:17\n"
		"example.com/shop.TestAdd(0x0?)\n\t/src/shop_test.go:7 +0x5a\ntesting.tRunner(0xc000096680, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.005s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "func New() *Stock {\n\treturn &Stock{\n\t\tnames: []string{},\n\t}\n}\n\n// Add counts a good.\n"
			  "func (s *Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "func New() *Stock {\n\treturn &Stock{\n\t\tnames:  []string{},\n\t\tcounts: make(map[string]int),\n\t}\n}\n\n"
			  "// Add counts a good.\nfunc (s *Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\ts := New()\n\ts.Add(\"a\", 1)\n}\n",
			  NULL },
		},
	},
	{
		.name = "a field of a struct that is used as a zero value",
		.log =
		"--- FAIL: TestAdd (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cb0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cb0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.(*Stock).Add(...)\n\t/src/shop.go:12\n"
		"example.com/shop.TestAdd(0x0?)\n\t/src/shop_test.go:7 +0x2e\ntesting.tRunner(0xc000096680, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.006s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "\n// Add counts a good.\nfunc (s *Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "\n// Add counts a good.\nfunc (s *Stock) Add(name string, n int) {\n\tif s.counts == nil {\n"
			  "\t\ts.counts = make(map[string]int)\n\t}\n\ts.counts[name] += n\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\tvar s Stock\n\ts.Add(\"a\", 1)\n}\n",
			  NULL },
		},
	},
	{
		.name = "a variable of the package, with a named type",
		.log =
		"--- FAIL: TestRegister (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 6 [running]:\n"
		"testing.tRunner.func1.2({0x509020, 0x551f50})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x509020, 0x551f50})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.Register(...)\n\t/src/shop.go:8\n"
		"example.com/shop.TestRegister(0x0?)\n\t/src/shop_test.go:6 +0x33\ntesting.tRunner(0xc000007860, 0x52f580)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.006s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\ntype makers map[string]func()\n\nvar registry makers\n\n"
			  "func Register(name string, f func()) {\n\tregistry[name] = f\n}\n",
			  "package shop\n\ntype makers map[string]func()\n\nvar registry = make(makers)\n\n"
			  "func Register(name string, f func()) {\n\tregistry[name] = f\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestRegister(t *testing.T) {\n\tRegister(\"a\", nil)\n}\n",
			  NULL },
		},
	},
	{
		.name = "a map in a map",
		.log =
		"--- FAIL: TestCount (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x5090a0, 0x551fa0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x5090a0, 0x551fa0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.Count(...)\n\t/src/shop.go:7\n"
		"example.com/shop.TestCount(0x0?)\n\t/src/shop_test.go:6 +0xf3\ntesting.tRunner(0xc000098680, 0x52f580)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.007s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\nfunc Count(pairs [][2]string) map[string]map[string]int {\n"
			  "\tout := make(map[string]map[string]int)\n\tfor _, p := range pairs {\n\t\ta := p[0]\n\t\tout[a][p[1]]++\n"
			  "\t}\n\treturn out\n}\n",
			  "package shop\n\nfunc Count(pairs [][2]string) map[string]map[string]int {\n"
			  "\tout := make(map[string]map[string]int)\n\tfor _, p := range pairs {\n\t\ta := p[0]\n\t\tif out[a] == nil {\n"
			  "\t\t\tout[a] = make(map[string]int)\n\t\t}\n\t\tout[a][p[1]]++\n\t}\n\treturn out\n}\n" },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestCount(t *testing.T) {\n\tCount([][2]string{{\"a\", \"b\"}})\n"
			  "}\n",
			  NULL },
		},
	},
	{
		.name = "the map is the caller's",
		.log =
		"--- FAIL: TestFill (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cb0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cb0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.Fill(...)\n\t/src/shop.go:4\n"
		"example.com/shop.TestFill(0x0?)\n\t/src/shop_test.go:6 +0x2e\ntesting.tRunner(0xc000098680, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.007s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\nfunc Fill(m map[string]int) {\n\tm[\"a\"] = 1\n}\n",
			  NULL },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestFill(t *testing.T) {\n\tFill(nil)\n}\n",
			  NULL },
		},
		.declines = "comes from the caller",
	},
	{
		.name = "being nil means something",
		.log =
		"--- FAIL: TestAdd (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cc0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cc0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.(*Stock).Add(...)\n\t/src/shop.go:17\n"
		"example.com/shop.TestAdd(0x0?)\n\t/src/shop_test.go:7 +0x5a\ntesting.tRunner(0xc000098680, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.007s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "func (s *Stock) Loaded() bool { return s.counts != nil }\n\nfunc New() *Stock {\n"
			  "\treturn &Stock{names: []string{}}\n}\n\n// Add counts a good.\nfunc (s *Stock) Add(name string, n int) {\n"
			  "\ts.counts[name] += n\n}\n",
			  NULL },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\ts := New()\n\ts.Add(\"a\", 1)\n}\n",
			  NULL },
		},
		.declines = "asks whether counts is nil",
	},
	{
		.name = "a copy: the tempting fix would be lost",
		.log =
		"--- FAIL: TestAdd (0.00s)\npanic: assignment to entry in nil map [recovered]\n"
		"\tpanic: assignment to entry in nil map\n\ngoroutine 18 [running]:\n"
		"testing.tRunner.func1.2({0x508ec0, 0x551cb0})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n"
		"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x508ec0, 0x551cb0})\n"
		"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/shop.Stock.Add(...)\n\t/src/shop.go:12\n"
		"example.com/shop.TestAdd(0x0?)\n\t/src/shop_test.go:7 +0x2e\ntesting.tRunner(0xc000098680, 0x52f2e0)\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\ncreated by testing.(*T).Run\n"
		"\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\nFAIL\texample.com/shop\t0.006s\nFAIL\n",
		.file = {
			{ "shop.go",
			  "package shop\n\n// Stock counts goods.\ntype Stock struct {\n\tcounts map[string]int\n\tnames  []string\n}\n\n"
			  "\n// Add counts a good.\nfunc (s Stock) Add(name string, n int) {\n\ts.counts[name] += n\n}\n",
			  NULL },
			{ "shop_test.go",
			  "package shop\n\nimport \"testing\"\n\nfunc TestAdd(t *testing.T) {\n\tvar s Stock\n\ts.Add(\"a\", 1)\n}\n",
			  NULL },
		},
		.declines = "is a copy",
	},
	{0}
};

const struct template template_go_nil_map = {
	.name = "go_nil_map",
	.summary = "an entry is stored in a map that was never made -> make it where it is declared",
	.language = "go",
	.class = "crash guard",
	.oracles = "the language: a map must be made before an entry is stored",
	.keeps_off = "maps of the caller, copies, maps whose being nil is asked for",
	.danger = DANGER_1,
	.pattern = "^assignment to entry in nil map",
	.fix = fix,
	.examples = examples,
};
