/*
 * Follows names of a test to literals. A name that is set twice, and all that is computed, is
 * unknown; so is a table that is not written down in the test's own file.
 */
#include "templates/lib_go_row.h"

#include "templates/lib_go_expect.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

static const char literals[] =
	"int_literal float_literal interpreted_string_literal raw_string_literal rune_literal true false nil";

struct str go_operator(const struct syntax *s, TSNode node)
{
	if (!syntax_type_is(node, "binary_expression|assignment_statement"))
		return STR_NONE;
	return syntax_text(s, ts_node_child(node, 1));
}

/* Names of the tested package are written without its name there. */
static struct str unqualified(const struct go_row *row, struct str text)
{
	struct arena *a = row->s->arena;

	for (size_t i = 0; i < row->package->count; i++) {
		const struct syntax *s = row->package->files[i].syntax;
		struct str name = syntax_text(s, syntax_below(s->root, "package_identifier", 0)), head, tail;
		const char *prefix = arena_printf(a, "%.*s.", STR_ARG(name));

		if (!row->package->files[i].test && str_split(text, prefix, &head, &tail) &&
		    (!head.size || str_is(head, "[]")))
			return str_of(arena_printf(a, "%.*s%.*s", STR_ARG(head), STR_ARG(tail)));
	}
	return text;
}

/* A constant or variable of the tested package. */
static bool is_package_name(const struct go_row *row, struct str name)
{
	for (size_t i = 0; i < row->package->count; i++) {
		const struct go_file *file = &row->package->files[i];

		for (unsigned n = 0; !file->test; n++) {
			TSNode spec = syntax_below(file->syntax->root, "var_spec|const_spec", n);

			if (ts_node_is_null(spec))
				break;
			if (str_equal(syntax_text(file->syntax, syntax_field(spec, "name")), name) &&
			    ts_node_is_null(go_function(spec)))
				return true;
		}
	}
	return false;
}

static bool is_set_again(const struct syntax *s, TSNode at, struct str name)
{
	TSNode function = syntax_up(at, "function_declaration|method_declaration");

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment_statement|inc_statement|dec_statement", n);
		TSNode left = syntax_type_is(one, "assignment_statement") ? syntax_field(one, "left") : one;

		if (ts_node_is_null(one))
			return false;
		if (code_count(s, left, "identifier", name))
			return true;
	}
}

/* What the name is declared with; a null node when it is not, or is set again. */
static TSNode declared_value(const struct syntax *s, TSNode at, TSNode *declaration)
{
	struct str name = syntax_text(s, at);
	TSNode none = {{0}, NULL, NULL}, identifier = go_declaration(s, at, name), list, right;
	uint32_t i = 0;

	*declaration = none;
	if (ts_node_is_null(identifier) || is_set_again(s, at, name))
		return none;
	list = ts_node_parent(identifier);
	*declaration = syntax_type_is(list, "expression_list") ? ts_node_parent(list) : list;
	if (syntax_type_is(list, "var_spec") || syntax_type_is(list, "const_spec"))
		right = syntax_field(list, "value");
	else if (syntax_type_is(*declaration, "short_var_declaration"))
		right = syntax_field(*declaration, "right");
	else
		return none;
	while (syntax_type_is(list, "expression_list") && i < source_count(list) &&
	       !ts_node_eq(source_nth(list, i), identifier))
		i++;
	return i < source_count(right) ? source_nth(right, i) : none;
}

static TSNode inside(TSNode element)
{
	return syntax_type_is(element, "literal_element") ? source_nth(element, 0) : element;
}

/* The literal of a field in a row; a null node when it is not there. *known: the field exists. */
static TSNode field_of(const struct go_row *row, TSNode values, struct str name, bool *known, struct str *type)
{
	TSNode none = {{0}, NULL, NULL};
	uint32_t place = 0;

	*known = false;
	for (uint32_t i = 0; i < source_count(row->fields) && !*known; i++) {
		TSNode field = source_nth(row->fields, i);

		for (uint32_t k = 0; k < source_count(field) && !*known; k++) {
			if (!syntax_type_is(source_nth(field, k), "field_identifier"))
				continue;
			*known = str_equal(syntax_text(row->s, source_nth(field, k)), name);
			*type = syntax_text(row->s, syntax_field(field, "type"));
			place += !*known;
		}
	}
	for (uint32_t i = 0; *known && i < source_count(values); i++) {
		TSNode one = source_nth(values, i);

		if (syntax_type_is(one, "keyed_element")) {
			if (str_equal(syntax_text(row->s, source_nth(one, 0)), name))
				return inside(source_nth(one, 1));
		} else if (!syntax_type_is(one, "comment") && !place--) {
			return inside(one);
		}
	}
	return none;
}

/* "no words" of a row against the "no_words" of a subtest */
static bool is_named(struct str literal, struct str subtest)
{
	if (literal.size != subtest.size + 2 || !strchr("\"`", literal.at[0]))
		return false;
	for (size_t i = 0; i < subtest.size; i++)
		if (literal.at[i + 1] != subtest.at[i] && !(literal.at[i + 1] == ' ' && subtest.at[i] == '_'))
			return false;
	return true;
}

static bool row_is_named(const struct go_row *row, TSNode element, TSNode values, struct str subtest)
{
	if (syntax_type_is(element, "keyed_element"))
		return is_named(syntax_text(row->s, inside(source_nth(element, 0))), subtest);
	for (uint32_t i = 0; i < source_count(values); i++) {
		TSNode one = source_nth(values, i);

		if (syntax_type_is(one, "keyed_element"))
			one = source_nth(one, 1);
		if (is_named(syntax_text(row->s, inside(one)), subtest))
			return true;
	}
	return false;
}

/* The table that the loop around the node goes through. */
static TSNode table_of(const struct go_row *row, TSNode operand)
{
	TSNode none = {{0}, NULL, NULL}, clause, right;
	TSNode declared = go_declaration(row->s, operand, syntax_text(row->s, operand));

	clause = syntax_up(declared, "range_clause");
	if (ts_node_is_null(declared) || ts_node_is_null(clause) ||
	    source_count(syntax_field(clause, "left")) != 2)
		return none;
	right = syntax_field(clause, "right");
	if (syntax_type_is(right, "identifier"))
		right = declared_value(row->s, right, &clause);
	return syntax_type_is(right, "composite_literal") ? right : none;
}

static TSNode fields_of(const struct go_row *row, TSNode table)
{
	TSNode type = syntax_field(table, "type"), element = syntax_field(type, "element");

	if (ts_node_is_null(element))
		element = syntax_field(type, "value");
	for (unsigned n = 0; syntax_type_is(element, "type_identifier"); n++) {
		TSNode spec = syntax_below(row->s->root, "type_spec", n);

		if (ts_node_is_null(spec))
			break;
		if (str_equal(syntax_text(row->s, syntax_field(spec, "name")), syntax_text(row->s, element)))
			element = syntax_field(spec, "type");
	}
	return syntax_type_is(element, "struct_type") ? source_nth(element, 0) : element;
}

void go_row_find(struct go_row *row, TSNode by)
{
	struct str subtest = STR_NONE, type = STR_NONE;
	TSNode none = {{0}, NULL, NULL}, table, body, named = none, empty = none;
	unsigned named_count = 0, empty_count = 0;
	bool known;

	row->values = row->fields = none;
	if (!syntax_type_is(by, "selector_expression") ||
	    ts_node_is_null(table = table_of(row, syntax_field(by, "operand"))))
		return;
	(void)str_split(row->test, "/", NULL, &subtest);
	row->fields = fields_of(row, table);
	body = syntax_field(table, "body");
	for (uint32_t i = 0; i < source_count(body); i++) {
		TSNode one = source_nth(body, i), values, value;

		values = inside(syntax_type_is(one, "keyed_element") ? source_nth(one, 1) : one);
		if (syntax_type_is(values, "composite_literal"))
			values = syntax_field(values, "body");
		if (!syntax_type_is(values, "literal_value"))
			continue;
		if (subtest.size && row_is_named(row, one, values, subtest) && !named_count++)
			named = values;
		value = field_of(row, values, syntax_text(row->s, syntax_field(by, "field")), &known, &type);
		if (known && (ts_node_is_null(value) || go_is_nothing(syntax_text(row->s, value))) &&
		    !empty_count++)
			empty = values;
	}
	row->values = named_count == 1 ? named :
		      !named_count && empty_count == 1 && !row->by_name ? empty : none;
}

static struct str plain_value(const struct go_row *row, TSNode node)
{
	struct str text = syntax_text(row->s, node);

	if (word_among(str_of(ts_node_type(node)), literals))
		return text;
	if (syntax_type_is(node, "unary_expression") && str_starts(text, "-") &&
	    word_among(str_of(ts_node_type(syntax_field(node, "operand"))), literals))
		return text;
	if (syntax_type_is(node, "composite_literal") || syntax_type_is(node, "call_expression"))
		return go_is_nothing(text) ? unqualified(row, text) : STR_NONE;
	return STR_NONE;
}

struct str go_row_value(const struct go_row *row, TSNode node)
{
	struct str text = syntax_text(row->s, node), bare = unqualified(row, text), type = STR_NONE;
	TSNode value, declaration;
	bool known = false;

	if (ts_node_is_null(node))
		return STR_NONE;
	if (syntax_type_is(node, "selector_expression") && !str_equal(bare, text))
		return is_package_name(row, bare) ? bare : STR_NONE;
	if (syntax_type_is(node, "selector_expression")) {
		if (ts_node_is_null(row->values) ||
		    ts_node_is_null(table_of(row, syntax_field(node, "operand"))))
			return STR_NONE;
		value = field_of(row, row->values, syntax_text(row->s, syntax_field(node, "field")), &known, &type);
		if (!ts_node_is_null(value))
			return syntax_type_is(value, "identifier") || syntax_type_is(value, "selector_expression") ?
			       (is_package_name(row, unqualified(row, syntax_text(row->s, value))) ?
				unqualified(row, syntax_text(row->s, value)) : STR_NONE) : plain_value(row, value);
		return known ? go_zero(row->package, row->s->arena, type) : STR_NONE;
	}
	if (!syntax_type_is(node, "identifier"))
		return plain_value(row, node);
	value = declared_value(row->s, node, &declaration);
	if (!ts_node_is_null(value))
		return plain_value(row, value);
	if (ts_node_is_null(declaration))
		return is_package_name(row, text) ? text : STR_NONE;
	if (syntax_type_is(declaration, "var_spec") && ts_node_is_null(syntax_field(declaration, "value")))
		return go_zero(row->package, row->s->arena,
			       syntax_text(row->s, syntax_field(declaration, "type")));
	return STR_NONE;
}
