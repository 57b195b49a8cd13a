/*
 * "multiple definition" of what a header defines -> a variable is declared `extern` there and defined
 * in the one source that belongs to the header; a function becomes `static inline` (C) or `inline`
 * (C++). Never makes a variable static: each file would get its own.
 */
#include "git/path.h"
#include "templates/lib_c.h"
#include "templates/lib_scene.h"

struct found {
	struct source *code;
	TSNode node, declarator;	/* of a variable: with its value, if any */
	bool function;
};

static bool at_file_level(TSNode node)
{
	TSNode parent = source_parent(node);

	while (syntax_type_is(parent, "preproc_ifdef|preproc_if|preproc_else|linkage_specification|"
			      "declaration_list"))
		parent = source_parent(parent);
	return syntax_type_is(parent, "translation_unit");
}

/* How many declarators the declaration has. */
static unsigned declarators(TSNode node)
{
	unsigned count = 0;

	for (uint32_t i = 0; i < ts_node_child_count(node); i++) {
		const char *field = ts_node_field_name_for_child(node, i);

		count += field && !strcmp(field, "declarator");
	}
	return count;
}

/* What defines the name at the file's level; null node when nothing does. */
static TSNode definition_in(const struct syntax *s, struct str name, bool *function)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "function_definition|declaration",
								  n)); n++) {
		TSNode declarator = syntax_field(node, "declarator");

		if (!at_file_level(node) || c_has_storage(s, node, "static") ||
		    c_has_storage(s, node, "extern") || c_has_storage(s, node, "inline"))
			continue;
		*function = syntax_type_is(node, "function_definition");
		if (*function ? str_equal(c_function_name(s, node), name) :
		    ts_node_is_null(c_function_declarator(node)) &&
		    str_equal(syntax_text(s, c_declared(declarator)), name))
			return node;
	}
	return node;
}

static size_t find(struct sources *codes, struct str name, struct found *headers, struct found *sources)
{
	const struct tree *tree = codes->scene->tree;
	const char *word = str_text(codes->scene->arena, name);
	size_t header_count = 0, source_count = 0;

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str text;
		struct found found = { .code = NULL };
		bool header = str_starts(path_ending(str_of(path)), "h");

		if (!c_is_code(path) || !scene_read(codes->scene, path, &text) || !text_has_word(text, word))
			continue;
		found.code = sources_open(codes, path);
		if (!found.code)
			continue;
		found.node = definition_in(found.code->syntax, name, &found.function);
		if (ts_node_is_null(found.node))
			continue;
		found.declarator = syntax_field(found.node, "declarator");
		if (header)
			*headers = found;
		else
			*sources = found;
		header_count += header;
		source_count += !header;
	}
	return header_count == 1 && source_count <= 1 ? 1 + source_count : 0;
}

/* The source that the header belongs to: of its name, and including it. */
static struct source *source_of(struct sources *codes, const char *header)
{
	const struct tree *tree = codes->scene->tree;
	struct str stem = path_name(str_of(header));
	struct source *found = NULL;

	(void)str_split_last(stem, ".", &stem, NULL);
	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str name = path_name(str_of(path));
		struct source *code;

		if (!c_is_code(path) || str_starts(path_ending(name), "h") || source_is_test(path) ||
		    !str_skip(&name, str_text(codes->scene->arena, stem)) || !str_starts(name, ".") ||
		    str_char(str_from(name, 1), '.') >= 0)
			continue;
		code = sources_open(codes, path);
		if (!code || !c_includes(code->syntax, header))
			continue;
		if (found)
			return NULL;
		found = code;
	}
	return found;
}

/* Before the first variable that the source defines, else behind its last include. */
static void define(struct sources *codes, struct source *source, struct str definition)
{
	const struct syntax *s = source->syntax;
	const char *line = source_newline(s);
	TSNode node, last = {{0}, NULL, NULL};
	size_t at;

	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "declaration", n)); n++) {
		if (!at_file_level(node) || c_has_storage(s, node, "static") ||
		    c_has_storage(s, node, "extern") || !ts_node_is_null(c_function_declarator(node)))
			continue;
		at = ts_node_start_byte(node);
		edit_replace(&source->edits, at, at, str_of(arena_printf(codes->scene->arena, "%.*s%s",
									 STR_ARG(definition), line)));
		return;
	}
	for (unsigned n = 0; !ts_node_is_null(node = syntax_below(s->root, "preproc_include", n)); n++)
		if (at_file_level(node))
			last = node;
	at = source_end(last);
	if (at && s->text.at[at - 1] != '\n')
		at = line_end(s->text, at);
	edit_replace(&source->edits, at, at, str_of(arena_printf(codes->scene->arena, "%s%.*s%s", line,
								 STR_ARG(definition), line)));
}

static bool mend_variable(struct scene *scene, struct sources *codes, const struct found *header,
			  const struct source *other, struct text *why)
{
	const struct syntax *s = header->code->syntax;
	struct str whole = syntax_text(s, header->node);
	struct source *source;
	TSNode bare = header->declarator;

	if (syntax_type_is(bare, "init_declarator"))
		bare = syntax_field(bare, "declarator");
	if (declarators(header->node) != 1 || c_has_storage(s, header->node, "const") ||
	    (syntax_type_is(bare, "array_declarator") && ts_node_is_null(syntax_field(bare, "size"))))
		return template_decline(scene, "the definition in %s is not plain", header->code->path), false;
	edit_replace(&header->code->edits, ts_node_start_byte(header->node), ts_node_start_byte(header->node),
		     STR("extern "));
	edit_replace(&header->code->edits, source_end(bare), source_end(header->declarator),
		     STR_NONE);
	if (other) {
		if (syntax_type_is(header->declarator, "init_declarator"))
			return template_decline(scene, "both %s and %s give it a value", header->code->path,
						other->path), false;
		text_addf(why, "Declares it in %s: %s defines it.", header->code->path, other->path);
		return true;
	}
	source = source_of(codes, header->code->path);
	if (!source)
		return template_decline(scene, "no source belongs to %s alone", header->code->path), false;
	define(codes, source, whole);
	text_addf(why, "Declares it in %s and defines it once, in %s, with the value it had.",
		  header->code->path, source->path);
	return true;
}

static bool mend(struct scene *scene, struct sources *codes, struct text *why)
{
	struct str name = scene_group(scene, "name");
	struct found header = { .code = NULL }, source = { .code = NULL };
	size_t count = find(codes, name, &header, &source);
	const struct syntax *s = count ? header.code->syntax : NULL;

	if (!count || source_is_test(header.code->path))
		return template_decline(scene, "not one header defines %.*s", STR_ARG(name)), false;
	if (header.code->edits.count)
		return true;		/* named by another pair of objects */
	if (!header.function)
		return mend_variable(scene, codes, &header, source.code, why);
	if (source.code || !ts_node_is_null(syntax_below(header.node, "storage_class_specifier", 0)))
		return template_decline(scene, "%.*s is defined in a source too, or keeps a state",
					STR_ARG(name)), false;
	edit_replace(&header.code->edits, ts_node_start_byte(header.node), ts_node_start_byte(header.node),
		     str_is(str_of(s->language), "cpp") ||
		     !str_is(path_ending(str_of(header.code->path)), "h") ? STR("inline ") :
		     STR("static inline "));
	text_addf(why, "Makes %.*s of %s inline: each source that includes it has its own.", STR_ARG(name),
		  header.code->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_CONTRACT, mend);
}

static const struct example examples[] = {
	{
		.name = "a variable with a value",
		.log =
		"/usr/bin/ld: /tmp/ccxWsXgE.o:(.data+0x0): multiple definition of `volu"
		"me'; /tmp/ccjqwUo6.o:(.data+0x0): first defined here\n"
		"/usr/bin/ld: /tmp/cchkhjOR.o:(.data+0x0): multiple definition of `volu"
		"me'; /tmp/ccjqwUo6.o:(.data+0x0): first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "a.h",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nint volume = 3;\n\n#endif\n",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nextern int volume;\n\n#endif\n" },
			{ "a.c",
			  "#include \"a.h\"\n\nvoid louder(void)\n{\n\tvolume++;\n}\n",
			  "#include \"a.h\"\n\nint volume = 3;\n\nvoid louder(void)\n{\n\tvolume++;\n}\n" },
			{ "b.c",
			  "#include \"a.h\"\n",
			  NULL },
			{ "main.c",
			  "#include \"a.h\"\n\nint main(void)\n{\n\treturn volume;\n}\n",
			  NULL },
		},
	},
	{
		.name = "a source defines it too",
		.log =
		"/usr/bin/ld: /tmp/ccEx2188.o:(.bss+0x0): multiple definition of `volum"
		"e'; /tmp/ccLfMz9T.o:(.data+0x0): first defined here\n"
		"/usr/bin/ld: /tmp/ccqoi77f.o:(.bss+0x0): multiple definition of `volum"
		"e'; /tmp/ccLfMz9T.o:(.data+0x0): first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "a.h",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nint volume;\n\n#endif\n",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nextern int volume;\n\n#endif\n" },
			{ "a.c",
			  "#include \"a.h\"\n\nint volume = 3;\n",
			  NULL },
			{ "b.c",
			  "#include \"a.h\"\n",
			  NULL },
			{ "main.c",
			  "#include \"a.h\"\n\nint main(void)\n{\n\treturn volume;\n}\n",
			  NULL },
		},
	},
	{
		.name = "a function in a header",
		.log =
		"/usr/bin/ld: /tmp/ccRKEHad.o: in function `volume':\n"
		"b.c:(.text+0x0): multiple definition of `volume'; /tmp/ccmiu5oa.o:a.c:"
		"(.text+0x0): first defined here\n"
		"/usr/bin/ld: /tmp/ccUTudTb.o: in function `volume':\n"
		"main.c:(.text+0x0): multiple definition of `volume'; /tmp/ccmiu5oa.o:a"
		".c:(.text+0x0): first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "a.h",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nint volume(void)\n{\n"
			  "\treturn 3;\n}\n\n#endif\n",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nstatic inline int volume(void)\n"
			  "{\n\treturn 3;\n}\n\n#endif\n" },
			{ "a.c",
			  "#include \"a.h\"\n",
			  NULL },
			{ "b.c",
			  "#include \"a.h\"\n",
			  NULL },
			{ "main.c",
			  "#include \"a.h\"\n\nint main(void)\n{\n\treturn volume();\n}\n",
			  NULL },
		},
	},
	{
		.name = "two sources define it",
		.log =
		"/usr/bin/ld: /tmp/ccNwLFra.o:(.data+0x0): multiple definition of `volu"
		"me'; /tmp/cclIFwVV.o:(.data+0x0): first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "a.c",
			  "int volume = 3;\n",
			  NULL },
			{ "b.c",
			  "int volume = 4;\n",
			  NULL },
			{ "main.c",
			  "int main(void)\n{\n\treturn 0;\n}\n",
			  NULL },
		},
		.declines = "not one header defines volume",
	},
	{
		.name = "no source belongs to the header",
		.log =
		"/usr/bin/ld: /tmp/ccxH08E6.o:(.data+0x0): multiple definition of `volu"
		"me'; /tmp/cciqEXYh.o:(.data+0x0): first defined here\n"
		"/usr/bin/ld: /tmp/ccRvOnbj.o:(.data+0x0): multiple definition of `volu"
		"me'; /tmp/cciqEXYh.o:(.data+0x0): first defined here\n"
		"collect2: error: ld returned 1 exit status\n",
		.file = {
			{ "config.h",
			  "#ifndef A_H\n#define A_H\n\n/* How loud. */\nint volume = 3;\n\n#endif\n",
			  NULL },
			{ "a.c",
			  "#include \"config.h\"\n",
			  NULL },
			{ "b.c",
			  "#include \"config.h\"\n",
			  NULL },
			{ "main.c",
			  "#include \"config.h\"\n\nint main(void)\n{\n\treturn volume;\n}\n",
			  NULL },
		},
		.declines = "no source belongs to config.h",
	},
	{0}
};

const struct template template_c_multiple_definition = {
	.name = "c_multiple_definition",
	.summary = "a header defines a variable or function -> extern and one definition, or inline",
	.class = "link",
	.oracles = "the one-definition rule; the source that belongs to the header",
	.keeps_off = "several headers or sources define it, no source belongs to the header, or it keeps a state",
	.danger = DANGER_1,
	.pattern = "multiple definition of [`'\"\u2018](?<name>\\w+)(?:\\(.*\\))?['\"\u2019]",
	.fix = fix,
	.examples = examples,
};
