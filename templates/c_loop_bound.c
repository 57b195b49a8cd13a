/*
 * AddressSanitizer's buffer-overflow, or "index N out of bounds" (UBSan), at x[i] in a loop up to and with
 * the length of x -> the head stops below it. Only where the read or write comes first in every round and
 * the bound is the array's own length. Where the bound may be a highest index, it is left alone.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

struct bound {
	struct source *code;
	const struct syntax *s;
	struct scene *scene;
	TSNode function, loop, place;	/* place: x[i] */
	struct str list, counter, limit;
	TSNode limit_node;
};

/* Is the child evaluated whenever its parent is? */
static bool passes(const struct syntax *s, TSNode parent, TSNode child)
{
	if (syntax_type_is(parent, "binary_expression") &&
	    word_among(syntax_text(s, syntax_field(parent, "operator")), "&& ||"))
		return ts_node_eq(syntax_field(parent, "left"), child);
	if (syntax_type_is(parent, "conditional_expression|if_statement"))
		return ts_node_eq(syntax_field(parent, "condition"), child);
	return !syntax_type_is(parent, "compound_statement|for_statement|while_statement|do_statement|"
			       "switch_statement|labeled_statement|lambda_expression|try_statement|"
			       "sizeof_expression|for_range_loop");
}

/* Is it touched in every round, before anything is done in it? */
static bool is_first(const struct bound *b)
{
	TSNode body = syntax_field(b->loop, "body"), at = b->place, before;

	if (ts_node_start_byte(at) < ts_node_start_byte(body))
		return false;
	while (!ts_node_eq(at, body)) {
		TSNode parent = source_parent(at);

		if (ts_node_eq(parent, body) && syntax_type_is(body, "compound_statement"))
			break;
		if (ts_node_is_null(parent) || !passes(b->s, parent, at))
			return false;
		at = parent;
	}
	for (before = source_before(at); !ts_node_eq(at, body) && !ts_node_is_null(before);
	     before = source_before(before))
		if (!syntax_type_is(before, "declaration|comment") || !c_is_pure(before))
			return false;
	return true;
}

/* Are the counter, the array or the limit set in the body? */
static bool is_disturbed(const struct bound *b)
{
	TSNode node, body = syntax_field(b->loop, "body");

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(body,
		"assignment_expression|update_expression|pointer_expression", n)); n++) {
		struct str target = syntax_text(b->s, syntax_field(node, syntax_type_is(node,
			"assignment_expression") ? "left" : "argument"));

		if (str_equal(target, b->counter) || str_equal(target, b->limit) ||
		    (str_equal(target, b->list) && !syntax_type_is(node, "pointer_expression")))
			return true;
	}
	return false;
}

/* The value that the counter starts with; null. */
static TSNode start_of(const struct bound *b)
{
	TSNode head = syntax_field(b->loop, "initializer"), node, none = {{0}, NULL, NULL};

	for (unsigned n = 0; !ts_node_is_null(head) &&
	     !ts_node_is_null(node = syntax_below(head, "init_declarator|assignment_expression", n)); n++) {
		bool init = syntax_type_is(node, "init_declarator");
		struct str name = init ? syntax_text(b->s, c_declared(node)) :
				  syntax_text(b->s, syntax_field(node, "left"));

		if (str_equal(name, b->counter))
			return syntax_field(node, init ? "value" : "right");
	}
	return none;
}

/* A name of a number of things: "n", "count", "item_count"; of a highest index it is another. */
static bool is_count_name(struct str name)
{
	static const char *const endings[] = { "count", "Count", "length", "Length", "len", "size", "Size", "num" };

	if (str_is(name, "n") || str_starts(name, "num_") || str_starts(name, "n_"))
		return true;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (str_ends(name, endings[i]))
			return true;
	return false;
}

/* "sizeof(x) / sizeof(x[0])", "sizeof x / sizeof *x" or "ARRAY_SIZE(x)" */
static bool is_size_of(const struct bound *b, TSNode limit)
{
	struct text plain = TEXT(b->scene->arena);
	struct str text = b->limit;
	const char *x = str_text(b->scene->arena, b->list);

	if (syntax_type_is(limit, "call_expression"))
		return word_among(syntax_text(b->s, syntax_field(limit, "function")),
				  "ARRAY_SIZE COUNT COUNTOF countof ARRAY_LENGTH LENGTH NELEMS ARRAY_LEN") &&
		       source_count(syntax_field(limit, "arguments")) == 1 &&
		       str_equal(syntax_text(b->s, source_nth(syntax_field(limit, "arguments"), 0)), b->list);
	for (size_t i = 0; i < text.size; i++)
		if (!strchr(" ()", text.at[i]))
			text_add(&plain, str_slice(text, i, 1));
	return str_is(text_str(&plain), arena_printf(b->scene->arena, "sizeof%s/sizeof%s[0]", x, x)) ||
	       str_is(text_str(&plain), arena_printf(b->scene->arena, "sizeof%s/sizeof*%s", x, x));
}

/* The array's own declaration in the file, "x[N]", or the memory of N things asked for in the function. */
static bool is_declared_size(const struct bound *b)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(b->s->root, "array_declarator", n)); n++)
		if (str_equal(syntax_text(b->s, c_declared(node)), b->list) &&
		    str_equal(syntax_text(b->s, syntax_field(node, "size")), b->limit))
			return true;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(b->function, "call_expression", n)); n++) {
		struct str name = syntax_text(b->s, syntax_field(node, "function"));
		TSNode holder = source_parent(node), list = syntax_field(node, "arguments"), product;

		while (syntax_type_is(holder, "cast_expression"))
			holder = source_parent(holder);
		if (!word_among(name, "malloc calloc") || !str_equal(b->list,
			syntax_type_is(holder, "init_declarator") ? syntax_text(b->s, c_declared(holder)) :
			syntax_text(b->s, syntax_field(holder, "left"))))
			continue;
		product = source_nth(list, 0);
		if (str_is(name, "calloc"))
			return str_equal(syntax_text(b->s, product), b->limit);
		return syntax_type_is(product, "binary_expression") &&
		       str_is(syntax_text(b->s, syntax_field(product, "operator")), "*") &&
		       (str_equal(syntax_text(b->s, syntax_field(product, "left")), b->limit) ||
			str_equal(syntax_text(b->s, syntax_field(product, "right")), b->limit));
	}
	return false;
}

/* Does a call of the function in the tree pass something for the parameter that is worked out: "n - 1"? */
static bool is_reckoned(struct sources *codes, struct str name, struct str parameter, TSNode declarator,
			const struct syntax *s)
{
	const struct tree *tree = codes->scene->tree;
	unsigned place = 0;
	struct str text;
	TSNode node;

	while (!ts_node_is_null(c_parameter_at(declarator, place)) &&
	       !str_equal(syntax_text(s, c_declared(syntax_field(c_parameter_at(declarator, place), "declarator"))),
			  parameter))
		place++;
	for (size_t i = 0; i < tree->count; i++) {
		struct source *code;

		if (!c_is_code(tree->entries[i].path) || !scene_read(codes->scene, tree->entries[i].path, &text) ||
		    !text_has_word(text, str_text(codes->scene->arena, name)))
			continue;
		code = sources_open(codes, tree->entries[i].path);
		for (unsigned n = 0; code && !ts_node_is_null(node = syntax_below(code->syntax->root,
			"call_expression", n)); n++)
			if (str_equal(syntax_text(code->syntax, syntax_field(node, "function")), name) &&
			    syntax_type_is(source_nth(syntax_field(node, "arguments"), place),
					   "binary_expression|unary_expression"))
				return true;
	}
	return false;
}

/* An array and its count as parameters, or as members of one thing: (x, n), list->items and list->count. */
static bool is_given_count(const struct bound *b, struct sources *codes)
{
	TSNode declarator = c_function_declarator(b->function);
	struct str name = b->limit, thing, rest;

	if (syntax_type_is(b->limit_node, "field_expression")) {
		thing = syntax_text(b->s, syntax_field(b->limit_node, "argument"));
		rest = b->list;
		name = syntax_text(b->s, syntax_field(b->limit_node, "field"));
		return is_count_name(name) && str_skip(&rest, str_text(b->scene->arena, thing)) &&
		       (str_starts(rest, "->") || str_starts(rest, "."));
	}
	return syntax_type_is(b->limit_node, "identifier") && is_count_name(name) &&
	       !ts_node_is_null(c_parameter(b->s, declarator, name)) &&
	       !ts_node_is_null(c_parameter(b->s, declarator, b->list)) &&
	       !is_reckoned(codes, c_function_name(b->s, b->function), name, declarator, b->s);
}

/* How other loops of the file treat the limit: 1 all stop below it, -1 one goes up to it, 0 none does. */
static int siblings(const struct bound *b)
{
	TSNode node;
	int found = 0;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(b->s->root, "for_statement", n)); n++) {
		TSNode condition = syntax_field(node, "condition");
		struct str sign = syntax_text(b->s, syntax_field(condition, "operator"));

		if (ts_node_eq(node, b->loop) || !str_equal(syntax_text(b->s, syntax_field(condition, "right")), b->limit))
			continue;
		if (str_is(sign, "<="))
			return -1;
		found = str_is(sign, "<") ? 1 : found;
	}
	return found;
}

/* "MAX", "last": perhaps the highest index, and then the array is too small. */
static bool may_be_index(struct str limit)
{
	static const char *const words[] = { "max", "MAX", "Max", "last", "LAST", "Last", "limit", "LIMIT", "top", "TOP",
					     "high", "HIGH", "end", "END" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_has(limit, words[i]))
			return true;
	return false;
}

/* Takes the loop's head apart; false when it is not "i = 0; i <= LIMIT; i++". */
static bool take_head(struct bound *b)
{
	TSNode condition = syntax_field(b->loop, "condition"), index = source_nth(b->place, 1);

	if (syntax_type_is(index, "subscript_argument_list"))
		index = source_nth(index, 0);
	b->list = syntax_text(b->s, source_nth(b->place, 0));
	b->counter = syntax_text(b->s, index);
	b->limit_node = syntax_field(condition, "right");
	b->limit = syntax_text(b->s, b->limit_node);
	return syntax_type_is(condition, "binary_expression") && syntax_type_is(index, "identifier") &&
	       str_is(syntax_text(b->s, syntax_field(condition, "operator")), "<=") &&
	       str_equal(syntax_text(b->s, syntax_field(condition, "left")), b->counter) &&
	       str_has(syntax_text(b->s, syntax_field(b->loop, "update")), "++") &&
	       str_is(syntax_text(b->s, start_of(b)), "0");
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	struct str length = scene_group(scene, "length");
	struct bound b = { .code = code, .scene = scene };
	TSNode sign;
	int others;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "it is read in no code of this project"), false;
	if (length.size ? !str_equal(length, scene_group(scene, "index")) :
	    !str_ends(str_of(failure->type), "-buffer-overflow"))
		return template_decline(scene, "it is not the first place behind the end"), false;
	b.s = code->syntax;
	for (unsigned n = 0;; n++) {
		b.place = syntax_below(b.s->root, "subscript_expression", n);
		if (ts_node_is_null(b.place))
			return template_decline(scene, "no loop that must end behind the array is there"), false;
		b.loop = syntax_up(b.place, "for_statement|lambda_expression|function_definition");
		b.function = syntax_up(b.place, "function_definition");
		if (syntax_line(b.place) == failure->line && syntax_type_is(b.loop, "for_statement") &&
		    !ts_node_is_null(b.function) && take_head(&b) && is_first(&b) && !is_disturbed(&b))
			break;
	}
	others = siblings(&b);
	if (others < 0 || (!others && may_be_index(b.limit) && !is_size_of(&b, b.limit_node)))
		return template_decline(scene, "%.*s may be the highest index: then the array is too small",
					STR_ARG(b.limit)), false;
	if (!is_size_of(&b, b.limit_node) && !is_declared_size(&b) && !is_given_count(&b, codes))
		return template_decline(scene, "%.*s is not known to be the length of %.*s", STR_ARG(b.limit),
					STR_ARG(b.list)), false;
	sign = syntax_field(syntax_field(b.loop, "condition"), "operator");
	for (size_t i = 0; i < code->edits.count; i++)
		if (code->edits.list[i].start == ts_node_start_byte(sign))
			return true;	/* both sanitizers spoke of it */
	edit_node(&code->edits, sign, STR("<"));
	text_addf(why, "The loop over %.*s stops below %.*s, its length: its last round was always behind the end.",
		  STR_ARG(b.list), STR_ARG(b.limit));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

#define HEAP_LOG \
	"=================================================================\n" \
	"==20996==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000020 at pc 0x55774716b46d " \
	"bp 0x7ffc0a169070 sp 0x7ffc0a169068\nREAD of size 4 at 0x602000000020 thread T0\n" \
	"    #0 0x55774716b46c in hp /src/o.c:5\n    #1 0x55774716b5de in main /src/main.c:7\n" \
	"    #2 0x7f9291845249 in __libc_start_call_main ../sysdeps/nptl/libc_start_call_main.h:58\n\n" \
	"0x602000000020 is located 0 bytes to the right of 16-byte region [0x602000000010,0x602000000020)\n" \
	"SUMMARY: AddressSanitizer: heap-buffer-overflow /src/o.c:5 in hp\n==20996==ABORTING\n"
#define INDEX_LOG "o.c:5:49: runtime error: index 5 out of bounds for type 'int [5]'\n"
#define CODE(head) \
	"int hp(const int *x, int n)\n{\n\tint sum = 0;\n\tfor (" head ")\n\t\tsum += x[i];\n\treturn sum;\n}\n"
#define INDEX_CODE(before, head) \
	before "int hp(void) { int sum = 0;\n\tfor (" head ")\n\t\tsum += x[i];\n\treturn sum;\n}\n"

static const struct example examples[] = {
	{
		.name = "an array and its count",
		.log = HEAP_LOG,
		.file = { { "o.c", CODE("int i = 0; i <= n; i++"), CODE("int i = 0; i < n; i++") } },
	},
	{
		.name = "an array of the file",
		.log = INDEX_LOG,
		.file = { { "o.c", INDEX_CODE("static int x[5];\n\n", "int i = 0; i <= 5; i++"),
			    INDEX_CODE("static int x[5];\n\n", "int i = 0; i < 5; i++") } },
	},
	{
		.name = "by sizeof",
		.log = INDEX_LOG,
		.file = { { "o.c", INDEX_CODE("static int x[5];\n\n", "size_t i = 0; i <= sizeof(x) / sizeof(x[0]); ++i"),
			    INDEX_CODE("static int x[5];\n\n", "size_t i = 0; i < sizeof(x) / sizeof(x[0]); ++i") } },
	},
	{
		.name = "a limit that may be an index",
		.log = INDEX_LOG,
		.file = { { "o.c", INDEX_CODE("static int x[LEVEL_MAX];\n\n", "int i = 0; i <= LEVEL_MAX; i++"), NULL } },
		.declines = "may be the highest index",
	},
	{
		.name = "a caller passes the last index",
		.log = HEAP_LOG,
		.file = { { "o.c", CODE("int i = 0; i <= n; i++"), NULL },
			  { "main.c", "int main(void) { int *x = make(); return hp(x, 4 - 1); }\n", NULL } },
		.declines = "is not known to be the length",
	},
	{
		.name = "another length",
		.log = INDEX_LOG,
		.file = { { "o.c", INDEX_CODE("static int x[5];\n\n", "int i = 0; i <= 7; i++"), NULL } },
		.declines = "is not known to be the length",
	},
	{0}
};

const struct template template_c_loop_bound = {
	.name = "c_loop_bound",
	.summary = "a loop goes one behind the end of an array -> its head stops below the length",
	.language = "c",
	.class = "crash guard",
	.oracles = "the sanitizer and the array's own length; sibling loops",
	.keeps_off = "the bound may be a highest index, is not the array's length, or the access is not the first step",
	.danger = DANGER_1,
	.pattern = "^(?:index (?<index>\\d+) out of bounds for type '[^'\\[]*\\[(?<length>\\d+)\\]"
		   "|(?:READ|WRITE) of size (?:[2-9]|\\d\\d))",
	.fix = fix,
	.examples = examples,
};
