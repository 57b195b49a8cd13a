/*
 * AttributeError for a method that Python or a well-known package took away from its objects: what
 * says the same now, by a shipped table of types. Only on the line that failed, and where the same
 * object is asked in the file.
 */
#include "templates/lib_definitions.h"
#include "templates/lib_scene.h"

static const struct row {
	const char *types, *name, *form;	/* form: %o the object, %a the arguments */
} rows[] = {
	{ "dict OrderedDict defaultdict Counter mappingproxy", "iteritems", "%o.items(%a)" },
	{ "dict OrderedDict defaultdict Counter mappingproxy", "itervalues", "%o.values(%a)" },
	{ "dict OrderedDict defaultdict Counter mappingproxy", "iterkeys", "%o.keys(%a)" },
	{ "dict OrderedDict defaultdict Counter mappingproxy Environ _Environ", "has_key", "%a in %o" },
	{ "DataFrame Series", "iteritems", "%o.items(%a)" },
	{ "DataFrame Series", "as_matrix", "%o.to_numpy(%a)" },
	{ "Thread _MainThread Timer Process", "isAlive", "%o.is_alive(%a)" },
	{ "xml.etree.ElementTree.Element", "getchildren", "list(%o)" },
	{ "Element xml.etree.ElementTree.Element xml.etree.ElementTree.ElementTree ElementTree",
	  "getiterator", "%o.iter(%a)" },
	{ "array.array", "tostring", "%o.tobytes(%a)" },
	{ "array.array", "fromstring", "%o.frombytes(%a)" },
	{ "numpy.ndarray", "tostring", "%o.tobytes(%a)" },
	{ "generator list_iterator dict_keyiterator tuple_iterator map filter zip enumerate "
	  "_io.TextIOWrapper csv.reader _csv.reader itertools.count itertools.cycle itertools.chain",
	  "next", "next(%o)" },
	{ "ConfigParser RawConfigParser SafeConfigParser", "readfp", "%o.read_file(%a)" },
	{ "_FeedParser Match re.Match", "has_key", "%a in %o" },
	{ "Logger", "warn", "%o.warning(%a)" },
	{ "Turtle", "settiltangle", "%o.tiltangle(%a)" },
};

static const struct row *row_of(struct str type, struct str name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (str_is(name, rows[i].name) && word_among(type, rows[i].types))
			return &rows[i];
	return NULL;
}

static struct str filled(struct arena *a, const char *form, struct str object, struct str args)
{
	struct text out = TEXT(a);

	for (const char *c = form; *c; c++) {
		if (c[0] == '%' && (c[1] == 'o' || c[1] == 'a'))
			text_add(&out, *++c == 'o' ? object : args);
		else
			text_addc(&out, *c);
	}
	return text_str(&out);
}

/* Needs the result parentheses where it stands? "k in d" beside a `not`, an operator or a dot does. */
static bool needs_parentheses(TSNode call, const char *form)
{
	return !strncmp(form, "%a", 2) &&
	       syntax_type_is(ts_node_parent(call), "not_operator|binary_operator|comparison_operator|"
			      "attribute|subscript|unary_operator|await");
}

static void fix(struct scene *scene)
{
	PYTHON python = { .scene = scene };
	struct edits edits = { .arena = scene->arena };
	struct str name = scene_group(scene, "name"), object = STR_NONE, after;
	const struct row *row = row_of(scene_group(scene, "type"), name);
	struct site site;

	if (!row)
		return template_decline(scene, "nothing is known to take the place of it");
	if (!python_crash(&python, &site))
		return;
	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(site.syntax->root, "call", n), callee, list;
		struct str text, args;

		if (ts_node_is_null(call))
			break;
		callee = syntax_field(call, "function");
		list = syntax_field(call, "arguments");
		if (!syntax_type_is(callee, "attribute") || !syntax_type_is(list, "argument_list") ||
		    !str_equal(syntax_text(site.syntax, syntax_field(callee, "attribute")), name))
			continue;
		text = syntax_text(site.syntax, syntax_field(callee, "object"));
		if (ts_node_end_point(callee).row + 1 == site.line && !object.size)
			object = text;
		if (ts_node_end_point(callee).row + 1 != site.line && !str_equal(text, object))
			continue;
		args = syntax_text(site.syntax, list);
		args = filled(scene->arena, row->form, text, str_slice(args, 1, args.size - 2));
		edit_node(&edits, call, needs_parentheses(call, row->form) ? str_of(arena_printf(
			scene->arena, "(%.*s)", STR_ARG(args))) : args);
	}
	if (!object.size)
		return template_decline(scene, "it is not called at %s:%u", site.path, site.line);
	if (!edits_apply(&edits, site.syntax, &after))
		return template_decline(scene, "the edit would break the file");
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "such objects no longer have %.*s; this says "
				     "the same", STR_ARG(name)), site.path, after);
}

static const char *const types[] = { "AttributeError", NULL };

static const struct example examples[] = {
	{
		.name = "the items of a dict",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    for name, age in ages.iteritems():\n"
			"                     ^^^^^^^^^^^^^^\n"
			"AttributeError: 'dict' object has no attribute 'iteritems'\n",
		.file = {
			{ "main.py",
			"ages = {\"ada\": 36}\n"
			"for name, age in ages.iteritems():\n"
			"    print(name, age)\n"
			"print(len(list(ages.iteritems())))\n", 
			"ages = {\"ada\": 36}\n"
			"for name, age in ages.items():\n"
			"    print(name, age)\n"
			"print(len(list(ages.items())))\n" },
		},
	},
	{
		.name = "a key that is not there",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 2, in <module>\n"
			"    if not ages.has_key(\"bob\"):\n"
			"           ^^^^^^^^^^^^\n"
			"AttributeError: 'dict' object has no attribute 'has_key'\n",
		.file = {
			{ "main.py",
			"ages = {\"ada\": 36}\n"
			"if not ages.has_key(\"bob\"):\n"
			"    print(\"none\")\n", 
			"ages = {\"ada\": 36}\n"
			"if not (\"bob\" in ages):\n"
			"    print(\"none\")\n" },
		},
	},
	{
		.name = "an own class",
		.log =
			"Traceback (most recent call last):\n"
			"  File \"/home/runner/work/app/app/main.py\", line 5, in <module>\n"
			"    print(Ages().iteritems())\n"
			"          ^^^^^^^^^^^^^^^^\n"
			"AttributeError: 'Ages' object has no attribute 'iteritems'\n",
		.file = {
			{ "main.py",
			"class Ages:\n"
			"    pass\n"
			"\n"
			"\n"
			"print(Ages().iteritems())\n", NULL },
		},
		.declines = "nothing is known",
	},
	{0}
};

const struct template template_python_removed_method = {
	.name = "python_removed_method",
	.summary = "AttributeError for a method that Python or a well-known package took away -> what says "
		   "the same now",
	.language = "python",
	.class = "api",
	.oracles = "contract (a shipped table)",
	.keeps_off = "types and methods that are not in the table, tests",
	.danger = DANGER_1,
	.types = types,
	.pattern = "^'(?<type>[\\w.]+)' object has no attribute '(?<name>\\w+)'",
	.fix = fix,
	.examples = examples,
};
