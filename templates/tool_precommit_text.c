/*
 * trailing-whitespace, end-of-file-fixer and mixed-line-ending of pre-commit's own hooks: their edit
 * on exactly the files that they name, where the hook itself is not at hand. Keeps off test data,
 * binary files, Markdown's hard breaks, and code whose strings would change.
 */
#include "templates/lib_precommit.h"

#include "templates/lib_scene.h"
#include "templates/syntax.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

/* "\n", "\r\n" or nothing: how the line ends. */
static size_t ending_size(struct str line)
{
	size_t size = str_ends(line, "\n") ? 1 : 0;

	return size && str_ends(line, "\r\n") ? 2 : size;
}

static bool next_with_ending(struct str *rest, struct str *line)
{
	ptrdiff_t at = str_char(*rest, '\n');
	size_t size = at < 0 ? rest->size : (size_t)at + 1;

	if (!rest->size)
		return false;
	*line = str_slice(*rest, 0, size);
	*rest = str_from(*rest, size);
	return true;
}

/* Cuts the blanks before each line's end; `breaks`: two at the end of a line of Markdown stay. */
static struct str trimmed(struct arena *a, struct str text, bool breaks)
{
	struct text out = TEXT(a);
	struct str line;

	while (next_with_ending(&text, &line)) {
		size_t ending = ending_size(line), end = line.size - ending, size = end;

		while (size && is_blank(line.at[size - 1]))
			size--;
		text_add(&out, str_slice(line, 0, size));
		if (breaks && size && end - size >= 2 && str_ends(str_slice(line, 0, end), "  "))
			text_adds(&out, "  ");
		text_add(&out, str_from(line, end));
	}
	return text_str(&out);
}

/* One line end at the end of the text, none in an empty one. */
static struct str ended(struct arena *a, struct str text)
{
	size_t size = text.size;

	while (size && (text.at[size - 1] == '\n' || text.at[size - 1] == '\r'))
		size--;
	if (!size)
		return STR_NONE;
	if (size == text.size)
		return str_of(arena_printf(a, "%.*s\n", STR_ARG(text)));
	return str_slice(text, 0, size + (str_starts(str_from(text, size), "\r\n") ? 2 : 1));
}

/* All line ends as `ending`; NULL: as most of them are, LF where there are as many. */
static struct str of_one_ending(struct arena *a, struct str text, const char *ending)
{
	struct text out = TEXT(a);
	struct str line;
	size_t windows = 0, unix_ends = 0;

	for (struct str rest = text; next_with_ending(&rest, &line);) {
		windows += ending_size(line) == 2;
		unix_ends += ending_size(line) == 1;
	}
	if (!ending)
		ending = windows > unix_ends ? "\r\n" : "\n";
	while (next_with_ending(&text, &line)) {
		size_t size = ending_size(line);

		text_add(&out, str_slice(line, 0, line.size - size));
		if (size)
			text_adds(&out, ending);
	}
	return text_str(&out);
}

/* Does a line end in two blanks and another follow? A reader sees a break there. */
static bool has_hard_breaks(struct str text)
{
	struct str line;

	while (str_next_line(&text, &line)) {
		(void)str_chop(&line, "\r");
		if (str_ends(line, "  ") && str_trim(line).size && str_trim(text).size)
			return true;
	}
	return false;
}

static bool has_lone_return(struct str text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.at[i] == '\r' && (i + 1 == text.size || text.at[i + 1] != '\n'))
			return true;
	return false;
}

static bool is_markdown(struct str path)
{
	return str_ends(path, ".md") || str_ends(path, ".markdown") || str_ends(path, ".mdx");
}

enum { FILES_MAX = 200 };

struct made {
	const char *path;
	struct str after;
};

struct work {
	struct scene *scene;
	struct precommit_hook hook;
	struct str id;
	struct str breaks;		/* endings of Markdown files, "md,markdown" */
	const char *ending;		/* of mixed-line-ending; NULL: the most frequent */
};

static bool keeps_breaks(const struct work *work, struct str path)
{
	struct str rest = work->breaks, one, name;

	if (str_has(work->breaks, "*"))
		return true;
	while (str_next(&rest, ',', &one)) {
		name = path;
		(void)str_skip(&one, ".");
		if (one.size && str_chop(&name, str_text(work->scene->arena, one)) && str_ends(name, "."))
			return true;
	}
	return false;
}

/* What the hook makes of the file; false, with the reason declined, where that needs eyes. */
static bool edit(const struct work *work, const char *path, struct str text, struct str *after)
{
	struct scene *scene = work->scene;
	const bool breaks = keeps_breaks(work, str_of(path));
	const char *language = syntax_language(path);

	if (text.size && memchr(text.at, '\0', text.size))
		return template_decline(scene, "%s is no text", path), false;
	if (str_is(work->id, "trailing-whitespace")) {
		if (!breaks && is_markdown(str_of(path)) && has_hard_breaks(text))
			return template_decline(scene, "%s has hard breaks, which the hook would take away",
						path), false;
		*after = trimmed(scene->arena, text, breaks);
	} else if (str_is(work->id, "end-of-file-fixer")) {
		*after = ended(scene->arena, text);
	} else if (has_lone_return(text)) {
		return template_decline(scene, "%s has line ends of old Macintoshes", path), false;
	} else {
		*after = of_one_ending(scene->arena, text, work->ending);
	}
	if (language && !str_equal(text, *after) && !syntax_same(scene->arena, language, text, *after))
		return template_decline(scene, "the meaning of %s may change", path), false;
	return true;
}

/* Is the hook the well-known one, with no argument that we do not know? */
static bool is_understood(struct work *work)
{
	struct scene *scene = work->scene;
	struct str value;

	if (!str_ends(work->hook.repo, "/pre-commit-hooks") && !str_ends(work->hook.repo, "/pre-commit-hooks.git"))
		return template_decline(scene, "%.*s is the repository's own hook", STR_ARG(work->id)), false;
	if (precommit_argument(&work->hook, "--chars", &value))
		return template_decline(scene, "it cuts other characters than blanks"), false;
	(void)precommit_argument(&work->hook, "--markdown-linebreak-ext", &work->breaks);
	if (!str_is(work->id, "mixed-line-ending") ||
	    (!precommit_argument(&work->hook, "--fix", &value) && !precommit_argument(&work->hook, "-f", &value)) ||
	    str_is(value, "auto"))
		return true;
	if (!str_is(value, "lf") && !str_is(value, "crlf"))
		return template_decline(scene, "it is told to make %.*s of line ends", STR_ARG(value)), false;
	work->ending = str_is(value, "lf") ? "\n" : "\r\n";
	return true;
}

static void fix(struct scene *scene)
{
	struct work work = { .scene = scene, .id = str_of(scene->failure->type) };
	struct made made[FILES_MAX];
	struct candidate *candidate;
	struct str text;
	size_t count = 0;

	if (!precommit_hook(scene, &work.hook) || !is_understood(&work))
		return;
	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const char *path = precommit_file(scene, i);

		if (!path || !scene_read(scene, path, &text))
			continue;
		if (precommit_is_data(path))
			return template_decline(scene, "%s is test data, or other people's", path);
		if (count == FILES_MAX)
			return template_decline(scene, "more than %d files would change", FILES_MAX);
		made[count].path = path;
		if (!edit(&work, path, text, &made[count].after))
			return;
		count += !str_equal(text, made[count].after);
	}
	if (!count)
		return template_decline(scene, "the files it names are as it wants them");
	candidate = propose(scene, ORACLE_TOOL, "Does what %.*s did to the %zu file%s that it names.",
			    STR_ARG(work.id), count, count == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++)
		candidate_put(scene, candidate, made[i].path, made[i].after);
}

#define FAILED(id, files)	"some name...........................................................Failed\n" \
				"- hook id: " id "\n- exit code: 1\n- files were modified by this hook\n\n" files
#define CONFIG(hook)	"repos:\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: v4.5.0\n" \
			"    hooks:\n      - id: check-yaml\n      - id: " hook "\n      - id: check-toml\n"

static const char *const types[] = { "trailing-whitespace", "end-of-file-fixer", "mixed-line-ending", NULL };

static const struct example examples[] = {
	{
		.name = "blanks at the ends of lines",
		.log = FAILED("trailing-whitespace", "Fixing docs/n.txt\nFixing src/a.py\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("trailing-whitespace"), NULL },
			{ "docs/n.txt", "x \t\r\ny\r\n\t\r\nz  ", "x\r\ny\r\n\r\nz" },
			{ "src/a.py", "def f():  \n    return 1\n  \n", "def f():\n    return 1\n\n" },
			{ "src/b.py", "x = 1  \n", NULL },
		},
	},
	{
		.name = "a hard break stays where the hook is told so",
		.log = FAILED("trailing-whitespace", "Fixing README.md\n"),
		.file = {
			{ ".pre-commit-config.yaml",
			  CONFIG("trailing-whitespace\n        args: [--markdown-linebreak-ext=md]"), NULL },
			{ "README.md", "one  \ntwo \nthree   \n  \nfour\n", "one  \ntwo\nthree  \n\nfour\n" },
		},
	},
	{
		.name = "ends of files",
		.log = FAILED("end-of-file-fixer", "Fixing a.txt\nFixing b.txt\nFixing c.txt\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("end-of-file-fixer"), NULL },
			{ "a.txt", "x", "x\n" },
			{ "b.txt", "x\n\n\n", "x\n" },
			{ "c.txt", "x\r\n\r\n", "x\r\n" },
		},
	},
	{
		.name = "line ends as most are",
		.log = FAILED("mixed-line-ending", "a.txt: fixed mixed line endings\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("mixed-line-ending"), NULL },
			{ "a.txt", "x\r\ny\r\nz\n", "x\r\ny\r\nz\r\n" },
		},
	},
	{
		.name = "line ends as the hook is told",
		.log = FAILED("mixed-line-ending", "a.txt: fixed mixed line endings\n"),
		.file = {
			{ ".pre-commit-config.yaml",
			  CONFIG("mixed-line-ending\n        args:\n          - --fix=lf"), NULL },
			{ "a.txt", "x\r\ny\r\nz\n", "x\ny\nz\n" },
		},
	},
	{
		.name = "hard breaks of Markdown",
		.log = FAILED("trailing-whitespace", "Fixing README.md\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("trailing-whitespace"), NULL },
			{ "README.md", "one  \ntwo\n", NULL },
		},
		.declines = "has hard breaks",
	},
	{
		.name = "a return without a line feed",
		.log = FAILED("mixed-line-ending", "a.txt: fixed mixed line endings\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("mixed-line-ending"), NULL },
			{ "a.txt", "x\ry\r\nz\n", NULL },
		},
		.declines = "Macintoshes",
	},
	{
		.name = "test data",
		.log = FAILED("end-of-file-fixer", "Fixing tests/fixtures/cut.txt\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("end-of-file-fixer"), NULL },
			{ "tests/fixtures/cut.txt", "cut", NULL },
		},
		.declines = "is test data",
	},
	{
		.name = "a text within code",
		.log = FAILED("trailing-whitespace", "Fixing src/a.py\n"),
		.file = {
			{ ".pre-commit-config.yaml", CONFIG("trailing-whitespace"), NULL },
			{ "src/a.py", "MAIL = \"\"\"-- \nme\n\"\"\"\n", NULL },
		},
		.declines = "meaning",
	},
	{
		.name = "the repository's own hook of that name",
		.log = FAILED("trailing-whitespace", "Fixing a.txt\n"),
		.file = {
			{ ".pre-commit-config.yaml",
			  "repos:\n  - repo: local\n    hooks:\n      - id: trailing-whitespace\n"
			  "        entry: ci/trim\n", NULL },
			{ "a.txt", "a  \n", NULL },
		},
		.declines = "own hook",
	},
	{0}
};

const struct template template_tool_precommit_text = {
	.name = "tool_precommit_text",
	.summary = "blanks at line ends, ends of files and mixed line ends that pre-commit found -> as its hooks "
		"leave them",
	.class = "formatter",
	.oracles = "the checker itself",
	.keeps_off = "test data; binary files; hard breaks of Markdown; texts within code",
	.danger = DANGER_0,
	.reading = true,
	.tool = "pre-commit",
	.types = types,
	.fix = fix,
	.examples = examples,
};
