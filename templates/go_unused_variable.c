/*
 * "declared and not used": an error is handed on as the siblings do it, a `:=` that hides the
 * variable which is used later becomes `=`, and what the last commit left behind goes. Never
 * writes "_ =", and never takes a call out.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

struct unused {
	struct scene *scene;
	struct go_package *package;
	struct code *code;
	TSNode name, statement;
	struct str text;
};

static const char *indented(const struct unused *u, TSNode statement, const char *extra)
{
	return arena_printf(u->scene->arena, "%.*s%s",
			    STR_ARG(syntax_indent(u->code->syntax, statement)), extra);
}

/* `x, err := f()`, and nobody looks at err. */
static void check_error(struct unused *u)
{
	const struct syntax *s = u->code->syntax;
	struct edits edits = { .arena = u->scene->arena };
	size_t end = ts_node_end_byte(u->statement);
	const char *why;
	struct str out = go_error_return(u->package, s, u->statement, &why);

	if (!out.size)
		return template_decline(u->scene, "%s", why);
	if (line_end(s->text, end) != end + 1)
		return template_decline(u->scene, "the line goes on behind the call");
	edit_replace(&edits, end + 1, end + 1, str_of(arena_printf(u->scene->arena,
		"%sif err != nil {\n%s%.*s\n%s}\n", indented(u, u->statement, ""),
		indented(u, u->statement, "\t"), STR_ARG(out), indented(u, u->statement, ""))));
	code_propose(u->scene, u->code, &edits, ORACLE_SIBLING, DANGER_1,
		     "Hands the error on that nobody looked at, as the siblings do.");
}

/* Is the variable that is hidden read behind the block, and only a start value until then? */
static bool outer_is_meant(const struct unused *u, TSNode outer)
{
	const struct syntax *s = u->code->syntax;
	TSNode declaration = go_statement(outer), block = ts_node_parent(u->statement), use;
	struct str value = syntax_text(s, syntax_field(declaration, "right"));
	size_t end = ts_node_end_byte(block);
	bool read = false;

	if (syntax_type_is(declaration, "short_var_declaration") &&
	    !word_among(value, "0 \"\" nil false -1 0.0 ``"))
		return false;
	if (!syntax_type_is(declaration, "short_var_declaration") &&
	    (!syntax_type_is(declaration, "var_declaration") || str_has(syntax_text(s, declaration), "=")))
		return false;
	for (unsigned n = 0;; n++) {
		use = syntax_below(go_function(outer), "identifier", n);
		if (ts_node_is_null(use))
			return read;
		if (!str_equal(syntax_text(s, use), u->text))
			continue;
		if (ts_node_start_byte(use) > end)
			read = true;
		if (syntax_type_is(ts_node_parent(ts_node_parent(use)), "assignment_statement") &&
		    ts_node_start_byte(use) < end)
			return false;
	}
}

/* The names that `:=` makes new besides the hidden one need a declaration: only errors have a known type. */
static bool declare_others(const struct unused *u, struct text *out)
{
	const struct syntax *s = u->code->syntax;
	TSNode left = syntax_field(u->statement, "left");

	for (uint32_t i = 0; i < ts_node_named_child_count(left); i++) {
		struct str name = syntax_text(s, ts_node_named_child(left, i));
		TSNode outer = go_declaration(s, u->statement, name);

		if (str_is(name, "_") || str_equal(name, u->text))
			continue;
		if (!str_is(name, "err"))
			return false;
		if (ts_node_is_null(outer))
			text_addf(out, "var err error\n%s", indented(u, u->statement, ""));
	}
	return true;
}

static void unhide(struct unused *u)
{
	const struct syntax *s = u->code->syntax;
	struct edits edits = { .arena = u->scene->arena };
	struct text head = TEXT(u->scene->arena);
	TSNode left = syntax_field(u->statement, "left"), right = syntax_field(u->statement, "right");

	if (!declare_others(u, &head))
		return template_decline(u->scene, "the type of the other new variable is not known");
	edit_replace(&edits, ts_node_start_byte(u->statement), ts_node_start_byte(u->statement),
		     text_str(&head));
	edit_replace(&edits, ts_node_end_byte(left), ts_node_start_byte(right), STR(" = "));
	if (!code_propose(u->scene, u->code, &edits, ORACLE_SIBLING, DANGER_2, arena_printf(
		u->scene->arena, "Sets the variable %.*s that is read below, instead of a second one that hides "
		"it.", STR_ARG(u->text))))
		template_decline(u->scene, "the declaration is not as expected");
	(void)s;
}

/* Are all lines of the function among those it had, in order? Then lines were only taken out. */
static bool only_shorter(struct str now, struct str before)
{
	struct str line, old;

	while (str_next_line(&now, &line)) {
		do {
			if (!str_next_line(&before, &old))
				return false;
		} while (!str_equal(str_trim(old), str_trim(line)));
	}
	return true;
}

/* Did the commit before use the variable, with the same declaration? Then this one left it behind. */
static bool left_behind(const struct unused *u)
{
	struct str before, line = syntax_text(u->code->syntax, u->statement);
	SYNTAX s = NULL;
	TSNode other;

	if (!u->scene->parent ||
	    !tree_read(u->scene->parent, u->scene->arena, u->code->path, &before))
		return false;
	s = syntax_open(u->scene->arena, "go", before);
	if (!s)
		return false;
	other = code_find(s, s->root, ts_node_type(u->statement), line);
	return !ts_node_is_null(other) &&
	       code_count(s, go_function(other), "identifier", u->text) > 1 &&
	       only_shorter(syntax_text(u->code->syntax, go_function(u->statement)),
			    syntax_text(s, go_function(other)));
}

static void take_out(struct unused *u)
{
	const struct syntax *s = u->code->syntax;
	struct edits edits = { .arena = u->scene->arena };
	TSNode left = syntax_field(u->statement, "left"), right = syntax_field(u->statement, "right");
	size_t start = code_line_start(s->text, ts_node_start_byte(u->statement));

	if (ts_node_named_child_count(left) != 1 ||
	    !ts_node_is_null(syntax_below(right, "call_expression|unary_expression|index_expression|"
					  "slice_expression|type_assertion_expression", 0)))
		return template_decline(u->scene, "what gives the value may do something else as well");
	if (!left_behind(u))
		return template_decline(u->scene, "nothing says whether %.*s is meant to be used",
					STR_ARG(u->text));
	edit_replace(&edits, start, line_end(s->text, ts_node_end_byte(u->statement)), STR_NONE);
	if (!code_propose(u->scene, u->code, &edits, ORACLE_HISTORY, DANGER_1, arena_printf(
		u->scene->arena, "Takes %.*s out: the last commit took its uses away.", STR_ARG(u->text))))
		template_decline(u->scene, "the declaration is not a line of its own");
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct code code;
	bool open = go_place(scene, &package, &code);
	struct unused u = { .scene = scene, .package = &package, .code = &code };
	TSNode outer;

	if (!open)
		return;
	u.text = scene_group(scene, "before").size ? scene_group(scene, "before") :
		 scene_group(scene, "after");
	u.statement = go_statement(code.node);
	if (!str_equal(syntax_text(code.syntax, code.node), u.text) ||
	    !syntax_type_is(u.statement, "short_var_declaration"))
		return template_decline(scene, "the declaration is not a plain :=");
	outer = go_declaration(code.syntax, u.statement, u.text);
	if (!ts_node_is_null(outer) && outer_is_meant(&u, outer))
		unhide(&u);
	else if (str_is(u.text, "err"))
		check_error(&u);
	else
		take_out(&u);
}

#define MODULE { "go.mod", "module example.com/meter\n\ngo 1.19\n", NULL }
#define HEAD "package meter\n\nimport (\n\t\"fmt\"\n\t\"strconv\"\n)\n\n"
#define SIBLING \
	"func Watts(name, text string) (int, error) {\n\twatts, err := strconv.Atoi(text)\n" \
	"\tif err != nil {\n\t\treturn 0, fmt.Errorf(\"meter: %s: %w\", name, err)\n\t}\n" \
	"\treturn watts, nil\n}\n\n"
#define AMPERES \
	"func Amperes(name, text string) (int, error) {\n\tamperes, err := strconv.Atoi(text)\n"

static const struct example examples[] = {
	{
		.name = "an error that a sibling hands on with the name",
		.log = "# example.com/meter\n./meter.go:17:11: err declared but not used\n",
		.file = {
			MODULE,
			{ "meter.go", HEAD SIBLING AMPERES "\treturn amperes, nil\n}\n",
			  HEAD SIBLING AMPERES
			  "\tif err != nil {\n\t\treturn 0, fmt.Errorf(\"meter: %s: %w\", name, err)\n\t}\n"
			  "\treturn amperes, nil\n}\n" },
		},
	},
	{
		.name = "an error that nobody hands on",
		.log = "# example.com/meter\n./meter.go:6:11: declared and not used: err\n",
		.file = {
			MODULE,
			{ "meter.go",
			  "package meter\n\nimport \"strconv\"\n\nfunc Watts(text string) (int, error) {\n"
			  "\twatts, err := strconv.Atoi(text)\n\treturn watts, nil\n}\n", NULL },
		},
		.declines = "no sibling says what to return",
	},
	{
		.name = "it hides the variable that is returned",
		.log = "# example.com/shop\n./price.go:8:3: cents declared but not used\n",
		.file = {
			{ "price.go",
			  "package shop\n\nimport \"strconv\"\n\nfunc Cents(part string) (int, error) {\n"
			  "\tcents := 0\n\tif part != \"\" {\n\t\tcents, err := strconv.Atoi(part)\n"
			  "\t\tif err != nil {\n\t\t\treturn 0, err\n\t\t}\n\t}\n\treturn cents, nil\n}\n",
			  "package shop\n\nimport \"strconv\"\n\nfunc Cents(part string) (int, error) {\n"
			  "\tcents := 0\n\tif part != \"\" {\n\t\tvar err error\n\t\tcents, err = strconv.Atoi(part)\n"
			  "\t\tif err != nil {\n\t\t\treturn 0, err\n\t\t}\n\t}\n\treturn cents, nil\n}\n" },
		},
	},
	{
		.name = "left behind by the last commit",
		.log = "# example.com/shop\n./price.go:4:2: lower declared but not used\n",
		.file = {
			{ "price.go",
			  "package shop\n\nfunc Reduced(price int) int {\n\tlower := price - price/10\n"
			  "\treturn price - 1\n}\n",
			  "package shop\n\nfunc Reduced(price int) int {\n\treturn price - 1\n}\n",
			  .was = "package shop\n\nfunc Reduced(price int) int {\n\tlower := price - price/10\n"
			  "\tprintln(lower)\n\treturn price - 1\n}\n" },
		},
	},
	{
		.name = "the last commit may have taken the wrong one",
		.log = "# example.com/shop\n./price.go:4:2: lower declared but not used\n",
		.file = {
			{ "price.go",
			  "package shop\n\nfunc Reduced(price int) int {\n\tlower := price - price/10\n"
			  "\treturn price\n}\n", NULL,
			  .was = "package shop\n\nfunc Reduced(price int) int {\n\tlower := price - price/10\n"
			  "\treturn lower\n}\n" },
		},
		.declines = "nothing says whether lower is meant",
	},
	{
		.name = "a value that may be what was meant",
		.log = "# example.com/shop\n./price.go:4:2: lower declared but not used\n",
		.file = {
			{ "price.go",
			  "package shop\n\nfunc Reduced(price int) int {\n\tlower := price - price/10\n"
			  "\treturn price\n}\n", NULL },
		},
		.declines = "nothing says whether lower is meant",
	},
	{0}
};

const struct template template_go_unused_variable = {
	.name = "go_unused_variable",
	.summary = "a variable that is not used -> check the error, or set the one that it hides",
	.language = "go",
	.class = "compile",
	.oracles = "siblings that hand the error on; the variable that is read below; the commit before",
	.keeps_off = "values that may be meant to be used; errors that no sibling hands on",
	.danger = DANGER_1,
	.pattern = "^(?:(?<before>\\w+) declared (?:but|and) not used|declared and not used: (?<after>\\w+))$",
	.fix = fix,
	.examples = examples,
};
