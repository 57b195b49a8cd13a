/*
 * "index out of range [0] with length 0" -> an early return of what the failed test expects there:
 * for the first, the last, or the n-th of too few. Loops are go_loop_bound's. The index itself is
 * never changed, and never tested where it is computed.
 */
#include "templates/lib_go_guard.h"
#include "templates/lib_scene.h"

/*
 * The condition under which x[0], x[2], x[len(x)-1] or x[1:] crashes, and of a text x[:1]; empty for
 * other indexes. A slice's end may lie behind its length, up to its capacity.
 */
static struct str condition_of(const struct syntax *s, TSNode node, bool text_end)
{
	struct str list = syntax_text(s, syntax_field(node, "operand"));
	bool slice = syntax_type_is(node, "slice_expression");
	TSNode index = syntax_field(node, slice ? "start" : "index");
	struct str last = str_of(arena_printf(s->arena, "len(%.*s)-1", STR_ARG(list)));
	struct text squeezed = TEXT(s->arena);
	struct str text;
	unsigned long number;

	if (slice && ts_node_is_null(index) && text_end)
		index = syntax_field(node, "end");
	else if (slice && !ts_node_is_null(syntax_field(node, "end")))
		return STR_NONE;
	text = syntax_text(s, index);
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] != ' ')
			text_addc(&squeezed, text.at[i]);
	if (!go_is_path(syntax_field(node, "operand")))
		return STR_NONE;
	if (str_equal(text_str(&squeezed), last))
		return str_of(arena_printf(s->arena, "len(%.*s) == 0", STR_ARG(list)));
	if (!str_number(text, &number) || number > 99)
		return STR_NONE;
	if (number + !slice <= 1)
		return str_of(arena_printf(s->arena, "len(%.*s) == 0", STR_ARG(list)));
	return str_of(arena_printf(s->arena, "len(%.*s) < %lu", STR_ARG(list), number + !slice));
}

/* All indexes of the line are of one list, by numbers: the first, with the condition. */
static TSNode index_on(const struct syntax *s, unsigned line, bool text_end, struct str *condition)
{
	TSNode found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "index_expression|slice_expression", n);
		struct str one;

		if (ts_node_is_null(node))
			return found;
		if (syntax_line(syntax_field(node, "operand")) != line)
			continue;
		one = condition_of(s, node, text_end);
		if (!one.size || (!ts_node_is_null(found) && !str_equal(*condition, one)))
			return none;
		if (ts_node_is_null(found))
			found = node;
		*condition = one;
	}
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct go_guard guard = { .package = &package };
	struct code code;

	if (!go_place(scene, &package, &code))
		return;
	guard.code = &code;
	guard.crash = index_on(code.syntax, scene->failure->line,
			       str_has(str_of(scene->failure->message), ":") &&
			       str_has(str_of(scene->failure->message), "with length"), &guard.condition);
	if (ts_node_is_null(guard.crash))
		return template_decline(scene, "it is not one list that is read at a fixed place");
	guard.subject = syntax_field(guard.crash, "operand");
	guard.nothing = str_ends(guard.condition, "== 0");
	go_guard_propose(scene, &guard);
}

#define LOG(what, place, test) \
	"--- FAIL: TestFirst (0.00s)\n    --- FAIL: TestFirst/no_words (0.00s)\n" \
	"panic: runtime error: " what " [recovered]\n\tpanic: runtime error: " what "\n\n" \
	"goroutine 5 [running]:\ntesting.tRunner.func1.2({0x518be0, 0xc000018090})\n" \
	"\t/usr/lib/go-1.19/src/testing/testing.go:1396 +0x24e\ntesting.tRunner.func1()\n" \
	"\t/usr/lib/go-1.19/src/testing/testing.go:1399 +0x39f\npanic({0x518be0, 0xc000018090})\n" \
	"\t/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212\nexample.com/words.First(...)\n\t/src/words.go:" place "\n" \
	"example.com/words.TestFirst.func1(0x0?)\n\t/src/words_test.go:" test " +0xc5\n" \
	"testing.tRunner(0xc000007860, 0xc0000245c0)\n\t/usr/lib/go-1.19/src/testing/testing.go:1446 +0x10b\n" \
	"created by testing.(*T).Run\n\t/usr/lib/go-1.19/src/testing/testing.go:1493 +0x35f\n" \
	"FAIL\texample.com/words\t0.007s\nFAIL\n"
#define TABLE(want) \
	{ "words_test.go", "package words\n\nimport \"testing\"\n\nfunc TestFirst(t *testing.T) {\n" \
	  "\ttests := []struct {\n\t\tname string\n\t\tin   []string\n\t\twant string\n\t}{\n" \
	  "\t\t{\"one word\", []string{\"a\"}, \"a\"},\n\t\t{name: \"no words\"" want "},\n\t}\n" \
	  "\tfor _, tt := range tests {\n\t\tt.Run(tt.name, func(t *testing.T) {\n\t\t\tgot := First(tt.in)\n" \
	  "\t\t\tif got != tt.want {\n\t\t\t\tt.Errorf(\"got %q\", got)\n\t\t\t}\n\t\t})\n\t}\n}\n", NULL }
#define FIRST(parameters, body) "package words\n\nfunc First(" parameters ") string {\n" body "}\n"
#define EMPTY "index out of range [0] with length 0"

static const struct example examples[] = {
	{
		.name = "a row of a table",
		.log = LOG(EMPTY, "4", "16"),
		.file = {
			{ "words.go", FIRST("all []string", "\treturn all[0]\n"),
			  FIRST("all []string", "\tif len(all) == 0 {\n\t\treturn \"\"\n\t}\n\treturn all[0]\n") },
			TABLE(""),
		},
	},
	{
		.name = "the last one, and a value of the only input",
		.log = LOG("index out of range [-1]", "4", "16"),
		.file = {
			{ "words.go", FIRST("all []string", "\tlast := all[len(all)-1]\n\treturn last\n"),
			  FIRST("all []string", "\tif len(all) == 0 {\n\t\treturn \"-\"\n\t}\n"
				"\tlast := all[len(all)-1]\n\treturn last\n") },
			TABLE(", in: nil, want: \"-\""),
		},
	},
	{
		.name = "no such field of too few, and an error",
		.log = LOG("index out of range [1] with length 1", "15", "6"),
		.file = {
			{ "words.go", "package words\n\nimport (\n\t\"errors\"\n\t\"strings\"\n)\n\n"
			  "// ErrForm is another form.\nvar ErrForm = errors.New(\"form\")\n\n"
			  "// First is the first value.\nfunc First(line string) (string, error) {\n"
			  "\tparts := strings.Split(line, \"=\")\n\n\treturn parts[1], nil\n}\n",
			  "package words\n\nimport (\n\t\"errors\"\n\t\"strings\"\n)\n\n"
			  "// ErrForm is another form.\nvar ErrForm = errors.New(\"form\")\n\n"
			  "// First is the first value.\nfunc First(line string) (string, error) {\n"
			  "\tparts := strings.Split(line, \"=\")\n\n\tif len(parts) < 2 {\n"
			  "\t\treturn \"\", ErrForm\n\t}\n\treturn parts[1], nil\n}\n" },
			{ "words_test.go", "package words_test\n\nfunc TestFirst(t *testing.T) {\n"
			  "\tt.Run(\"no words\", func(t *testing.T) {\n\n"
			  "\t\t_, err := words.First(\"a\")\n\t\tif !errors.Is(err, words.ErrForm) {\n"
			  "\t\t\tt.Fatal(err)\n\t\t}\n\t})\n}\n", NULL },
		},
	},
	{
		.name = "a failure does nothing",
		.log = LOG(EMPTY, "8", "8"),
		.file = {
			{ "words.go", "package words\n\ntype Queue struct {\n\tall []string\n}\n\n"
			  "func (q *Queue) First() (string, bool) {\n\tfirst := q.all[0]\n\tq.all = q.all[1:]\n"
			  "\treturn first, true\n}\n",
			  "package words\n\ntype Queue struct {\n\tall []string\n}\n\n"
			  "func (q *Queue) First() (string, bool) {\n\tif len(q.all) == 0 {\n\t\treturn \"\", false\n\t}\n"
			  "\tfirst := q.all[0]\n\tq.all = q.all[1:]\n\treturn first, true\n}\n" },
			{ "words_test.go", "package words\n\nfunc TestFirst(t *testing.T) {\n"
			  "\tt.Run(\"no words\", func(t *testing.T) {\n\n\t\tq := &Queue{}\n\n"
			  "\t\tif _, ok := q.First(); ok {\n\t\t\tt.Fatal(\"first of none\")\n\t\t}\n\t})\n}\n", NULL },
		},
	},
	{
		.name = "a slice up to its capacity",
		.log = LOG("slice bounds out of range [:1] with capacity 0", "4", "16"),
		.file = {
			{ "words.go", FIRST("all []string", "\treturn strings.Join(all[:1], \"\")\n"), NULL },
			TABLE(""),
		},
		.declines = "read at a fixed place",
	},
	{
		.name = "a value for one of many inputs",
		.log = LOG(EMPTY, "4", "6"),
		.file = {
			{ "words.go", FIRST("all []string, other string", "\treturn all[0]\n"), NULL },
			{ "words_test.go", "package words\n\nfunc TestFirst(t *testing.T) {\n"
			  "\tt.Run(\"no words\", func(t *testing.T) {\n\n"
			  "\t\tif got := First(nil, \"b\"); got != \"c\" {\n\t\t\tt.Fatal(got)\n\t\t}\n\t})\n}\n", NULL },
		},
		.declines = "for the test's own input only",
	},
	{
		.name = "a computed place",
		.log = LOG(EMPTY, "5", "16"),
		.file = {
			{ "words.go", FIRST("all []string", "\tmiddle := len(all) / 2\n\treturn all[middle]\n"), NULL },
			TABLE(""),
		},
		.declines = "read at a fixed place",
	},
	{
		.name = "made here, of an input that is something",
		.log = LOG(EMPTY, "5", "6"),
		.file = {
			{ "words.go", FIRST("line string", "\tall := words(line)\n\treturn all[0]\n"), NULL },
			{ "words_test.go", "package words\n\nfunc TestFirst(t *testing.T) {\n"
			  "\tt.Run(\"no words\", func(t *testing.T) {\n\n"
			  "\t\tif got := First(\"b\"); got != \"\" {\n\t\t\tt.Fatal(got)\n\t\t}\n\t})\n}\n", NULL },
		},
		.declines = "what is missing was made here",
	},
	{0}
};

const struct template template_go_index_guard = {
	.name = "go_index_guard",
	.summary = "the first, last or n-th of too few is read -> an early return of what the failed test expects",
	.language = "go",
	.class = "crash guard",
	.oracles = "the failed test, which calls the function with nothing; the siblings' error",
	.keeps_off = "the test does not say; its value may hold for its input only; computed indexes; side effects",
	.danger = DANGER_2,
	.pattern = "^(?:runtime error: )?(?:index out of range \\[-?\\d+\\]|slice bounds out of range \\[)",
	.fix = fix,
	.examples = examples,
};
