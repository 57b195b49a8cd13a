/*
 * A nil pointer because the error of the call that made it was thrown away -> the error is handed
 * on as the siblings do. Only where the call stands right before the crash in the same function.
 * Never tests the pointer for nil.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

struct ignored {
	struct scene *scene;
	struct code *code;
	TSNode statement, call;
	struct str name;		/* the pointer */
	size_t blank;			/* of "_" in `x, _ := f()`; 0: `_ = f(&x)` */
};

/* `_ = f(..., &x)` or `x, _ := f()`: the statement throws away what f says of x. */
static bool throws_away(struct ignored *d, TSNode statement)
{
	const struct syntax *s = d->code->syntax;
	TSNode left = syntax_field(statement, "left"), right = syntax_field(statement, "right");
	uint32_t count = ts_node_is_null(left) ? 0 : ts_node_named_child_count(left);
	TSNode last = count ? ts_node_named_child(left, count - 1) : left;

	if (!count || !str_is(syntax_text(s, last), "_") || ts_node_named_child_count(right) != 1)
		return false;
	d->statement = statement;
	d->call = ts_node_named_child(right, 0);
	if (!syntax_type_is(d->call, "call_expression"))
		return false;
	if (count == 2 && syntax_type_is(statement, "short_var_declaration") &&
	    str_equal(syntax_text(s, ts_node_named_child(left, 0)), d->name)) {
		d->blank = ts_node_start_byte(last);
		return true;
	}
	return count == 1 && str_has(syntax_text(s, d->call), arena_printf(s->arena, "&%.*s",
									STR_ARG(d->name)));
}

/* The pointer that the line reads through, and the statement before that threw the error away. */
static bool find(struct ignored *d)
{
	const struct syntax *s = d->code->syntax;
	unsigned line = d->scene->failure->line;

	for (unsigned n = 0;; n++) {
		TSNode use = syntax_below(s->root, "selector_expression|unary_expression", n);
		TSNode operand = syntax_field(use, "operand"), before;

		if (ts_node_is_null(use))
			return false;
		if (syntax_line(use) != line || !syntax_type_is(operand, "identifier"))
			continue;
		d->name = syntax_text(s, operand);
		before = go_statement(use);
		if (syntax_type_is(ts_node_parent(before), "block") &&
		    syntax_line(before) == line)
			before = ts_node_prev_named_sibling(before);
		for (; !ts_node_is_null(before); before = ts_node_prev_named_sibling(before)) {
			if (throws_away(d, before))
				return true;
			if (code_count(s, before, "identifier", d->name))
				break;
		}
	}
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct edits edits = { .arena = scene->arena };
	struct ignored d = { .scene = scene };
	struct code code;
	const char *why;
	struct str out, indent;
	size_t end;

	if (!go_place(scene, &package, &code))
		return;
	d.code = &code;
	if (!find(&d))
		return template_decline(scene, "no error was thrown away right before the crash");
	out = go_error_return(&package, code.syntax, d.statement, &why);
	if (!out.size)
		return template_decline(scene, "%s", why);
	indent = syntax_indent(code.syntax, d.statement);
	end = ts_node_end_byte(d.statement);
	if (d.blank) {
		edit_replace(&edits, d.blank, d.blank + 1, STR("err"));
		edit_replace(&edits, end, end, str_of(arena_printf(scene->arena,
			"\n%.*sif err != nil {\n%.*s\t%.*s\n%.*s}", STR_ARG(indent), STR_ARG(indent),
			STR_ARG(out), STR_ARG(indent))));
	} else {
		edit_node(&edits, d.statement, str_of(arena_printf(scene->arena,
			"if err := %.*s; err != nil {\n%.*s\t%.*s\n%.*s}", STR_ARG(syntax_text(code.syntax, d.call)),
			STR_ARG(indent), STR_ARG(out), STR_ARG(indent))));
	}
	code_propose(scene, &code, &edits, ORACLE_SIBLING, DANGER_1, arena_printf(scene->arena,
		"Hands the error of %.*s on, as the siblings do: it was thrown away, and %.*s was nil.",
		STR_ARG(syntax_text(code.syntax, syntax_field(d.call, "function"))), STR_ARG(d.name)));
}

#define LOG(line) \
	"--- FAIL: TestNoFile (0.00s)\n" \
	"panic: runtime error: invalid memory address or nil pointer dereference [recovered]\n" \
	"\tpanic: runtime error: invalid memory address or nil pointer dereference\n" \
	"[signal SIGSEGV: segmentation violation code=0x1 addr=0x8 pc=0x51fcf0]\n\ngoroutine 7 [running]:\n" \
	"panic({0x5354a0, 0x64ae40})\n\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n" \
	"example.com/settings.ReadLimits({0x5545e5, 0xc})\n\t/src/store.go:" line " +0x50\n" \
	"example.com/settings.TestNoFile(0xc000007d40)\n\t/src/store_test.go:28 +0x7b\n" \
	"testing.tRunner(0xc000007d40, 0x55efd8)\n\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n" \
	"FAIL\texample.com/settings\t0.009s\nFAIL\n"
#define STORE(body) \
	"package settings\n\nimport \"os\"\n\nfunc Size(path string) (int64, error) {\n" \
	"\tinfo, err := os.Stat(path)\n\tif err != nil {\n\t\treturn 0, err\n\t}\n\treturn info.Size(), nil\n}\n\n" \
	"func ReadLimits(path string) (*Limits, error) {\n" body "\tl.Burst++\n\treturn l, nil\n}\n"

static const struct example examples[] = {
	{
		.name = "assigned to nothing",
		.log = LOG("16"),
		.file = {
			{ "store.go", STORE("\tvar l *Limits\n\t_ = decode(path, &l)\n"),
			  STORE("\tvar l *Limits\n\tif err := decode(path, &l); err != nil {\n\t\treturn nil, err\n\t}\n") },
		},
	},
	{
		.name = "the second result",
		.log = LOG("15"),
		.file = {
			{ "store.go", STORE("\tl, _ := decode(path)\n"),
			  STORE("\tl, err := decode(path)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n") },
		},
	},
	{
		.name = "the error was looked at",
		.log = LOG("18"),
		.file = {
			{ "store.go", STORE("\tl, err := decode(path)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n"), NULL },
		},
		.declines = "no error was thrown away",
	},
	{
		.name = "the function has no error to return",
		.log = LOG("6"),
		.file = {
			{ "store.go", "package settings\n\nimport \"os\"\n\nfunc Size(path string) int64 {\n"
			  "\tinfo, _ := os.Stat(path); return info.Size()\n}\n", NULL },
		},
		.declines = "returns no error",
	},
	{0}
};

const struct template template_go_ignored_error = {
	.name = "go_ignored_error",
	.summary = "a nil pointer because an error was thrown away -> the error is handed on",
	.language = "go",
	.class = "crash guard",
	.oracles = "siblings that hand their errors on; the failed test",
	.keeps_off = "functions that return no error; errors that were looked at; no sibling",
	.danger = DANGER_1,
	.pattern = "nil pointer dereference",
	.fix = fix,
	.examples = examples,
};
