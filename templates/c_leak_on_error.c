/*
 * Memory leaks where a function gives up (LeakSanitizer) -> it is freed there, as a sibling frees the
 * same kind of thing before it gives up. Keeps off where the owner is not plain: the function must
 * give the memory back itself when all goes well.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

enum { RETURNS_MAX = 8 };

struct leak {
	const struct syntax *s;
	TSNode function;
	struct str name, type;		/* "entry", "struct entry *" */
	size_t from;			/* behind the statement that asks for the memory */
};

/* The type of the declaration of this variable, with its stars. */
static struct str type_in(const struct syntax *s, TSNode function, struct str name)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function, "declaration", n)); n++) {
		TSNode declared = c_declared(syntax_field(node, "declarator"));

		if (str_equal(syntax_text(s, declared), name))
			return str_trim(str_slice(s->text, ts_node_start_byte(node),
						  ts_node_start_byte(declared) - ts_node_start_byte(node)));
	}
	return STR_NONE;
}

static bool find_leak(const struct source *code, unsigned line, struct leak *leak)
{
	TSNode node;

	leak->s = code->syntax;
	leak->function = source_node(code, line_start(code->syntax->text, line), "function_definition");
	for (unsigned n = 0; !ts_node_is_null(leak->function) &&
	     !ts_node_is_null(node = syntax_below(leak->function, "init_declarator|assignment_expression", n));
	     n++) {
		bool init = syntax_type_is(node, "init_declarator");
		TSNode left = init ? c_declared(node) : syntax_field(node, "left");

		if (syntax_line(node) != line || !syntax_type_is(left, "identifier") ||
		    ts_node_is_null(syntax_below(syntax_field(node, init ? "value" : "right"), "call_expression", 0)))
			continue;
		leak->name = syntax_text(leak->s, left);
		leak->type = type_in(leak->s, leak->function, leak->name);
		leak->from = source_end(syntax_up(node, "declaration|expression_statement|if_statement"));
		return leak->type.size > 0;
	}
	return false;
}

/* Is it a call of one argument, the variable: how somebody frees it? */
static bool is_freeing(const struct syntax *s, TSNode statement, struct str name)
{
	TSNode call = source_nth(statement, 0), list = syntax_field(call, "arguments");
	struct str function = syntax_text(s, syntax_field(call, "function"));

	return syntax_type_is(statement, "expression_statement") && syntax_type_is(call, "call_expression") &&
	       source_count(list) == 1 &&
	       str_equal(syntax_text(s, source_nth(list, 0)), name) &&
	       (str_has(function, "free") || str_has(function, "destroy") || str_has(function, "delete") ||
		str_has(function, "close") || str_has(function, "release"));
}

/* Does a return give up: a constant, or nothing at all? */
static bool gives_up(const struct syntax *s, TSNode node)
{
	struct str value = syntax_text(s, source_nth(node, 0));

	return !source_count(node) || word_among(value, "NULL nullptr 0 -1 false 1");
}

/* How the functions of the file free a thing of this type before they give up; all must agree. */
static struct str sibling_freeing(const struct leak *leak, const char **why)
{
	const struct syntax *s = leak->s;
	struct str found = STR_NONE;
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "return_statement", n)); n++) {
		TSNode before = source_before(node);
		TSNode function = syntax_up(node, "function_definition"), call = source_nth(before, 0);
		struct str name = syntax_text(s, source_nth(syntax_field(call, "arguments"), 0)), own;

		if (!gives_up(s, node) || !syntax_type_is(call, "call_expression") ||
		    !is_freeing(s, before, name) || !str_equal(type_in(s, function, name), leak->type))
			continue;
		own = syntax_text(s, syntax_field(call, "function"));
		if (found.size && !str_equal(found, own)) {
			*why = "the functions beside it free such a thing in different ways";
			return STR_NONE;
		}
		found = own;
	}
	if (!found.size)
		*why = "no function beside it frees such a thing before it gives up";
	return found;
}

/* Is the return the one for want of memory: "if (!entry) return NULL;"? */
static bool is_for_want(const struct leak *leak, TSNode node)
{
	TSNode branch = syntax_up(node, "if_statement");
	struct str condition = str_trim(syntax_text(leak->s, syntax_field(branch, "condition")));

	if (str_skip(&condition, "("))
		str_chop(&condition, ")");
	if (str_skip(&condition, "!"))
		return str_equal(condition, leak->name);
	return str_skip(&condition, str_text(leak->s->arena, leak->name)) &&
	       (str_is(condition, " == NULL") || str_is(condition, " == nullptr") || str_is(condition, " == 0"));
}

/* The returns behind the place that give up and free nothing; false when the owner is not plain. */
static size_t leaking(const struct leak *leak, TSNode list[RETURNS_MAX], bool *owned)
{
	size_t count = 0;
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(leak->function, "return_statement", n)); n++) {
		TSNode before = source_before(node);

		if (str_equal(syntax_text(leak->s, source_nth(node, 0)), leak->name))
			*owned = true;
		if (ts_node_start_byte(node) < leak->from || !gives_up(leak->s, node) || is_for_want(leak, node) ||
		    ts_node_eq(source_parent(node), syntax_field(leak->function, "body")) ||
		    (!ts_node_is_null(before) && is_freeing(leak->s, before, leak->name)))
			continue;
		if (count < RETURNS_MAX)
			list[count] = node;
		count++;
	}
	return count;
}

/* Is it put somewhere that may own it from then on? */
static bool is_kept(const struct leak *leak)
{
	static const char *const keepers[] = { "add", "insert", "push", "append", "set", "put", "register",
					       "attach", "link" };
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(leak->function,
		"assignment_expression|call_expression", n)); n++) {
		struct str name = syntax_text(leak->s, syntax_field(node, "function"));

		if (syntax_type_is(node, "assignment_expression")) {
			if (str_equal(syntax_text(leak->s, syntax_field(node, "right")), leak->name))
				return true;
			continue;
		}
		for (size_t i = 0; i < sizeof(keepers) / sizeof(keepers[0]); i++)
			if (str_has(name, keepers[i]) &&
			    source_mentions(leak->s, syntax_field(node, "arguments"), leak->name))
				return true;
	}
	return false;
}

static void free_before(struct source *code, const struct leak *leak, TSNode node, struct str freeing)
{
	const struct syntax *s = code->syntax;
	struct arena *a = code->edits.arena;
	TSNode parent = source_parent(node);
	struct str indent = syntax_indent(s, node), outer = syntax_indent(s, parent);
	const char *line = source_newline(s);
	size_t at = ts_node_start_byte(node), end;

	if (syntax_type_is(parent, "compound_statement")) {
		edit_replace(&code->edits, at, at,
			     str_of(arena_printf(a, "%.*s(%.*s);%s%.*s", STR_ARG(freeing), STR_ARG(leak->name),
						 line, STR_ARG(indent))));
		return;
	}
	end = source_end(syntax_field(parent, "condition"));
	edit_replace(&code->edits, end, at, str_of(arena_printf(a, " {%s%.*s%.*s(%.*s);%s%.*s", line, STR_ARG(indent),
		     STR_ARG(freeing), STR_ARG(leak->name), line, STR_ARG(indent))));
	end = source_end(node);
	edit_replace(&code->edits, end, end, str_of(arena_printf(a, "%s%.*s}", line, STR_ARG(outer))));
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct source *code = sources_open(codes, scene->failure->file);
	struct leak leak = { .s = NULL };
	TSNode list[RETURNS_MAX];
	const char *reason = "";
	struct str freeing;
	bool owned = false;
	size_t count;

	if (!code || source_is_test(code->path) || !find_leak(code, scene->failure->line, &leak))
		return template_decline(scene, "what leaks is held by no variable of this project's code"), false;
	count = leaking(&leak, list, &owned);
	if (!owned || is_kept(&leak))
		return template_decline(scene, "the function does not give %.*s back: who owns it is not plain",
					STR_ARG(leak.name)), false;
	if (!count || count > RETURNS_MAX)
		return template_decline(scene, "the function gives up nowhere with %.*s in hand",
					STR_ARG(leak.name)), false;
	freeing = sibling_freeing(&leak, &reason);
	if (!freeing.size)
		return template_decline(scene, "%s", reason), false;
	for (size_t i = 0; i < count; i++) {
		TSNode parent = source_parent(list[i]);

		if (!syntax_type_is(parent, "compound_statement") &&
		    !(syntax_type_is(parent, "if_statement") &&
		      ts_node_eq(syntax_field(parent, "consequence"), list[i]) &&
		      ts_node_is_null(syntax_field(parent, "alternative"))))
			return template_decline(scene, "the place where it gives up is not plain"), false;
		free_before(code, &leak, list[i], freeing);
	}
	text_addf(why, "Frees %.*s by %.*s before %.*s gives up, as the functions beside it do.", STR_ARG(leak.name),
		  STR_ARG(freeing), STR_ARG(c_function_name(leak.s, leak.function)));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "the sibling frees before it gives up",
		.log =
		"\n=================================================================\n"
		"==6250==ERROR: LeakSanitizer: detected memory leaks\n\n"
		"Direct leak of 4 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7ff5ccc7077b in __interceptor_strdup ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:439\n"
		"    #1 0x5583e514f262 in word /src/a.c:6\n"
		"    #2 0x5583e514f1eb in main /src/t.c:5\n"
		"    #3 0x7ff5cc245249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: 4 byte(s) leaked in 1 allocation(s).\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *word(const char *line)\n{\n"
			  "\tchar *copy = strdup(line);\n\tchar *end;\n\n\tif (!copy)\n\t\treturn NULL;\n"
			  "\tend = strchr(copy, ' ');\n\tif (!end)\n\t\treturn NULL;\n\t*end = '\\0';\n"
			  "\treturn copy;\n}\n\nchar *upper(const char *line)\n{\n"
			  "\tchar *copy = strdup(line);\n\n\tif (!copy)\n\t\treturn NULL;\n"
			  "\tif (!*line) {\n\t\tfree(copy);\n\t\treturn NULL;\n\t}\n\t*copy -= 32;\n"
			  "\treturn copy;\n}\n",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *word(const char *line)\n{\n"
			  "\tchar *copy = strdup(line);\n\tchar *end;\n\n\tif (!copy)\n\t\treturn NULL;\n"
			  "\tend = strchr(copy, ' ');\n\tif (!end) {\n\t\tfree(copy);\n\t\treturn NULL;\n"
			  "\t}\n\t*end = '\\0';\n\treturn copy;\n}\n\nchar *upper(const char *line)\n{\n"
			  "\tchar *copy = strdup(line);\n\n\tif (!copy)\n\t\treturn NULL;\n"
			  "\tif (!*line) {\n\t\tfree(copy);\n\t\treturn NULL;\n\t}\n\t*copy -= 32;\n"
			  "\treturn copy;\n}\n" },
			{ "t.c",
			  "char *word(const char *line);\n\nint main(void)\n{\n"
			  "\treturn word(\"one\") != 0;\n}\n",
			  NULL },
		},
	},
	{
		.name = "no sibling shows how",
		.log =
		"\n=================================================================\n"
		"==6277==ERROR: LeakSanitizer: detected memory leaks\n\n"
		"Direct leak of 4 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7fe55b07077b in __interceptor_strdup ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:439\n"
		"    #1 0x55821a4fa242 in word /src/a.c:6\n"
		"    #2 0x55821a4fa1cb in main /src/t.c:5\n"
		"    #3 0x7fe55a645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: 4 byte(s) leaked in 1 allocation(s).\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *word(const char *line)\n{\n"
			  "\tchar *copy = strdup(line);\n\tchar *end;\n\n\tif (!copy)\n\t\treturn NULL;\n"
			  "\tend = strchr(copy, ' ');\n\tif (!end)\n\t\treturn NULL;\n\t*end = '\\0';\n"
			  "\treturn copy;\n}\n",
			  NULL },
			{ "t.c",
			  "char *word(const char *line);\n\nint main(void)\n{\n"
			  "\treturn word(\"one\") != 0;\n}\n",
			  NULL },
		},
		.declines = "no function beside it frees",
	},
	{
		.name = "who owns it is not plain",
		.log =
		"\n=================================================================\n"
		"==6324==ERROR: LeakSanitizer: detected memory leaks\n\n"
		"Direct leak of 4 byte(s) in 1 object(s) allocated from:\n"
		"    #0 0x7f8c8727077b in __interceptor_strdup ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:439\n"
		"    #1 0x5605972dd222 in same /src/a.c:7\n"
		"    #2 0x5605972dd1ab in main /src/t.c:5\n"
		"    #3 0x7f8c86845249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: 4 byte(s) leaked in 1 allocation(s).\n",
		.file = {
			{ "a.c",
			  "#include <string.h>\n\nstatic const char *kept;\n\n"
			  "int same(const char *line)\n{\n\tchar *copy = strdup(line);\n\n"
			  "\tkept = line;\n\treturn copy && strcmp(copy, kept) == 0;\n}\n",
			  NULL },
			{ "t.c",
			  "int same(const char *line);\n\nint main(void)\n{\n\treturn !same(\"one\");\n"
			  "}\n",
			  NULL },
		},
		.declines = "who owns it is not plain",
	},
	{0}
};

static const char *const types[] = { "direct-leak", NULL };

const struct template template_c_leak_on_error = {
	.name = "c_leak_on_error",
	.summary = "memory leaks where a function gives up -> freed there, as its sibling does",
	.class = "memory",
	.oracles = "a sibling that frees the same type before it gives up",
	.keeps_off = "the function does not give the memory back, or siblings free it in different ways",
	.danger = DANGER_2,
	.tool = "LeakSanitizer",
	.types = types,
	.fix = fix,
	.examples = examples,
};
