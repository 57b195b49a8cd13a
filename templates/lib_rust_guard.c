/*
 * Where a guard may stand, and whether the test's value is right for all inputs that it takes. It
 * stands right before the statement that panics, so inputs that did not panic never meet it.
 */
#include "templates/lib_rust_guard.h"

#include "templates/lib_files.h"
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

bool rust_is_path(TSNode node)
{
	while (syntax_type_is(node, "field_expression"))
		node = syntax_field(node, "value");
	return syntax_type_is(node, "identifier|self");
}

TSNode rust_len_of(const struct syntax *s, TSNode node)
{
	TSNode none = {{0}, NULL, NULL}, callee = syntax_field(node, "function");

	if (!syntax_type_is(node, "call_expression") || source_count(syntax_field(node, "arguments")) ||
	    !str_is(syntax_text(s, syntax_field(callee, "field")), "len") ||
	    !rust_is_path(syntax_field(callee, "value")))
		return none;
	return syntax_field(callee, "value");
}

/* The number of the parameter (self not counted), -1 when it is none; *count: how many there are. */
static int parameter_of(const struct syntax *s, TSNode function, struct str name, int *count, bool *of_self)
{
	TSNode list = syntax_field(function, "parameters");
	int found = -1;

	*count = 0;
	*of_self = false;
	for (uint32_t i = 0; i < source_count(list); i++) {
		TSNode one = source_nth(list, i);

		*of_self |= syntax_type_is(one, "self_parameter");
		if (!syntax_type_is(one, "parameter"))
			continue;
		if (str_equal(syntax_text(s, syntax_field(one, "pattern")), name))
			found = *count;
		++*count;
	}
	return found;
}

/* The part of the function's own block that always evaluates the node; a null node when none does. */
static TSNode statement_of(const struct syntax *s, TSNode node, TSNode body)
{
	TSNode none = {{0}, NULL, NULL};

	for (;;) {
		TSNode parent = source_parent(node);

		if (ts_node_is_null(parent) || ts_node_eq(parent, body))
			return ts_node_is_null(parent) ? none : node;
		if (syntax_type_is(parent, "block|closure_expression|match_arm|async_block|for_expression|"
				   "while_expression|loop_expression|token_tree"))
			return none;
		if (syntax_type_is(parent, "binary_expression") && !ts_node_eq(syntax_field(parent, "left"), node) &&
		    word_among(syntax_text(s, syntax_field(parent, "operator")), "&& ||"))
			return none;
		node = parent;
	}
}

/* Is the parameter given another value, or its name to something else? */
static bool is_set(const struct syntax *s, TSNode function, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "let_declaration|assignment_expression|compound_assignment_expr", n);
		struct str left = syntax_text(s, syntax_field(one, "left"));

		if (ts_node_is_null(one))
			return false;
		if (str_equal(left, name) || text_has_word(syntax_text(s, syntax_field(one, "pattern")),
							   str_text(s->arena, name)))
			return true;
	}
}

/* Does something behind it act on more than the function's own names? */
static bool acts_from(const struct syntax *s, TSNode statement)
{
	for (; !ts_node_is_null(statement); statement = ts_node_next_named_sibling(statement))
		for (unsigned n = 0;; n++) {
			TSNode one = syntax_below(statement, "expression_statement|macro_invocation", n), call;
			struct str macro;

			if (ts_node_is_null(one))
				break;
			macro = syntax_text(s, syntax_field(one, "macro"));
			if (macro.size && !word_among(macro, "vec format matches"))
				return true;
			call = source_nth(one, 0);
			if (syntax_type_is(one, "expression_statement") && syntax_type_is(call, "call_expression") &&
			    (!syntax_type_is(syntax_field(call, "function"), "field_expression") ||
			     str_starts(syntax_text(s, call), "self.")))
				return true;
		}
	return false;
}

static TSNode place(struct scene *scene, const struct rust_guard *guard, TSNode function)
{
	const struct syntax *s = guard->code->syntax;
	TSNode none = {{0}, NULL, NULL};
	TSNode statement = statement_of(s, guard->crash, syntax_field(function, "body"));
	size_t start, at;

	if (ts_node_is_null(statement))
		return template_decline(scene, "the panic is in no plain statement of the function's own block"), none;
	start = ts_node_start_byte(statement);
	at = code_line_start(s->text, start);
	if (str_trim(str_slice(s->text, at, start - at)).size)
		return template_decline(scene, "the statement shares its line with another"), none;
	return statement;
}

/* The comments right above the function. */
static struct str comment_of(const struct syntax *s, TSNode function)
{
	size_t end = ts_node_start_byte(function), start = end;
	TSNode before = ts_node_prev_named_sibling(function);

	for (; syntax_type_is(before, "line_comment|block_comment|attribute_item");
	     before = ts_node_prev_named_sibling(before))
		start = ts_node_start_byte(before);
	return str_slice(s->text, start, end - start);
}

/* The Err that the siblings of the file give for what is empty or zero, when all give the same. */
static struct str sibling_error(const struct syntax *s, TSNode function)
{
	struct str same = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode test = syntax_below(s->root, "if_expression", n), body, given;
		struct str condition = syntax_text(s, syntax_field(test, "condition")), value;

		if (ts_node_is_null(test))
			return same;
		body = syntax_field(test, "consequence");
		given = syntax_below(body, "return_expression", 0);
		value = syntax_text(s, source_nth(given, 0));
		if (ts_node_eq(syntax_up(test, "function_item"), function) || source_count(body) != 1 ||
		    (!str_ends(condition, ".is_empty()") && !str_ends(condition, " == 0")) ||
		    !str_starts(value, "Err("))
			continue;
		if (same.size && !str_equal(same, value))
			return STR_NONE;
		same = value;
	}
}

/* The test's value as code of the function; empty when it may be none of its type. */
static struct str as_code(struct scene *scene, struct str value, struct str type)
{
	static const char *const wrapped[] = { "Some(", "Ok(" };
	struct str inner = value;

	if (str_is(type, "String") && rust_is_literal(value) && str_starts(value, "\""))
		return value.size == 2 ? STR("String::new()") :
		       str_of(arena_printf(scene->arena, "%.*s.to_string()", STR_ARG(value)));
	if (word_among(value, "[] vec![] Vec::new() Vec::<_>::new()"))
		return str_starts(type, "Vec<") ? STR("Vec::new()") : STR_NONE;
	if (rust_is_literal(value) || str_is(value, "None"))
		return value;
	for (size_t i = 0; i < 2; i++)
		if (str_skip(&inner, wrapped[i]) && str_chop(&inner, ")"))
			return rust_is_literal(inner) && !str_starts(inner, "\"") ? value : STR_NONE;
	return str_starts(value, "Err(") && !strpbrk(str_text(scene->arena, value), "&[{") ? value : STR_NONE;
}

/* May the value stand for all inputs that meet the guard? Declines otherwise. */
static bool value_holds(struct scene *scene, const struct rust_guard *guard, TSNode function,
			int number, const struct rust_expected *expected)
{
	const struct syntax *s = guard->code->syntax;
	struct str comment = comment_of(s, function), promised = promise_in(comment), inner = expected->value;
	bool of_self;
	int count;

	(void)parameter_of(s, function, STR_NONE, &count, &of_self);
	if (text_has_word(comment, "panics") || text_has_word(comment, "Panics") ||
	    text_has_word(comment, "panic") || text_has_word(comment, "must"))
		return template_decline(scene, "the comment says what callers must not do"), false;
	if (promised.size && !expected->failing && !str_equal(promised, expected->value))
		return template_decline(scene, "the comment and the test differ"), false;
	if (expected->failing)
		return true;
	if (!guard->nothing)
		return template_decline(scene, "no oracle: the value may be right for the test's own input only"),
		       false;
	if (number < 0 && !expected->nothing && !of_self)
		return template_decline(scene, "no oracle: what is missing was made here, of inputs that are "
					"not nothing"), false;
	if ((str_skip(&inner, "Ok(") || str_skip(&inner, "Some(")))
		(void)str_chop(&inner, ")");
	if (!rust_is_nothing(inner) && (number < 0 || of_self || count != 1 ||
					is_set(s, function, syntax_text(s, guard->subject))))
		return template_decline(scene, "no oracle: %.*s may be right for the test's own input only",
					STR_ARG(expected->value)), false;
	return true;
}

void rust_guard_propose(struct scene *scene, const struct rust_guard *guard)
{
	const struct syntax *s = guard->code->syntax;
	struct edits edits = { .arena = scene->arena };
	TSNode function = syntax_up(guard->crash, "function_item"), statement;
	struct str name = syntax_text(s, syntax_field(function, "name")), value, indent;
	struct rust_expected expected;
	int number = -1, count;
	bool of_self;
	size_t at;

	if (ts_node_is_null(function) || rust_in_test(s, function))
		return template_decline(scene, "the panic is in no function of the project's own");
	statement = place(scene, guard, function);
	if (ts_node_is_null(statement))
		return;
	if (syntax_type_is(guard->subject, "identifier"))
		number = parameter_of(s, function, syntax_text(s, guard->subject), &count, &of_self);
	if (!rust_expects(scene, name, guard->nothing ? number : -1, &expected) ||
	    !value_holds(scene, guard, function, number, &expected))
		return;
	/* A call that fails does nothing; of one that gives a value nothing says so. */
	if (!expected.failing && (str_has(syntax_text(s, syntax_field(function, "parameters")), "mut ") ||
				  acts_from(s, statement)))
		return template_decline(scene, "an early return would skip a side effect");
	value = expected.any_error ? sibling_error(s, function) :
		as_code(scene, expected.value, syntax_text(s, syntax_field(function, "return_type")));
	if (!value.size)
		return template_decline(scene, expected.any_error ? "no oracle: nothing says which error it is" :
					"no oracle: what the test compares with is no plain value");
	indent = syntax_indent(s, statement);
	at = code_line_start(s->text, ts_node_start_byte(statement));
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena,
		"%.*sif %.*s {\n%.*s    return %.*s;\n%.*s}\n", STR_ARG(indent), STR_ARG(guard->condition),
		STR_ARG(indent), STR_ARG(value), STR_ARG(indent))));
	code_propose(scene, guard->code, &edits, ORACLE_TEST, DANGER_2, arena_printf(scene->arena,
		"%.*s returns %.*s when %.*s, as the test %.*s expects.", STR_ARG(name), STR_ARG(value),
		STR_ARG(guard->condition), STR_ARG(expected.test)));
}
