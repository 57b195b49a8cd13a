/*
 * Where a guard may stand, and whether the test's value is right for all inputs that it takes. It
 * stands right before the statement that crashes, so inputs that did not crash never meet it.
 */
#include "templates/lib_go_guard.h"

#include "templates/lib_go_row.h"
#include "templates/lib_promise.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

bool go_is_path(TSNode node)
{
	while (syntax_type_is(node, "selector_expression"))
		node = syntax_field(node, "operand");
	return syntax_type_is(node, "identifier");
}

static TSNode root_of(TSNode node)
{
	while (syntax_type_is(node, "selector_expression"))
		node = syntax_field(node, "operand");
	return node;
}

/* The number of the parameter, -1 when it is none; *count: how many the function has. */
static int parameter_of(const struct syntax *s, TSNode function, struct str name, int *count)
{
	TSNode list = syntax_field(function, "parameters");
	int found = -1;

	*count = 0;
	for (uint32_t i = 0; i < source_count(list); i++) {
		TSNode one = source_nth(list, i);

		for (uint32_t k = 0; k < source_count(one); k++) {
			if (!syntax_type_is(source_nth(one, k), "identifier"))
				continue;
			if (str_equal(syntax_text(s, source_nth(one, k)), name))
				found = *count;
			++*count;
		}
	}
	return found;
}

static bool always_evaluated(const struct syntax *s, TSNode node, TSNode statement)
{
	for (; !ts_node_eq(node, statement); node = ts_node_parent(node)) {
		TSNode parent = ts_node_parent(node);

		if (syntax_type_is(parent, "func_literal") || syntax_type_is(parent, "block") ||
		    (syntax_type_is(parent, "if_statement") &&
		     ts_node_eq(syntax_field(parent, "alternative"), node)))
			return false;
		if (syntax_type_is(parent, "binary_expression") &&
		    word_among(go_operator(s, parent), "&& ||") &&
		    ts_node_eq(syntax_field(parent, "right"), node))
			return false;
	}
	return true;
}

/* Is the name given another value in the function? */
static bool is_set(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment_statement|short_var_declaration|inc_statement|"
					  "dec_statement|var_spec", n);
		TSNode left = syntax_type_is(one, "var_spec") ? syntax_field(one, "name") : syntax_field(one, "left");

		if (ts_node_is_null(one))
			return false;
		if (code_count(s, ts_node_is_null(left) ? one : left, "identifier", name))
			return true;
	}
}

/* Does a statement act on anything but the function's own names? */
static bool acts(TSNode statement)
{
	if (!ts_node_is_null(syntax_below(statement, "expression_statement|send_statement|go_statement|"
					  "defer_statement", 0)))
		return true;
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(statement, "assignment_statement|inc_statement|dec_statement", n);
		TSNode left = syntax_type_is(one, "assignment_statement") ? syntax_field(one, "left") : one;

		if (ts_node_is_null(one))
			return false;
		if (!ts_node_is_null(syntax_below(left, "selector_expression|index_expression|unary_expression|"
						  "parenthesized_expression", 0)))
			return true;
	}
}

static bool acts_from(TSNode statement)
{
	for (; !ts_node_is_null(statement); statement = ts_node_next_named_sibling(statement))
		if (acts(statement))
			return true;
	return false;
}

/* The statement before which the guard may stand; a null node, with the reason declined. */
static TSNode place(struct scene *scene, const struct go_guard *guard, TSNode function)
{
	const struct syntax *s = guard->code->syntax;
	TSNode none = {{0}, NULL, NULL}, statement = go_statement(guard->crash);
	size_t start = ts_node_start_byte(statement), at = code_line_start(s->text, start);

	if (!ts_node_eq(ts_node_parent(statement), syntax_field(function, "body")) ||
	    !word_among(str_of(ts_node_type(statement)), "return_statement short_var_declaration "
			"assignment_statement var_declaration if_statement"))
		return template_decline(scene, "the crash is in no plain statement of the function's own block"), none;
	if (!always_evaluated(s, guard->crash, statement))
		return template_decline(scene, "the crashing part of the line is not always evaluated"), none;
	if (str_trim(str_slice(s->text, at, start - at)).size)
		return template_decline(scene, "the statement shares its line with another"), none;
	return statement;
}

/* The comment right above the function. */
static struct str comment_of(const struct syntax *s, TSNode function)
{
	size_t end = ts_node_start_byte(function), start = end;
	TSNode before = ts_node_prev_named_sibling(function);

	for (; syntax_type_is(before, "comment") &&
	     syntax_line(before) + 1 >= syntax_line(syntax_at(s, start, start + 1));
	     before = ts_node_prev_named_sibling(before))
		start = ts_node_start_byte(before);
	return str_slice(s->text, start, end - start);
}

/* The error that the siblings give for what is empty or zero, when all give the same by its name. */
static struct str sibling_error(const struct go_guard *guard, TSNode function)
{
	struct str same = STR_NONE;

	for (size_t i = 0; i < guard->package->count; i++) {
		const struct go_file *file = &guard->package->files[i];
		const struct syntax *s = file->syntax;

		for (unsigned n = 0; !file->test; n++) {
			TSNode test = syntax_below(s->root, "if_statement", n), body, values, last;
			TSNode condition = syntax_field(test, "condition");

			if (ts_node_is_null(test))
				break;
			body = syntax_field(test, "consequence");
			values = source_nth(source_nth(body, 0), 0);
			if ((s == guard->code->syntax && ts_node_eq(go_function(test), function)) ||
			    !str_ends(syntax_text(s, condition), " == 0") || source_count(body) != 1 ||
			    !syntax_type_is(source_nth(body, 0), "return_statement") ||
			    !source_count(values))
				continue;
			last = source_nth(values, source_count(values) - 1);
			if (!str_is(go_result(s, go_function(test), source_count(values) - 1), "error"))
				continue;
			if (!syntax_type_is(last, "identifier") ||
			    (same.size && !str_equal(same, syntax_text(s, last))))
				return STR_NONE;
			same = syntax_text(s, last);
		}
	}
	return same;
}

/* May the values stand for all inputs that meet the guard? Declines otherwise. */
static bool values_hold(struct scene *scene, const struct go_guard *guard, TSNode function,
			const struct go_expected *expected)
{
	const struct syntax *s = guard->code->syntax;
	struct str name = syntax_text(s, root_of(guard->subject));
	struct str comment = comment_of(s, function), promised = promise_in(comment);
	int count, number = parameter_of(s, function, name, &count);
	bool own = number >= 0 && syntax_type_is(guard->subject, "identifier"), nothing = false;
	bool only = own && count == 1 && ts_node_is_null(syntax_field(function, "receiver")) &&
		    !is_set(s, function, name);

	if (text_has_word(comment, "panics") || text_has_word(comment, "panic") || text_has_word(comment, "must"))
		return template_decline(scene, "the comment says what callers must not do"), false;
	if (promised.size && !expected->failing && !str_equal(promised, expected->values[0]))
		return template_decline(scene, "the comment and the test differ"), false;
	for (unsigned i = 0; i < expected->argument_count; i++)
		nothing |= go_is_nothing(expected->arguments[i]);
	if (guard->nothing && own &&
	    (number >= (int)expected->argument_count || !go_is_nothing(expected->arguments[number])))
		return template_decline(scene, "no oracle: %.*s is not seen to be nothing in the test",
					STR_ARG(name)), false;
	if (!own && !nothing && !expected->failing && ts_node_is_null(syntax_field(function, "receiver")))
		return template_decline(scene, "no oracle: what is missing was made here, of inputs that are "
					"not nothing"), false;
	if (!guard->nothing && !expected->failing)
		return template_decline(scene, "no oracle: the value may be right for the test's own input only"),
		       false;
	for (unsigned i = 0; i < expected->count && !only && !expected->failing; i++)
		if (!go_is_nothing(expected->values[i]) &&
		    !(i && i + 1 == expected->count && str_is(expected->values[i], "true")))
			return template_decline(scene, "no oracle: %.*s may be right for the test's own input only",
						STR_ARG(expected->values[i])), false;
	return true;
}

void go_guard_propose(struct scene *scene, const struct go_guard *guard)
{
	const struct syntax *s = guard->code->syntax;
	struct edits edits = { .arena = scene->arena };
	struct text values = TEXT(scene->arena);
	struct go_expected expected;
	TSNode function = go_function(guard->crash), statement;
	struct str indent, name = syntax_text(s, syntax_field(function, "name"));
	size_t at;
	int count;

	if (!syntax_type_is(function, "function_declaration") && !syntax_type_is(function, "method_declaration"))
		return template_decline(scene, "the crash is in no function of its own");
	statement = place(scene, guard, function);
	if (ts_node_is_null(statement) ||
	    !go_expects(scene, guard->package, s, function, syntax_type_is(guard->subject, "identifier") ?
			parameter_of(s, function, syntax_text(s, guard->subject), &count) : -1, &expected) ||
	    !values_hold(scene, guard, function, &expected))
		return;
	/* A call that fails does nothing; of one that gives a value nothing says so. */
	if (!expected.failing && acts_from(statement))
		return template_decline(scene, "an early return would skip a side effect");
	if (expected.any_error)
		expected.values[expected.count - 1] = sibling_error(guard, function);
	for (unsigned i = 0; i < expected.count; i++) {
		if (!expected.values[i].size)
			return template_decline(scene, "no oracle: nothing says which error it is");
		text_addf(&values, "%s%.*s", i ? ", " : "", STR_ARG(expected.values[i]));
	}
	indent = syntax_indent(s, statement);
	at = code_line_start(s->text, ts_node_start_byte(statement));
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena,
		"%.*sif %.*s {\n%.*s\treturn %.*s\n%.*s}\n", STR_ARG(indent), STR_ARG(guard->condition),
		STR_ARG(indent), STR_ARG(text_str(&values)), STR_ARG(indent))));
	code_propose(scene, guard->code, &edits, ORACLE_TEST, DANGER_2, arena_printf(scene->arena,
		"%.*s returns %.*s when %.*s: %.*s (%s:%u) expects it.", STR_ARG(name),
		STR_ARG(text_str(&values)), STR_ARG(guard->condition), STR_ARG(expected.test), expected.file,
		expected.line));
}
