/*
 * A call or a return with one value too few or too many, where the last one is an error: `return
 * n` gets its nil, `n := f()` takes the error and hands it on as the siblings do, `return f(),
 * nil` becomes `return f()`. Never throws an error away.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

struct counts {
	struct scene *scene;
	struct go_package *package;
	struct code *code;
	TSNode function;
	unsigned results;
};

/* Is the return where an error has just been found, or came in right before? */
static bool after_error(const struct syntax *s, TSNode statement)
{
	TSNode guard = syntax_up(ts_node_parent(statement), "if_statement|func_literal");
	TSNode before = ts_node_prev_named_sibling(statement);

	if (syntax_type_is(guard, "if_statement") &&
	    text_has_word(syntax_text(s, syntax_field(guard, "condition")), "err"))
		return true;
	return !ts_node_is_null(before) && !syntax_type_is(before, "if_statement") &&
	       text_has_word(syntax_text(s, before), "err");
}

/* `return n` in a function that returns (int, error) */
static void too_few(struct counts *c)
{
	const struct syntax *s = c->code->syntax;
	struct edits edits = { .arena = c->scene->arena };
	TSNode statement = go_statement(c->code->node), values;

	if (!syntax_type_is(statement, "return_statement"))
		return template_decline(c->scene, "the place is no return");
	values = ts_node_named_child(statement, 0);
	if (ts_node_is_null(values) || ts_node_named_child_count(values) + 1 != c->results)
		return template_decline(c->scene, "more than the error is missing");
	if (after_error(s, statement))
		return template_decline(c->scene, "the return may be one of an error");
	edit_replace(&edits, ts_node_end_byte(values), ts_node_end_byte(values), STR(", nil"));
	code_propose(c->scene, c->code, &edits, ORACLE_CONTRACT, DANGER_1,
		     "Returns no error with the value: the function's type asks for one.");
}

/* `n := f()` where f returns an error too */
static void take_error(struct counts *c)
{
	const struct syntax *s = c->code->syntax;
	struct edits edits = { .arena = c->scene->arena };
	TSNode statement = go_statement(c->code->node), left = syntax_field(statement, "left");
	struct str out, indent = syntax_indent(s, statement);
	size_t end = ts_node_end_byte(statement);
	const char *why;

	if (!syntax_type_is(statement, "short_var_declaration") || ts_node_named_child_count(left) != 1 ||
	    !str_is(scene_group(c->scene, "left"), "1") || !str_is(scene_group(c->scene, "right"), "2"))
		return template_decline(c->scene, "the statement is no plain := of one name");
	out = go_error_return(c->package, s, statement, &why);
	if (!out.size)
		return template_decline(c->scene, "%s", why);
	edit_replace(&edits, ts_node_end_byte(left), ts_node_end_byte(left), STR(", err"));
	edit_replace(&edits, end, end, str_of(arena_printf(c->scene->arena,
		"\n%.*sif err != nil {\n%.*s\t%.*s\n%.*s}", STR_ARG(indent), STR_ARG(indent), STR_ARG(out),
		STR_ARG(indent))));
	code_propose(c->scene, c->code, &edits, ORACLE_SIBLING, DANGER_1,
		     "Takes the error of the call and hands it on, as the siblings do.");
}

/* `return f(), nil` where f returns just what the function does */
static void pass_on(struct counts *c)
{
	const struct syntax *s = c->code->syntax;
	struct edits edits = { .arena = c->scene->arena };
	TSNode statement = go_statement(c->code->node), values = ts_node_named_child(statement, 0);
	struct str results = syntax_text(s, syntax_field(c->function, "result"));

	if (!syntax_type_is(statement, "return_statement") || ts_node_named_child_count(values) != 2 ||
	    !syntax_type_is(ts_node_named_child(values, 0), "call_expression") ||
	    !str_is(syntax_text(s, ts_node_named_child(values, 1)), "nil") ||
	    !str_equal(results, scene_group(c->scene, "type")))
		return template_decline(c->scene, "the call does not give just what the function returns");
	edit_node(&edits, values, syntax_text(s, ts_node_named_child(values, 0)));
	code_propose(c->scene, c->code, &edits, ORACLE_CONTRACT, DANGER_1,
		     "Returns the call's value and its error, which are just what the function returns.");
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct counts c = { .scene = scene, .package = &package };
	struct str last = STR_NONE;
	struct code code;

	if (!go_place(scene, &package, &code))
		return;
	c.code = &code;
	c.function = go_function(code.node);
	while (go_result(code.syntax, c.function, c.results).size)
		last = go_result(code.syntax, c.function, c.results++);
	if (!str_is(last, "error"))
		return template_decline(scene, "the function returns no error");
	if (scene_group(scene, "type").size)
		pass_on(&c);
	else if (scene_group(scene, "left").size)
		take_error(&c);
	else
		too_few(&c);
}

#define HEAD \
	"package a\n\nimport \"strconv\"\n\nfunc Parse(text string) (int, error) {\n\tn, err := strconv.Atoi(text)\n" \
	"\tif err != nil {\n\t\treturn 0, err\n\t}\n"
#define TWICE(body) HEAD "\treturn n, nil\n}\n\nfunc Twice(text string) (int, error) {\n" body "}\n"

static const struct example examples[] = {
	{
		.name = "a value without its nil",
		.log = "# example.com/a\n./a.go:10:9: not enough return values\n\thave (int)\n\twant (int, error)\n",
		.file = { { "a.go", HEAD "\treturn n\n}\n", HEAD "\treturn n, nil\n}\n" } },
	},
	{
		.name = "an error that is not taken",
		.log = "# example.com/a\n./a.go:14:4: assignment mismatch: 1 variable but Parse returns 2 values\n",
		.file = { { "a.go", TWICE("\tn := Parse(text)\n\treturn 2 * n, nil\n"),
			    TWICE("\tn, err := Parse(text)\n\tif err != nil {\n\t\treturn 0, err\n\t}\n"
				  "\treturn 2 * n, nil\n") } },
	},
	{
		.name = "a call that returns all",
		.log = "# example.com/a\n./a.go:14:9: multiple-value Parse(text) (value of type (int, error)) in "
		       "single-value context\n",
		.file = { { "a.go", TWICE("\treturn Parse(text), nil\n"), TWICE("\treturn Parse(text)\n") } },
	},
	{
		.name = "in the branch of an error",
		.log = "# example.com/a\n./a.go:8:3: not enough return values\n\thave (int)\n\twant (int, error)\n",
		.file = { { "a.go", "package a\n\nimport \"strconv\"\n\nfunc Parse(text string) (int, error) {\n"
			    "\tn, err := strconv.Atoi(text)\n\tif err != nil {\n\t\treturn 0\n\t}\n\treturn n, nil\n}\n",
			    NULL } },
		.declines = "may be one of an error",
	},
	{
		.name = "no error to return",
		.log = "# example.com/a\n./a.go:6:4: assignment mismatch: 1 variable but strconv.Atoi returns 2 values\n",
		.file = { { "a.go", "package a\n\nimport \"strconv\"\n\nfunc Must(text string) int {\n"
			    "\tn := strconv.Atoi(text)\n\treturn n\n}\n", NULL } },
		.declines = "returns no error",
	},
	{0}
};

const struct template template_go_result_count = {
	.name = "go_result_count",
	.summary = "a call or return lacks its error -> nil, or the error handed on as the siblings do",
	.language = "go",
	.class = "compile",
	.oracles = "the function's type; siblings that hand errors on",
	.keeps_off = "returns in the branch of an error; functions that return none; more values than one",
	.danger = DANGER_1,
	.pattern = "^(?:not enough return values|"
		   "assignment mismatch: (?<left>\\d+) variables? but \\S+ returns? (?<right>\\d+) values?|"
		   "multiple-value .+ \\(value of type (?<type>\\([^()]+\\))\\) in single-value context)",
	.fix = fix,
	.examples = examples,
};
