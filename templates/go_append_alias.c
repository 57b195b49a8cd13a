/*
 * append(s[:i], s[i+1:]...) writes into the array of the caller -> the first part is copied. Only
 * where the slice is a parameter, the failed test runs it, and there is one such place.
 */
#include "templates/lib_go_test.h"
#include "templates/lib_scene.h"

struct place {
	struct go_file *file;
	TSNode part;			/* s[:i] */
	struct str type;		/* "[]string" */
};

/* The type of a slice parameter; empty when the name is none, or is set anew before. */
static struct str slice_type(const struct syntax *s, TSNode function, struct str name, size_t before)
{
	TSNode list = syntax_field(function, "parameters");

	for (unsigned n = 0;; n++) {
		TSNode left = syntax_field(syntax_below(function, "assignment_statement|short_var_declaration",
						       n), "left");

		if (ts_node_is_null(left))
			break;
		if (ts_node_start_byte(left) < before && code_count(s, left, "identifier", name))
			return STR_NONE;
	}
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
		TSNode one = ts_node_named_child(list, i), type = syntax_field(one, "type");

		for (uint32_t k = 0; k + 1 < ts_node_named_child_count(one); k++)
			if (str_equal(syntax_text(s, ts_node_named_child(one, k)), name))
				return syntax_type_is(type, "slice_type") ? syntax_text(s, type) : STR_NONE;
	}
	return STR_NONE;
}

/* append(PARAMETER[:x], ...) */
static bool look_at(struct place *place, struct go_file *file, TSNode function, TSNode call)
{
	const struct syntax *s = file->syntax;
	TSNode part = ts_node_named_child(syntax_field(call, "arguments"), 0);
	TSNode operand = syntax_field(part, "operand");

	if (!str_is(syntax_text(s, syntax_field(call, "function")), "append") ||
	    !syntax_type_is(part, "slice_expression") || !syntax_type_is(operand, "identifier") ||
	    !ts_node_is_null(syntax_field(part, "capacity")) ||
	    ts_node_is_null(syntax_field(part, "end")))
		return false;
	*place = (struct place){ file, part, slice_type(s, function, syntax_text(s, operand),
							ts_node_start_byte(call)) };
	return place->type.size > 0;
}

static unsigned find(const struct go_tested *tested, struct place *found)
{
	struct place place;
	unsigned count = 0;

	for (size_t i = 0; i < tested->count; i++)
		for (unsigned n = 0;; n++) {
			TSNode call = syntax_below(tested->list[i].function, "call_expression", n);

			if (ts_node_is_null(call))
				break;
			if (!look_at(&place, tested->list[i].file, tested->list[i].function, call))
				continue;
			*found = place;
			count++;
		}
	return count;
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct edits edits = { .arena = scene->arena };
	struct go_tested tested;
	struct place place = {0};
	struct code code;
	unsigned count;

	if (!go_tested_by(scene, &package, &tested))
		return;
	count = find(&tested, &place);
	if (count != 1)
		return template_decline(scene, count ? "several appends write into a parameter" :
					"no append writes into a parameter");
	code = (struct code){ .scene = scene, .path = place.file->path, .syntax = place.file->syntax };
	edit_node(&edits, place.part, str_of(arena_printf(scene->arena, "append(%.*s(nil), %.*s...)",
		  STR_ARG(place.type), STR_ARG(syntax_text(place.file->syntax, place.part)))));
	code_propose(scene, &code, &edits, ORACLE_TEST, DANGER_1,
		     "Copies the first part before the rest is appended: append wrote into the slice of the "
		     "caller, which the test looks at afterwards.");
}

#define TEST_FILE \
	{ "menu_test.go", "package menu\n\nimport \"testing\"\n\nfunc TestWithout(t *testing.T) {\n" \
	  "\tcard := []string{\"a\", \"b\", \"c\"}\n\tWithout(card, 0)\n\tif card[0] != \"a\" {\n" \
	  "\t\tt.Errorf(\"the card has become %v\", card)\n\t}\n}\n", NULL }
#define LOG \
	"--- FAIL: TestWithout (0.00s)\n    menu_test.go:9: the card has become [b c c]\nFAIL\nFAIL\texample.com/menu\t0.004s\n"
#define FUNCTION(body) \
	{ "menu.go", "package menu\n\nfunc Without(dishes []string, i int) []string {\n" body "}\n", NULL }

static const struct example examples[] = {
	{
		.name = "one is taken out of a parameter",
		.log = LOG,
		.file = {
			TEST_FILE,
			{ "menu.go", "package menu\n\nfunc Without(dishes []string, i int) []string {\n"
			  "\treturn append(dishes[:i], dishes[i+1:]...)\n}\n",
			  "package menu\n\nfunc Without(dishes []string, i int) []string {\n"
			  "\treturn append(append([]string(nil), dishes[:i]...), dishes[i+1:]...)\n}\n" },
		},
	},
	{
		.name = "of a copy",
		.log = LOG,
		.file = {
			TEST_FILE,
			FUNCTION("\tdishes = append([]string(nil), dishes...)\n"
				 "\treturn append(dishes[:i], dishes[i+1:]...)\n"),
		},
		.declines = "no append writes into a parameter",
	},
	{
		.name = "two places",
		.log = LOG,
		.file = {
			TEST_FILE,
			FUNCTION("\tif i == 0 {\n\t\treturn append(dishes[:0], dishes[1:]...)\n\t}\n"
				 "\treturn append(dishes[:i], dishes[i+1:]...)\n"),
		},
		.declines = "several appends",
	},
	{0}
};

const struct template template_go_append_alias = {
	.name = "go_append_alias",
	.summary = "append to a part of a parameter changes the caller's slice -> copy the part first",
	.language = "go",
	.class = "logic",
	.oracles = "the failed test, in the one append it runs",
	.keeps_off = "several such appends; slices that the function made itself",
	.danger = DANGER_1,
	.tool = "go test",
	.fix = fix,
	.examples = examples,
};
