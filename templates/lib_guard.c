/*
 * Where a guard may stand and what it looks like. "Effect" is wide on purpose: every call whose
 * result is dropped, every write to what outlives the function. A local container just made is no
 * effect.
 */
#include "templates/lib_guard.h"

struct effects {
	const struct syntax *s;
	TSNode function;
	size_t from, to;
	bool strict;			/* any call of an unknown function counts too */
	bool found;
};

static const char *const fresh_makers[] = {
	"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "Counter", "StringIO",
	"BytesIO", "bytearray", "Queue",
};

/* Was the name made in this function, so that nobody else sees what is put in? */
static bool is_fresh(const struct syntax *s, TSNode function, struct str name)
{
	TSNode value = python_value_of(s, function, name, SIZE_MAX);
	struct str maker;

	if (syntax_type_is(value, "list|dictionary|set|list_comprehension|dictionary_comprehension|"
				  "set_comprehension"))
		return true;
	if (!syntax_type_is(value, "call"))
		return false;
	maker = python_callee(s, value);
	for (size_t i = 0; i < sizeof(fresh_makers) / sizeof(fresh_makers[0]); i++)
		if (str_is(maker, fresh_makers[i]))
			return true;
	return false;
}

static bool is_fresh_object(const struct effects *e, TSNode object)
{
	while (syntax_type_is(object, "attribute|subscript|call"))
		object = syntax_type_is(object, "attribute") ? syntax_field(object, "object") :
			 syntax_type_is(object, "call") ? syntax_field(object, "function") :
			 syntax_field(object, "value");
	return syntax_type_is(object, "identifier") &&
	       is_fresh(e->s, e->function, syntax_text(e->s, object));
}

static bool is_effect(const struct effects *e, TSNode node)
{
	TSNode child = python_child(node, 0), left;

	if (syntax_type_is(node, "delete_statement|global_statement|nonlocal_statement|"
				 "with_statement|await|yield"))
		return true;
	if (e->strict && syntax_type_is(node, "call"))
		return !python_is_pure(e->s, node) &&
		       !is_fresh_object(e, syntax_field(node, "function"));
	if (!syntax_type_is(node, "expression_statement"))
		return false;
	if (syntax_type_is(child, "call"))
		return !is_fresh_object(e, syntax_field(child, "function"));
	left = syntax_field(child, "left");
	if (!syntax_type_is(child, "assignment|augmented_assignment"))
		return !python_is_pure(e->s, child);
	return syntax_type_is(left, "attribute|subscript") && !is_fresh_object(e, left);
}

static bool see_effect(TSNode node, void *context)
{
	struct effects *e = context;
	size_t at = ts_node_start_byte(node);

	if (at >= e->from && at < e->to && is_effect(e, node))
		e->found = true;
	return !e->found;
}

/* Effects between two bytes of the function. */
static bool has_effects(const struct site *crash, size_t from, size_t to, bool strict)
{
	TSNode block = syntax_field(crash->function, "body");
	struct effects e = { crash->syntax, crash->function, from, to, strict, false };

	if (!ts_node_is_null(block))
		syntax_walk(block, see_effect, &e);
	return e.found;
}

bool guard_skips_effects(const struct site *crash)
{
	TSNode loop = syntax_up(crash->statement, "for_statement|while_statement|function_definition");
	size_t from = ts_node_start_byte(crash->statement);

	if (syntax_type_is(loop, "for_statement|while_statement"))
		from = ts_node_start_byte(loop);
	return has_effects(crash, from, SIZE_MAX, false);
}

bool guard_always_evaluated(TSNode expression, TSNode statement)
{
	for (TSNode at = expression; !ts_node_is_null(at) && !ts_node_eq(at, statement);) {
		TSNode parent = ts_node_parent(at);

		if (syntax_type_is(parent, "lambda|list_comprehension|generator_expression|"
					   "set_comprehension|dictionary_comprehension"))
			return false;
		if (syntax_type_is(parent, "boolean_operator") &&
		    !ts_node_eq(syntax_field(parent, "left"), at))
			return false;
		if (syntax_type_is(parent, "conditional_expression") &&
		    !ts_node_eq(python_child(parent, 1), at))
			return false;
		at = parent;
	}
	return true;
}

/* Are all names of the condition parameters that nobody has changed before the crash? */
static bool of_parameters(const struct python *python, const struct guard *guard)
{
	SYNTAX condition = syntax_open(python->scene->arena, "python", guard->condition);
	const struct site *crash = guard->crash;
	size_t before = ts_node_start_byte(crash->statement);

	for (unsigned n = 0; condition; n++) {
		TSNode one = syntax_below(condition->root, "identifier", n);
		struct str name = syntax_text(condition, one);

		if (ts_node_is_null(one))
			return true;
		if (str_is(name, "len"))
			continue;
		if (ts_node_is_null(python_parameter(crash->syntax, crash->function, name)) ||
		    python_assigned(crash->syntax, crash->function, name, 0, before))
			return false;
	}
	return false;
}

/* Do all parameters but self occur in the condition? Then it leaves no input open. */
static bool names_all_parameters(const struct python *python, const struct guard *guard)
{
	SYNTAX condition = syntax_open(python->scene->arena, "python", guard->condition);
	const struct syntax *s = guard->crash->syntax;
	TSNode list = syntax_field(guard->crash->function, "parameters");

	for (unsigned i = 0; condition && i < python_child_count(list); i++) {
		TSNode name = syntax_below(python_child(list, i), "identifier", 0);
		struct str text = syntax_text(s, name);

		if (!str_is(text, "self") && !str_is(text, "cls") &&
		    !python_mentions(condition, condition->root, text))
			return false;
	}
	return condition != NULL;
}

/* Has the function given one of the names of the condition its value? */
static bool made_here(const struct python *python, const struct guard *guard)
{
	SYNTAX condition = syntax_open(python->scene->arena, "python", guard->condition);
	const struct site *crash = guard->crash;

	for (unsigned n = 0; condition; n++) {
		TSNode one = syntax_below(condition->root, "identifier", n);

		if (ts_node_is_null(one))
			return false;
		if (python_assigned(crash->syntax, crash->function, syntax_text(condition, one), 0,
				    ts_node_start_byte(crash->statement)))
			return true;
	}
	return true;
}

/*
 * A value that the function made itself may be bad because it was made wrongly, and then 0 or an
 * empty list hides that. It is the answer where the test gave nothing; None and False answer "there
 * is none" whatever was given.
 */
static bool hides_a_producer(const struct python *python, const struct guard *guard,
			     const struct expectation *expectation)
{
	static const char *const answers[] = { "None", "False", "math.nan", "float(\"nan\")" };

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (str_is(expectation->value, answers[i]))
			return false;
	return !expectation->of_nothing && (guard->made || made_here(python, guard));
}

bool guard_may_return(struct python *python, const struct guard *guard,
		      const struct expectation *expectation)
{
	bool positive = str_is(expectation->value, "True");

	if (expectation->expect == EXPECT_RAISE || expectation->oracle != ORACLE_TEST)
		return true;
	if (hides_a_producer(python, guard, expectation))
		return template_decline(python->scene, "no oracle: what is missing was made here, of an "
					"input that is not empty, and may have been made wrongly"), false;
	if (oracle_is_trivial(expectation->value) && !positive)
		return true;
	/* "Yes" in the middle of a computation is a finding, not an answer to missing data. */
	if (positive && of_parameters(python, guard))
		return true;
	if (guard->single && of_parameters(python, guard) && names_all_parameters(python, guard))
		return true;
	return template_decline(python->scene, "no oracle: %.*s may be right for the test's own input only",
				STR_ARG(expectation->value)), false;
}

/* Is the statement reached whenever the function is called? */
static bool always_reached(const struct site *crash)
{
	TSNode block = ts_node_parent(crash->statement);

	if (!syntax_type_is(block, "block") ||
	    !ts_node_eq(ts_node_parent(block), crash->function))
		return false;
	for (unsigned i = 0; i < python_child_count(block); i++) {
		TSNode one = python_child(block, i);

		if (ts_node_eq(one, crash->statement))
			return true;
		if (python_contains(one, "return_statement|raise_statement|assert_statement|"
					 "try_statement"))
			return false;
	}
	return false;
}

/* The statement before which the guard goes. */
static TSNode place(const struct python *python, const struct guard *guard)
{
	const struct site *crash = guard->crash;

	if (always_reached(crash) && of_parameters(python, guard) &&
	    !has_effects(crash, 0, ts_node_start_byte(crash->statement), true))
		return python_body(crash->function);
	return crash->statement;
}

static char quote_of(const struct syntax *s)
{
	size_t one = 0, two = 0;

	for (size_t i = 0; i < s->text.size; i++) {
		one += s->text.at[i] == '\'';
		two += s->text.at[i] == '"';
	}
	return one > two ? '\'' : '"';
}

struct str guard_action(struct arena *a, const struct syntax *s,
			const struct expectation *expectation, struct str problem)
{
	struct str message = expectation->message.size ? expectation->message : problem;
	char quote = quote_of(s);
	struct text text = TEXT(a);

	if (str_char(message, quote) >= 0)
		quote = quote == '"' ? '\'' : '"';
	if (expectation->expect == EXPECT_RETURN)
		text_addf(&text, "return %.*s", STR_ARG(expectation->value));
	else
		text_addf(&text, "raise %.*s(%c%.*s%c)", STR_ARG(expectation->exception), quote,
			  STR_ARG(message), quote);
	return text_str(&text);
}

const char *guard_why(struct python *python, const struct site *crash, struct str problem,
		      const struct expectation *expectation)
{
	bool raises = expectation->expect == EXPECT_RAISE;

	return arena_printf(python->scene->arena, "%.*s %s %.*s when %.*s: %s",
			    STR_ARG(python_name(crash->syntax, crash->function)),
			    raises ? "raises" : "returns",
			    STR_ARG(raises ? expectation->exception : expectation->value),
			    STR_ARG(problem), expectation->by);
}

void guard_insert(struct edits *edits, const struct syntax *s, TSNode statement, struct str lines)
{
	struct str indent = syntax_indent(s, statement), line;
	size_t start = (size_t)(indent.at - s->text.at);
	struct text text = TEXT(edits->arena);

	while (str_next_line(&lines, &line))
		text_addf(&text, "%.*s%.*s%s", STR_ARG(indent), STR_ARG(line), python_newline(s));
	edit_replace(edits, start, start, text_str(&text));
}

bool edits_propose(struct python *python, const struct site *crash, const struct edits *edits,
		   enum oracle oracle, const char *why)
{
	struct scene *scene = python->scene;
	struct str after;

	if (!edits_apply(edits, crash->syntax, &after))
		return template_decline(scene, "the edit would break the file"), false;
	return candidate_put(scene, propose(scene, oracle, "%s", why), crash->path, after);
}

bool guard_propose(struct python *python, const struct guard *guard,
		   const struct expectation *expectation)
{
	const struct site *crash = guard->crash;
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode before;

	if (!guard_may_return(python, guard, expectation))
		return false;
	if (syntax_type_is(crash->statement, "elif_clause|while_statement"))
		return template_decline(scene, "the crash is in a condition that is not always asked"),
		       false;
	if (!guard_always_evaluated(guard->expression, crash->statement))
		return template_decline(scene, "the crashing part of the line is not always evaluated"),
		       false;
	if (expectation->expect == EXPECT_RETURN && guard_skips_effects(crash))
		return template_decline(scene, "an early return would skip a side effect"), false;
	before = place(python, guard);
	if (!python_begins_line(crash->syntax, before))
		return template_decline(scene, "the statement shares its line with another"), false;
	guard_insert(&edits, crash->syntax, before,
		     str_of(arena_printf(scene->arena, "if %.*s:\n%.*s%.*s\n",
					 STR_ARG(guard->condition),
					 STR_ARG(python_indent_step(crash->syntax, crash->function)),
					 STR_ARG(guard_action(scene->arena, crash->syntax, expectation,
							      guard->problem)))));
	return edits_propose(python, crash, &edits, expectation->oracle,
			     guard_why(python, crash, guard->problem, expectation));
}

/* The right side of `return E`, or of `x = E` with `return x` behind it. */
static TSNode result_side(const struct site *crash)
{
	TSNode statement = crash->statement, assignment = python_child(statement, 0);
	TSNode none = {{0}, NULL, NULL}, left, last;
	struct str name;

	if (syntax_type_is(statement, "return_statement"))
		return python_child(statement, 0);
	left = syntax_field(assignment, "left");
	if (!syntax_type_is(statement, "expression_statement") ||
	    !syntax_type_is(assignment, "assignment") || !syntax_type_is(left, "identifier"))
		return none;
	name = syntax_text(crash->syntax, left);
	last = ts_node_parent(statement);
	last = python_child(last, python_child_count(last) - 1);
	if (!syntax_type_is(last, "return_statement") ||
	    !str_equal(syntax_text(crash->syntax, python_child(last, 0)), name) ||
	    python_assigned(crash->syntax, crash->function, name, ts_node_end_byte(statement),
			    SIZE_MAX))
		return none;
	return syntax_field(assignment, "right");
}

bool guard_propose_inline(struct python *python, const struct guard *guard, struct str good,
			  const struct expectation *expectation)
{
	const struct site *crash = guard->crash;
	TSNode side = result_side(crash);
	struct edits edits = { .arena = python->scene->arena };

	if (expectation->expect != EXPECT_RETURN || ts_node_is_null(side) ||
	    !guard_may_return(python, guard, expectation) ||
	    !guard_always_evaluated(guard->expression, crash->statement) ||
	    !python_is_pure(crash->syntax, side) || syntax_line(side) != crash->line)
		return false;
	edit_replace(&edits, ts_node_end_byte(side), ts_node_end_byte(side),
		     str_of(arena_printf(python->scene->arena, " if %.*s else %.*s", STR_ARG(good),
					 STR_ARG(expectation->value))));
	return edits_propose(python, crash, &edits, expectation->oracle,
			     guard_why(python, crash, guard->problem, expectation));
}
