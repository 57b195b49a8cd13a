/*
 * Counting and collecting in a dict: `counts[k] += 1` and `groups[k].append(x)` under a key that is
 * new. Only where the dict starts empty and nothing else fills it, or a test expects the result.
 */
#include "templates/lib_counting.h"

#include "templates/lib_guard.h"

struct filled {
	const struct syntax *s;
	struct str mapping;
	unsigned made, filled;
};

/* How often the mapping is made empty, and filled by `m[k] = v` from elsewhere than itself. */
static bool see_filled(TSNode node, void *context)
{
	struct filled *f = context;
	TSNode left = syntax_field(node, "left"), right = syntax_field(node, "right");
	struct str value = syntax_text(f->s, right);

	if (!syntax_type_is(node, "assignment"))
		return true;
	if (str_equal(syntax_text(f->s, left), f->mapping))
		f->made += str_is(value, "{}") || str_is(value, "dict()") ? 1 : 2;
	if (syntax_type_is(left, "subscript") &&
	    str_equal(syntax_text(f->s, syntax_field(left, "value")), f->mapping) &&
	    str_find(value, syntax_text(f->s, left)) < 0)
		f->filled++;
	return true;
}

/* A dict of this function or class that starts empty and is filled by counting only. */
static bool starts_empty(const struct site *crash, TSNode mapping)
{
	struct filled f = { crash->syntax, syntax_text(crash->syntax, mapping), 0, 0 };
	TSNode scope = crash->function;

	if (syntax_type_is(mapping, "attribute"))
		scope = syntax_up(crash->function, "class_definition");
	else if (!syntax_type_is(mapping, "identifier"))
		return false;
	if (ts_node_is_null(scope))
		scope = crash->syntax->root;
	syntax_walk(scope, see_filled, &f);
	return f.made == 1 && !f.filled;
}

/* What counting starts from, by what is added. */
static const char *start_of(const struct syntax *s, TSNode added, struct str operator)
{
	added = python_bare(added);
	if (syntax_type_is(added, "string|concatenated_string"))
		return "\"\"";
	if (syntax_type_is(added, "list|list_comprehension"))
		return "[]";
	if (syntax_type_is(added, "set|set_comprehension"))
		return "set()";
	if (syntax_type_is(added, "float"))
		return "0.0";
	(void)s;
	return str_is(operator, "+=") || str_is(operator, "-=") ? "0" : NULL;
}

static bool counting_edit(const struct syntax *s, TSNode subscript, struct edits *edits)
{
	TSNode outer = ts_node_parent(subscript), right = syntax_field(outer, "right"), call;
	struct str mapping = syntax_text(s, syntax_field(subscript, "value"));
	struct str key = syntax_text(s, syntax_field(subscript, "subscript")), operator, method;
	bool simple;
	const char *start;

	if (syntax_type_is(outer, "augmented_assignment") &&
	    ts_node_eq(syntax_field(outer, "left"), subscript)) {
		operator = syntax_text(s, syntax_field(outer, "operator"));
		start = start_of(s, right, operator);
		simple = syntax_type_is(right, "identifier|integer|float|call|attribute|subscript|"
					       "string|list|set|parenthesized_expression");
		if (!start || operator.size < 2)
			return false;
		edit_node(edits, outer, str_of(arena_printf(edits->arena, simple ?
			  "%.*s = %.*s.get(%.*s, %s) %.*s %.*s" :
			  "%.*s = %.*s.get(%.*s, %s) %.*s (%.*s)",
			  STR_ARG(syntax_text(s, subscript)), STR_ARG(mapping), STR_ARG(key), start,
			  STR_ARG(str_slice(operator, 0, operator.size - 1)),
			  STR_ARG(syntax_text(s, right)))));
		return true;
	}
	call = ts_node_parent(outer);
	method = syntax_text(s, syntax_field(outer, "attribute"));
	if (!syntax_type_is(outer, "attribute") || !syntax_type_is(call, "call") ||
	    !syntax_type_is(ts_node_parent(call), "expression_statement"))
		return false;
	start = str_is(method, "append") || str_is(method, "extend") ? "[]" :
		str_is(method, "add") ? "set()" : NULL;
	if (!start)
		return false;
	edit_node(edits, subscript, str_of(arena_printf(edits->arena, "%.*s.setdefault(%.*s, %s)",
						       STR_ARG(mapping), STR_ARG(key), start)));
	return true;
}

bool counting_propose(struct python *python, const struct site *crash, TSNode subscript)
{
	struct scene *scene = python->scene;
	struct edits edits = { .arena = scene->arena };
	TSNode mapping = syntax_field(subscript, "value");
	struct expectation e = { .oracle = ORACLE_CONTRACT };
	bool empty = starts_empty(crash, mapping);

	if (!python_is_pure(crash->syntax, subscript) || !counting_edit(crash->syntax, subscript, &edits))
		return false;
	if (!oracle_test(python, crash, &e) && !empty)
		return false;
	return edits_propose(python, crash, &edits, e.by ? ORACLE_TEST : ORACLE_CONTRACT,
			     arena_printf(scene->arena, "%.*s counts from nothing under a new key: %s",
					  STR_ARG(syntax_text(crash->syntax, mapping)), e.by ? e.by :
					  "it starts empty and nothing else fills it"));
}
