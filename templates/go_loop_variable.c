/*
 * Closures or pointers made in a loop all see its last value, before Go 1.22 -> a copy of the
 * variable in the loop. Only for the one loop that the failed test runs; never where the body
 * changes the variable, and never raises the version in go.mod.
 */
#include "templates/lib_go_test.h"
#include "templates/lib_scene.h"

enum { VERSION_OF_OWN_VARIABLES = 122, NAMES_MAX = 4 };

struct loop {
	struct go_file *file;
	TSNode body;
	struct str names[NAMES_MAX];
	unsigned count;
};

/* Does the variable outlive its round here: in a closure that is kept, or by its address? */
static bool is_kept(const struct syntax *s, TSNode body, TSNode use)
{
	TSNode closure = syntax_up(use, "func_literal"), parent = ts_node_parent(use), call;

	if (syntax_type_is(parent, "unary_expression") && str_starts(syntax_text(s, parent), "&"))
		return true;
	if (ts_node_is_null(closure) || ts_node_start_byte(closure) < ts_node_start_byte(body))
		return false;
	call = ts_node_parent(closure);
	return !(syntax_type_is(call, "call_expression") &&
		 ts_node_eq(syntax_field(call, "function"), closure) &&
		 !syntax_type_is(ts_node_parent(call), "go_statement") &&
		 !syntax_type_is(ts_node_parent(call), "defer_statement"));
}

/* Is it changed, or already copied, in the body? */
static bool is_set(const struct syntax *s, TSNode body, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(body, "assignment_statement|short_var_declaration|inc_statement|"
					  "dec_statement|range_clause", n);
		TSNode left = syntax_type_is(one, "inc_statement") || syntax_type_is(one, "dec_statement") ?
			      one : syntax_field(one, "left");

		if (ts_node_is_null(one))
			return false;
		if (code_count(s, left, "identifier", name))
			return true;
	}
}

static void add_name(struct loop *loop, const struct syntax *s, TSNode name)
{
	struct str text = syntax_text(s, name);

	if (str_is(text, "_") || loop->count == NAMES_MAX || is_set(s, loop->body, text))
		return;
	for (unsigned n = 0;; n++) {
		TSNode use = syntax_below(loop->body, "identifier", n);

		if (ts_node_is_null(use))
			return;
		if (str_equal(syntax_text(s, use), text) && is_kept(s, loop->body, use)) {
			loop->names[loop->count++] = text;
			return;
		}
	}
}

/* The variables of the loop's head that are kept beyond their round. */
static void look_at(struct loop *loop, struct go_file *file, TSNode node)
{
	const struct syntax *s = file->syntax;
	TSNode head = ts_node_named_child(node, 0), left;

	*loop = (struct loop){ .file = file, .body = syntax_field(node, "body") };
	if (syntax_type_is(head, "for_clause"))
		head = syntax_field(head, "initializer");
	left = syntax_field(head, "left");
	if (!syntax_type_is(left, "expression_list") || !str_has(syntax_text(s, head), ":="))
		return;
	for (uint32_t i = 0; i < ts_node_named_child_count(left); i++)
		add_name(loop, s, ts_node_named_child(left, i));
}

static unsigned find_loops(const struct go_tested *tested, struct loop *found)
{
	unsigned count = 0;

	for (size_t i = 0; i < tested->count; i++)
		for (unsigned n = 0;; n++) {
			TSNode node = syntax_below(tested->list[i].function, "for_statement", n);
			struct loop loop;

			if (ts_node_is_null(node))
				break;
			look_at(&loop, tested->list[i].file, node);
			if (!loop.count)
				continue;
			*found = loop;
			count++;
		}
	return count;
}

static void copy_in(struct scene *scene, const struct loop *loop)
{
	const struct syntax *s = loop->file->syntax;
	struct code code = { .scene = scene, .path = loop->file->path, .syntax = loop->file->syntax };
	struct edits edits = { .arena = scene->arena };
	struct text out = TEXT(scene->arena);
	TSNode first = ts_node_named_child(loop->body, 0);
	size_t at = code_line_start(s->text, ts_node_start_byte(first));

	for (unsigned i = 0; i < loop->count; i++)
		text_addf(&out, "%.*s%.*s := %.*s\n", STR_ARG(syntax_indent(s, first)),
			  STR_ARG(loop->names[i]), STR_ARG(loop->names[i]));
	edit_replace(&edits, at, at, text_str(&out));
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1, arena_printf(scene->arena,
		"Gives each round of the loop its own %.*s: before Go 1.22 all rounds share one.",
		STR_ARG(loop->names[0])));
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct go_tested tested;
	struct loop loop = {0};
	unsigned version = go_version(scene), count;

	if (!version || version >= VERSION_OF_OWN_VARIABLES)
		return template_decline(scene, "go.mod asks for a version whose loops have their own variables");
	if (!go_tested_by(scene, &package, &tested))
		return;
	count = find_loops(&tested, &loop);
	if (count != 1)
		return template_decline(scene, count ? "several loops keep their variable" :
					"no loop keeps its variable");
	if (syntax_line(loop.body) == syntax_line(ts_node_named_child(loop.body, 0)))
		return template_decline(scene, "the loop is on one line");
	copy_in(scene, &loop);
}

#define TEST_FILE \
	{ "plan_test.go", "package plan\n\nimport \"testing\"\n\nfunc TestPlan(t *testing.T) {\n" \
	  "\tif got := Plan([]string{\"a\", \"b\"})[0](); got != \"a\" {\n\t\tt.Errorf(\"got %q\", got)\n" \
	  "\t}\n}\n", NULL }
#define LOG "--- FAIL: TestPlan (0.00s)\n    plan_test.go:7: got \"b\"\nFAIL\nFAIL\texample.com/plan\t0.006s\n"
#define HEAD \
	"package plan\n\nfunc Plan(all []string) []func() string {\n\tvar plan []func() string\n" \
	"\tfor _, one := range all {\n"
#define TAIL "\t\tplan = append(plan, func() string { return one })\n\t}\n\treturn plan\n}\n"

static const struct example examples[] = {
	{
		.name = "closures for later",
		.log = LOG,
		.file = {
			{ "go.mod", "module example.com/plan\n\ngo 1.19\n", NULL },
			TEST_FILE,
			{ "plan.go", HEAD TAIL, HEAD "\t\tone := one\n" TAIL },
		},
	},
	{
		.name = "the language has mended it",
		.log = LOG,
		.file = {
			{ "go.mod", "module example.com/plan\n\ngo 1.22\n", NULL },
			TEST_FILE,
			{ "plan.go", HEAD TAIL, NULL },
		},
		.declines = "go.mod asks for a version",
	},
	{
		.name = "a closure that is called at once",
		.log = LOG,
		.file = {
			{ "go.mod", "module example.com/plan\n\ngo 1.19\n", NULL },
			TEST_FILE,
			{ "plan.go", "package plan\n\nfunc Plan(all []string) []func() string {\n"
			  "\tfor _, one := range all {\n\t\tfunc() { println(one) }()\n\t}\n\treturn nil\n}\n", NULL },
		},
		.declines = "no loop keeps its variable",
	},
	{0}
};

const struct template template_go_loop_variable = {
	.name = "go_loop_variable",
	.summary = "closures of a loop all see its last value (Go before 1.22) -> a copy in each round",
	.language = "go",
	.class = "logic",
	.oracles = "the failed test, in the one loop it runs that keeps its variable",
	.keeps_off = "Go from 1.22 on; several such loops; variables that the body sets",
	.danger = DANGER_1,
	.tool = "go test",
	.fix = fix,
	.examples = examples,
};
