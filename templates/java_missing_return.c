/*
 * "missing return statement" behind a search -> what the Javadoc promises for the case, what its
 * siblings of the same type end with, or Optional.empty() where the type is made for it. Never null,
 * unless the Javadoc says so.
 */
#include "templates/lib_java.h"
#include "templates/lib_promise.h"
#include "templates/lib_scene.h"

static struct str last_value(const struct syntax *s, TSNode method)
{
	TSNode body = syntax_field(method, "body"), last = source_nth(body, source_count(body) - 1);
	TSNode value = source_nth(last, 0);
	struct str text = syntax_text(s, value);

	if (!syntax_type_is(last, "return_statement"))
		return STR_NONE;
	if (java_is_literal(value) || str_is(text, "Optional.empty()") || str_is(text, "List.of()") ||
	    str_is(text, "Map.of()") || str_is(text, "Set.of()") || str_starts(text, "Collections.empty") ||
	    str_starts(text, "Optional"))
		return str_ends(text, "empty()") || str_ends(text, "of()") || java_is_literal(value) ||
		       str_starts(text, "Collections.empty") ? text : STR_NONE;
	return STR_NONE;
}

/* What the methods beside it with its type end with; false when they differ. */
static bool siblings(const struct syntax *s, TSNode method, struct str *value, unsigned *count)
{
	TSNode node;

	for (unsigned n = 0; !ts_node_is_null(node = source_child(source_parent(method),
								  "method_declaration", n)); n++) {
		struct str own;

		if (ts_node_eq(node, method) || !str_equal(java_simple_type(s, syntax_field(node, "type")),
							   java_simple_type(s, syntax_field(method, "type"))))
			continue;
		own = last_value(s, node);
		if (!own.size)
			continue;
		if (value->size && !str_equal(*value, own))
			return false;
		*value = own;
		++*count;
	}
	return true;
}

static bool is_search(TSNode method)
{
	TSNode body = syntax_field(method, "body"), last = source_nth(body, source_count(body) - 1);

	return syntax_type_is(last, "for_statement|enhanced_for_statement|while_statement") &&
	       !ts_node_is_null(syntax_below(last, "return_statement", 0));
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	struct source *source = sources_open(sources, scene->failure->file);
	struct str value = STR_NONE, said, type, name, indent;
	TSNode method, body;
	unsigned count = 0;
	size_t at;

	if (!source || source_is_test(source->path))
		return template_decline(scene, "the file is no code of this project"), false;
	at = line_start(source->syntax->text, scene->failure->line);
	method = java_method(source_node(source, at + str_indent(str_from(source->syntax->text, at)), "block"));
	body = syntax_field(method, "body");
	if (ts_node_is_null(body) || ts_node_end_point(body).row + 1 != scene->failure->line || !is_search(method))
		return template_decline(scene, "it is no search that ends there"), false;
	name = syntax_text(source->syntax, syntax_field(method, "name"));
	type = java_simple_type(source->syntax, syntax_field(method, "type"));
	said = promise_in(java_comment(source->syntax, method));
	if (!siblings(source->syntax, method, &value, &count) && !said.size)
		return template_decline(scene, "the methods beside %.*s end with different values",
					STR_ARG(name)), false;
	if (str_is(type, "Optional") && !value.size)
		value = STR("Optional.empty()");
	else if (said.size && value.size && !str_equal(said, value) && count > 1)
		return template_decline(scene, "the Javadoc of %.*s and its siblings differ", STR_ARG(name)), false;
	else if (said.size)
		value = said;
	else if (!value.size || str_is(value, "null") || (count < 2 && !str_is(type, "Optional")))
		return template_decline(scene, "nothing says what %.*s gives back at its end", STR_ARG(name)), false;
	indent = syntax_indent(source->syntax, source_nth(body, 0));
	at = line_start(source->syntax->text, scene->failure->line);
	edit_replace(&source->edits, at, at,
		     str_of(arena_printf(scene->arena, "%.*sreturn %.*s;%s", STR_ARG(indent), STR_ARG(value),
					 source_newline(source->syntax))));
	text_addf(why, "%.*s ends with %.*s, as its %s.", STR_ARG(name), STR_ARG(value),
		  said.size ? "Javadoc says" : count ? "siblings do" : "type is made for");
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_SIBLING, mend);
}

static const struct example examples[] = {
	{
		.name = "an Optional",
		.log =
		"./src/Rooms.java:11: error: missing return statement\n    }\n    ^\n1 error\n",
		.file = {
			{ "src/Rooms.java",
			  "import java.util.List;\nimport java.util.Optional;\n\nfinal class Rooms {\n"
			  "    Optional<String> first(List<String> rooms) {\n"
			  "        for (String room : rooms) {\n            if (!room.isEmpty()) {\n"
			  "                return Optional.of(room);\n            }\n        }\n    }\n"
			  "}\n",
			  "import java.util.List;\nimport java.util.Optional;\n\nfinal class Rooms {\n"
			  "    Optional<String> first(List<String> rooms) {\n"
			  "        for (String room : rooms) {\n            if (!room.isEmpty()) {\n"
			  "                return Optional.of(room);\n            }\n        }\n"
			  "        return Optional.empty();\n    }\n}\n" },
		},
	},
	{
		.name = "the Javadoc says it",
		.log =
		"./src/Rooms.java:9: error: missing return statement\n    }\n    ^\n1 error\n",
		.file = {
			{ "src/Rooms.java",
			  "final class Rooms {\n    /** The first free room, or -1. */\n"
			  "    int first(int[] rooms) {\n"
			  "        for (int i = 0; i < rooms.length; i++) {\n"
			  "            if (rooms[i] == 0) {\n                return i;\n            }\n"
			  "        }\n    }\n}\n",
			  "final class Rooms {\n    /** The first free room, or -1. */\n"
			  "    int first(int[] rooms) {\n"
			  "        for (int i = 0; i < rooms.length; i++) {\n"
			  "            if (rooms[i] == 0) {\n                return i;\n            }\n"
			  "        }\n        return -1;\n    }\n}\n" },
		},
	},
	{
		.name = "nothing says it",
		.log =
		"./src/Rooms.java:9: error: missing return statement\n    }\n    ^\n1 error\n",
		.file = {
			{ "src/Rooms.java",
			  "final class Rooms {\n    /** The first free room. */\n"
			  "    int first(int[] rooms) {\n"
			  "        for (int i = 0; i < rooms.length; i++) {\n"
			  "            if (rooms[i] == 0) {\n                return i;\n            }\n"
			  "        }\n    }\n}\n",
			  NULL },
		},
		.declines = "nothing says what first gives back",
	},
	{
		.name = "it is no search",
		.log =
		"./src/Rooms.java:4: error: missing return statement\n    }\n    ^\n1 error\n",
		.file = {
			{ "src/Rooms.java",
			  "final class Rooms {\n    int beds(int rooms) {\n"
			  "        int beds = 2 * rooms;\n    }\n}\n",
			  NULL },
		},
		.declines = "no search that ends there",
	},
	{0}
};

const struct template template_java_missing_return = {
	.name = "java_missing_return",
	.summary = "a search without a return at its end -> what its Javadoc, siblings or Optional say",
	.language = "java",
	.class = "return",
	.oracles = "the Javadoc; siblings of the same type; Optional",
	.keeps_off = "it is no search, siblings differ, or only null would be left",
	.danger = DANGER_2,
	.tool = "javac",
	.pattern = "^missing return statement$",
	.fix = fix,
	.examples = examples,
};
