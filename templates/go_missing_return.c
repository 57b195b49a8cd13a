/*
 * "missing return" -> what the siblings with the same results return behind the same kind of
 * statement, or the value that stands there without `return`. Keeps off when siblings differ or
 * the value is one among many.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

struct end {
	const struct syntax *s;
	TSNode function, last;		/* the last statement of its body */
};

static TSNode last_statement(TSNode body)
{
	TSNode none = {{0}, NULL, NULL};

	for (uint32_t i = ts_node_named_child_count(body); i > 0; i--)
		if (!syntax_type_is(ts_node_named_child(body, i - 1), "comment"))
			return ts_node_named_child(body, i - 1);
	return none;
}

/* The comment right above the function. */
static struct str doc_of(const struct syntax *s, TSNode function)
{
	TSNode comment = ts_node_prev_named_sibling(function);
	size_t end = ts_node_start_byte(function), start = end;

	while (syntax_type_is(comment, "comment") &&
	       syntax_line(comment) + 1 >= syntax_line(function) - (start < end)) {
		function = comment;
		start = ts_node_start_byte(comment);
		comment = ts_node_prev_named_sibling(comment);
	}
	return str_slice(s->text, start, end - start);
}

/* Does the return take nothing from its own function? */
static bool is_free(const struct syntax *s, TSNode statement)
{
	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(statement, "identifier|call_expression", n);

		if (ts_node_is_null(name))
			return true;
		if (syntax_type_is(name, "call_expression") ||
		    !ts_node_is_null(go_declaration(s, statement, syntax_text(s, name))))
			return false;
	}
}

/* A name of the return that our comment promises: "or ErrUnknown". */
static bool promised(const struct syntax *s, TSNode statement, struct str doc)
{
	for (unsigned n = 0;; n++) {
		TSNode name = syntax_below(statement, "identifier|nil|true|false", n);

		if (ts_node_is_null(name))
			return false;
		if (text_has_word(doc, str_text(s->arena, syntax_text(s, name))))
			return true;
	}
}

/* Does our comment promise something else: -1, or an error that the return does not name? */
static bool contradicts(struct str doc, struct str text)
{
	ptrdiff_t at = str_find(doc, STR("Err"));
	size_t size = 0;

	if (str_has(doc, "-1") != str_has(text, "-1"))
		return true;
	if (at <= 0 || doc.at[at - 1] != ' ')
		return false;
	doc = str_from(doc, (size_t)at);
	while (size < doc.size && ((doc.at[size] | 32) >= 'a' && (doc.at[size] | 32) <= 'z'))
		size++;
	return size > strlen("Error") && str_find(text, str_slice(doc, 0, size)) < 0;
}

struct votes {
	struct str text;
	unsigned count;
	bool promised, differ;
};

static void look_at(struct votes *votes, const struct end *end, const struct syntax *s, TSNode function)
{
	TSNode last = last_statement(syntax_field(function, "body")), before;

	if ((s == end->s && ts_node_eq(function, end->function)) ||
	    !syntax_type_is(last, "return_statement") ||
	    !str_equal(syntax_text(s, syntax_field(function, "result")),
		       syntax_text(end->s, syntax_field(end->function, "result"))))
		return;
	before = ts_node_prev_named_sibling(last);
	if (ts_node_is_null(before) || !syntax_type_is(before, ts_node_type(end->last)) ||
	    !is_free(s, last))
		return;
	if (votes->count++ && !str_equal(votes->text, syntax_text(s, last)))
		votes->differ = true;
	votes->text = syntax_text(s, last);
	votes->promised = promised(s, last, doc_of(end->s, end->function));
}

static void from_siblings(struct scene *scene, struct go_package *package, struct code *code,
			  const struct end *end)
{
	struct edits edits = { .arena = scene->arena };
	struct votes votes = { .count = 0 };
	size_t at = ts_node_end_byte(end->last);

	for (size_t i = 0; i < package->count; i++) {
		const struct syntax *s = package->files[i].syntax;

		for (unsigned n = 0; !package->files[i].test; n++) {
			TSNode function = syntax_below(s->root, "function_declaration|method_declaration", n);

			if (ts_node_is_null(function))
				break;
			look_at(&votes, end, s, function);
		}
	}
	if (!votes.count)
		return template_decline(scene, "no sibling with the same results ends so");
	if (votes.differ)
		return template_decline(scene, "the siblings return different things");
	if (votes.count < 2 && !votes.promised)
		return template_decline(scene, "one sibling alone does not say what this one returns");
	if (contradicts(doc_of(end->s, end->function), votes.text))
		return template_decline(scene, "the comment promises something else");
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena, "\n%.*s%.*s",
		STR_ARG(syntax_indent(end->s, end->last)), STR_ARG(votes.text))));
	code_propose(scene, code, &edits, ORACLE_SIBLING, DANGER_1, arena_printf(scene->arena,
		"Ends with `%.*s`, as the functions beside it with the same results do.", STR_ARG(votes.text)));
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct code code;
	bool open = go_place(scene, &package, &code);
	struct edits edits = { .arena = scene->arena };
	struct end end;
	size_t at;

	if (!open)
		return;
	end = (struct end){ .s = code.syntax, .function = go_function(code.node) };
	end.last = last_statement(syntax_field(end.function, "body"));
	if (ts_node_is_null(end.last) || !go_result(end.s, end.function, 0).size)
		return template_decline(scene, "the function is empty");
	if (!syntax_type_is(end.last, "expression_statement"))
		return from_siblings(scene, &package, &code, &end);
	if (syntax_type_is(ts_node_named_child(end.last, 0), "call_expression") ||
	    go_result(end.s, end.function, 1).size)
		return template_decline(scene, "the last line may be meant for what it does");
	at = ts_node_start_byte(end.last);
	edit_replace(&edits, at, at, STR("return "));
	code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1,
		     "Returns the value that stands in the last line without being used.");
}

#define HEAD \
	"package fleet\n\nimport \"errors\"\n\nvar ErrUnknown = errors.New(\"unknown\")\n\n" \
	"func ByPlate(all []string, plate string) (string, error) {\n\tfor _, one := range all {\n" \
	"\t\tif one == plate {\n\t\t\treturn one, nil\n\t\t}\n\t}\n\treturn \"\", ErrUnknown\n}\n\n"
#define LONGER \
	"func Longer(all []string, size int) (string, error) {\n\tfor _, one := range all {\n" \
	"\t\tif len(one) > size {\n\t\t\treturn one, nil\n\t\t}\n\t}\n"

static const struct example examples[] = {
	{
		.name = "the comment and the sibling name the error",
		.log = "# example.com/fleet\n./fleet.go:23:1: missing return\n",
		.file = {
			{ "fleet.go", HEAD "// Longer finds a longer one, or\n// ErrUnknown.\n" LONGER "}\n",
			  HEAD "// Longer finds a longer one, or\n// ErrUnknown.\n" LONGER
			  "\treturn \"\", ErrUnknown\n}\n" },
		},
	},
	{
		.name = "one sibling and no comment",
		.log = "# example.com/fleet\n./fleet.go:22:1: missing return\n",
		.file = { { "fleet.go", HEAD LONGER "}\n", NULL } },
		.declines = "one sibling alone",
	},
	{
		.name = "the comment promises another error",
		.log = "# example.com/fleet\n./fleet.go:32:1: missing return\n",
		.file = { { "fleet.go", HEAD "func ByName(all []string, n string) (string, error) {\n"
			    "\tfor range all {\n\t\treturn n, nil\n\t}\n\treturn \"\", ErrUnknown\n}\n\n"
			    "// Longer is a longer one, or ErrShort.\n\n"
			    "// Longer finds a longer one, or ErrShort.\n" LONGER "}\n", NULL } },
		.declines = "promises something else",
	},
	{
		.name = "a value without return",
		.log = "# example.com/fleet\n./sum.go:4:2: a + b (value of type int) is not used\n"
		       "./sum.go:5:1: missing return\n",
		.file = {
			{ "sum.go", "package fleet\n\nfunc Sum(a, b int) int {\n\ta + b\n}\n",
			  "package fleet\n\nfunc Sum(a, b int) int {\n\treturn a + b\n}\n" },
		},
	},
	{
		.name = "no sibling at all",
		.log = "# example.com/fleet\n./sum.go:7:1: missing return\n",
		.file = {
			{ "sum.go", "package fleet\n\nfunc Sum(a []int) int {\n\tfor range a {\n"
			  "\t\treturn 1\n\t}\n}\n", NULL },
		},
		.declines = "no sibling with the same results",
	},
	{0}
};

const struct template template_go_missing_return = {
	.name = "go_missing_return",
	.summary = "a function can end without a return -> the return its siblings end with",
	.language = "go",
	.class = "compile",
	.oracles = "siblings with the same results, the doc comment; the unused value in the last line",
	.keeps_off = "siblings that differ or are alone; a call in the last line",
	.danger = DANGER_1,
	.pattern = "^missing return$",
	.fix = fix,
	.examples = examples,
};
