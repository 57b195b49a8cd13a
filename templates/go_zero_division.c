/*
 * "integer divide by zero" -> an early return of what the failed test expects there. The divisor
 * itself is never changed, and negative ones are left alone.
 */
#include "templates/lib_go_guard.h"
#include "templates/lib_go_row.h"
#include "templates/lib_files.h"
#include "templates/lib_scene.h"

/* int64(len(values)) -> len(values) -> values; a null node when it is no name behind it. */
static TSNode subject_of(const struct syntax *s, TSNode divisor, TSNode *shown)
{
	static const char kinds[] = "int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 len "
				    "time.Duration";
	TSNode none = {{0}, NULL, NULL};

	*shown = divisor;
	for (unsigned depth = 0; depth < 3 && !go_is_path(divisor); depth++) {
		TSNode list = syntax_field(divisor, "arguments");
		struct str callee = syntax_text(s, syntax_field(divisor, "function"));

		if (syntax_type_is(divisor, "parenthesized_expression")) {
			*shown = divisor = source_nth(divisor, 0);
			continue;
		}
		if (!word_among(callee, kinds) || source_count(list) != 1)
			return none;
		/* int8(n) may be zero where n is not: only what keeps every value is looked through. */
		divisor = source_nth(list, 0);
		if (word_among(callee, "int int64") && str_starts(syntax_text(s, divisor), "len("))
			*shown = divisor;
	}
	return go_is_path(divisor) ? divisor : none;
}

/* The only division of the line that can be one of integers by nothing. */
static TSNode division_on(const struct syntax *s, unsigned line, TSNode *right)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "binary_expression|assignment_statement", n), divisor;
		struct str sign = go_operator(s, node);

		if (ts_node_is_null(node))
			return found;
		divisor = syntax_field(node, "right");
		if (syntax_type_is(divisor, "expression_list"))
			divisor = source_nth(divisor, 0);
		if (syntax_line(divisor) != line || !word_among(sign, "/ % /= %=") ||
		    word_among(str_of(ts_node_type(divisor)), "int_literal float_literal"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
		*right = divisor;
	}
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct go_guard guard = { .package = &package, .nothing = true };
	TSNode divisor = {{0}, NULL, NULL}, shown;
	struct code code;

	if (!go_place(scene, &package, &code))
		return;
	guard.code = &code;
	guard.crash = division_on(code.syntax, scene->failure->line, &divisor);
	guard.subject = subject_of(code.syntax, divisor, &shown);
	if (ts_node_is_null(guard.crash) || ts_node_is_null(guard.subject))
		return template_decline(scene, "it is not one division by a name or a length");
	guard.condition = str_of(arena_printf(scene->arena, "%.*s == 0",
					      STR_ARG(syntax_text(code.syntax, shown))));
	go_guard_propose(scene, &guard);
}

#define LOG(place, test_line) \
	"--- FAIL: TestNone (0.00s)\npanic: runtime error: integer divide by zero [recovered]\n" \
	"\tpanic: runtime error: integer divide by zero\n\ngoroutine 18 [running]:\n" \
	"testing.tRunner.func1.2({0x508e60, 0x5fea60})\n\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\n" \
	"testing.tRunner.func1()\n\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\n" \
	"panic({0x508e60, 0x5fea60})\n\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\n" \
	"example.com/calc." place "\nexample.com/calc.TestNone(0x0?)\n\t/src/calc_test.go:" test_line " +0x1d\n" \
	"testing.tRunner(0xc000098680, 0x52f4e0)\n\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n" \
	"created by testing.(*T).Run\n\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\n" \
	"FAIL\texample.com/calc\t0.009s\nFAIL\n"
#define TEST(body) \
	{ "calc_test.go", "package calc\n\nimport \"testing\"\n\nfunc TestNone(t *testing.T) {\n" body "}\n", NULL }
#define SUM "\ttotal := 0\n\tfor _, v := range values {\n\t\ttotal += v\n\t}\n"
#define MEAN(head, guard) \
	"package calc\n\n" head "func Mean(values []int) int {\n" SUM guard "\treturn total / len(values)\n}\n"
#define SHARE(head, body) \
	"package calc\n\n" head "func Share(part, whole int) int {\n" body "}\n"
#define WANTS(call, value) \
	"\tif got := " call "; got != " value " {\n\t\tt.Errorf(\"got %d\", got)\n\t}\n"

static const struct example examples[] = {
	{
		.name = "the mean of nothing",
		.log = LOG("Mean(...)\n\t/src/calc.go:8", "6"),
		.file = {
			{ "calc.go", MEAN("", ""), MEAN("", "\tif len(values) == 0 {\n\t\treturn 0\n\t}\n") },
			TEST(WANTS("Mean(nil)", "0")),
		},
	},
	{
		.name = "a divisor beside another input",
		.log = LOG("Share(...)\n\t/src/calc.go:4", "6"),
		.file = {
			{ "calc.go", SHARE("", "\treturn 100 * part / whole\n"),
			  SHARE("", "\tif whole == 0 {\n\t\treturn 0\n\t}\n\treturn 100 * part / whole\n") },
			TEST(WANTS("Share(0, 0)", "0")),
		},
	},
	{
		.name = "the test wants an error, and the sibling has one",
		.log = LOG("Split(...)\n\t/src/calc.go:15", "6"),
		.file = {
			{ "calc.go", "package calc\n\nimport \"errors\"\n\nvar ErrNobody = errors.New(\"nobody\")\n\n"
			  "func Rest(sum, heads int) (int, error) {\n\tif heads == 0 {\n\t\treturn 0, ErrNobody\n\t}\n"
			  "\treturn sum % heads, nil\n}\n\nfunc Split(sum, heads int) (int, error) {\n"
			  "\treturn sum / heads, nil\n}\n",
			  "package calc\n\nimport \"errors\"\n\nvar ErrNobody = errors.New(\"nobody\")\n\n"
			  "func Rest(sum, heads int) (int, error) {\n\tif heads == 0 {\n\t\treturn 0, ErrNobody\n\t}\n"
			  "\treturn sum % heads, nil\n}\n\nfunc Split(sum, heads int) (int, error) {\n"
			  "\tif heads == 0 {\n\t\treturn 0, ErrNobody\n\t}\n\treturn sum / heads, nil\n}\n" },
			TEST("\tif _, err := Split(7, 0); err == nil {\n\t\tt.Error(\"no error\")\n\t}\n"),
		},
	},
	{
		.name = "a value of the test's own input",
		.log = LOG("Share(...)\n\t/src/calc.go:4", "6"),
		.file = {
			{ "calc.go", SHARE("", "\treturn 100 * part / whole\n"), NULL },
			TEST(WANTS("Share(5, 0)", "500")),
		},
		.declines = "for the test's own input only",
	},
	{
		.name = "the test only calls it",
		.log = LOG("Share(...)\n\t/src/calc.go:4", "6"),
		.file = {
			{ "calc.go", SHARE("", "\treturn 100 * part / whole\n"), NULL },
			TEST("\tt.Log(Share(5, 0))\n"),
		},
		.declines = "does not say what Share gives",
	},
	{
		.name = "callers must see to it",
		.log = LOG("Share(...)\n\t/src/calc.go:5", "6"),
		.file = {
			{ "calc.go", SHARE("// Share in percent; whole must not be 0.\n", "\treturn 100 * part / whole\n"), NULL },
			TEST(WANTS("Share(0, 0)", "0")),
		},
		.declines = "the comment says what callers",
	},
	{
		.name = "something is kept behind it",
		.log = LOG("Share(...)\n\t/src/calc.go:6", "6"),
		.file = {
			{ "calc.go", SHARE("var last []int\n\n",
			  "\tout := part / whole\n\tlast[0] = out\n\treturn out\n"), NULL },
			TEST(WANTS("Share(0, 0)", "0")),
		},
		.declines = "would skip a side effect",
	},
	{0}
};

const struct template template_go_zero_division = {
	.name = "go_zero_division",
	.summary = "an integer division by zero -> an early return of what the failed test expects there",
	.language = "go",
	.class = "crash guard",
	.oracles = "the failed test, which calls the function with nothing; the siblings' error",
	.keeps_off = "the test does not say; its value may hold for its input only; side effects would be skipped",
	.danger = DANGER_2,
	.pattern = "^(?:runtime error: )?integer divide by zero$",
	.fix = fix,
	.examples = examples,
};
