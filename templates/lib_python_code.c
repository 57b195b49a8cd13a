/*
 * Small questions to Python's syntax tree: literal, pure, mentioned, assigned, bound. They err on the
 * side of "no": what is not known to be harmless is not harmless.
 */
#include "templates/lib_python.h"

/* Functions that only look at their arguments. */
static const char *const pure_functions[] = {
	"len", "sum", "abs", "int", "float", "min", "max", "round", "str", "bool", "isinstance",
	"sorted", "list", "tuple", "set", "dict", "zip", "range", "enumerate", "any", "all",
};

static bool is_pure_call(const struct syntax *s, TSNode call)
{
	struct str name = syntax_text(s, syntax_field(call, "function"));

	for (size_t i = 0; i < sizeof(pure_functions) / sizeof(pure_functions[0]); i++)
		if (str_is(name, pure_functions[i]))
			return true;
	return false;
}

struct question {
	const struct syntax *s;
	struct str name;
	size_t from, to;
	const char *types;
	TSNode top, value;
	unsigned count;
	bool answer;
};

static bool see_literal(TSNode node, void *context)
{
	struct question *q = context;

	if (!syntax_type_is(node, "integer|float|none|true|false|list|tuple|dictionary|set|pair|"
				  "unary_operator|string|string_start|string_content|string_end|"
				  "escape_sequence|escape_interpolation|parenthesized_expression|"
				  "concatenated_string|comment"))
		q->answer = false;
	return q->answer;
}

bool python_is_literal(const struct syntax *s, TSNode node)
{
	struct question q = { .s = s, .answer = true };

	if (ts_node_is_null(node) || ts_node_has_error(node))
		return false;
	syntax_walk(node, see_literal, &q);
	return q.answer;
}

static bool see_pure(TSNode node, void *context)
{
	struct question *q = context;

	if (syntax_type_is(node, "call"))
		q->answer = is_pure_call(q->s, node);
	else if (syntax_type_is(node, "await|yield|named_expression|lambda|generator_expression|"
				      "list_comprehension|dictionary_comprehension|set_comprehension"))
		q->answer = false;
	return q->answer;
}

bool python_is_pure(const struct syntax *s, TSNode node)
{
	struct question q = { .s = s, .answer = true };

	if (ts_node_is_null(node))
		return false;
	syntax_walk(node, see_pure, &q);
	return q.answer;
}

static bool is_attribute_name(TSNode node)
{
	TSNode parent = ts_node_parent(node);

	if (syntax_type_is(parent, "attribute"))
		return ts_node_eq(syntax_field(parent, "attribute"), node);
	if (syntax_type_is(parent, "keyword_argument"))
		return ts_node_eq(syntax_field(parent, "name"), node);
	return false;
}

static bool see_mention(TSNode node, void *context)
{
	struct question *q = context;

	if (syntax_type_is(node, "identifier") && str_equal(syntax_text(q->s, node), q->name) &&
	    !is_attribute_name(node))
		q->answer = true;
	return !q->answer;
}

bool python_mentions(const struct syntax *s, TSNode node, struct str name)
{
	struct question q = { .s = s, .name = name };

	if (!ts_node_is_null(node))
		syntax_walk(node, see_mention, &q);
	return q.answer;
}

/* A pattern on the left side: a name itself, or a tuple with it; `x.y = 1` does not assign x. */
static bool binds_name(const struct syntax *s, TSNode left, struct str name)
{
	if (syntax_type_is(left, "identifier"))
		return str_equal(syntax_text(s, left), name);
	if (syntax_type_is(left, "attribute|subscript"))
		return false;
	for (unsigned i = 0; i < python_child_count(left); i++)
		if (binds_name(s, python_child(left, i), name))
			return true;
	return false;
}

static bool see_assigned(TSNode node, void *context)
{
	struct question *q = context;
	TSNode left = syntax_field(node, "left");
	size_t at = ts_node_start_byte(node);

	if (at < q->from || at >= q->to)
		return true;
	if (syntax_type_is(node, "named_expression"))
		left = syntax_field(node, "name");
	else if (syntax_type_is(node, "as_pattern"))
		left = syntax_field(node, "alias");
	else if (!syntax_type_is(node, "assignment|augmented_assignment|for_statement|for_in_clause"))
		return true;
	if (!binds_name(q->s, left, q->name))
		return true;
	q->count++;
	q->value = syntax_type_is(node, "assignment") && syntax_type_is(left, "identifier") ?
		   syntax_field(node, "right") : (TSNode){{0}, NULL, NULL};
	return true;
}

bool python_assigned(const struct syntax *s, TSNode function, struct str name, size_t from,
		     size_t to)
{
	struct question q = { .s = s, .name = name, .from = from, .to = to };

	if (!ts_node_is_null(function))
		syntax_walk(function, see_assigned, &q);
	return q.count > 0;
}

TSNode python_value_of(const struct syntax *s, TSNode function, struct str name, size_t before)
{
	struct question q = { .s = s, .name = name, .to = before };
	TSNode none = {{0}, NULL, NULL};

	if (!ts_node_is_null(function))
		syntax_walk(function, see_assigned, &q);
	return q.count == 1 ? q.value : none;
}

static bool below_nested(TSNode node, TSNode top)
{
	for (node = ts_node_parent(node); !ts_node_is_null(node) && !ts_node_eq(node, top);
	     node = ts_node_parent(node))
		if (syntax_type_is(node, "function_definition|lambda|class_definition"))
			return true;
	return false;
}

static bool see_contained(TSNode node, void *context)
{
	struct question *q = context;

	if (syntax_type_is(node, q->types) && !below_nested(node, q->top))
		q->answer = true;
	return !q->answer;
}

bool python_contains(TSNode node, const char *types)
{
	struct question q = { .types = types, .top = node };

	if (!ts_node_is_null(node))
		syntax_walk(node, see_contained, &q);
	return q.answer;
}

static bool import_binds(const struct syntax *s, TSNode import, struct str name)
{
	for (unsigned i = 0; i < python_child_count(import); i++) {
		TSNode one = python_child(import, i);
		struct str bound = syntax_text(s, one), first;

		if (!i && syntax_type_is(import, "import_from_statement"))
			continue;
		if (syntax_type_is(one, "aliased_import"))
			bound = syntax_text(s, syntax_field(one, "alias"));
		else if (str_split(bound, ".", &first, NULL))
			bound = first;
		if (str_equal(bound, name))
			return true;
	}
	return false;
}

static bool see_binding(TSNode node, void *context)
{
	struct question *q = context;

	if (!ts_node_is_null(syntax_up(ts_node_parent(node), "function_definition|class_definition")))
		return true;
	if (syntax_type_is(node, "function_definition|class_definition"))
		q->answer = str_equal(python_name(q->s, node), q->name);
	else if (syntax_type_is(node, "import_statement|import_from_statement"))
		q->answer = import_binds(q->s, node, q->name);
	else if (syntax_type_is(node, "assignment|for_statement"))
		q->answer = binds_name(q->s, syntax_field(node, "left"), q->name);
	return !q->answer;
}

bool python_binds(const struct syntax *s, struct str name)
{
	struct question q = { .s = s, .name = name };

	syntax_walk(s->root, see_binding, &q);
	return q.answer;
}

bool python_uses_arrays(const struct syntax *s)
{
	return python_binds(s, STR("np")) || python_binds(s, STR("numpy")) ||
	       python_binds(s, STR("pd")) || python_binds(s, STR("pandas"));
}

const char *python_newline(const struct syntax *s)
{
	return str_has(s->text, "\r\n") ? "\r\n" : "\n";
}

struct str python_indent_step(const struct syntax *s, TSNode function)
{
	struct str outer = syntax_indent(s, function), inner = syntax_indent(s, python_body(function));

	return inner.size > outer.size ? str_from(inner, outer.size) : STR("    ");
}

bool python_begins_line(const struct syntax *s, TSNode statement)
{
	struct str indent = syntax_indent(s, statement);

	return indent.at + indent.size == s->text.at + ts_node_start_byte(statement);
}
