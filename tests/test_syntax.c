/*
 * Syntax trees: finding nodes and editing by them.
 */
#include "tests/unit.h"

#include "templates/syntax.h"

static const char sample[] = "def f(a):\n"
			     "    if a:\n"
			     "        return g(a, 1)\n"
			     "    return a\n";

static void nodes_are_found(void **state)
{
	ARENA a = {0};
	SYNTAX s = syntax_open(&a, "python", str_of(sample));
	TSNode call, second;

	(void)state;
	assert_non_null(s);
	assert_int_equal(s->errors, 0);
	call = syntax_below(s->root, "call", 0);
	assert_str(syntax_text(s, call), "g(a, 1)");
	assert_int_equal(syntax_line(call), 3);
	assert_str(syntax_indent(s, call), "        ");
	assert_str(syntax_text(s, syntax_field(call, "function")), "g");
	assert_true(ts_node_is_null(syntax_field(call, "body")));
	assert_true(syntax_type_is(syntax_up(call, "if_statement|for_statement"), "if_statement"));
	assert_true(ts_node_eq(syntax_up(call, "call"), call));
	assert_true(ts_node_is_null(syntax_up(call, "class_definition")));
	second = syntax_below(s->root, "return_statement", 1);
	assert_str(syntax_text(s, second), "return a");
	assert_true(ts_node_is_null(syntax_below(s->root, "return_statement", 2)));
	assert_true(ts_node_is_null(syntax_below(call, "return_statement", 0)));
	assert_str(syntax_text(s, syntax_at(s, 37, 38)), "a");
	assert_true(ts_node_is_null(syntax_up(syntax_field(call, "none"), "call")));
	assert_int_equal(syntax_line(syntax_field(call, "none")), 0);
}

static void files_have_languages(void **state)
{
	ARENA a = {0};
	struct text large = TEXT(&a);

	(void)state;
	assert_string_equal(syntax_language("a/b.py"), "python");
	assert_string_equal(syntax_language("b.tsx"), "tsx");
	assert_string_equal(syntax_language("b.h"), "c");
	assert_null(syntax_language("b.rb"));
	assert_null(syntax_language("py"));
	assert_null(syntax_open(&a, "ruby", STR("x")));
	assert_null(syntax_open(&a, NULL, STR("x")));
	while (large.size <= 1024 * 1024)
		text_adds(&large, "x = 1\n");
	assert_null(syntax_open(&a, "python", text_str(&large)));
}

struct names {
	char seen[64];
	unsigned left;
};

static bool note_name(TSNode node, void *context)
{
	struct names *names = context;
	size_t size = strlen(names->seen);

	if (size + 2 < sizeof(names->seen))
		names->seen[size] = ts_node_type(node)[0];
	return --names->left;
}

static void walking_stops_when_told(void **state)
{
	ARENA a = {0};
	SYNTAX s = syntax_open(&a, "python", STR("f(1)\n"));
	struct names all = { .left = 99 }, some = { .left = 2 };

	(void)state;
	syntax_walk(s->root, note_name, &all);
	assert_string_equal(all.seen, "meciai");	/* module expression call identifier argument_list integer */
	syntax_walk(s->root, note_name, &some);
	assert_string_equal(some.seen, "me");
}

static void edits_are_applied_at_once(void **state)
{
	ARENA a = {0};
	SYNTAX s = syntax_open(&a, "python", str_of(sample));
	struct edits e = { .arena = &a };
	struct str out = STR("untouched");

	(void)state;
	assert_false(edits_apply(&e, s, &out));		/* none */
	edit_node(&e, syntax_below(s->root, "integer", 0), STR("22"));
	edit_node(&e, syntax_below(s->root, "identifier", 0), STR("name"));
	edit_replace(&e, 0, 0, STR("# one\n"));
	edit_replace(&e, 0, 0, STR("# two\n"));
	assert_true(edits_apply(&e, s, &out));
	assert_str(out, "# one\n# two\ndef name(a):\n    if a:\n        return g(a, 22)\n    return a\n");
	out = STR("untouched");
	edit_node(&e, syntax_below(s->root, "call", 0), STR("h()"));
	assert_false(edits_apply(&e, s, &out));		/* overlaps the number */
	assert_str(out, "untouched");
}

static void edits_never_break(void **state)
{
	ARENA a = {0};
	SYNTAX s = syntax_open(&a, "python", str_of(sample));
	struct edits broken = { .arena = &a }, outside = { .arena = &a }, none = { .arena = &a };
	struct edits backwards = { .arena = &a };
	struct str out = STR("untouched");

	(void)state;
	edit_node(&broken, syntax_below(s->root, "call", 0), STR("g(("));
	assert_false(edits_apply(&broken, s, &out));
	edit_replace(&outside, s->text.size, s->text.size + 1, STR("x"));
	assert_false(edits_apply(&outside, s, &out));
	edit_replace(&backwards, 9, 3, STR("x"));
	assert_false(edits_apply(&backwards, s, &out));
	edit_replace(&none, 0, 3, STR("def"));
	assert_false(edits_apply(&none, s, &out));
	assert_str(out, "untouched");
}

static void a_broken_file_may_become_better(void **state)
{
	ARENA a = {0};
	SYNTAX s = syntax_open(&a, "javascript", STR("let a = f(1;\nlet b = 2;\n"));
	struct edits e = { .arena = &a };
	struct str out;

	(void)state;
	assert_true(s->errors > 0);
	edit_replace(&e, 11, 11, STR(")"));
	assert_true(edits_apply(&e, s, &out));
	assert_str(out, "let a = f(1);\nlet b = 2;\n");
}

/* 65,536 wrong tokens in a row are more than tree-sitter counts. */
static void floods_of_tokens_are_left_alone(void **state)
{
	static const char *const languages[] = { "python", "javascript", "go", "java", "rust", "c" };

	(void)state;
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
		ARENA a = {0};
		struct text text = TEXT(&a);

		for (int n = 0; n < 50000; n++)
			text_adds(&text, "f(");
		assert_null(syntax_open(&a, languages[i], text_str(&text)));
	}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(nodes_are_found),
		cmocka_unit_test(files_have_languages),
		cmocka_unit_test(walking_stops_when_told),
		cmocka_unit_test(edits_are_applied_at_once),
		cmocka_unit_test(edits_never_break),
		cmocka_unit_test(a_broken_file_may_become_better),
		cmocka_unit_test(floods_of_tokens_are_left_alone),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
