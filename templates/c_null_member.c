/*
 * A member is read through a null pointer, a sibling of the file looks at the same pointer first, and
 * a comment promises the value for that case -> the same look before the return. Keeps off where
 * anything happens before, and where the value is not said.
 */
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

/* The pointer expression that is null: what stands before the "->" at the place. */
static TSNode pointer_at(const struct source *code, const struct failure *failure)
{
	TSNode node = {{0}, NULL, NULL}, found = node, none = node, function;

	if (failure->column) {
		size_t at = source_place(code, failure);

		node = source_node(code, at, "field_expression");
		while (syntax_type_is(node, "field_expression") &&
		       source_end(syntax_field(node, "argument")) < at)
			node = source_parent(node);
		return syntax_type_is(node, "field_expression") ? syntax_field(node, "argument") : none;
	}
	function = source_node(code, line_start(code->syntax->text, failure->line), "function_definition");
	for (unsigned n = 0; !ts_node_is_null(function) &&
	     !ts_node_is_null(node = syntax_below(function, "field_expression", n)); n++) {
		if (syntax_line(node) != failure->line ||
		    !syntax_type_is(syntax_field(node, "argument"), "field_expression"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = syntax_field(node, "argument");
	}
	return found;
}

/* "!person->manager", "person->manager == NULL" */
static bool looks_at(const struct syntax *s, TSNode condition, struct str field)
{
	while (syntax_type_is(condition, "parenthesized_expression|condition_clause"))
		condition = source_nth(condition, 0);
	if (syntax_type_is(condition, "unary_expression") &&
	    str_is(syntax_text(s, syntax_field(condition, "operator")), "!"))
		condition = syntax_field(condition, "argument");
	else if (syntax_type_is(condition, "binary_expression") &&
		 str_is(syntax_text(s, syntax_field(condition, "operator")), "==") &&
		 word_among(syntax_text(s, syntax_field(condition, "right")), "NULL nullptr 0"))
		condition = syntax_field(condition, "left");
	else
		return false;
	return syntax_type_is(condition, "field_expression") &&
	       str_equal(syntax_text(s, syntax_field(condition, "field")), field);
}

/* An early return of another function of the file for the same member; null. */
static TSNode sibling_guard(const struct syntax *s, TSNode function, struct str field)
{
	TSNode node, none = {{0}, NULL, NULL};

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "if_statement", n)); n++)
		if (!ts_node_eq(syntax_up(node, "function_definition"), function) &&
		    looks_at(s, syntax_field(node, "condition"), field) &&
		    !ts_node_is_null(syntax_below(syntax_field(node, "consequence"), "return_statement", 0)))
			return node;
	return none;
}

/* The sibling's guard with our pointer and our value, laid out as the sibling's. */
static struct str guard_like(struct arena *a, const struct syntax *s, TSNode guard, struct str pointer,
			     struct str value)
{
	TSNode condition = syntax_field(guard, "condition"), node;
	TSNode returned = syntax_below(guard, "return_statement", 0);
	struct text out = TEXT(a);
	size_t start = ts_node_start_byte(guard), from;

	node = syntax_below(condition, "field_expression", 0);
	from = source_end(node);
	text_add(&out, str_slice(s->text, start, ts_node_start_byte(node) - start));
	text_add(&out, pointer);
	text_add(&out, str_slice(s->text, from, ts_node_start_byte(returned) - from));
	text_addf(&out, "return %.*s;", STR_ARG(value));
	from = source_end(returned);
	text_add(&out, str_slice(s->text, from, source_end(guard) - from));
	return text_str(&out);
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct source *code = sources_open(codes, scene->failure->file);
	TSNode pointer, statement, function, guard, body;
	struct str value = STR_NONE, field, name, indent;
	size_t at;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "the pointer is read in no code of this project"), false;
	pointer = pointer_at(code, scene->failure);
	function = syntax_up(pointer, "function_definition");
	body = syntax_field(function, "body");
	statement = syntax_up(pointer, "return_statement");
	if (!syntax_type_is(pointer, "field_expression") || ts_node_is_null(statement) ||
	    !ts_node_eq(source_parent(statement), body) || !c_is_pure(statement))
		return template_decline(scene, "it is no member of a member that a function only gives back"), false;
	field = syntax_text(code->syntax, syntax_field(pointer, "field"));
	name = c_function_name(code->syntax, function);
	guard = sibling_guard(code->syntax, function, field);
	if (ts_node_is_null(guard))
		return template_decline(scene, "no function of %s looks whether %.*s is null", code->path,
					STR_ARG(field)), false;
	if (!promise_of(codes, name, &value) || !value.size)
		return template_decline(scene, "no comment says what %.*s gives back without %.*s", STR_ARG(name),
					STR_ARG(field)), false;
	indent = syntax_indent(code->syntax, statement);
	if (!str_equal(indent, syntax_indent(code->syntax, guard)))
		return template_decline(scene, "the look of the sibling stands elsewhere in its function"), false;
	at = ts_node_start_byte(statement);
	edit_replace(&code->edits, at, at,
		     str_of(arena_printf(scene->arena, "%.*s%s%.*s",
					 STR_ARG(guard_like(scene->arena, code->syntax, guard,
							    syntax_text(code->syntax, pointer), value)),
					 source_newline(code->syntax), STR_ARG(indent))));
	text_addf(why, "%.*s gives back %.*s without %.*s, as its comment says and its sibling looks.",
		  STR_ARG(name), STR_ARG(value), STR_ARG(field));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the header says 0, and the sibling looks",
		.log =
		"a.c:13:18: runtime error: member access within null pointer of type 'struct man'\n",
		.file = {
			{ "a.h",
			  "struct man {\n\tint room;\n\tstruct man *boss;\n};\n\n"
			  "const char *title(const struct man *man);\n\n"
			  "/* The room of the boss; 0 without one. */\nint room(const struct man *man);\n",
			  NULL },
			{ "a.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (!man->boss)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\treturn man->boss->room;\n}\n",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (!man->boss)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\tif (!man->boss)\n\t\treturn 0;\n"
			  "\treturn man->boss->room;\n}\n" },
			{ "t.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\nint main(void)\n{\n"
			  "\tstruct man man = {2, NULL};\n\n\treturn room(&man);\n}\n",
			  NULL },
		},
	},
	{
		.name = "nothing says the value",
		.log =
		"a.c:13:18: runtime error: member access within null pointer of type 'struct man'\n",
		.file = {
			{ "a.h",
			  "struct man {\n\tint room;\n\tstruct man *boss;\n};\n\n"
			  "const char *title(const struct man *man);\n\n/* The room of the boss. */\n"
			  "int room(const struct man *man);\n",
			  NULL },
			{ "a.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (!man->boss)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\treturn man->boss->room;\n}\n",
			  NULL },
			{ "t.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\nint main(void)\n{\n"
			  "\tstruct man man = {2, NULL};\n\n\treturn room(&man);\n}\n",
			  NULL },
		},
		.declines = "no comment says what room gives back",
	},
	{
		.name = "no sibling looks",
		.log =
		"a.c:13:18: runtime error: member access within null pointer of type 'struct man'\n",
		.file = {
			{ "a.h",
			  "struct man {\n\tint room;\n\tstruct man *boss;\n};\n\n"
			  "const char *title(const struct man *man);\n\n"
			  "/* The room of the boss; 0 without one. */\nint room(const struct man *man);\n",
			  NULL },
			{ "a.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (man->room)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\treturn man->boss->room;\n}\n",
			  NULL },
			{ "t.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\nint main(void)\n{\n"
			  "\tstruct man man = {2, NULL};\n\n\treturn room(&man);\n}\n",
			  NULL },
		},
		.declines = "no function of a.c looks",
	},
	{
		.name = "AddressSanitizer alone",
		.log =
		"AddressSanitizer:DEADLYSIGNAL\n"
		"=================================================================\n"
		"==6219==ERROR: AddressSanitizer: SEGV on unknown address 0x00000000000"
		"0 (pc 0x55b1c83cc3a6 bp 0x7ffc4b7fda60 sp 0x7ffc4b7fda50 T0)\n"
		"==6219==The signal is caused by a READ memory access.\n"
		"==6219==Hint: address points to the zero page.\n"
		"    #0 0x55b1c83cc3a6 in room /src/a.c:13\n"
		"    #1 0x55b1c83cc299 in main /src/t.c:8\n"
		"    #2 0x7fd52d445249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #3 0x7fd52d445304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x55b1c83cc0f0 in _start (/src/t+0x10f0)\n\n"
		"AddressSanitizer can not provide additional info.\n"
		"SUMMARY: AddressSanitizer: SEGV /src/a.c:13 in room\n==6219==ABORTING\n",
		.file = {
			{ "a.h",
			  "struct man {\n\tint room;\n\tstruct man *boss;\n};\n\n"
			  "const char *title(const struct man *man);\n\n"
			  "/* The room of the boss; 0 without one. */\nint room(const struct man *man);\n",
			  NULL },
			{ "a.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (!man->boss)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\treturn man->boss->room;\n}\n",
			  "#include <stddef.h>\n#include \"a.h\"\n\n"
			  "const char *title(const struct man *man)\n{\n\tif (!man->boss)\n"
			  "\t\treturn \"chief\";\n\treturn \"clerk\";\n}\n\n"
			  "int room(const struct man *man)\n{\n\tif (!man->boss)\n\t\treturn 0;\n"
			  "\treturn man->boss->room;\n}\n" },
			{ "t.c",
			  "#include <stddef.h>\n#include \"a.h\"\n\nint main(void)\n{\n"
			  "\tstruct man man = {2, NULL};\n\n\treturn room(&man);\n}\n",
			  NULL },
		},
	},
	{0}
};

static const char *const types[] = { "null-dereference", "null-dereference READ", NULL };

const struct template template_c_null_member = {
	.name = "c_null_member",
	.summary = "a member is read through a null pointer -> the look of the sibling, the value of the comment",
	.class = "crash guard",
	.oracles = "a sibling that looks at the same member, and a comment that promises the value",
	.keeps_off = "no sibling looks, no comment says the value, or something happens before",
	.danger = DANGER_2,
	.types = types,
	.fix = fix,
	.examples = examples,
};
