/*
 * Loops whose bound is wrong: one too far, no room for the neighbour, or none at all. Only bounds
 * that are written as len() of the very sequence, and loops that count from 0.
 */
#include "templates/lib_loop.h"

#include "templates/lib_guard.h"
#include "templates/lib_reach.h"

/* The statement behind the loop when it is the first that exhaustion reaches: `return V`. */
static TSNode result_behind(TSNode loop)
{
	TSNode next = ts_node_next_named_sibling(loop), none = {{0}, NULL, NULL};

	while (syntax_type_is(next, "comment"))
		next = ts_node_next_named_sibling(next);
	return syntax_type_is(next, "return_statement") ? python_child(next, 0) : none;
}

bool loop_ends_when_empty(struct python *python, const struct site *crash, TSNode pop)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = crash->syntax;
	TSNode loop = syntax_up(crash->statement, "while_statement|for_statement|function_definition");
	TSNode condition = syntax_field(loop, "condition");
	TSNode queue = syntax_field(syntax_field(pop, "function"), "object"), result;
	struct edits edits = { .arena = a };
	struct expectation e;

	if (!syntax_type_is(loop, "while_statement") || !syntax_type_is(queue, "identifier") ||
	    (!syntax_type_is(condition, "true") && !str_is(syntax_text(s, condition), "1")) ||
	    !ts_node_eq(python_child(syntax_field(loop, "body"), 0), crash->statement) ||
	    python_contains(syntax_field(loop, "body"), "break_statement"))
		return false;
	result = result_behind(loop);
	if (ts_node_is_null(result) || !oracle_test(python, crash, &e) ||
	    e.expect != EXPECT_RETURN || !str_equal(e.value, syntax_text(s, result)))
		return false;
	edit_node(&edits, condition, syntax_text(s, queue));
	return edits_propose(python, crash, &edits, ORACLE_TEST,
		   arena_printf(a, "the loop ends when %.*s is used up, and the code behind it returns "
				"%.*s: %s", STR_ARG(syntax_text(s, queue)),
				STR_ARG(syntax_text(s, result)), e.by));
}

/* The loop that gives the index its values, and the last bound it counts to. */
struct counter {
	TSNode loop, bound;
	bool from_zero;
};

static bool find_counter(const struct site *crash, struct str index, struct counter *out)
{
	const struct syntax *s = crash->syntax;
	TSNode at = ts_node_parent(crash->statement);

	for (;; at = ts_node_parent(at)) {
		TSNode range, list;
		unsigned count;

		at = syntax_up(at, "for_statement|function_definition");
		if (!syntax_type_is(at, "for_statement"))
			return false;
		range = syntax_field(at, "right");
		if (!str_equal(syntax_text(s, syntax_field(at, "left")), index) ||
		    !syntax_type_is(range, "call") || !str_is(python_callee(s, range), "range"))
			continue;
		list = syntax_field(range, "arguments");
		count = python_child_count(list);
		if (count != 1 && count != 2)
			return false;
		*out = (struct counter){ at, python_child(list, count - 1),
					 count == 1 ||
					 str_is(syntax_text(s, python_child(list, 0)), "0") };
		return true;
	}
}

static bool is_text(const struct syntax *s, TSNode node, struct arena *a, const char *format,
		    struct str word)
{
	struct str rest = syntax_text(s, node);
	struct text plain = TEXT(a), wanted = TEXT(a);
	struct str form = str_of(format), before, behind;

	for (size_t i = 0; i < rest.size; i++)
		if (rest.at[i] != ' ')
			text_addc(&plain, rest.at[i]);
	if (!str_split(form, "@", &before, &behind))
		return false;
	text_add(&wanted, before);
	text_add(&wanted, word);
	text_add(&wanted, behind);
	return str_equal(text_str(&plain), text_str(&wanted));
}

bool loop_bound_too_far(struct python *python, const struct site *crash, TSNode subscript)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = crash->syntax;
	TSNode index = syntax_field(subscript, "subscript"), loop, condition;
	struct str sequence = syntax_text(s, syntax_field(subscript, "value"));
	struct str name = syntax_text(s, index);
	struct edits edits = { .arena = a };
	struct counter counter;
	const char *why = arena_printf(a, "the last index of %.*s is one below its length",
				       STR_ARG(sequence));

	if (!syntax_type_is(index, "identifier"))
		return false;
	if (find_counter(crash, name, &counter)) {
		if (!counter.from_zero || !is_text(s, counter.bound, a, "len(@)+1", sequence))
			return false;
		edit_node(&edits, counter.bound,
			  str_of(arena_printf(a, "len(%.*s)", STR_ARG(sequence))));
		return edits_propose(python, crash, &edits, ORACLE_CONTRACT, why);
	}
	loop = syntax_up(crash->statement, "while_statement|function_definition");
	condition = python_bare(syntax_field(loop, "condition"));
	if (!syntax_type_is(condition, "comparison_operator") ||
	    !str_equal(syntax_text(s, python_child(condition, 0)), name) ||
	    !is_text(s, python_child(condition, 1), a, "len(@)", sequence) ||
	    !str_has(syntax_text(s, condition), "<="))
		return false;
	edit_replace(&edits, ts_node_end_byte(python_child(condition, 0)),
		     ts_node_start_byte(python_child(condition, 1)), STR(" < "));
	return edits_propose(python, crash, &edits, ORACLE_CONTRACT, why);
}

/* Does the statement read the item at the index itself, too? Else nothing says "neighbour". */
static bool reads_item(const struct site *crash, struct str sequence, struct str index)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->statement, "subscript", n);

		if (ts_node_is_null(one))
			return false;
		if (str_equal(syntax_text(crash->syntax, syntax_field(one, "value")), sequence) &&
		    str_equal(syntax_text(crash->syntax, syntax_field(one, "subscript")), index))
			return true;
	}
}

/* Another function of the file stops one before the end to look at a neighbour: where, or NULL. */
static const char *stops_before(struct arena *a, const struct site *crash)
{
	const struct syntax *s = crash->syntax;
	struct nodes calls = python_nodes(a, s->root, "call");

	for (size_t i = 0; i < calls.count; i++) {
		TSNode list = syntax_field(calls.list[i], "arguments"), clause;
		TSNode bound = python_child(list, python_child_count(list) ? python_child_count(list) - 1 : 0);
		TSNode scope = syntax_up(calls.list[i], "function_definition");
		struct str sequence = syntax_text(s, python_child(syntax_field(python_bare(syntax_field(bound,
					  "left")), "arguments"), 0)), index;
		const char *neighbour;

		if (!str_is(python_callee(s, calls.list[i]), "range") || ts_node_is_null(scope) ||
		    ts_node_eq(scope, crash->function) || !sequence.size ||
		    !is_text(s, bound, a, "len(@)-1", sequence))
			continue;
		clause = syntax_up(calls.list[i], "for_statement|for_in_clause");
		index = syntax_text(s, syntax_field(clause, "left"));
		neighbour = arena_printf(a, "%.*s[%.*s + 1]", STR_ARG(sequence), STR_ARG(index));
		if (str_has(syntax_text(s, scope), neighbour))
			return arena_printf(a, "%.*s (%s:%u) stops one before the end, too",
					    STR_ARG(python_name(s, scope)), crash->path,
					    syntax_line(calls.list[i]));
	}
	return NULL;
}

bool loop_neighbour(struct python *python, const struct site *crash, TSNode subscript)
{
	struct arena *a = python->scene->arena;
	const struct syntax *s = crash->syntax;
	TSNode index = python_bare(syntax_field(subscript, "subscript")), body;
	struct str sequence = syntax_text(s, syntax_field(subscript, "value"));
	struct str name = syntax_text(s, syntax_field(index, "left"));
	struct edits edits = { .arena = a };
	struct counter counter;
	struct expectation e;
	const char *sibling;

	if (!syntax_type_is(index, "binary_operator") || !is_text(s, index, a, "@+1", name) ||
	    !find_counter(crash, name, &counter) ||
	    !is_text(s, counter.bound, a, "len(@)", sequence))
		return false;
	if (!reads_item(crash, sequence, name))
		return template_decline(python->scene, "the loop reads one item at a time, and whether its "
					"bound or its index is wrong is not shown"), false;
	body = syntax_field(counter.loop, "body");
	if (python_child_count(body) != 1 || !ts_node_eq(python_child(body, 0), crash->statement) ||
	    syntax_type_is(python_child(crash->statement, python_child_count(crash->statement) - 1),
			   "else_clause|elif_clause"))
		return template_decline(python->scene, "the loop does more than look at neighbours"),
		       false;
	sibling = stops_before(a, crash);
	if (!sibling && !oracle_test(python, crash, &e))
		return false;
	edit_node(&edits, counter.bound,
		  str_of(arena_printf(a, "len(%.*s) - 1", STR_ARG(sequence))));
	return edits_propose(python, crash, &edits, sibling ? ORACLE_SIBLING : ORACLE_TEST,
		   arena_printf(a, "the last item of %.*s has no neighbour behind it: %s",
				STR_ARG(sequence), sibling ? sibling : e.by));
}
