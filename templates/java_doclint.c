/*
 * Javadoc that is no HTML: a bare '<', '>' or '&' -> its entity, "<br/>" -> "<br>". Only the byte that
 * javac points at; what a broken tag was to say, or a reference that leads nowhere, is left alone.
 */
#include "templates/lib_java.h"
#include "templates/lib_scene.h"

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct source *source = sources_open(sources, failure->file);
	struct str text, rest;
	size_t at, size;

	if (!source || source_is_test(source->path) || !failure->column)
		return template_decline(scene, "the log does not say where in this project's code"), false;
	text = source->syntax->text;
	at = source_at(source, failure->line, failure->column, false);
	if (at == SIZE_MAX || ts_node_is_null(source_node(source, at, "block_comment")))
		return template_decline(scene, "the place is in no Javadoc"), false;
	rest = str_from(text, at);
	size = 1;
	if (str_is(scene_group(scene, "what"), "self-closing element not allowed")) {
		ptrdiff_t end = str_char(str_slice(rest, 0, 40), '>');

		if (end < 3 || rest.at[end - 1] != '/' || !(str_starts(rest, "<br") || str_starts(rest, "<p") ||
							    str_starts(rest, "<hr")))
			return template_decline(scene, "the element is not one that is never closed"), false;
		edit_replace(&source->edits, at + (size_t)end - 1, at + (size_t)end, STR_NONE);
		if (rest.at[end - 2] == ' ')
			source->edits.list[source->edits.count - 1].start--;
	} else if (rest.at[0] == '<' && (size == rest.size || strchr(" =<0123456789-", rest.at[1]))) {
		edit_replace(&source->edits, at, at + 1, STR("&lt;"));
	} else if (rest.at[0] == '>') {
		edit_replace(&source->edits, at, at + 1, STR("&gt;"));
	} else if (rest.at[0] == '&' && (size == rest.size || strchr(" &=", rest.at[1]))) {
		edit_replace(&source->edits, at, at + 1, STR("&amp;"));
	} else {
		return template_decline(scene, "what the tag was to say is not plain"), false;
	}
	if (!why->size)
		text_addf(why, "Writes the Javadoc in line %u of %s as HTML.", failure->line, source->path);
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_TOOL, mend);
}

static const struct example examples[] = {
	{
		.name = "two bare signs",
		.log =
		"A.java:1: error: malformed HTML\n/** Holds when a < b, or a & b. */\n"
		"                 ^\nA.java:1: error: bad HTML entity\n"
		"/** Holds when a < b, or a & b. */\n                           ^\n2 errors\n",
		.file = {
			{ "A.java",
			  "/** Holds when a < b, or a & b. */\npublic class A {\n}\n",
			  "/** Holds when a &lt; b, or a &amp; b. */\npublic class A {\n}\n" },
		},
	},
	{
		.name = "an element that is not closed so",
		.log =
		"A.java:1: error: self-closing element not allowed\n/** One.<p/> Two. */\n"
		"        ^\n1 error\n",
		.file = {
			{ "A.java",
			  "/** One.<p/> Two. */\npublic class A {\n}\n",
			  "/** One.<p> Two. */\npublic class A {\n}\n" },
		},
	},
	{
		.name = "a broken tag",
		.log =
		"A.java:1: error: malformed HTML\n/** Holds <code a. */\n          ^\n1 error\n",
		.file = {
			{ "A.java",
			  "/** Holds <code a. */\npublic class A {\n}\n",
			  NULL },
		},
		.declines = "what the tag was to say",
	},
	{0}
};

const struct template template_java_doclint = {
	.name = "java_doclint",
	.summary = "Javadoc with a bare <, > or &, or <br/> -> the entity, or <br>",
	.language = "java",
	.class = "lint",
	.oracles = "the compiler's doclint, which names the byte",
	.keeps_off = "a tag is broken or a reference leads nowhere",
	.danger = DANGER_0,
	.tool = "javac",
	.pattern = "^(?<what>malformed HTML|bad use of '>'|bad HTML entity|self-closing element not allowed)",
	.fix = fix,
	.examples = examples,
};
