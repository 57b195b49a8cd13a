/*
 * Finding the lost result of a function. The name is followed to its only definition; only three
 * forms of loss are mended, because in each the missing word is `return` and nothing else.
 */
#include "templates/lib_producer.h"

#include "templates/lib_oracle.h"
#include "templates/lib_reach.h"

/* The call that made the value: the object itself, or the only assignment to it. */
static TSNode made_by(const struct site *crash, TSNode object)
{
	object = python_bare(object);
	if (syntax_type_is(object, "identifier"))
		object = python_bare(python_value_of(crash->syntax, crash->function,
						     syntax_text(crash->syntax, object),
						     ts_node_start_byte(crash->statement)));
	return object;
}

static bool returns_value(TSNode function)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "return_statement", n);

		if (ts_node_is_null(one))
			return false;
		if (python_child_count(one))
			return true;
	}
}

static TSNode last_of(TSNode block)
{
	unsigned count = python_child_count(block);
	TSNode none = {{0}, NULL, NULL};

	return count ? python_child(block, count - 1) : none;
}

/* Ends of the function that give back nothing; collects expression statements among them. */
struct ends {
	const struct syntax *s;
	struct str name;
	TSNode lost[4];
	unsigned lost_count, recursive_count, empty_count;
};

static bool is_lost_result(const struct ends *e, TSNode statement)
{
	TSNode value = python_bare(python_child(statement, 0));

	if (!syntax_type_is(statement, "expression_statement"))
		return false;
	if (syntax_type_is(value, "call"))
		return str_equal(python_callee(e->s, value), e->name);
	return syntax_type_is(value, "identifier|binary_operator|comparison_operator|subscript");
}

static void see_end(struct ends *e, TSNode block)
{
	TSNode last = last_of(block);
	bool has_else = false;

	if (syntax_type_is(last, "return_statement|raise_statement"))
		return;
	if (is_lost_result(e, last)) {
		if (e->lost_count < 4)
			e->lost[e->lost_count] = last;
		e->lost_count++;
		e->recursive_count += syntax_type_is(python_bare(python_child(last, 0)), "call");
		return;
	}
	if (!syntax_type_is(last, "if_statement")) {
		e->empty_count++;
		return;
	}
	see_end(e, syntax_field(last, "consequence"));
	for (unsigned i = 0; i < python_child_count(last); i++) {
		TSNode one = python_child(last, i);

		if (syntax_type_is(one, "elif_clause"))
			see_end(e, syntax_field(one, "consequence"));
		if (syntax_type_is(one, "else_clause"))
			has_else = true, see_end(e, syntax_field(one, "body"));
	}
	if (!has_else)
		e->empty_count++;
}

/* The one local of the function's own level that is built up behind its first line; empty:
 * none. */
static struct str built_local(const struct definition *d)
{
	TSNode block = syntax_field(d->function, "body");
	struct str found = STR_NONE;

	for (unsigned i = 0; i < python_child_count(block); i++) {
		TSNode one = python_child(python_child(block, i), 0);
		TSNode left = syntax_field(one, "left"), right = python_bare(syntax_field(one, "right"));

		if (!syntax_type_is(one, "assignment") || !syntax_type_is(left, "identifier") ||
		    !syntax_type_is(right, "list|dictionary|set|call|integer|float|string"))
			continue;
		if (syntax_type_is(right, "call") && !python_is_pure(d->s, right))
			continue;
		if (found.size)
			return STR_NONE;
		found = syntax_text(d->s, left);
	}
	return found;
}

static enum oracle oracle_of(struct python *python, const struct definition *d)
{
	struct str type = syntax_text(d->s, syntax_field(d->function, "return_type"));
	const struct failure *failure = python->scene->failure;

	if (type.size && !str_has(type, "None") && !str_has(type, "Optional"))
		return ORACLE_CONTRACT;
	for (size_t i = 0; i < failure->frame_count; i++)
		if (failure->frames[i].own && python_is_test(str_of(failure->frames[i].file)))
			return ORACLE_TEST;
	return ORACLE_NONE;
}

static bool put(struct python *python, const struct definition *d, const struct edits *edits,
		const char *what, unsigned line)
{
	struct scene *scene = python->scene;
	enum oracle oracle = oracle_of(python, d);
	struct str after;

	if (oracle == ORACLE_NONE || !edits_apply(edits, d->s, &after))
		return false;
	return candidate_put(scene,
			     propose(scene, oracle, "%.*s loses its result at %s:%u: %s; %s",
				     STR_ARG(d->name), d->path, line, what,
				     oracle == ORACLE_TEST ? "the failing test uses the result" :
				     "its annotation promises one"), d->path, after);
}

bool producer_propose(struct python *python, const struct site *crash, TSNode object)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	TSNode call = made_by(crash, object), last;
	struct definition d = {0};
	struct ends ends = {0};
	struct str local;

	if (!syntax_type_is(call, "call"))
		return false;
	if (!python_definition(python, crash->syntax, crash->path, python_callee(crash->syntax, call),
			       &d) ||
	    python_contains(d.function, "yield"))
		return false;
	ends.s = d.s, ends.name = d.name;
	see_end(&ends, syntax_field(d.function, "body"));
	if (ends.lost_count && ends.lost_count <= 4 && !ends.empty_count &&
	    (ends.lost_count == 1 || ends.recursive_count == ends.lost_count)) {
		for (unsigned i = 0; i < ends.lost_count; i++)
			edit_replace(&edits, ts_node_start_byte(ends.lost[i]),
				     ts_node_start_byte(ends.lost[i]), STR("return "));
		return put(python, &d, &edits, "the value is computed and dropped, `return` is missing",
			   syntax_line(ends.lost[0]));
	}
	local = built_local(&d);
	last = last_of(syntax_field(d.function, "body"));
	if (returns_value(d.function) || !local.size || ends.lost_count ||
	    !syntax_type_is(last, "for_statement|while_statement|expression_statement"))
		return false;
	edit_replace(&edits, ts_node_end_byte(last), ts_node_end_byte(last),
		     str_of(arena_printf(a, "%s%.*sreturn %.*s", python_newline(d.s),
					 STR_ARG(syntax_indent(d.s, last)), STR_ARG(local))));
	return put(python, &d, &edits, "what it builds up is never returned", syntax_line(last));
}
