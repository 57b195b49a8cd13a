/*
 * A text is written one byte beyond its memory (AddressSanitizer) -> room for the NUL, or for the
 * separator that is written too, where the memory is asked for. Counts what the function writes into
 * it: lengths that are copied, single bytes, the NUL. Keeps off sizes that are no sum of lengths.
 */
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

enum { TERMS_MAX = 12 };

/* A sum: texts ("length", "strlen(b)") and a number. */
struct sum {
	struct str terms[TERMS_MAX];
	size_t count;
	long number;
	TSNode literal;			/* the number's node; null when the sum has none */
	bool good;
};

static void add_up(const struct syntax *s, TSNode node, struct sum *sum)
{
	struct str text = syntax_text(s, node);
	unsigned long number;

	while (syntax_type_is(node, "parenthesized_expression"))
		node = source_nth(node, 0);
	if (syntax_type_is(node, "binary_expression") &&
	    str_is(syntax_text(s, syntax_field(node, "operator")), "+")) {
		add_up(s, syntax_field(node, "left"), sum);
		add_up(s, syntax_field(node, "right"), sum);
	} else if (str_number(text, &number) && number < 1000) {
		sum->good = sum->good && ts_node_is_null(sum->literal);
		sum->number += (long)number;
		sum->literal = node;
	} else if (sum->count < TERMS_MAX && (syntax_type_is(node, "identifier|field_expression") ||
		   (syntax_type_is(node, "call_expression") && str_starts(text, "strlen(")))) {
		sum->terms[sum->count++] = text;
	} else {
		sum->good = false;
	}
}

/* The variable that is set to "strlen(TEXT)" in the function, once: what the term counts. */
static struct str counted(const struct syntax *s, TSNode function, struct str term)
{
	struct str found = STR_NONE;
	TSNode node;

	if (str_skip(&term, "strlen(") && str_chop(&term, ")"))
		return term;
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function,
		"init_declarator|assignment_expression", n)); n++) {
		bool init = syntax_type_is(node, "init_declarator");
		struct str name = init ? syntax_text(s, c_declared(node)) :
				  syntax_text(s, syntax_field(node, "left"));
		struct str value = syntax_text(s, syntax_field(node, init ? "value" : "right"));

		if (!str_equal(name, term))
			continue;
		if (found.size || !str_skip(&value, "strlen(") || !str_chop(&value, ")"))
			return STR_NONE;
		found = value;
	}
	return found;
}

/* Does the sum have the length of this text? */
static bool has_length(const struct syntax *s, TSNode function, const struct sum *sum, struct str text)
{
	for (size_t i = 0; i < sum->count; i++)
		if (str_equal(counted(s, function, sum->terms[i]), text))
			return true;
	return false;
}

/* What one call writes: the text it copies, and where it starts in the memory ("out + 1 + length"). */
struct writing {
	const struct syntax *s;
	TSNode function;
	struct str memory;
	const struct sum *room;
	long needed;			/* the largest number beside the lengths, 0 when none was found */
	bool good;
};

/* The offset in the memory: 0 for "out"; false when it is not in this memory. */
static bool offset_of(struct writing *w, TSNode target, struct sum *at)
{
	*at = (struct sum){ .good = true };
	add_up(w->s, target, at);
	for (size_t i = 0; at->good && i < at->count; i++)
		if (str_equal(at->terms[i], w->memory)) {
			at->terms[i] = at->terms[--at->count];
			return true;
		}
	return false;
}

/* All lengths that the offset and the text use are in the room, and how many of them. */
static bool fits_terms(struct writing *w, const struct sum *at, struct str text)
{
	size_t used = at->count + (text.size ? 1 : 0);

	for (size_t i = 0; i < at->count; i++)
		if (!has_length(w->s, w->function, w->room, counted(w->s, w->function, at->terms[i])) ||
		    !counted(w->s, w->function, at->terms[i]).size)
			return false;
	return (!text.size || has_length(w->s, w->function, w->room, text)) && used <= w->room->count;
}

static void look_at_copy(struct writing *w, TSNode call)
{
	struct str name = syntax_text(w->s, syntax_field(call, "function")), text;
	TSNode list = syntax_field(call, "arguments"), source = source_nth(list, 1);
	struct sum at;
	long size;

	if (!word_among(name, "strcpy stpcpy") || !offset_of(w, source_nth(list, 0), &at))
		return;
	text = syntax_text(w->s, source);
	if (syntax_type_is(source, "string_literal")) {
		if (str_char(text, '\\') >= 0)
			text = STR("\"x\"");	/* an escape is one byte, as in "\"" */
		size = (long)text.size - 2;
		text = STR_NONE;
	} else {
		size = 0;
	}
	if (!fits_terms(w, &at, text)) {
		w->good = false;
		return;
	}
	if (at.number + size + 1 > w->needed)
		w->needed = at.number + size + 1;
}

static bool look(TSNode node, void *context)
{
	if (syntax_type_is(node, "call_expression"))
		look_at_copy(context, node);
	return true;
}

/* The call that asks for the memory, and the variable that gets it. */
static TSNode asking(const struct syntax *s, TSNode function, struct str *memory)
{
	TSNode node, found = {{0}, NULL, NULL}, none = found;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(function, "call_expression", n)); n++) {
		TSNode holder = source_parent(node);

		if (!str_is(syntax_text(s, syntax_field(node, "function")), "malloc"))
			continue;
		if (!ts_node_is_null(found))
			return none;
		found = node;
		while (syntax_type_is(holder, "cast_expression|parenthesized_expression"))
			holder = source_parent(holder);
		*memory = syntax_type_is(holder, "init_declarator") ? syntax_text(s, c_declared(holder)) :
			  syntax_text(s, syntax_field(holder, "left"));
	}
	return found;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *code = sources_open(codes, failure->file);
	struct sum room = { .good = true };
	struct writing w = { .room = &room, .good = true };
	TSNode call, size;

	if (!code || source_is_test(code->path))
		return template_decline(scene, "the memory is not asked for in code of this project"), false;
	w.s = code->syntax;
	w.function = source_node(code, line_start(w.s->text, failure->line), "function_definition");
	if (ts_node_is_null(w.function))
		return template_decline(scene, "it is not written in a function"), false;
	call = asking(w.s, w.function, &w.memory);
	size = source_nth(syntax_field(call, "arguments"), 0);
	if (ts_node_is_null(call) || !w.memory.size)
		return template_decline(scene, "the function does not ask for the memory once by malloc"), false;
	add_up(w.s, size, &room);
	syntax_walk(w.function, look, &w);
	if (!room.good || !room.count || !w.good || w.needed <= room.number || w.needed > room.number + 2)
		return template_decline(scene, "the size is not a sum of the lengths that are written and a "
					"little too small"), false;
	if (ts_node_is_null(room.literal))
		edit_replace(&code->edits, source_end(size), source_end(size),
			     str_of(arena_printf(scene->arena, " + %ld", w.needed)));
	else
		edit_node(&code->edits, room.literal, str_of(arena_printf(scene->arena, "%ld", w.needed)));
	text_addf(why, "Asks for %ld more than the lengths in %s: that is what is written, with the NUL.",
		  w.needed, code->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "no room for the NUL",
		.log =
		"=================================================================\n"
		"==5549==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602"
		"000000018 at pc 0x7f93c9e602ca bp 0x7ffc482d3010 sp 0x7ffc482d27c0\n"
		"WRITE of size 9 at 0x602000000018 thread T0\n"
		"    #0 0x7f93c9e602c9 in __interceptor_strcpy ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:425\n"
		"    #1 0x56182bdbd284 in copy /src/a.c:9\n"
		"    #2 0x56182bdbd1bb in main /src/t.c:5\n"
		"    #3 0x7f93c9445249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #4 0x7f93c9445304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #5 0x56182bdbd0e0 in _start (/src/t+0x10e0)\n\n"
		"0x602000000018 is located 0 bytes to the right of 8-byte region [0x602"
		"000000010,0x602000000018)\nallocated by thread T0 here:\n"
		"    #0 0x7f93c9eb89cf in __interceptor_malloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:69\n    #1 0x56182bdbd23a in copy /src/a.c:6\n"
		"    #2 0x56182bdbd1bb in main /src/t.c:5\n"
		"    #3 0x7f93c9445249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsan"
		"itizer/asan/asan_interceptors.cpp:425 in __interceptor_strcpy\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tchar *out = malloc(strlen(text));\n\n\tif (out)\n\t\tstrcpy(out, text);\n"
			  "\treturn out;\n}\n",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tchar *out = malloc(strlen(text) + 1);\n\n\tif (out)\n"
			  "\t\tstrcpy(out, text);\n\treturn out;\n}\n" },
			{ "t.c",
			  "char *copy(const char *text);\n\nint main(void)\n{\n"
			  "\treturn !copy(\"eight by\");\n}\n",
			  NULL },
		},
	},
	{
		.name = "room for the NUL, and not for the point",
		.log =
		"=================================================================\n"
		"==5573==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602"
		"000000018 at pc 0x7f2b9d048061 bp 0x7ffc2be58af0 sp 0x7ffc2be582a0\n"
		"WRITE of size 2 at 0x602000000018 thread T0\n"
		"    #0 0x7f2b9d048060 in __interceptor_memcpy ../../../../src/libsanit"
		"izer/sanitizer_common/sanitizer_common_interceptors.inc:827\n"
		"    #1 0x5557aea09325 in copy /src/a.c:12\n"
		"    #2 0x5557aea091cb in main /src/t.c:5\n"
		"    #3 0x7f2b9c645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #4 0x7f2b9c645304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #5 0x5557aea090f0 in _start (/src/t+0x10f0)\n\n"
		"0x602000000018 is located 0 bytes to the right of 8-byte region [0x602"
		"000000010,0x602000000018)\nallocated by thread T0 here:\n"
		"    #0 0x7f2b9d0b89cf in __interceptor_malloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:69\n    #1 0x5557aea09257 in copy /src/a.c:7\n"
		"    #2 0x5557aea091cb in main /src/t.c:5\n"
		"    #3 0x7f2b9c645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsan"
		"itizer/sanitizer_common/sanitizer_common_interceptors.inc:827 in __int"
		"erceptor_memcpy\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tsize_t length = strlen(text);\n\tchar *out = malloc(length + 1);\n\n"
			  "\tif (!out)\n\t\treturn NULL;\n\tmemcpy(out, text, length);\n"
			  "\tstrcpy(out + length, \".\");\n\treturn out;\n}\n",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tsize_t length = strlen(text);\n\tchar *out = malloc(length + 2);\n\n"
			  "\tif (!out)\n\t\treturn NULL;\n\tmemcpy(out, text, length);\n"
			  "\tstrcpy(out + length, \".\");\n\treturn out;\n}\n" },
			{ "t.c",
			  "char *copy(const char *text);\n\nint main(void)\n{\n"
			  "\treturn !copy(\"seven b\");\n}\n",
			  NULL },
		},
	},
	{
		.name = "a fixed size",
		.log =
		"=================================================================\n"
		"==5615==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602"
		"000000018 at pc 0x7ff4d30602ca bp 0x7ffeb964bc10 sp 0x7ffeb964b3c0\n"
		"WRITE of size 9 at 0x602000000018 thread T0\n"
		"    #0 0x7ff4d30602c9 in __interceptor_strcpy ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:425\n"
		"    #1 0x55b3afc15254 in copy /src/a.c:9\n"
		"    #2 0x55b3afc151ab in main /src/t.c:5\n"
		"    #3 0x7ff4d2645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #4 0x7ff4d2645304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #5 0x55b3afc150d0 in _start (/src/t+0x10d0)\n\n"
		"0x602000000018 is located 0 bytes to the right of 8-byte region [0x602"
		"000000010,0x602000000018)\nallocated by thread T0 here:\n"
		"    #0 0x7ff4d30b89cf in __interceptor_malloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:69\n    #1 0x55b3afc1520a in copy /src/a.c:6\n"
		"    #2 0x55b3afc151ab in main /src/t.c:5\n"
		"    #3 0x7ff4d2645249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsan"
		"itizer/asan/asan_interceptors.cpp:425 in __interceptor_strcpy\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tchar *out = malloc(8);\n\n\tif (out)\n\t\tstrcpy(out, text);\n"
			  "\treturn out;\n}\n",
			  NULL },
			{ "t.c",
			  "char *copy(const char *text);\n\nint main(void)\n{\n"
			  "\treturn !copy(\"eight by\");\n}\n",
			  NULL },
		},
		.declines = "is not a sum of the lengths",
	},
	{
		.name = "the length of another text",
		.log =
		"=================================================================\n"
		"==5716==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602"
		"000000012 at pc 0x7fef044602ca bp 0x7fff84d6c150 sp 0x7fff84d6b900\n"
		"WRITE of size 9 at 0x602000000012 thread T0\n"
		"    #0 0x7fef044602c9 in __interceptor_strcpy ../../../../src/libsanit"
		"izer/asan/asan_interceptors.cpp:425\n"
		"    #1 0x55c59fea725e in copy /src/a.c:10\n"
		"    #2 0x55c59fea71ab in main /src/t.c:5\n"
		"    #3 0x7fef03a45249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n"
		"    #4 0x7fef03a45304 in __libc_start_main_impl ../csu/libc-start.c:360\n"
		"    #5 0x55c59fea70d0 in _start (/src/t+0x10d0)\n\n"
		"0x602000000012 is located 0 bytes to the right of 2-byte region [0x602"
		"000000010,0x602000000012)\nallocated by thread T0 here:\n"
		"    #0 0x7fef044b89cf in __interceptor_malloc ../../../../src/libsanit"
		"izer/asan/asan_malloc_linux.cpp:69\n    #1 0x55c59fea7214 in copy /src/a.c:7\n"
		"    #2 0x55c59fea71ab in main /src/t.c:5\n"
		"    #3 0x7fef03a45249 in __libc_start_call_main ../sysdeps/nptl/libc_s"
		"tart_call_main.h:58\n\n"
		"SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsan"
		"itizer/asan/asan_interceptors.cpp:425 in __interceptor_strcpy\n",
		.file = {
			{ "a.c",
			  "#include <stdlib.h>\n#include <string.h>\n\nchar *copy(const char *text)\n{\n"
			  "\tsize_t length = strlen(\"ab\");\n\tchar *out = malloc(length);\n\n"
			  "\tif (out)\n\t\tstrcpy(out, text);\n\treturn out;\n}\n",
			  NULL },
			{ "t.c",
			  "char *copy(const char *text);\n\nint main(void)\n{\n"
			  "\treturn !copy(\"eight by\");\n}\n",
			  NULL },
		},
		.declines = "is not a sum of the lengths",
	},
	{0}
};

static const char *const types[] = { "heap-buffer-overflow", NULL };

const struct template template_c_room_for_nul = {
	.name = "c_room_for_nul",
	.summary = "a text written beyond its memory -> room for the NUL or the separator",
	.class = "memory",
	.oracles = "what the function writes: lengths, single bytes, the NUL",
	.keeps_off = "the size is no sum of lengths, or something else is written",
	.danger = DANGER_2,
	.tool = "AddressSanitizer",
	.types = types,
	.pattern = "^WRITE of size ",
	.fix = fix,
	.examples = examples,
};
