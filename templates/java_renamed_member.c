/*
 * A method or field that is not found, because the failing commit renamed it, or made its class a
 * record whose getGross() is gross() now -> the new name. Keeps off what the commit before had not
 * either, and what two classes had.
 */
#include "git/path.h"
#include "templates/lib_java.h"
#include "templates/lib_renamed.h"
#include "templates/lib_scene.h"

/* "getGross" -> "gross"; empty when it is no getter. */
static struct str property(struct arena *a, struct str getter)
{
	char *name;

	if ((!str_skip(&getter, "get") && !str_skip(&getter, "is")) || !getter.size || getter.at[0] < 'A' ||
	    getter.at[0] > 'Z')
		return STR_NONE;
	name = str_text(a, getter);
	name[0] = (char)(name[0] + 32);
	return str_of(name);
}

/* The only file whose text of the commit before declared the method; NULL. */
static const char *who_had(const struct scene *scene, struct str method)
{
	const char *head = arena_printf(scene->arena, " %.*s(", STR_ARG(method)), *found = NULL;

	for (size_t i = 0; scene->parent && i < scene->parent->count; i++) {
		const char *path = scene->parent->entries[i].path;
		struct str text, line;
		bool declares = false;

		if (!str_is(path_ending(str_of(path)), "java") ||
		    !tree_read(scene->parent, scene->arena, path, &text))
			continue;
		while (str_next_line(&text, &line))
			declares = declares || (str_has(line, head) && str_ends(str_trim(line), "{") &&
						!str_has(line, "return ") && !str_has(line, " = "));
		if (!declares)
			continue;
		if (found)
			return NULL;
		found = path;
	}
	return found;
}

/* The component of the record that the class became; empty. */
static struct str component(struct sources *sources, struct str method)
{
	struct scene *scene = sources->scene;
	struct str wanted = property(scene->arena, method);
	const char *path = wanted.size ? who_had(scene, method) : NULL;
	struct source *source = path ? sources_open(sources, path) : NULL;
	TSNode record, node;

	if (!source)
		return STR_NONE;
	record = syntax_below(source->syntax->root, "record_declaration", 0);
	for (unsigned n = 0; !ts_node_is_null(node = source_child(syntax_field(record, "parameters"),
								  "formal_parameter", n)); n++)
		if (str_equal(syntax_text(source->syntax, syntax_field(node, "name")), wanted))
			return wanted;
	return STR_NONE;
}

static bool mend(struct scene *scene, struct sources *sources, struct text *why)
{
	const struct failure *failure = scene->failure;
	struct str old = scene_group(scene, "name"), name;
	struct source *source = sources_open(sources, failure->file);
	size_t at = SIZE_MAX;

	if (!source || source_is_test(source->path) || !scene->parent)
		return template_decline(scene, "without the commit before nobody knows what %.*s was",
					STR_ARG(old)), false;
	name = component(sources, old);
	if (!name.size && !renamed_to(scene, old, "java", &name))
		return template_decline(scene, "the failing commit gave %.*s no new name", STR_ARG(old)), false;
	/* javac points at the dot before it. */
	if (failure->column)
		at = source_word(source, failure->line, failure->column + 1, old);
	if (at == SIZE_MAX)
		at = source_word(source, failure->line, failure->column, old);
	if (at == SIZE_MAX)
		return template_decline(scene, "where %.*s stands on the line is not plain", STR_ARG(old)), false;
	edit_replace(&source->edits, at, at + old.size, name);
	text_addf(why, "%.*s in %s is %.*s since this commit.", STR_ARG(old), source->path, STR_ARG(name));
	return true;
}

static void fix(struct scene *scene)
{
	sources_mend_all(scene, ORACLE_HISTORY, mend);
}

static const struct example examples[] = {
	{
		.name = "the class is a record now",
		.log =
		"./src/Roll.java:5: error: cannot find symbol\n"
		"        return 2 * wage.getGross();\n                       ^\n"
		"  symbol:   method getGross()\n  location: variable wage of type Wage\n"
		"1 error\n",
		.file = {
			{ "src/Wage.java",
			  "package pay;\n\n/** A wage. */\npublic record Wage(long gross) {\n}\n",
			  NULL,
			  .was = "package pay;\n\n/** A wage. */\npublic final class Wage {\n"
			  "    private final long gross;\n\n    public Wage(long gross) {\n"
			  "        this.gross = gross;\n    }\n\n    public long getGross() {\n"
			  "        return gross;\n    }\n}\n" },
			{ "src/Roll.java",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.getGross();\n    }\n}\n",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.gross();\n    }\n}\n" },
		},
	},
	{
		.name = "a method has another name",
		.log =
		"./src/Roll.java:5: error: cannot find symbol\n"
		"        return 2 * wage.getGross();\n                       ^\n"
		"  symbol:   method getGross()\n  location: variable wage of type Wage\n"
		"1 error\n",
		.file = {
			{ "src/Wage.java",
			  "package pay;\n\n/** A wage. */\npublic final class Wage {\n"
			  "    private final long gross;\n\n    public Wage(long gross) {\n"
			  "        this.gross = gross;\n    }\n\n    public long cents() {\n"
			  "        return gross;\n    }\n}\n",
			  NULL,
			  .was = "package pay;\n\n/** A wage. */\npublic final class Wage {\n"
			  "    private final long gross;\n\n    public Wage(long gross) {\n"
			  "        this.gross = gross;\n    }\n\n    public long getGross() {\n"
			  "        return gross;\n    }\n}\n" },
			{ "src/Roll.java",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.getGross();\n    }\n}\n",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.cents();\n    }\n}\n" },
		},
	},
	{
		.name = "it never was there",
		.log =
		"./src/Roll.java:5: error: cannot find symbol\n"
		"        return 2 * wage.getGross();\n                       ^\n"
		"  symbol:   method getGross()\n  location: variable wage of type Wage\n"
		"1 error\n",
		.file = {
			{ "src/Wage.java",
			  "package pay;\n\n/** A wage. */\npublic record Wage(long gross) {\n}\n",
			  NULL },
			{ "src/Roll.java",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.getGross();\n    }\n}\n",
			  NULL,
			  .was = "" },
		},
		.declines = "gave getGross no new name",
	},
	{
		.name = "no commit before",
		.log =
		"./src/Roll.java:5: error: cannot find symbol\n"
		"        return 2 * wage.getGross();\n                       ^\n"
		"  symbol:   method getGross()\n  location: variable wage of type Wage\n"
		"1 error\n",
		.file = {
			{ "src/Wage.java",
			  "package pay;\n\n/** A wage. */\npublic record Wage(long gross) {\n}\n",
			  NULL },
			{ "src/Roll.java",
			  "package pay;\n\nfinal class Roll {\n    static long twice(Wage wage) {\n"
			  "        return 2 * wage.getGross();\n    }\n}\n",
			  NULL },
		},
		.declines = "without the commit before",
	},
	{0}
};

const struct template template_java_renamed_member = {
	.name = "java_renamed_member",
	.summary = "a method or field that the failing commit renamed, or a record's accessor -> its new name",
	.language = "java",
	.class = "name",
	.oracles = "the failing commit",
	.keeps_off = "there is no commit before, it had no such name either, or two classes had it",
	.danger = DANGER_1,
	.tool = "javac",
	.pattern = "^(?:cannot find symbol|invalid method reference): (?:method|variable) (?<name>[a-z]\\w*)",
	.fix = fix,
	.examples = examples,
};
