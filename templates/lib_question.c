/*
 * Comparisons and the places they stand in. Chains of them (a < b < c) are no question here.
 */
#include "templates/lib_question.h"

#include "templates/lib_scene.h"

struct str question_operator(const struct syntax *s, TSNode comparison)
{
	TSNode left, right;

	if (!syntax_type_is(comparison, "comparison_operator") || python_child_count(comparison) != 2)
		return STR_NONE;
	left = python_child(comparison, 0);
	right = python_child(comparison, 1);
	return str_trim(str_slice(s->text, ts_node_end_byte(left),
				  ts_node_start_byte(right) - ts_node_end_byte(left)));
}

bool question_decides(TSNode question)
{
	for (TSNode at = question, outer;; at = outer) {
		outer = ts_node_parent(at);
		if (syntax_type_is(outer, "parenthesized_expression|boolean_operator"))
			continue;
		if (syntax_type_is(outer, "if_statement|elif_clause|while_statement"))
			return ts_node_eq(syntax_field(outer, "condition"), at);
		if (syntax_type_is(outer, "conditional_expression"))
			return ts_node_eq(python_child(outer, 1), at);
		return syntax_type_is(outer, "return_statement|if_clause");
	}
}

TSNode question_on_line(const struct site *site, const char *operators, unsigned n)
{
	for (unsigned i = 0;; i++) {
		TSNode one = syntax_below(site->statement, "comparison_operator", i);

		if (ts_node_is_null(one))
			return one;
		if (ts_node_start_point(one).row + 1 <= site->line &&
		    ts_node_end_point(one).row + 1 >= site->line &&
		    word_among(question_operator(site->syntax, one), operators) && !n--)
			return one;
	}
}
