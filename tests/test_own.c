/* Templates that a repository brings: what is taken, what is refused and where, what is replaced. */
#include "tests/unit.h"

#include "bot/selftest.h"
#include "ci/log.h"
#include "templates/lib_own.h"

#define HEAD "summary: s\nmessage: m\n"
#define STEP "replace: [{pattern: a, with: b}]\n"
#define EXAMPLES "examples: [{log: x}, {log: y, declines: z}]\n"

static void refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "f:1:1: \"summary\" is missing" },
		{ "summary: s\n", "f:1:1: \"message\" is missing" },
		{ "[]", "f:1:1: this must be a map" },
		{ HEAD "run: rm\n", "f:3:1: unknown key \"run\"" },
		{ "summary: s\nmessage: '('\n", "f:2:10: " },
		{ HEAD, "f:1:1: \"replace\" must be a list" },
		{ HEAD "replace: []\n", "f:3:10: \"replace\" must be a list" },
		{ HEAD "replace: [{with: b}]\n", "f:3:11: say \"pattern\" or \"query\"" },
		{ HEAD "replace: [{pattern: a, query: b, with: c}]\n", "say \"pattern\" or \"query\"" },
		{ HEAD "replace: [{pattern: a}]\n", "f:3:11: \"with\" is missing" },
		{ HEAD "replace: [{pattern: '[', with: b}]\n", "f:3:21: " },
		{ HEAD "language: python\nreplace: [{query: '(nothing) @replace', with: b}]\n",
		  "f:4:19: the query is not one of python" },
		{ HEAD "language: python\nreplace: [{query: '(call) @x', with: b}]\n",
		  "captures nothing as @replace" },
		{ HEAD STEP, "f:1:1: \"examples\" must be a list" },
		{ HEAD STEP "examples: [{log: x}]\n", "needs an example that fires and one" },
		{ HEAD STEP "examples: [{declines: x}]\n", "\"log\" is missing" },
		{ HEAD STEP "examples: [{log: x, files: {../x: {before: a}}}]\n", "f:4:" },
		{ HEAD STEP "danger: 3\n" EXAMPLES, "f:4:9: danger is 0, 1 or 2" },
		{ HEAD STEP "files: a\n" EXAMPLES, "f:4:8: this must be a list of file patterns" },
		{ HEAD HEAD, "duplicate key" },
	};
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct own own = { .file = "untouched" };
		struct err e = ERR_INIT;

		assert_false(own_parse("f", str_of(rows[i].text), &a, &own, &e));
		assert_int_equal(e.kind, ERR_CONFIG);
		if (!strstr(e.text, rows[i].why))
			fail_msg("%zu: \"%s\" holds no \"%s\"", i, e.text, rows[i].why);
		assert_string_equal(own.file, "untouched");
	}
}

/* The patch that one template makes of one file for a Python NameError in it. */
static struct str mend(struct arena *a, const char *replace, const char *before)
{
	const struct tree_file files[] = { { "a.py", before }, { 0 } };
	const struct tree *tree = tree_of_files(a, files);
	struct own *own = arena_new(a, struct own);
	struct err e = ERR_INIT;
	struct scene scene = { .tree = tree, .arena = a };

	scene.report = log_read(a, tree, STR("Traceback (most recent call last):\n"
		"  File \"a.py\", line 1, in <module>\n    x\nNameError: name 'old' is not defined\n"));
	assert_true(scene.report->failure_count > 0);
	scene.failure = scene.report->failures;
	if (!own_parse("f.yml", str_of(arena_printf(a, "summary: s\nlanguage: python\n"
		       "message: name '(?<name>\\w+)'\nreplace: [%s]\n" EXAMPLES, replace)), a, own, &e))
		fail_msg("%s", e.text);
	assert_true(template_matches(&own->template, &scene));
	own->template.fix(&scene);
	if (!scene.candidate_count) {
		assert_non_null(scene.declined);
		return STR("declined");
	}
	assert_int_equal(scene.candidates->patch.count, 1);
	return scene.candidates->patch.changes->after;
}

static void replaced(void **state)
{
	static const struct {
		const char *replace, *before, *after;
	} rows[] = {
		{ "{pattern: '\\bold\\b', with: new}", "old = older(old)\n", "new = older(new)\n" },
		{ "{pattern: 'f\\((\\w), (\\w)\\)', with: 'g($2, $1, ${name}, $$)'}", "f(a, b)\n",
		  "declined" },			/* "$" is no Python: it would not parse */
		{ "{pattern: 'f\\((\\w), (\\w)\\)', with: 'g($2, $1, ${name}, \"$$0\")'}", "f(a, b)\n",
		  "g(b, a, old, \"$0\")\n" },
		{ "{pattern: 'x*', with: y}", "a\n", "yay\ny" },
		{ "{pattern: a, with: b}, {pattern: b, with: c}", "a = b\n", "c = c\n" },
		{ "{query: '((identifier) @replace (#eq? @replace \"old\"))', with: new}",
		  "old('old')  # old\n", "new('old')  # old\n" },
		{ "{query: '((identifier) @replace (#match? @replace \"^o\"))', with: '${name}_1'}",
		  "ofs(a)\n", "old_1(a)\n" },
		{ "{query: '((identifier) @replace (#not-eq? @replace \"a\"))', with: b}",
		  "x(a)\n", "b(a)\n" },
		{ "{query: '((identifier) @replace (#no-such? @replace \"a\"))', with: b}",
		  "x(a)\n", "declined" },
		{ "{pattern: z, with: y}", "a\n", "declined" },
		{ "{pattern: '\\)', with: ''}", "f(a)\n", "declined" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ARENA a = {0};
		struct str out = mend(&a, rows[i].replace, rows[i].before);

		if (!str_is(out, rows[i].after))
			fail_msg("%zu: \"%.*s\" is not \"%s\"", i, STR_ARG(out), rows[i].after);
	}
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(refused), cmocka_unit_test(replaced) };

	return cmocka_run_group_tests(list, NULL, NULL);
}
