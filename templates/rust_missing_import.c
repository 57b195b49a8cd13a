/*
 * A name that is not in scope -> the `use` that rustc suggests. Of several suggestions the one
 * that the repository's other files have; without such a file only a single suggestion counts.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

static const char *const messages[] = {
	"consider importing this ", "consider importing one of these ", "trait `",
	"the following trait is implemented but not in scope",
	"the following traits are implemented but not in scope", NULL
};

/* How many files of the repository have this line. */
static unsigned users(const struct scene *scene, struct str line)
{
	unsigned count = 0;

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str text, one;

		if (!str_ends(str_of(scene->tree->entries[i].path), ".rs") ||
		    !scene_read(scene, scene->tree->entries[i].path, &text))
			continue;
		while (str_next_line(&text, &one))
			if (str_equal(str_trim(one), line)) {
				count++;
				break;
			}
	}
	return count;
}

/* The suggested line; empty when several are suggested and nobody says which. */
static struct str choose(const struct scene *scene, const struct rust_help *help)
{
	struct str best = STR_NONE;
	unsigned most = 0, ties = 0;

	for (size_t i = 0; i < help->count; i++) {
		struct str line = str_trim(help->edits[i].text);
		unsigned count = users(scene, line);

		if (!help->edits[i].whole || !str_starts(line, "use ") || !str_ends(line, ";"))
			return STR_NONE;
		if (help->count == 1)
			return line;
		if (count > most) {
			best = line;
			most = count;
			ties = 0;
		} else if (count && count == most) {
			ties++;
		}
	}
	return ties ? STR_NONE : best;
}

/* Among the file's `use` lines in order, else where rustc puts it. */
static size_t place_of(const struct syntax *s, struct str line, unsigned suggested)
{
	size_t at = line_start(s->text, suggested);
	bool any = false;

	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode one = ts_node_named_child(s->root, i);
		struct str text = syntax_text(s, one);

		if (!syntax_type_is(one, "use_declaration") || !str_starts(text, "use "))
			continue;
		if (str_compare(text, line) > 0)
			return any ? at : ts_node_start_byte(one);
		at = line_end(s->text, ts_node_end_byte(one));
		any = true;
	}
	return at;
}

static struct str suggested(struct scene *scene, const struct code *code, unsigned *line)
{
	struct rust_help helps[RUST_HELPS_MAX];
	size_t count = rust_helps(scene->failure, code->syntax->text, helps);

	for (size_t i = 0; i < count; i++)
		for (size_t n = 0; messages[n]; n++)
			if (str_starts(helps[i].message, messages[n]) && helps[i].count && !helps[i].odd) {
				*line = helps[i].edits[0].line;
				return choose(scene, &helps[i]);
			}
	return STR_NONE;
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	unsigned line = 1;
	struct str use;
	size_t at;
	CODE code;

	if (!code_open(scene, &code))
		return;
	use = suggested(scene, &code, &line);
	if (!use.size)
		return template_decline(scene, "rustc names no import, or several of which nobody has one");
	if (rust_in_test(code.syntax, code.node))
		return template_decline(scene, "the name is used in a test");
	at = place_of(code.syntax, use, line);
	edit_replace(&edits, at, at, str_of(arena_printf(scene->arena, "%.*s\n", STR_ARG(use))));
	code_propose(scene, &code, &edits, ORACLE_TOOL, DANGER_1, arena_printf(scene->arena,
		"Adds `%.*s`, which rustc suggests.", STR_ARG(use)));
}

#define UNDECLARED(line, candidates) \
	"error[E0433]: cannot find type `HashMap` in this scope\n --> src/lib.rs:" line ":20\n  |\n" \
	line " | pub fn a() { let _ = HashMap::<u8, u8>::new(); }\n  |                    ^^^^^^^ use of undeclared type `HashMap`\n" \
	"  |\n" candidates "  |\n\n"
#define BODY "pub fn a() { let _ = HashMap::<u8, u8>::new(); }\n"

static const struct example examples[] = {
	{
		.name = "one suggestion, among other imports",
		.log = UNDECLARED("4", "help: consider importing this struct\n  |\n1 + use std::collections::HashMap;\n"),
		.file = { { "src/lib.rs", "use std::cell::Cell;\nuse std::fmt;\n\n" BODY,
			    "use std::cell::Cell;\nuse std::collections::HashMap;\nuse std::fmt;\n\n" BODY } },
	},
	{
		.name = "two of which the repository has one",
		.log = UNDECLARED("1", "help: consider importing one of these structs\n  |\n"
				  "1 + use std::collections::HashMap;\n  |\n1 + use crate::map::HashMap;\n"),
		.file = {
			{ "src/lib.rs", BODY, "use crate::map::HashMap;\n" BODY },
			{ "src/b.rs", "use crate::map::HashMap;\n", NULL },
		},
	},
	{
		.name = "two, and nobody says which",
		.log = UNDECLARED("1", "help: consider importing one of these traits\n  |\n"
				  "1 + use std::fmt::Write;\n  |\n1 + use std::io::Write;\n"),
		.file = { { "src/lib.rs", BODY, NULL } },
		.declines = "several of which nobody has one",
	},
	{0}
};

const struct template template_rust_missing_import = {
	.name = "rust_missing_import",
	.summary = "a name that is not in scope -> the use that rustc suggests",
	.language = "rust",
	.class = "import",
	.oracles = "rustc's own suggestion; of several, the imports of the repository",
	.keeps_off = "several suggestions of which no file has one; tests",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0433", "E0412", "E0425", "E0405", "E0404", "E0599", "E0422", "E0574",
					NULL },
	.fix = fix,
	.examples = examples,
};
