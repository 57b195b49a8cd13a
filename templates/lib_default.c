/*
 * A parameter that may be left out, is None then, and is used as a container: the idiom
 * `if x is None: x = []`. What it becomes is what the file does for the same name elsewhere, or what
 * all uses of it fit, when the failing test expects a result.
 */
#include "templates/lib_default.h"

#include "templates/lib_guard.h"

/* What the methods called on a parameter make it. */
static const struct {
	const char *method, *value;
} methods[] = {
	{ "append", "[]" }, { "extend", "[]" }, { "insert", "[]" }, { "items", "{}" },
	{ "keys", "{}" }, { "values", "{}" }, { "get", "{}" }, { "setdefault", "{}" },
	{ "update", "{}" }, { "add", "set()" },
};

/* The empty value that every use of the parameter fits; empty when they do not say one. */
static struct str by_use(const struct site *crash, struct str name)
{
	const struct syntax *s = crash->syntax;
	struct str found = STR_NONE;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(crash->function, "attribute", n);
		struct str method = syntax_text(s, syntax_field(one, "attribute"));

		if (ts_node_is_null(one))
			return found;
		if (!str_equal(syntax_text(s, syntax_field(one, "object")), name))
			continue;
		for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
			if (!str_is(method, methods[i].method))
				continue;
			if (found.size && !str_is(found, methods[i].value))
				return STR_NONE;
			found = str_of(methods[i].value);
		}
	}
}

struct idiom {
	const struct syntax *s;
	const struct site *crash;
	struct str name, value;
	bool quarrel;
	const char *path, *by;
	struct arena *arena;
};

/* `if NAME is None: NAME = V` in another function. */
static bool see_idiom(TSNode node, void *context)
{
	struct idiom *i = context;
	TSNode condition = syntax_field(node, "condition"), body, assignment;
	struct str value;

	if (!syntax_type_is(node, "if_statement") ||
	    !syntax_type_is(condition, "comparison_operator") ||
	    !syntax_type_is(python_child(condition, 1), "none") ||
	    str_has(syntax_text(i->s, condition), " not ") ||
	    !str_equal(syntax_text(i->s, python_child(condition, 0)), i->name))
		return true;
	body = syntax_field(node, "consequence");
	assignment = python_child(python_child(body, 0), 0);
	if (python_child_count(body) != 1 || !syntax_type_is(assignment, "assignment") ||
	    !str_equal(syntax_text(i->s, syntax_field(assignment, "left")), i->name))
		return true;
	value = syntax_text(i->s, syntax_field(assignment, "right"));
	if (i->value.size && !str_equal(i->value, value))
		i->quarrel = true;
	i->value = value;
	i->by = arena_printf(i->arena, "%s:%u", i->path, syntax_line(node));
	return true;
}

/* Does the crashing module know every name of the value? */
static bool knows_names(struct arena *a, const struct site *crash, struct str value)
{
	SYNTAX s = syntax_open(a, "python", value);
	static const char *const builtins[] = { "list", "dict", "set", "tuple", "str", "int" };

	for (unsigned n = 0; s; n++) {
		TSNode one = syntax_below(s->root, "identifier", n);
		struct str name = syntax_text(s, one);
		bool known = false;

		if (ts_node_is_null(one))
			return true;
		if (syntax_type_is(ts_node_parent(one), "attribute") && ts_node_start_byte(one) &&
		    s->text.at[ts_node_start_byte(one) - 1] == '.')
			continue;
		for (size_t i = 0; i < sizeof(builtins) / sizeof(builtins[0]); i++)
			known = known || str_is(name, builtins[i]);
		if (!known && !python_binds(crash->syntax, name))
			return false;
	}
	return false;
}

static void set_default(struct python *python, const struct site *crash, TSNode object,
			struct str value,
			enum oracle oracle, const char *by)
{
	struct arena *a = python->scene->arena;
	struct edits edits = { .arena = a };
	struct str name = syntax_text(crash->syntax, object);

	guard_insert(&edits, crash->syntax, python_body(crash->function),
		     str_of(arena_printf(a, "if %.*s is None:\n%.*s%.*s = %.*s\n", STR_ARG(name),
					 STR_ARG(python_indent_step(crash->syntax, crash->function)),
					 STR_ARG(name), STR_ARG(value))));
	edits_propose(python, crash, &edits, oracle,
		      arena_printf(a, "%.*s is optional and becomes %.*s when it is not given: %s",
				   STR_ARG(name), STR_ARG(value), by));
}

bool default_propose(struct python *python, const struct site *crash, TSNode object)
{
	struct scene *scene = python->scene;
	struct str name = syntax_text(crash->syntax, object), value;
	TSNode parameter = python_parameter(crash->syntax, crash->function, name);
	struct idiom idiom = { crash->syntax, crash, name, STR_NONE, false, crash->path, NULL,
			       scene->arena };
	struct expectation e;

	if (!syntax_type_is(object, "identifier") ||
	    !syntax_type_is(syntax_field(parameter, "value"), "none") ||
	    python_assigned(crash->syntax, crash->function, name, 0,
			    ts_node_start_byte(crash->statement)) ||
	    !python_begins_line(crash->syntax, python_body(crash->function)))
		return false;
	syntax_walk(crash->syntax->root, see_idiom, &idiom);
	if (idiom.value.size && !idiom.quarrel && knows_names(scene->arena, crash, idiom.value))
		return set_default(python, crash, object, idiom.value, ORACLE_SIBLING,
				   arena_printf(scene->arena, "%s does so", idiom.by)), true;
	value = by_use(crash, name);
	if (!value.size || !oracle_test(python, crash, &e) || e.expect != EXPECT_RETURN)
		return false;
	set_default(python, crash, object, value, ORACLE_TEST, e.by);
	return true;
}
