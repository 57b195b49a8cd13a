/*
 * SyntaxError or TypeError: print is a statement of Python 2 still. Every one in the file becomes a
 * call: ">>stream" becomes file=, a comma at the end becomes end=" ".
 */
#include "templates/lib_python.h"

/* The statement without its first word, as the arguments of a call. */
static struct str arguments(struct arena *a, const struct syntax *s, TSNode print)
{
	struct text out = TEXT(a);
	TSNode chevron = {{0}, NULL, NULL}, first = chevron, last = chevron;
	struct str end = str_trim_right(syntax_text(s, print));

	for (unsigned i = 0; i < python_child_count(print); i++) {
		TSNode one = python_child(print, i);

		if (syntax_type_is(one, "chevron")) {
			chevron = one;
			continue;
		}
		first = ts_node_is_null(first) ? one : first;
		last = one;
	}
	if (!ts_node_is_null(first))
		text_add(&out, str_slice(s->text, ts_node_start_byte(first),
					 ts_node_end_byte(last) - ts_node_start_byte(first)));
	if (!ts_node_is_null(chevron))
		text_addf(&out, "%sfile=%.*s", out.size ? ", " : "",
			  STR_ARG(syntax_text(s, python_child(chevron, 0))));
	if (!ts_node_is_null(first) && str_ends(end, ","))
		text_adds(&out, ", end=\" \"");
	return text_str(&out);
}

static unsigned rewrite(struct edits *edits, const struct syntax *s)
{
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(s->root, "print_statement", n);

		if (ts_node_is_null(one))
			break;
		edit_node(edits, one, str_of(arena_printf(edits->arena, "print(%.*s)",
							  STR_ARG(arguments(edits->arena, s, one)))));
		count++;
	}
	for (unsigned n = 0; count; n++) {
		TSNode one = syntax_below(s->root, "expression_statement", n);

		if (ts_node_is_null(one))
			break;
		if (str_is(syntax_text(s, one), "print"))
			edit_node(edits, one, STR("print()"));
	}
	return count;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	const struct frame *last = failure->frame_count ? &failure->frames[failure->frame_count - 1] :
				   NULL;
	const char *path = last ? last->file : failure->file;
	struct edits edits = { .arena = scene->arena };
	const struct syntax *s;
	struct str after;

	if (!path || (last && !last->own) || python_is_test(str_of(path)))
		return template_decline(scene, "it is no own code outside of tests");
	s = python_open(&python, path);
	if (!s || !rewrite(&edits, s))
		return template_decline(scene, "%s has no print statement", path);
	if (!edits_apply(&edits, s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_TOOL, "print is a function since Python 3"), path,
		      after);
}

static const char *const types[] = { "SyntaxError", "TypeError", NULL };

static const struct example examples[] = {
	{
		.name = "statements of all kinds",
		.log =
			"  File \"/home/runner/work/app/app/main.py\", line 4\n"
			"    print n,\n"
			"    ^^^^^^^^\n"
			"SyntaxError: Missing parentheses in call to 'print'. Did you mean print(.."
			".)?\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"\n"
			"for n in (1, 2):\n"
			"    print n,\n"
			"print\n"
			"print \"%d of %d\" % (1, 2)\n"
			"print >>sys.stderr, \"done\", 3\n", 
			"import sys\n"
			"\n"
			"for n in (1, 2):\n"
			"    print(n, end=\" \")\n"
			"print()\n"
			"print(\"%d of %d\" % (1, 2))\n"
			"print(\"done\", 3, file=sys.stderr)\n" },
		},
	},
	{
		.name = "into a stream only",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 3, in <module>\n"
			"    print >>sys.stderr, \"done\"\n"
			"    ~~~~~~^^~~~~~~~~~~\n"
			"TypeError: unsupported operand type(s) for >>: 'builtin_function_or_method"
			"' and '_io.TextIOWrapper'. Did you mean \"print(<message>, file=<output_st"
			"ream>)\"?\n",
		.file = {
			{ "main.py",
			"import sys\n"
			"\n"
			"print >>sys.stderr, \"done\"\n", 
			"import sys\n"
			"\n"
			"print(\"done\", file=sys.stderr)\n" },
		},
	},
	{
		.name = "a function of that name shifted on purpose",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    say >> 3\n"
			"    ~~~~^^~~\n"
			"TypeError: unsupported operand type(s) for >>: 'builtin_function_or_method"
			"' and 'int'. Did you mean \"print(<message>, file=<output_stream>)\"?\n",
		.file = {
			{ "main.py",
			"say = print\n"
			"say >> 3\n", NULL },
		},
		.declines = "no print statement",
	},
	{0}
};

const struct template template_python_print_statement = {
	.name = "python_print_statement",
	.summary = "SyntaxError, TypeError: print as a statement -> as a function",
	.language = "python",
	.class = "syntax",
	.oracles = "tool (the interpreter names the repair)",
	.keeps_off = "files that have no print statement, tests",
	.danger = DANGER_0,
	.types = types,
	.pattern = "^Missing parentheses in call to 'print'|for >>: 'builtin_function_or_method' and",
	.fix = fix,
	.examples = examples,
};
