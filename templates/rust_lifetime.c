/*
 * "missing lifetime specifier" of a returned reference -> a lifetime that ties it to one
 * parameter. One candidate for each parameter that is a reference: the compiler refuses all but
 * the one that lives on in the result. Never ties two, which would bind callers for nothing.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

enum { PARAMETERS_MAX = 6 };

struct signature {
	struct scene *scene;
	struct code *code;
	TSNode function, returned;	/* the reference in the return type */
	TSNode list[PARAMETERS_MAX];	/* the references among the parameters' types */
	unsigned count;
};

static bool has_lifetime(TSNode node)
{
	return !ts_node_is_null(syntax_below(node, "lifetime", 0));
}

/* A plain function: no lifetimes yet, no self, one reference returned; else why not. */
static const char *take(struct signature *g)
{
	TSNode parameters = syntax_field(g->function, "parameters");
	TSNode type = syntax_field(g->function, "return_type");

	g->returned = syntax_below(type, "reference_type", 0);
	if (ts_node_is_null(g->returned) || !ts_node_is_null(syntax_below(type, "reference_type", 1)))
		return "not one reference is returned";
	if (has_lifetime(parameters) || has_lifetime(type) ||
	    !ts_node_is_null(syntax_field(g->function, "type_parameters")) ||
	    !ts_node_is_null(syntax_below(parameters, "self_parameter", 0)))
		return "the function has parameters for lifetimes or types, or self";
	for (unsigned n = 0; g->count < PARAMETERS_MAX; n++) {
		TSNode parameter = syntax_below(parameters, "parameter", n);
		TSNode reference = syntax_below(syntax_field(parameter, "type"), "reference_type", 0);

		if (ts_node_is_null(parameter))
			break;
		if (!ts_node_is_null(reference))
			g->list[g->count++] = reference;
	}
	return g->count < 2 ? "there are not several to borrow from" : NULL;
}

/* Does the body name the parameter at all? */
static bool is_used(const struct signature *g, unsigned which)
{
	const struct syntax *s = g->code->syntax;
	struct str name = syntax_text(s, syntax_field(syntax_up(g->list[which], "parameter"), "pattern"));

	return code_count(s, syntax_field(g->function, "body"), "identifier", name) > 0;
}

static void offer(const struct signature *g, unsigned which)
{
	struct edits edits = { .arena = g->scene->arena };
	size_t name = ts_node_end_byte(syntax_field(g->function, "name"));
	TSNode parameter = syntax_up(g->list[which], "parameter");

	edit_replace(&edits, name, name, STR("<'a>"));
	edit_replace(&edits, ts_node_start_byte(g->list[which]) + 1,
		     ts_node_start_byte(g->list[which]) + 1, STR("'a "));
	edit_replace(&edits, ts_node_start_byte(g->returned) + 1, ts_node_start_byte(g->returned) + 1,
		     STR("'a "));
	code_propose(g->scene, g->code, &edits, ORACLE_TOOL, DANGER_1, arena_printf(g->scene->arena,
		"Ties the returned reference to %.*s, the only parameter with which the compiler agrees.",
		STR_ARG(syntax_text(g->code->syntax, syntax_field(parameter, "pattern")))));
}

static void fix(struct scene *scene)
{
	struct signature g = { .scene = scene };
	bool any = false;
	const char *why;
	CODE code;

	if (!code_open(scene, &code))
		return;
	g.code = &code;
	g.function = syntax_up(code.node, "function_item");
	if (ts_node_is_null(g.function))
		return template_decline(scene, "the reference is returned by no function");
	why = take(&g);
	if (why)
		return template_decline(scene, "%s", why);
	for (unsigned i = 0; i < g.count; i++) {
		if (!is_used(&g, i))
			continue;
		offer(&g, i);
		any = true;
	}
	if (!any)
		return template_decline(scene, "what is returned comes from no parameter");
}

static const struct example examples[] = {
	{
		.name = "two to borrow from: the first of the two candidates",
		.log = "error[E0106]: missing lifetime specifier\n --> src/lib.rs:1:47\n  |\n"
		       "1 | pub fn value(text: &str, key: &str) -> Option<&str> {\n"
		       "  |                    ----       ----            ^ expected named lifetime parameter\n  |\n\n",
		.file = { { "src/lib.rs", "pub fn value(text: &str, key: &str) -> Option<&str> {\n"
			    "    text.strip_prefix(key)\n}\n",
			    "pub fn value<'a>(text: &'a str, key: &str) -> Option<&'a str> {\n"
			    "    text.strip_prefix(key)\n}\n" } },
	},
	{
		.name = "nothing to borrow from",
		.log = "error[E0106]: missing lifetime specifier\n --> src/lib.rs:1:15\n  |\n"
		       "1 | pub fn b() -> &str { \"x\" }\n  |               ^ expected named lifetime parameter\n\n",
		.file = { { "src/lib.rs", "pub fn b() -> &str { \"x\" }\n", NULL } },
		.declines = "not several to borrow from",
	},
	{
		.name = "a text that no parameter gives",
		.log = "error[E0106]: missing lifetime specifier\n --> src/lib.rs:1:31\n  |\n"
		       "1 | pub fn c(x: &str, y: &str) -> &str { \"none\" }\n"
		       "  |             ----     ----     ^ expected named lifetime parameter\n\n",
		.file = { { "src/lib.rs", "pub fn c(x: &str, y: &str) -> &str { \"none\" }\n", NULL } },
		.declines = "comes from no parameter",
	},
	{
		.name = "a field",
		.log = "error[E0106]: missing lifetime specifier\n --> src/lib.rs:1:22\n  |\n"
		       "1 | pub struct A { name: &str }\n  |                      ^ expected named lifetime parameter\n\n",
		.file = { { "src/lib.rs", "pub struct A { name: &str }\n", NULL } },
		.declines = "by no function",
	},
	{0}
};

const struct template template_rust_lifetime = {
	.name = "rust_lifetime",
	.summary = "a returned reference without a lifetime -> tied to the one parameter it comes from",
	.language = "rust",
	.class = "compile",
	.oracles = "the compiler, which refuses every parameter but one",
	.keeps_off = "methods, functions with lifetimes or type parameters, fields",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0106", NULL },
	.fix = fix,
	.examples = examples,
};
