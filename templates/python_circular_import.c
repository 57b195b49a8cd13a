/*
 * ImportError: two modules import names of each other. The import moves into the functions that use
 * it, when nothing of the module itself - a base class, a decorator, a default, a type in a head -
 * needs it. Which class should live where is not decided here.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_import.h"

enum { FUNCTIONS_MAX = 4 };

struct move {
	struct python *python;
	const struct syntax *s;
	const char *path;
	TSNode import;
	TSNode users[FUNCTIONS_MAX];
	size_t user_count;
};

/* The outermost function in whose body the node stands; null when it is needed on import. */
static TSNode user_of(TSNode node)
{
	TSNode found = {{0}, NULL, NULL};

	for (TSNode up = node; !ts_node_is_null(up); up = ts_node_parent(up)) {
		TSNode function = ts_node_parent(up);

		if (syntax_type_is(function, "function_definition") &&
		    ts_node_eq(syntax_field(function, "body"), up))
			found = function;
	}
	return found;
}

static bool note_user(struct move *move, TSNode function)
{
	for (size_t i = 0; i < move->user_count; i++)
		if (ts_node_eq(move->users[i], function))
			return true;
	if (move->user_count == FUNCTIONS_MAX)
		return false;
	move->users[move->user_count++] = function;
	return true;
}

/* Is the imported name used in bodies of functions only, and there at all? */
static bool only_in_functions(struct move *move, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(move->s->root, "identifier", n), outer, user;

		if (ts_node_is_null(one))
			return true;
		outer = ts_node_parent(one);
		if (!str_equal(syntax_text(move->s, one), name) ||
		    !ts_node_is_null(syntax_up(one, "import_from_statement|import_statement")) ||
		    (syntax_type_is(outer, "attribute") &&
		     ts_node_eq(syntax_field(outer, "attribute"), one)) ||
		    (syntax_type_is(outer, "keyword_argument") &&
		     ts_node_eq(syntax_field(outer, "name"), one)))
			continue;
		user = user_of(one);
		if (ts_node_is_null(user) || !note_user(move, user))
			return false;
	}
}

static bool can_move(struct move *move)
{
	move->user_count = 0;
	if (!syntax_type_is(move->import, "import_from_statement") ||
	    !ts_node_eq(ts_node_parent(move->import), move->s->root) ||
	    str_has(syntax_text(move->s, move->import), "*") || str_has(move->s->text, "__all__"))
		return false;
	for (unsigned i = 1; i < python_child_count(move->import); i++) {
		TSNode one = python_child(move->import, i);

		if (syntax_type_is(one, "aliased_import"))
			one = syntax_field(one, "alias");
		if (!only_in_functions(move, syntax_text(move->s, one)) ||
		    definition_is_passed_on(move->python, move->path, syntax_text(move->s, one)))
			return false;
	}
	return move->user_count > 0;
}

/* Takes the import's line out, and one empty line when two would meet at the top of the file. */
static void take_out(struct edits *edits, const struct move *move)
{
	struct str text = move->s->text;
	size_t start = ts_node_start_byte(move->import), end = ts_node_end_byte(move->import);
	bool first = !str_trim(str_slice(text, 0, start)).size;

	while (end < text.size && text.at[end] != '\n')
		end++;
	end += end < text.size;
	while (first && end < text.size && (text.at[end] == '\n' || text.at[end] == '\r'))
		end++;
	edit_replace(edits, start, end, STR_NONE);
}

static void put(struct move *move)
{
	struct scene *scene = move->python->scene;
	struct edits edits = { .arena = scene->arena };
	struct str line = syntax_text(move->s, move->import), after;

	take_out(&edits, move);
	for (size_t i = 0; i < move->user_count; i++) {
		TSNode first = python_body(move->users[i]);

		if (ts_node_is_null(first) || !python_begins_line(move->s, first) ||
		    str_char(line, '\n') >= 0)
			return template_decline(scene, "the import does not fit into its functions");
		edit_replace(&edits, ts_node_start_byte(first), ts_node_start_byte(first),
			     str_of(arena_printf(scene->arena, "%.*s%s%.*s", STR_ARG(line),
						 python_newline(move->s),
						 STR_ARG(syntax_indent(move->s, first)))));
	}
	if (!edits_apply(&edits, move->s, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "the imports go in a circle, and %s needs "
				     "this one only when its functions run", move->path), move->path,
		      after);
}

/* The import statement on a frame's line. */
static bool import_at(struct move *move, const struct frame *frame)
{
	struct site site;

	if (!frame->own || python_is_test(str_of(frame->file)) ||
	    !python_site(move->python, frame->file, frame->line, &site))
		return false;
	move->s = site.syntax;
	move->path = site.path;
	move->import = site.statement;
	return syntax_type_is(site.statement, "import_from_statement") &&
	       !syntax_below(site.syntax->root, "ERROR", 0).id;
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	const struct failure *failure = scene->failure;
	struct move move = { .python = &python };

	if (!failure->frame_count || !failure->frames[failure->frame_count - 1].own)
		return template_decline(scene, "the import is not in this repository's code");
	for (size_t i = failure->frame_count; i-- > 0 && failure->frame_count - i <= 3;) {
		if (!import_at(&move, &failure->frames[i]))
			break;
		if (can_move(&move))
			return put(&move);
	}
	template_decline(scene, "the modules need each other while they are imported: where the names "
			 "should live is a matter of design");
}

static const char *const types[] = { "ImportError", NULL };

static const struct example examples[] = {
	{
		.name = "needed in a function only",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import invoice\n"
			"  File \"/home/runner/work/app/app/invoice.py\", line 1, in <module>\n"
			"    from render import text\n"
			"  File \"/home/runner/work/app/app/render.py\", line 2, in <module>\n"
			"    from invoice import Invoice\n"
			"ImportError: cannot import name 'Invoice' from partially initialized modul"
			"e 'invoice' (most likely due to a circular import) (/home/runner/work/app/"
			"app/invoice.py)\n",
		.file = {
			{ "main.py",
			"import invoice\n"
			"\n"
			"print(invoice.Invoice(3))\n", NULL },
			{ "invoice.py",
			"from render import text\n"
			"\n"
			"\n"
			"class Invoice:\n"
			"    def __init__(self, number):\n"
			"        self.number = number\n"
			"\n"
			"    def __str__(self):\n"
			"        return text(self)\n", NULL },
			{ "render.py",
			"\"\"\"How things look.\"\"\"\n"
			"from invoice import Invoice\n"
			"\n"
			"\n"
			"def text(one):\n"
			"    if not isinstance(one, Invoice):\n"
			"        raise TypeError(one)\n"
			"    return \"Nr %d\" % one.number\n", 
			"\"\"\"How things look.\"\"\"\n"
			"\n"
			"\n"
			"def text(one):\n"
			"    from invoice import Invoice\n"
			"    if not isinstance(one, Invoice):\n"
			"        raise TypeError(one)\n"
			"    return \"Nr %d\" % one.number\n" },
		},
	},
	{
		.name = "the other module can wait",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import invoice\n"
			"  File \"/home/runner/work/app/app/invoice.py\", line 1, in <module>\n"
			"    from render import text\n"
			"  File \"/home/runner/work/app/app/render.py\", line 1, in <module>\n"
			"    from invoice import one\n"
			"ImportError: cannot import name 'one' from partially initialized module 'i"
			"nvoice' (most likely due to a circular import) (/home/runner/work/app/app/"
			"invoice.py)\n",
		.file = {
			{ "main.py",
			"import invoice\n"
			"\n"
			"print(invoice.show(3))\n", NULL },
			{ "invoice.py",
			"from render import text\n"
			"\n"
			"\n"
			"def one(number):\n"
			"    return number\n"
			"\n"
			"\n"
			"def show(number):\n"
			"    return text(one(number))\n", 
			"def one(number):\n"
			"    return number\n"
			"\n"
			"\n"
			"def show(number):\n"
			"    from render import text\n"
			"    return text(one(number))\n" },
			{ "render.py",
			"from invoice import one\n"
			"\n"
			"FIRST = one(1)\n"
			"\n"
			"\n"
			"def text(number):\n"
			"    return \"Nr %d\" % (number - FIRST)\n", NULL },
		},
	},
	{
		.name = "base classes of each other",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import animals\n"
			"  File \"/home/runner/work/app/app/animals.py\", line 1, in <module>\n"
			"    from keepers import Named\n"
			"  File \"/home/runner/work/app/app/keepers.py\", line 1, in <module>\n"
			"    from animals import Creature\n"
			"ImportError: cannot import name 'Creature' from partially initialized modu"
			"le 'animals' (most likely due to a circular import) (/home/runner/work/app"
			"/app/animals.py)\n",
		.file = {
			{ "main.py",
			"import animals\n"
			"\n"
			"print(animals.Animal)\n", NULL },
			{ "animals.py",
			"from keepers import Named\n"
			"\n"
			"\n"
			"class Animal(Named):\n"
			"    pass\n"
			"\n"
			"\n"
			"class Creature:\n"
			"    pass\n", NULL },
			{ "keepers.py",
			"from animals import Creature\n"
			"\n"
			"\n"
			"class Named(Creature):\n"
			"    pass\n", NULL },
		},
		.declines = "matter of design",
	},
	{
		.name = "a type in the head of a function",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import a\n"
			"  File \"/home/runner/work/app/app/a.py\", line 1, in <module>\n"
			"    from b import two\n"
			"  File \"/home/runner/work/app/app/b.py\", line 1, in <module>\n"
			"    from a import One\n"
			"ImportError: cannot import name 'One' from partially initialized module 'a"
			"' (most likely due to a circular import) (/home/runner/work/app/app/a.py)"
			"\n",
		.file = {
			{ "main.py",
			"import a\n", NULL },
			{ "a.py",
			"from b import two\n"
			"\n"
			"\n"
			"class One:\n"
			"    pass\n"
			"\n"
			"\n"
			"ONE = two(One())\n", NULL },
			{ "b.py",
			"from a import One\n"
			"\n"
			"\n"
			"def two(one: One):\n"
			"    return one\n", NULL },
		},
		.declines = "matter of design",
	},
	{
		.name = "another file takes the name from there",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 1, in <module>\n"
			"    import invoice\n"
			"  File \"/home/runner/work/app/app/invoice.py\", line 1, in <module>\n"
			"    from render import text\n"
			"  File \"/home/runner/work/app/app/render.py\", line 1, in <module>\n"
			"    from invoice import one\n"
			"ImportError: cannot import name 'one' from partially initialized module 'i"
			"nvoice' (most likely due to a circular import) (/home/runner/work/app/app/"
			"invoice.py)\n",
		.file = {
			{ "main.py",
			"import invoice\n"
			"from render import one\n"
			"\n"
			"print(invoice.show(3), one)\n", NULL },
			{ "invoice.py",
			"from render import text\n"
			"\n"
			"LIMIT = text(3)\n"
			"\n"
			"\n"
			"def one(number):\n"
			"    return number\n"
			"\n"
			"\n"
			"def show(number):\n"
			"    return text(one(number))\n", NULL },
			{ "render.py",
			"from invoice import one\n"
			"\n"
			"\n"
			"def text(number):\n"
			"    return \"Nr %d\" % one(number)\n", NULL },
		},
		.declines = "matter of design",
	},
	{0}
};

const struct template template_python_circular_import = {
	.name = "python_circular_import",
	.summary = "ImportError: two modules import each other -> the import inside the functions that use "
		   "it",
	.language = "python",
	.class = "import",
	.oracles = "contract (only functions use the name)",
	.keeps_off = "names that the module needs while it is imported: base classes, decorators, defaults",
	.danger = DANGER_1,
	.types = types,
	.pattern = "partially initialized module .*most likely due to a circular import",
	.fix = fix,
	.examples = examples,
};
