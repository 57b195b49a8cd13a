/*
 * A table of test commands and how each picks one test, and the guesses. Runs nothing: whether a
 * narrowed or guessed command shows the failure is proven in the sandbox before it counts.
 */
#include "bot/recipe.h"

static bool is_special(char c)
{
	return c && strchr(";|&<>$`(){}*?~#\n!", c) != NULL;
}

/* Takes one word off *s into out. False at an unquoted special character or an open quote. */
static bool take_word(struct str *s, struct text *out)
{
	while (s->size && s->at[0] != ' ' && s->at[0] != '\t') {
		char c = s->at[0];

		*s = str_from(*s, 1);
		if (c == '\'' || c == '"') {
			ptrdiff_t end = str_char(*s, c);
			struct str inside;

			if (end < 0)
				return false;
			inside = str_slice(*s, 0, (size_t)end);
			if (c == '"' && (str_char(inside, '$') >= 0 || str_char(inside, '`') >= 0 ||
					 str_char(inside, '\\') >= 0))
				return false;
			text_add(out, inside);
			*s = str_from(*s, (size_t)end + 1);
		} else if (c == '\\' || is_special(c)) {
			return false;
		} else {
			text_addc(out, c);
		}
	}
	return true;
}

const char **recipe_words(struct arena *a, const char *command, size_t *count)
{
	struct str rest = str_trim(str_of(command));
	const char **words = NULL;
	size_t n = 0;

	while (rest.size) {
		struct text word = TEXT(a);

		if (!take_word(&rest, &word))
			return NULL;
		arena_push(a, words, n) = text_cstr(&word);
		rest = str_trim(rest);
	}
	if (!n || str_char(str_of(words[0]), '=') >= 0)
		return NULL;
	arena_push(a, words, n) = NULL;
	*count = n - 1;
	return words;
}

const char *recipe_quote(struct arena *a, const char *word)
{
	struct text out = TEXT(a);

	text_addc(&out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			text_adds(&out, "'\\''");
		else
			text_addc(&out, *word);
	}
	text_addc(&out, '\'');
	return text_cstr(&out);
}

/* How a test is picked behind the words that start the tool. */
enum pick {
	PICK_ID,		/* the test's id as an argument */
	PICK_GO,		/* -run '^TestName$' and the package's folder */
	PICK_NODE,		/* --test-name-pattern in front of the files */
	PICK_OPTION,		/* an option with the name behind the whole command */
};

static const struct recipe {
	const char *words[5];	/* the command begins so; "python" stands for any python */
	const char *tool;	/* of the failure */
	enum pick pick;
	const char *option;
} recipes[] = {
	{ { "pytest" }, "pytest", PICK_ID, NULL },
	{ { "py.test" }, "pytest", PICK_ID, NULL },
	{ { "python", "-m", "pytest" }, "pytest", PICK_ID, NULL },
	{ { "python", "-m", "unittest" }, "unittest", PICK_ID, NULL },
	{ { "go", "test" }, NULL, PICK_GO, NULL },
	{ { "node", "--test" }, NULL, PICK_NODE, "--test-name-pattern" },
	{ { "jest" }, "jest", PICK_OPTION, "-t" },
	{ { "npx", "jest" }, "jest", PICK_OPTION, "-t" },
	{ { "vitest", "run" }, "vitest", PICK_OPTION, "-t" },
	{ { "npx", "vitest", "run" }, "vitest", PICK_OPTION, "-t" },
	{ { "mocha" }, "mocha", PICK_OPTION, "-f" },
	{ { "npx", "mocha" }, "mocha", PICK_OPTION, "-f" },
	{ { "cargo", "test" }, NULL, PICK_ID, NULL },
};

/* "python3.11" and "/usr/bin/python3" are python, "python-config" is not. */
static bool is_python(struct str word)
{
	str_split_last(word, "/", NULL, &word);
	if (!str_skip(&word, "python"))
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (word.at[i] != '.' && (word.at[i] < '0' || word.at[i] > '9'))
			return false;
	return true;
}

static size_t recipe_matches(const struct recipe *recipe, const char *const *words, size_t count)
{
	size_t n = 0;

	for (; n < 5 && recipe->words[n]; n++) {
		if (n >= count)
			return 0;
		if (str_is(str_of(recipe->words[n]), "python") ? !is_python(str_of(words[n]))
							       : strcmp(recipe->words[n], words[n]))
			return 0;
	}
	return n;
}

static void add_words(struct text *out, struct arena *a, const char *const *words, size_t from,
		      size_t to)
{
	for (size_t i = from; i < to; i++)
		text_addf(out, "%s%s", out->size ? " " : "", recipe_quote(a, words[i]));
}

/* A Go test's name is "TestX/sub" and its package is where the failing file is. */
static bool narrow_go(struct text *out, struct arena *a, const struct failure *failure)
{
	struct str name = str_of(failure->test), folder = STR(".");

	str_split(name, "/", &name, NULL);
	str_split_last(name, ".", NULL, &name);
	if (!str_starts(name, "Test") || !str_is_word(name))
		return false;
	if (failure->file)
		str_split_last(str_of(failure->file), "/", &folder, NULL);
	text_addf(out, " -run '^%.*s$' ", STR_ARG(name));
	if (str_is(folder, "."))
		text_adds(out, "./...");
	else
		text_adds(out, recipe_quote(a, arena_printf(a, "./%.*s", STR_ARG(folder))));
	return true;
}

static const char *narrow_by(const struct recipe *recipe, struct arena *a, const char *const *words,
			     size_t count, size_t start, const struct failure *failure)
{
	struct text out = TEXT(a);

	if (recipe->tool && !str_is(str_of(failure->tool), recipe->tool))
		return NULL;
	switch (recipe->pick) {
	case PICK_ID:
		add_words(&out, a, words, 0, start);
		text_addf(&out, " %s", recipe_quote(a, failure->test));
		return text_cstr(&out);
	case PICK_GO:
		add_words(&out, a, words, 0, start);
		return narrow_go(&out, a, failure) ? text_cstr(&out) : NULL;
	case PICK_NODE:
		add_words(&out, a, words, 0, start);
		text_addf(&out, " %s", recipe_quote(a, arena_printf(a, "%s=%s", recipe->option,
								    failure->test)));
		add_words(&out, a, words, start, count);
		return text_cstr(&out);
	case PICK_OPTION:
		add_words(&out, a, words, 0, count);
		text_addf(&out, " %s %s", recipe->option, recipe_quote(a, failure->test));
		return text_cstr(&out);
	}
	return NULL;
}

const char *recipe_narrow(struct arena *a, const char *command, const struct failure *failure)
{
	size_t count, start;
	const char **words = failure->test ? recipe_words(a, command, &count) : NULL;

	if (!words)
		return NULL;
	for (size_t i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++) {
		start = recipe_matches(&recipes[i], words, count);
		if (start)
			return narrow_by(&recipes[i], a, words, count, start, failure);
	}
	return NULL;
}

static const struct {
	const char *tool, *command;
} usual[] = {
	{ "pytest", "python3 -m pytest" }, { "unittest", "python3 -m unittest" },
	{ "go", "go test ./..." }, { "go test", "go test ./..." },
	{ "go build", "go build ./..." }, { "go vet", "go vet ./..." },
	{ "node:test", "node --test" }, { "jest", "npx --no-install jest" },
	{ "vitest", "npx --no-install vitest run" }, { "mocha", "npx --no-install mocha" },
	{ "tsc", "npx --no-install tsc --noEmit" }, { "cargo", "cargo test" },
	{ "cargo test", "cargo test" }, { "rustc", "cargo build" }, { "gcc", "make" },
	{ "clang", "make" }, { "ld", "make" }, { "black", "black --check ." },
	{ "isort", "isort --check ." }, { "ruff", "ruff check ." },
	{ "prettier", "npx --no-install prettier --check ." },
	{ "eslint", "npx --no-install eslint ." }, { "flake8", "flake8" },
	{ "rustfmt", "cargo fmt --check" },
};

static const struct {
	const char *file, *holds, *command;
} hints[] = {
	{ "Makefile", "\ntest:", "make test" }, { "makefile", "\ntest:", "make test" },
	{ "package.json", "\"test\"", "npm test" }, { "go.mod", NULL, "go test ./..." },
	{ "Cargo.toml", NULL, "cargo test" }, { "pytest.ini", NULL, "python3 -m pytest" },
	{ "tox.ini", "[pytest]", "python3 -m pytest" },
	{ "pyproject.toml", "pytest", "python3 -m pytest" },
	{ "setup.cfg", "[tool:pytest]", "python3 -m pytest" },
	{ "conftest.py", NULL, "python3 -m pytest" },
	{ "Makefile", NULL, "make" },
};

static bool guess_by_files(struct arena *a, const struct tree *tree, struct guess *guess)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		struct str text;

		if (!tree_read(tree, a, hints[i].file, &text) ||
		    (hints[i].holds && !str_has(text, hints[i].holds)))
			continue;
		*guess = (struct guess){ hints[i].command, hints[i].file };
		return true;
	}
	return false;
}

bool recipe_guess(struct arena *a, const struct tree *tree, const struct report *report,
		  struct guess *guess)
{
	const char *tool = report && report->failure_count ? report->failures->tool : NULL;

	if (report && report->command) {
		*guess = (struct guess){ report->command, "the failing step in the log" };
		return true;
	}
	for (size_t i = 0; tool && i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (!str_is(str_of(tool), usual[i].tool))
			continue;
		*guess = (struct guess){ usual[i].command, "the tool that failed" };
		return true;
	}
	return guess_by_files(a, tree, guess);
}
