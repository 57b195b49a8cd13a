/*
 * unwrap() on a None or an Err, in a function that returns Option or Result itself -> `?`, as a
 * sibling of the same return type does it. Never where the unwrap is in a closure, and never a
 * default value.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

/* Does another function of the file with this return type hand it on by `?`? */
static bool sibling_asks(const struct syntax *s, TSNode function, struct str kind)
{
	for (unsigned n = 0;; n++) {
		TSNode other = syntax_below(s->root, "function_item", n);
		TSNode question = syntax_below(syntax_field(other, "body"), "try_expression", 0);

		if (ts_node_is_null(other))
			return false;
		if (!ts_node_eq(other, function) && !ts_node_is_null(question) &&
		    str_starts(syntax_text(s, syntax_field(other, "return_type")), str_text(s->arena, kind)))
			return true;
	}
}

/* The one `.unwrap()` on the line that the column can mean; null node when there are several. */
static TSNode find_unwrap(const struct syntax *s, TSNode function, unsigned line)
{
	TSNode found = {{0}, NULL, NULL}, none = found;
	unsigned count = 0;

	for (unsigned n = 0;; n++) {
		TSNode call = syntax_below(function, "call_expression", n);
		TSNode field = syntax_field(syntax_field(call, "function"), "field");

		if (ts_node_is_null(call))
			return count == 1 ? found : none;
		if (!str_is(syntax_text(s, field), "unwrap") || syntax_line(field) != line)
			continue;
		found = call;
		count++;
	}
}

static void fix(struct scene *scene)
{
	struct edits edits = { .arena = scene->arena };
	struct str kind = scene_group(scene, "kind");
	TSNode function, call, value;
	struct str returned;
	CODE code;

	if (!code_open(scene, &code))
		return;
	function = syntax_up(code.node, "function_item");
	returned = syntax_text(code.syntax, syntax_field(function, "return_type"));
	if (ts_node_is_null(function) || rust_in_test(code.syntax, function) ||
	    !str_starts(returned, str_text(scene->arena, kind)))
		return template_decline(scene, "the function returns no %.*s", STR_ARG(kind));
	call = find_unwrap(code.syntax, function, scene->failure->line);
	if (ts_node_is_null(call))
		return template_decline(scene, "there is not one unwrap on the line");
	if (!ts_node_is_null(syntax_up(call, "closure_expression|async_block")))
		return template_decline(scene, "the unwrap is in a closure");
	if (!sibling_asks(code.syntax, function, kind))
		return template_decline(scene, "no sibling hands a missing value on");
	value = syntax_field(syntax_field(call, "function"), "value");
	edit_replace(&edits, ts_node_end_byte(value), ts_node_end_byte(call), STR("?"));
	code_propose(scene, &code, &edits, ORACLE_SIBLING, DANGER_1, arena_printf(scene->arena,
		"Hands on what is missing, as the siblings do: the function returns %.*s.", STR_ARG(returned)));
}

#define LOG(place) \
	"---- empty stdout ----\n\nthread 'empty' (29082) panicked at src/lib.rs:" place ":\n" \
	"called `Option::unwrap()` on a `None` value\n" \
	"note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n"
#define SIBLING "pub fn oldest(all: &[u32]) -> Option<u32> {\n    let one = all.first()?;\n    Some(*one)\n}\n\n"

static const struct example examples[] = {
	{
		.name = "the sibling asks",
		.log = LOG("7:38"),
		.file = { { "src/lib.rs",
			    SIBLING "pub fn longest(all: &[u32]) -> Option<u32> {\n    let one = all.iter().max().unwrap();\n"
			    "    Some(*one)\n}\n",
			    SIBLING "pub fn longest(all: &[u32]) -> Option<u32> {\n    let one = all.iter().max()?;\n"
			    "    Some(*one)\n}\n" } },
	},
	{
		.name = "the function returns a number",
		.log = LOG("7:38"),
		.file = { { "src/lib.rs",
			    SIBLING "pub fn longest(all: &[u32]) -> u32 {\n    let one = all.iter().max().unwrap();\n"
			    "    *one\n}\n", NULL } },
		.declines = "returns no Option",
	},
	{
		.name = "in a closure",
		.log = LOG("7:48"),
		.file = { { "src/lib.rs",
			    SIBLING "pub fn longest(all: &[&str]) -> Option<u32> {\n"
			    "    all.iter().map(|one| one.parse().ok().unwrap()).max()\n}\n", NULL } },
		.declines = "in a closure",
	},
	{
		.name = "no sibling",
		.log = LOG("2:38"),
		.file = { { "src/lib.rs", "pub fn longest(all: &[u32]) -> Option<u32> {\n"
			    "    let one = all.iter().max().unwrap();\n    Some(*one)\n}\n", NULL } },
		.declines = "no sibling hands",
	},
	{0}
};

const struct template template_rust_unwrap_none = {
	.name = "rust_unwrap_none",
	.summary = "unwrap of nothing in a function that returns Option or Result -> ? as its siblings do",
	.language = "rust",
	.class = "crash guard",
	.oracles = "siblings of the same return type that use ?, and the failed test",
	.keeps_off = "closures; functions that return something else; no sibling that asks",
	.danger = DANGER_1,
	.pattern = "^called `(?<kind>Option|Result)::unwrap\\(\\)` on an? `(?:None|Err)` value",
	.fix = fix,
	.examples = examples,
};
