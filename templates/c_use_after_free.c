/*
 * A list is walked by `node = node->next` after the node was freed -> the next is read first. Only
 * this idiom, in a for or while loop; anything else that is used after free is left alone.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

struct walk {
	const struct syntax *s;
	struct str name;
	struct str next;		/* "list->next" */
	TSNode step;			/* the assignment */
};

/* `name = name->field`, as an assignment. */
static bool is_step(struct walk *w, TSNode node)
{
	TSNode right = syntax_field(node, "right"), left = syntax_field(node, "left");

	if (!syntax_type_is(node, "assignment_expression") || !syntax_type_is(right, "field_expression") ||
	    !str_is(syntax_text(w->s, syntax_field(node, "operator")), "=") ||
	    !syntax_type_is(left, "identifier") ||
	    !str_equal(syntax_text(w->s, left), syntax_text(w->s, syntax_field(right, "argument"))))
		return false;
	w->name = syntax_text(w->s, left);
	w->next = syntax_text(w->s, right);
	w->step = node;
	return true;
}

/* The statement in the body that frees the node: "free(list);" or a function of the project's. */
static TSNode freeing(struct walk *w, TSNode body)
{
	TSNode none = {{0}, NULL, NULL}, node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(body, "call_expression", n)); n++) {
		struct str function = syntax_text(w->s, syntax_field(node, "function"));
		TSNode list = syntax_field(node, "arguments");

		if (str_ends(function, "free") && source_count(list) == 1 &&
		    str_equal(syntax_text(w->s, source_nth(list, 0)), w->name))
			return syntax_up(node, "expression_statement");
	}
	return none;
}

/* The type of the variable as it was declared: "struct node *". */
static struct str type_of(const struct syntax *s, TSNode function, struct str name)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function,
		"parameter_declaration|declaration", n)); n++) {
		TSNode declarator = syntax_field(node, "declarator"), declared = c_declared(declarator);

		if (syntax_type_is(declarator, "init_declarator"))
			declarator = syntax_field(declarator, "declarator");
		if (str_equal(syntax_text(s, declared), name) && syntax_type_is(declarator, "pointer_declarator") &&
		    syntax_type_is(syntax_field(declarator, "declarator"), "identifier"))
			return str_slice(s->text, ts_node_start_byte(node),
					 ts_node_start_byte(declared) - ts_node_start_byte(node));
	}
	return STR_NONE;
}

/* A for loop that frees the node and steps by it. */
static bool mend_for(struct source *code, struct walk *w, TSNode loop, struct str type)
{
	struct arena *a = code->edits.arena;
	const struct syntax *s = w->s;
	TSNode body = syntax_field(loop, "body"), last = freeing(w, body), init, end;
	struct str indent = syntax_indent(s, loop), deep, head;
	const char *line = source_newline(s), *start = "";
	bool block = syntax_type_is(body, "compound_statement");

	if (!ts_node_eq(source_parent(last), block ? body : loop) || ts_node_is_null(syntax_field(loop, "condition")))
		return false;
	end = block ? source_nth(body, source_count(body) - 1) : last;
	if (!ts_node_eq(end, last) || !ts_node_is_null(syntax_below(body, "continue_statement", 0)))
		return false;
	init = syntax_field(loop, "initializer");
	if (!ts_node_is_null(init)) {
		if (syntax_type_is(init, "declaration"))
			return false;
		start = arena_printf(a, "%.*s;%s%.*s", STR_ARG(syntax_text(s, init)), line, STR_ARG(indent));
	}
	deep = syntax_indent(s, last);
	head = str_of(arena_printf(a, "%swhile (%.*s) {%s%.*s%.*snext = %.*s;%s%s", start,
				   STR_ARG(syntax_text(s, syntax_field(loop, "condition"))), line, STR_ARG(deep),
				   STR_ARG(type), STR_ARG(w->next), line, line));
	edit_replace(&code->edits, ts_node_start_byte(loop),
		     line_start(s->text, syntax_line(block ? source_nth(body, 0) : last)), head);
	edit_replace(&code->edits, source_end(last), source_end(loop),
		     str_of(arena_printf(a, "%s%.*s%.*s = next;%s%.*s}", line, STR_ARG(deep), STR_ARG(w->name),
					 line, STR_ARG(indent))));
	return true;
}

/* A while loop that frees the node and steps by it. */
static bool mend_while(struct source *code, struct walk *w, TSNode loop, struct str type)
{
	struct arena *a = code->edits.arena;
	TSNode body = syntax_field(loop, "body"), last = freeing(w, body), step, first;
	struct str indent;
	size_t at;

	step = syntax_up(w->step, "expression_statement");
	first = source_nth(body, 0);
	if (!ts_node_eq(source_parent(last), body) || !ts_node_eq(source_parent(step), body) ||
	    !ts_node_eq(source_behind(last), step) ||
	    !ts_node_is_null(syntax_below(body, "continue_statement", 0)))
		return false;
	indent = syntax_indent(w->s, first);
	at = line_start(w->s->text, syntax_line(first));
	edit_replace(&code->edits, at, at,
		     str_of(arena_printf(a, "%.*s%.*snext = %.*s;%s%s", STR_ARG(indent), STR_ARG(type),
					 STR_ARG(w->next), source_newline(w->s),
					 syntax_type_is(first, "declaration") ? "" : source_newline(w->s))));
	edit_node(&code->edits, syntax_field(w->step, "right"), STR("next"));
	return true;
}

/* Is there a variable of the name that we would give? */
static bool has_next(const struct syntax *s, TSNode function)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function, "identifier", n)); n++)
		if (str_is(syntax_text(s, node), "next"))
			return true;
	return false;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct source *code = sources_open(codes, scene->failure->file);
	struct walk w = { .s = code ? code->syntax : NULL };
	TSNode function, node, loop = {{0}, NULL, NULL};
	struct str type;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "it is used in no code of this project"), false;
	function = source_node(code, line_start(w.s->text, scene->failure->line), "function_definition");
	for (unsigned n = 0; ts_node_is_null(loop) && !ts_node_is_null(function) &&
	     !ts_node_is_null(node = syntax_below(function, "assignment_expression", n)); n++)
		if (syntax_line(node) == scene->failure->line && is_step(&w, node))
			loop = syntax_up(node, "for_statement|while_statement");
	if (ts_node_is_null(loop) || ts_node_is_null(freeing(&w, syntax_field(loop, "body"))))
		return template_decline(scene, "it is no walk along a list that frees as it goes"), false;
	type = type_of(w.s, function, w.name);
	if (!type.size || has_next(w.s, function) || str_starts(type, "const "))
		return template_decline(scene, "%.*s is no plain pointer of this function", STR_ARG(w.name)), false;
	if (syntax_type_is(loop, "for_statement") ? !mend_for(code, &w, loop, type) :
						    !mend_while(code, &w, loop, type))
		return template_decline(scene, "more happens between the freeing and the step"), false;
	text_addf(why, "Reads %.*s before it is freed.", STR_ARG(w.next));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a for loop",
		.log =
		"=================================================================\n"
		"==5807==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020"
		"00000010 at pc 0x562baf8c223e bp 0x7fff98e53830 sp 0x7fff98e53828\n"
		"READ of size 8 at 0x602000000010 thread T0\n"
		"    #0 0x562baf8c223d in drop /src/a.c:9\n"
		"    #1 0x562baf8c21c3 in main /src/t.c:9\n"
		"    #2 0x7ffa58845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #3 0x7ffa58845304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x562baf8c20e0 in _start (/src/t+0x10e0)\n\n"
		"0x602000000010 is located 0 bytes inside of 8-byte region [0x602000000"
		"010,0x602000000018)\nfreed by thread T0 here:\n"
		"    #0 0x7ffa592b76a8 in __interceptor_free ../../../../src/libsanitiz"
		"er/asan/asan_malloc_linux.cpp:52\n    #1 0x562baf8c21f4 in drop /src/a.c:10\n"
		"    #2 0x562baf8c21c3 in main /src/t.c:9\n"
		"    #3 0x7ffa58845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\npreviously allocated by thread T0 here:\n"
		"    #0 0x7ffa592b83b7 in __interceptor_calloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:77\n    #1 0x562baf8c21bb in main /src/t.c:9\n"
		"    #2 0x7ffa58845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-use-after-free /src/a.c:9 in drop\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n\nstruct node {\n\tstruct node *next;\n};\n\n"
			  "void drop(struct node *list)\n{\n\tfor (; list; list = list->next)\n"
			  "\t\tfree(list);\n}\n",
			  "#include <stdlib.h>\n\nstruct node {\n\tstruct node *next;\n};\n\n"
			  "void drop(struct node *list)\n{\n\twhile (list) {\n"
			  "\t\tstruct node *next = list->next;\n\n\t\tfree(list);\n\t\tlist = next;\n"
			  "\t}\n}\n" },
			{ "t.c",
			  "#include <stdlib.h>\nstruct node {\n\tstruct node *next;\n};\n"
			  "void drop(struct node *list);\n\nint main(void)\n{\n"
			  "\tdrop(calloc(1, sizeof(struct node)));\n\treturn 0;\n}\n",
			  NULL },
		},
	},
	{
		.name = "a while loop",
		.log =
		"=================================================================\n"
		"==5878==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020"
		"00000010 at pc 0x564a4704423e bp 0x7ffe75ad7450 sp 0x7ffe75ad7448\n"
		"READ of size 8 at 0x602000000010 thread T0\n"
		"    #0 0x564a4704423d in drop /src/a.c:11\n"
		"    #1 0x564a470441c3 in main /src/t.c:9\n"
		"    #2 0x7f97ff845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #3 0x7f97ff845304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x564a470440e0 in _start (/src/t+0x10e0)\n\n"
		"0x602000000010 is located 0 bytes inside of 8-byte region [0x602000000"
		"010,0x602000000018)\nfreed by thread T0 here:\n"
		"    #0 0x7f98002b76a8 in __interceptor_free ../../../../src/libsanitiz"
		"er/asan/asan_malloc_linux.cpp:52\n    #1 0x564a470441f4 in drop /src/a.c:10\n"
		"    #2 0x564a470441c3 in main /src/t.c:9\n"
		"    #3 0x7f97ff845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\npreviously allocated by thread T0 here:\n"
		"    #0 0x7f98002b83b7 in __interceptor_calloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:77\n    #1 0x564a470441bb in main /src/t.c:9\n"
		"    #2 0x7f97ff845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-use-after-free /src/a.c:11 in drop\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n\nstruct node {\n\tstruct node *next;\n};\n\n"
			  "void drop(struct node *list)\n{\n\twhile (list) {\n\t\tfree(list);\n"
			  "\t\tlist = list->next;\n\t}\n}\n",
			  "#include <stdlib.h>\n\nstruct node {\n\tstruct node *next;\n};\n\n"
			  "void drop(struct node *list)\n{\n\twhile (list) {\n"
			  "\t\tstruct node *next = list->next;\n\n\t\tfree(list);\n\t\tlist = next;\n"
			  "\t}\n}\n" },
			{ "t.c",
			  "#include <stdlib.h>\nstruct node {\n\tstruct node *next;\n};\n"
			  "void drop(struct node *list);\n\nint main(void)\n{\n"
			  "\tdrop(calloc(1, sizeof(struct node)));\n\treturn 0;\n}\n",
			  NULL },
		},
	},
	{
		.name = "another use",
		.log =
		"=================================================================\n"
		"==5987==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020"
		"00000010 at pc 0x557504c4525c bp 0x7fff4d283490 sp 0x7fff4d283488\n"
		"READ of size 8 at 0x602000000010 thread T0\n"
		"    #0 0x557504c4525b in drop /src/a.c:10\n"
		"    #1 0x557504c451e3 in main /src/t.c:9\n"
		"    #2 0x7f0d9e645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #3 0x7f0d9e645304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #4 0x557504c45100 in _start (/src/t+0x1100)\n\n"
		"0x602000000010 is located 0 bytes inside of 8-byte region [0x602000000"
		"010,0x602000000018)\nfreed by thread T0 here:\n"
		"    #0 0x7f0d9f0b76a8 in __interceptor_free ../../../../src/libsanitiz"
		"er/asan/asan_malloc_linux.cpp:52\n    #1 0x557504c45212 in drop /src/a.c:9\n"
		"    #2 0x557504c451e3 in main /src/t.c:9\n"
		"    #3 0x7f0d9e645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\npreviously allocated by thread T0 here:\n"
		"    #0 0x7f0d9f0b83b7 in __interceptor_calloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:77\n    #1 0x557504c451db in main /src/t.c:9\n"
		"    #2 0x7f0d9e645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-use-after-free /src/a.c:10 in drop\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n\nstruct node {\n\tstruct node *next;\n};\n\n"
			  "void drop(struct node *list)\n{\n\tfree(list);\n\tif (list->next)\n"
			  "\t\tabort();\n}\n",
			  NULL },
			{ "t.c",
			  "#include <stdlib.h>\nstruct node {\n\tstruct node *next;\n};\n"
			  "void drop(struct node *list);\n\nint main(void)\n{\n"
			  "\tdrop(calloc(1, sizeof(struct node)));\n\treturn 0;\n}\n",
			  NULL },
		},
		.declines = "no walk along a list",
	},
	{0}
};

static const char *const types[] = { "heap-use-after-free", NULL };

const struct template template_c_use_after_free = {
	.name = "c_use_after_free",
	.summary = "a list's next is read after its node was freed -> it is read before",
	.class = "memory",
	.oracles = "the loop itself: it steps to the next",
	.keeps_off = "it is another use, or more happens between the freeing and the step",
	.danger = DANGER_1,
	.tool = "AddressSanitizer",
	.types = types,
	.fix = fix,
	.examples = examples,
};
