/*
 * Reads the usual forms of Go tests: `if got := F(x); got != want`, the call and its checks as
 * statements, and tables of structs with or without subtests. Follows a name to its one
 * declaration; anything computed is unknown. Assertion libraries are not known.
 */
#include "templates/lib_go_expect.h"

#include "templates/lib_go_row.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

struct reading {
	struct scene *scene;
	struct go_package *package;
	const struct syntax *s;			/* of the test */
	struct go_row row;
	TSNode call;
	struct str names[GO_RESULTS_MAX];	/* what the results are bound to */
	unsigned name_count;
	struct go_expected *out;
};

bool go_is_nothing(struct str value)
{
	if (!value.size)
		return false;
	return word_among(value, "nil 0 0.0 \"\" `` false") || str_ends(value, "{}") ||
	       str_ends(value, "(nil)") || (str_starts(value, "make(") && str_ends(value, ", 0)"));
}

/* Which result of the call the node is; -1 for anything else. */
static int result_of(const struct reading *r, TSNode node)
{
	struct str text = syntax_text(r->s, node);

	if (ts_node_eq(node, r->call))
		return 0;
	for (unsigned i = 0; i < r->name_count; i++)
		if (str_equal(text, r->names[i]) && !str_is(text, "_"))
			return (int)i;
	return -1;
}

static void state(struct reading *r, int result, struct str value)
{
	if (result < 0 || (unsigned)result >= r->out->count || !value.size)
		return;
	if (!r->out->values[result].size)
		r->out->values[result] = value;
}

static void state_inequality(struct reading *r, TSNode left, TSNode right)
{
	TSNode inner = source_nth(left, 0);
	struct str value = go_row_value(&r->row, right);

	if (syntax_type_is(left, "parenthesized_expression") && syntax_type_is(inner, "binary_expression") &&
	    str_is(go_operator(r->s, inner), "!=") &&
	    str_is(syntax_text(r->s, syntax_field(inner, "right")), "nil")) {
		if (str_is(value, "true"))		/* (err != nil) != tt.wantErr */
			r->out->any_error |= result_of(r, syntax_field(inner, "left")) >= 0;
		else if (str_is(value, "false"))
			state(r, result_of(r, syntax_field(inner, "left")), STR("nil"));
		return;
	}
	if (syntax_type_is(left, "call_expression") && str_is(value, "0") &&
	    str_is(syntax_text(r->s, syntax_field(left, "function")), "len")) {
		state(r, result_of(r, source_nth(syntax_field(left, "arguments"), 0)), STR("nil"));
		return;
	}
	state(r, result_of(r, left), value);
	if (result_of(r, left) < 0)
		state(r, result_of(r, right), go_row_value(&r->row, left));
}

static void state_negation(struct reading *r, TSNode operand)
{
	TSNode list = syntax_field(operand, "arguments");
	struct str callee = syntax_text(r->s, syntax_field(operand, "function"));
	TSNode first = source_nth(list, 0), second = source_nth(list, 1);

	if (result_of(r, operand) >= 0) {
		state(r, result_of(r, operand), STR("true"));
	} else if (str_is(callee, "errors.Is")) {
		state(r, result_of(r, first), go_row_value(&r->row, second));
	} else if (str_is(callee, "reflect.DeepEqual")) {
		state(r, result_of(r, first), go_row_value(&r->row, second));
		state(r, result_of(r, second), go_row_value(&r->row, first));
	}
}

/* The condition under which the test fails. */
static void read_condition(struct reading *r, TSNode condition, unsigned depth)
{
	TSNode left = syntax_field(condition, "left"), right = syntax_field(condition, "right");
	struct str sign = go_operator(r->s, condition);

	if (result_of(r, condition) >= 0) {
		state(r, result_of(r, condition), STR("false"));
	} else if (syntax_type_is(condition, "unary_expression") &&
		   str_starts(syntax_text(r->s, condition), "!")) {
		state_negation(r, syntax_field(condition, "operand"));
	} else if (!syntax_type_is(condition, "binary_expression")) {
		return;
	} else if (str_is(sign, "||") && depth < 8) {
		read_condition(r, left, depth + 1);
		read_condition(r, right, depth + 1);
	} else if (str_is(sign, "!=")) {
		state_inequality(r, left, right);
	} else if (str_is(sign, "==") && str_is(syntax_text(r->s, right), "nil")) {
		r->out->any_error |= result_of(r, left) + 1 == (int)r->out->count;
	}
}

/* Does the test fail in this block, by its own word? */
static bool fails(const struct syntax *s, TSNode block)
{
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(block, "call_expression", n);
		struct str field = syntax_text(s, syntax_field(syntax_field(call, "function"), "field"));

		if (ts_node_is_null(call))
			return false;
		if (word_among(field, "Error Errorf Fatal Fatalf Fail FailNow"))
			return true;
	}
}

static void read_if(struct reading *r, TSNode statement)
{
	for (; syntax_type_is(statement, "if_statement"); statement = syntax_field(statement, "alternative"))
		if (fails(r->s, syntax_field(statement, "consequence")))
			read_condition(r, syntax_field(statement, "condition"), 0);
}

static void bind(struct reading *r, TSNode declaration)
{
	TSNode left = syntax_field(declaration, "left"), right = syntax_field(declaration, "right");

	if (source_count(right) != 1 || !ts_node_eq(source_nth(right, 0), r->call))
		return;
	for (uint32_t i = 0; i < source_count(left) && i < GO_RESULTS_MAX; i++)
		r->names[r->name_count++] = syntax_text(r->s, source_nth(left, i));
}

/* The checks of the call: the if it stands in, or those behind it. */
static void read_checks(struct reading *r)
{
	TSNode statement = go_statement(r->call);
	TSNode declaration = syntax_up(r->call, "short_var_declaration|assignment_statement");

	if (!ts_node_is_null(declaration) && ts_node_start_byte(declaration) >= ts_node_start_byte(statement))
		bind(r, declaration);
	if (syntax_type_is(statement, "if_statement")) {
		read_if(r, statement);
		return;
	}
	for (TSNode next = ts_node_next_named_sibling(statement); !ts_node_is_null(next);
	     next = ts_node_next_named_sibling(next)) {
		if (syntax_type_is(next, "if_statement"))
			read_if(r, next);
		for (unsigned i = 0; i < r->name_count; i++)
			if (!ts_node_is_null(syntax_field(next, "left")) &&
			    code_count(r->s, syntax_field(next, "left"), "identifier", r->names[i]))
				return;
	}
}

/* The one call of the function on the line. */
static TSNode call_on(const struct syntax *s, unsigned line, struct str name)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(s->root, "call_expression", n), callee = syntax_field(call, "function");

		if (ts_node_is_null(call))
			return found;
		if (syntax_type_is(callee, "selector_expression"))
			callee = syntax_field(callee, "field");
		if (syntax_line(callee) != line || !str_equal(syntax_text(s, callee), name))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = call;
	}
}

/* The frame that called the crashed function, when it is in a test of its package. */
static struct go_file *caller(struct scene *scene, struct go_package *package, unsigned *line)
{
	const struct failure *failure = scene->failure;
	const struct frame *frame;
	const char *path;
	struct go_file *file;

	if (failure->frame_count < 2)
		return NULL;
	frame = &failure->frames[failure->frame_count - 2];
	path = scene_path(scene, frame->file);
	file = path ? go_file(package, path) : NULL;
	*line = frame->line;
	return file && file->test ? file : NULL;
}

/* The value of every result; what a failing call gives beside its error is the zero value. */
static bool complete(struct reading *r, const struct syntax *s, TSNode function)
{
	struct go_expected *out = r->out;
	unsigned last = out->count - 1;
	bool error = str_is(go_result(s, function, last), "error");

	if (error)
		out->failing = out->any_error || (out->values[last].size && !str_is(out->values[last], "nil"));
	else
		out->failing = out->count > 1 && str_is(out->values[last], "false");
	out->any_error = error && out->failing && !out->values[last].size;
	for (unsigned i = 0; i < out->count; i++) {
		if (out->values[i].size || (i == last && out->any_error))
			continue;
		if (out->failing)
			out->values[i] = go_zero(r->package, r->scene->arena, go_result(s, function, i));
		if (!out->values[i].size)
			return false;
	}
	return true;
}

bool go_expects(struct scene *scene, struct go_package *package, const struct syntax *s,
		TSNode function, int subject, struct go_expected *out)
{
	struct reading r = { .scene = scene, .package = package, .out = out };
	struct str name = syntax_text(s, syntax_field(function, "name"));
	struct go_file *file = caller(scene, package, &out->line);
	TSNode arguments;

	*out = (struct go_expected){ .line = out->line };
	if (!file)
		return template_decline(scene, "no oracle: no test calls %.*s itself", STR_ARG(name)), false;
	out->file = file->path;
	out->test = str_of(scene->failure->test);
	while (out->count < GO_RESULTS_MAX && go_result(s, function, out->count).size)
		out->count++;
	r.s = file->syntax;
	r.call = call_on(r.s, out->line, name);
	arguments = syntax_field(r.call, "arguments");
	if (ts_node_is_null(r.call) || !out->count || go_result(s, function, GO_RESULTS_MAX).size)
		return template_decline(scene, "no oracle: the test does not call %.*s once on its line",
					STR_ARG(name)), false;
	r.row = (struct go_row){ .package = package, .s = r.s, .test = out->test, .by_name = subject < 0 };
	go_row_find(&r.row, subject < 0 ? syntax_below(arguments, "selector_expression", 0) :
		    source_nth(arguments, (uint32_t)subject));
	for (uint32_t i = 0; i < source_count(arguments) && i < GO_ARGUMENTS_MAX; i++)
		out->arguments[out->argument_count++] =
			go_row_value(&r.row, source_nth(arguments, i));
	read_checks(&r);
	if (!complete(&r, s, function))
		return template_decline(scene, "no oracle: the test does not say what %.*s gives then",
					STR_ARG(name)), false;
	return true;
}
