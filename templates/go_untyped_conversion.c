/*
 * "cannot use n (variable of type int) as int64 value" -> int64(n), where the wider type holds every
 * value of the narrower one. Only for what has its value already: of a sum the parts may have to be
 * converted. Never to a text, a unit or a type with a name of its own.
 */
#include "templates/lib_files.h"
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

/* The types that hold all values of another. int has 64 bits at most; runes and bytes are letters. */
static const struct widening {
	const char *from, *to;
} widenings[] = {
	{ "int8", "int16 int32 int64 int float32 float64" },
	{ "int16", "int32 int64 int float32 float64" },
	{ "int32", "int64 int float64" },
	{ "int", "int64" },
	{ "uint8", "uint16 uint32 uint64 uint int16 int32 int64 int float32 float64" },
	{ "uint16", "uint32 uint64 uint int32 int64 int float32 float64" },
	{ "uint32", "uint64 int64 float64" },
	{ "uint", "uint64" },
	{ "float32", "float64" },
};

static bool is_wider(struct str from, struct str to)
{
	for (size_t i = 0; i < sizeof(widenings) / sizeof(widenings[0]); i++)
		if (str_is(from, widenings[i].from))
			return word_among(to, widenings[i].to);
	return false;
}

/* Does the project itself make this of the same thing elsewhere? */
static bool sibling_converts(struct scene *scene, const char *path, struct str conversion)
{
	GO_PACKAGE package = { .count = 0 };
	bool found = false;

	go_open(&package, scene->arena, scene->tree, path);
	for (size_t i = 0; i < package.count && !found; i++)
		found = !package.files[i].test &&
			code_count(package.files[i].syntax, package.files[i].syntax->root,
				   "call_expression type_conversion_expression", conversion) > 0;
	return found;
}

/* Is it computed in this function, step by step, in the narrower type? */
static bool is_computed(const struct syntax *s, TSNode use)
{
	TSNode function = syntax_up(use, "function_declaration|method_declaration");
	struct str text = syntax_text(s, use);

	for (unsigned n = 0;; n++) {
		TSNode one = syntax_below(function, "assignment_statement|short_var_declaration|inc_statement|"
					  "dec_statement|var_spec", n), left, right;

		if (ts_node_is_null(one))
			return false;
		left = syntax_field(one, "left");
		right = syntax_field(one, "right");
		if (syntax_type_is(one, "var_spec")) {
			left = syntax_field(one, "name");
			right = syntax_field(one, "value");
		} else if (ts_node_is_null(left)) {
			left = right = source_nth(one, 0);
		}
		if (!str_equal(syntax_text(s, left), text))
			continue;
		if (syntax_type_is(one, "inc_statement|dec_statement") ||
		    !ts_node_is_null(syntax_below(right, "binary_expression", 0)) ||
		    (syntax_type_is(one, "assignment_statement") &&
		     !str_is(syntax_text(s, ts_node_child(one, 1)), "=")))
			return true;
	}
}

/* Is there another failure of this kind on the line that no conversion mends: arguments swapped? */
static bool line_has_another(struct scene *scene)
{
	struct scene alike;
	size_t index = 0;

	while (scene_next_alike(scene, &index, &alike))
		if (alike.failure->line == scene->failure->line &&
		    str_equal(str_of(alike.failure->file), str_of(scene->failure->file)) &&
		    !is_wider(scene_group(&alike, "from"), scene_group(&alike, "to")))
			return true;
	return false;
}

/* The expression that the compiler names; a null node when it is none that has its value already. */
static TSNode named(const struct source *source, const struct failure *failure, struct str text)
{
	TSNode none = {{0}, NULL, NULL}, node;
	size_t at = source_place(source, failure);

	for (node = source_node(source, at, "identifier|selector_expression|index_expression|call_expression");
	     !ts_node_is_null(node); node = source_parent(node))
		if (str_equal(syntax_text(source->syntax, node), text))
			return syntax_type_is(node, "identifier|selector_expression|index_expression|"
					      "call_expression") ? node : none;
	return none;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct str from = scene_group(scene, "from"), to = scene_group(scene, "to");
	struct source *source = sources_open(sources, scene->failure->file);
	struct str text, conversion;
	TSNode node;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the place is in no code of this project"), false;
	if (!is_wider(from, to) && !(str_is(from, "int") && str_is(to, "float64")))
		return template_decline(scene, "%.*s does not hold every %.*s", STR_ARG(to), STR_ARG(from)), false;
	node = named(source, scene->failure, scene_group(scene, "text"));
	text = syntax_text(source->syntax, node);
	if (ts_node_is_null(node))
		return template_decline(scene, "it is computed: its parts may have to be converted"), false;
	conversion = str_of(arena_printf(scene->arena, "%.*s(%.*s)", STR_ARG(to), STR_ARG(text)));
	if (str_is(to, "float64") && str_is(from, "int") && !str_starts(text, "len(") &&
	    !sibling_converts(scene, source->path, conversion))
		return template_decline(scene, "float64 does not hold every int, and no sibling converts it"), false;
	if (!str_is(from, "int") && is_computed(source->syntax, node))
		return template_decline(scene, "it is computed: its parts may have to be converted"), false;
	if (line_has_another(scene))
		return template_decline(scene, "another value of the line does not fit either: they may be swapped"),
		       false;
	edit_node(&source->edits, node, conversion);
	text_addf(why, "Converts %.*s to %.*s, which holds every %.*s.", STR_ARG(text), STR_ARG(to), STR_ARG(from));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TOOL, mend);
}

#define LOG(errors) "# example.com/conv\n" errors
#define CONV(arguments, call) \
	"package conv\n\nfunc seek(at int64, mean float64) int64 { return at }\n\n" \
	"func A(" arguments ") int64 {\n" call "}\n"

static const struct example examples[] = {
	{
		.name = "an argument and a result",
		.log = LOG("./conv.go:6:7: cannot use n (variable of type int) as type int64 in argument to seek\n"
			   "./conv.go:7:9: cannot use n (variable of type int) as type int64 in return statement\n"),
		.file = { { "conv.go", CONV("n int", "\tseek(n, 0)\n\treturn n\n"),
			    CONV("n int", "\tseek(int64(n), 0)\n\treturn int64(n)\n") } },
	},
	{
		.name = "as newer compilers say it",
		.log = LOG("./conv.go:6:10: cannot use f (variable of type float32) as float64 value in argument to seek\n"),
		.file = { { "conv.go", CONV("f float32", "\tseek(0, f)\n\treturn 0\n"),
			    CONV("f float32", "\tseek(0, float64(f))\n\treturn 0\n") } },
	},
	{
		.name = "it would be cut",
		.log = LOG("./conv.go:6:9: cannot use n (variable of type uint64) as type int64 in return statement\n"),
		.file = { { "conv.go", CONV("n uint64", "\treturn n\n"), NULL } },
		.declines = "does not hold every",
	},
	{
		.name = "a product",
		.log = LOG("./conv.go:6:9: cannot use n * 1000 (value of type int32) as type int64 in return statement\n"),
		.file = { { "conv.go", CONV("n int32", "\treturn n * 1000\n"), NULL } },
		.declines = "it is computed",
	},
	{
		.name = "a sum of narrow numbers",
		.log = LOG("./conv.go:8:9: cannot use n (variable of type int32) as type int64 in return statement\n"),
		.file = { { "conv.go", CONV("m int32", "\tvar n int32\n\tn += m\n\treturn n\n"), NULL } },
		.declines = "it is computed",
	},
	{
		.name = "swapped arguments",
		.log = LOG("./conv.go:6:7: cannot use f (variable of type float64) as type int64 in argument to seek\n"
			   "./conv.go:6:10: cannot use n (variable of type int32) as type float64 in argument to seek\n"),
		.file = { { "conv.go", CONV("f float64, n int32", "\tseek(f, n)\n\treturn 0\n"), NULL } },
		.declines = "they may be swapped",
	},
	{
		.name = "a float of any int",
		.log = LOG("./conv.go:6:10: cannot use n (variable of type int) as type float64 in argument to seek\n"),
		.file = { { "conv.go", CONV("n int", "\tseek(0, n)\n\treturn 0\n"), NULL } },
		.declines = "no sibling converts it",
	},
	{0}
};

const struct template template_go_untyped_conversion = {
	.name = "go_untyped_conversion",
	.summary = "a number of a narrower type where a wider one is wanted -> a conversion",
	.language = "go",
	.class = "type",
	.oracles = "the compiler; the wider type holds every value of the narrower one",
	.keeps_off = "conversions that may cut or round; computed values; swapped arguments; types with a name",
	.danger = DANGER_1,
	.pattern = "^cannot use (?<text>.+) \\((?:variable|value) of type (?<from>\\w+)\\) as (?:type )?(?<to>\\w+)"
		   "(?: value)? in ",
	.fix = fix,
	.examples = examples,
};
