/*
 * mypy: a "type: ignore" comment that no longer silences anything goes. The check gets stricter by it,
 * never weaker.
 */
#include "templates/lib_python.h"
#include "templates/lib_python_line.h"

/* Where the comment starts and ends on the line: "# type: ignore[attr]", without what follows. */
static bool find_comment(struct str line, size_t *from, size_t *to)
{
	size_t end = line_code_end(line);
	struct str rest = str_from(line, end), after;
	ptrdiff_t at = str_find(rest, STR("# type: ignore"));

	if (at < 0)
		return false;
	after = str_from(rest, (size_t)at + strlen("# type: ignore"));
	*from = end + (size_t)at;
	if (str_starts(after, "[")) {
		ptrdiff_t close = str_char(after, ']');

		if (close < 0 || str_char(str_slice(after, 0, (size_t)close), ',') >= 0)
			return false;
		after = str_from(after, (size_t)close + 1);
	}
	*to = line.size - after.size;
	while (!str_trim(after).size && *from > end)
		--*from;
	*to = str_trim(after).size ? *to + str_indent(after) : line.size;
	return !str_trim(after).size || str_starts(str_trim(after), "#");
}

static void fix(struct scene *scene)
{
	struct broken broken;
	size_t from, to;

	if (line_other_types(scene))
		return template_decline(scene, "mypy also finds what cannot be mended so");
	if (!line_broken(scene, &broken))
		return;
	if (!find_comment(broken.line, &from, &to))
		return template_decline(scene, "the comment says more than that, or is not there");
	line_propose(scene, &broken, line_replace(scene, &broken, from, to, STR_NONE), ORACLE_TOOL,
		     "mypy says so: the comment silences nothing");
}

static const struct example examples[] = {
	{
		.name = "a comment that is no longer needed",
		.log =
			"a.py:3: error: Unused \"type: ignore\" comment\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"import json\n"
			"\n"
			"text: str = json.dumps(1)  # type: ignore\n"
			"print(text)\n", 
			"import json\n"
			"\n"
			"text: str = json.dumps(1)\n"
			"print(text)\n" },
		},
	},
	{
		.name = "another comment stays",
		.log =
			"a.py:3: error: Unused \"type: ignore\" comment\n"
			"Found 1 error in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"import json\n"
			"\n"
			"text: str = json.dumps(1)  # type: ignore[assignment]  # short\n", 
			"import json\n"
			"\n"
			"text: str = json.dumps(1)  # short\n" },
		},
	},
	{
		.name = "beside another finding",
		.log =
			"a.py:3: error: Unused \"type: ignore\" comment\n"
			"a.py:4: error: Incompatible types in assignment (expression has type \"str"
			"\", variable has type \"int\")  [assignment]\n"
			"Found 2 errors in 1 file (checked 1 source file)\n",
		.file = {
			{ "a.py",
			"import json\n"
			"\n"
			"text: str = json.dumps(1)  # type: ignore\n"
			"number: int = text\n", NULL },
		},
		.declines = "also finds",
	},
	{0}
};

const struct template template_python_unused_ignore = {
	.name = "python_unused_ignore",
	.summary = "mypy: a \"type: ignore\" that silences nothing -> without it",
	.language = "python",
	.class = "types",
	.oracles = "tool",
	.keeps_off = "comments for several codes, other findings beside it, tests",
	.danger = DANGER_0,
	.tool = "mypy",
	.pattern = "^[Uu]nused \"type: ignore",
	.fix = fix,
	.examples = examples,
};
