/*
 * Finds the access that failed by line, column and property, and what is known of its object.
 * Follows no imports and no control flow.
 */
#include "templates/lib_js.h"

#include "templates/lib_oracle_js.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

static const char functions[] = "function_declaration|function_expression|function|arrow_function|"
				"method_definition|generator_function_declaration";

static bool find_access(struct js_crash *c, struct str property)
{
	const struct failure *failure = c->scene->failure;
	unsigned found = 0, line;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(c->s->root, "member_expression|subscript_expression", n);
		TSNode last;
		bool exact;

		if (ts_node_is_null(node))
			return found > 0;
		last = syntax_field(node, "property");
		if (ts_node_is_null(last))
			last = syntax_field(node, "index");
		line = syntax_line(last);
		if (line != failure->line || str_has(syntax_text(c->s, node), "?."))
			continue;
		exact = failure->column && ts_node_start_point(last).column + 1 == failure->column;
		if (!exact && !str_equal(syntax_text(c->s, last), property))
			continue;
		if (!exact && ++found > 1)
			return false;
		c->access = node;
		c->object = syntax_field(node, "object");
		if (exact)
			return true;
	}
}

struct str js_function_name(const struct syntax *s, TSNode function)
{
	TSNode name = syntax_field(function, "name"), parent;

	if (!ts_node_is_null(name))
		return syntax_text(s, name);
	parent = ts_node_parent(function);
	if (syntax_type_is(parent, "variable_declarator"))
		return syntax_text(s, syntax_field(parent, "name"));
	if (syntax_type_is(parent, "pair"))
		return syntax_text(s, syntax_field(parent, "key"));
	if (syntax_type_is(parent, "assignment_expression")) {
		name = syntax_field(syntax_field(parent, "left"), "property");
		return syntax_text(s, name);
	}
	return STR_NONE;
}

bool js_open(struct js_crash *crash, struct scene *scene, const char *path, struct str property)
{
	struct str text;

	*crash = (struct js_crash){ .scene = scene, .path = path };
	if (!path || js_is_test(path) || !scene_read(scene, path, &text)) {
		template_decline(scene, "the crash is not in a source of the repository");
		return false;
	}
	crash->s = syntax_open(scene->arena, syntax_language(path), text);
	if (!crash->s || !find_access(crash, property)) {
		template_decline(scene, "line %u has no single access to %.*s", scene->failure->line,
				 STR_ARG(property));
		return false;
	}
	crash->function = syntax_up(crash->access, functions);
	crash->null = str_has(str_of(scene->failure->message), " of null");
	if (!ts_node_is_null(crash->function))
		crash->name = js_function_name(crash->s, crash->function);
	return true;
}

int js_parameter(const struct syntax *s, TSNode function, struct str name, TSNode *node)
{
	TSNode list = syntax_field(function, "parameters");

	if (syntax_type_is(syntax_field(function, "parameter"), "identifier")) {
		*node = syntax_field(function, "parameter");
		return str_equal(syntax_text(s, *node), name) ? 0 : -1;
	}
	for (uint32_t i = 0; !ts_node_is_null(list) && i < ts_node_named_child_count(list); i++) {
		TSNode one = ts_node_named_child(list, i), pattern = one;

		if (syntax_type_is(one, "required_parameter|optional_parameter"))
			pattern = syntax_field(one, "pattern");
		if (!str_equal(syntax_text(s, pattern), name))
			continue;
		*node = one;
		return (int)i;
	}
	return -1;
}

TSNode js_declarator(const struct syntax *s, TSNode scope, struct str name)
{
	TSNode none = {{0}, NULL, NULL}, found = none;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(scope, "variable_declarator|assignment_expression", n);
		TSNode left = syntax_field(node, "name");

		if (ts_node_is_null(node))
			return count == 1 ? found : none;
		if (ts_node_is_null(left))
			left = syntax_field(node, "left");
		if (!str_equal(syntax_text(s, left), name))
			continue;
		found = node;
		count++;
	}
}

bool js_semicolons(const struct syntax *s)
{
	return str_has(s->text, ";\n");
}

TSNode js_root(TSNode node)
{
	while (syntax_type_is(node, "member_expression|subscript_expression|non_null_expression|"
				    "parenthesized_expression"))
		node = ts_node_named_child(node, 0);
	return node;
}

bool js_is_async(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "function_declaration|arrow_function|function|"
					   "function_expression|method_definition", n);

		if (ts_node_is_null(node))
			return false;
		if (str_equal(js_function_name(s, node), name))
			return str_starts(syntax_text(s, node), "async");
	}
}

bool js_has_effect(const struct js_crash *c, TSNode body, size_t from)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(body, "expression_statement", n), acts, root;

		if (ts_node_is_null(one))
			return false;
		if (ts_node_start_byte(one) < from)
			continue;
		acts = ts_node_named_child(one, 0);
		if (!ts_node_is_null(syntax_field(acts, "function")))
			acts = syntax_field(acts, "function");
		else if (!ts_node_is_null(syntax_field(acts, "left")))
			acts = syntax_field(acts, "left");
		else
			acts = ts_node_named_child(acts, 0);
		root = js_root(acts);
		if (!syntax_type_is(root, "identifier") ||
		    ts_node_is_null(js_declarator(c->s, c->function, syntax_text(c->s, root))))
			return true;
	}
}

int js_taken_apart(const struct js_crash *c, struct str name)
{
	TSNode list = syntax_field(c->function, "parameters");

	for (unsigned n = 0; !ts_node_is_null(list); n++) {
		TSNode one = syntax_below(list, "shorthand_property_identifier_pattern", n);

		if (ts_node_is_null(one))
			return -1;
		if (str_equal(syntax_text(c->s, one), name))
			return 0;
	}
	return -1;
}

enum { SLIP_SIZE_MIN = 4 };

struct slip {
	const struct syntax *s;
	struct str name, like;
};

static bool see_slip(TSNode node, void *context)
{
	struct slip *slip = context;
	struct str text = syntax_text(slip->s, node);
	unsigned distance = similar_distance(text, slip->name);

	if (syntax_type_is(node, "property_identifier|shorthand_property_identifier") && distance &&
	    text.size >= SLIP_SIZE_MIN && distance <= (text.size > SLIP_SIZE_MIN ? 2u : 1u))
		slip->like = text;
	return !slip->like.size;
}

struct str js_slip(const struct js_crash *c, const struct str *passed, unsigned count)
{
	struct slip slip = { c->s, syntax_text(c->s, syntax_field(c->object, "property")), STR_NONE };

	if (slip.name.size < SLIP_SIZE_MIN)
		return STR_NONE;
	syntax_walk(c->s->root, see_slip, &slip);
	for (unsigned i = 0; !slip.like.size && i < count; i++) {
		const char *code = arena_printf(c->scene->arena, "(%.*s)", STR_ARG(passed[i]));
		SYNTAX s = syntax_open(c->scene->arena, "javascript", str_of(code));

		slip.s = s;
		if (s)
			syntax_walk(s->root, see_slip, &slip);
	}
	return slip.like;
}

/* `if (!contact.phone) return '';` beside it: the file guards the like of it for all that is missing,
 * and gives the same. */
static bool sibling_asks_falsy(const struct js_crash *c, struct str gives)
{
	struct str first = syntax_text(c->s, js_root(c->object));

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(c->s->root, "if_statement", n), asked, leaves;

		if (ts_node_is_null(one))
			return false;
		asked = ts_node_named_child(syntax_field(one, "condition"), 0);
		leaves = syntax_below(syntax_field(one, "consequence"), "return_statement", 0);
		if (ts_node_is_null(leaves) || ts_node_is_null(asked) ||
		    !syntax_type_is(asked, "unary_expression") ||
		    !str_starts(syntax_text(c->s, asked), "!"))
			continue;
		asked = ts_node_named_child(asked, 0);
		if (str_equal(syntax_text(c->s, js_root(asked)), first) &&
		    syntax_type_is(asked, ts_node_type(c->object)) && ts_node_named_child_count(leaves) &&
		    str_equal(syntax_text(c->s, ts_node_named_child(leaves, 0)), gives))
			return true;
	}
}

const char *js_missing(const struct js_crash *c, struct str gives)
{
	struct str object = syntax_text(c->s, c->object);
	struct arena *a = c->scene->arena;

	if (sibling_asks_falsy(c, gives))
		return arena_printf(a, "!%.*s", STR_ARG(object));
	return arena_printf(a, "%.*s === %s", STR_ARG(object), c->null ? "null" : "undefined");
}
