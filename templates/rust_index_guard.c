/*
 * "index out of bounds: the len is 0 but the index is 0" -> an early return of what the failed test
 * expects there: for the first, the last, or the n-th of too few. Ranges are rust_range_end's. The
 * index itself is never changed, and never tested where it is computed.
 */
#include "templates/lib_files.h"
#include "templates/lib_rust_guard.h"
#include "templates/lib_scene.h"

static struct str is_empty(const struct syntax *s, TSNode subject)
{
	return str_of(arena_printf(s->arena, "%.*s.is_empty()", STR_ARG(syntax_text(s, subject))));
}

/* x[2] or x[1..] at the place. */
static bool read_index(const struct syntax *s, struct rust_guard *guard)
{
	struct str index = syntax_text(s, source_nth(guard->crash, 1));
	bool slice = str_chop(&index, "..");
	unsigned long number, needed;

	guard->subject = source_nth(guard->crash, 0);
	if (!rust_is_path(guard->subject) || !str_number(index, &number) || number > 99)
		return false;
	needed = number + !slice;
	guard->nothing = needed == 1;
	guard->condition = guard->nothing ? is_empty(s, guard->subject) :
			   str_of(arena_printf(s->arena, "%.*s.len() < %lu", STR_ARG(syntax_text(s, guard->subject)),
					       needed));
	return needed > 0;
}

/* x.len() - 1 at the place. */
static bool read_last(const struct syntax *s, struct rust_guard *guard)
{
	guard->subject = rust_len_of(s, syntax_field(guard->crash, "left"));
	if (!str_is(syntax_text(s, syntax_field(guard->crash, "operator")), "-") ||
	    !str_is(syntax_text(s, syntax_field(guard->crash, "right")), "1") || ts_node_is_null(guard->subject))
		return false;
	guard->nothing = true;
	guard->condition = is_empty(s, guard->subject);
	return true;
}

static void fix(struct scene *scene)
{
	struct rust_guard guard = { .nothing = false };
	bool last = str_starts(str_of(scene->failure->message), "attempt");
	bool known;
	CODE code;

	if (!code_open(scene, &code))
		return;
	guard.code = &code;
	guard.crash = syntax_up(code.node, last ? "binary_expression" : "index_expression");
	known = !ts_node_is_null(guard.crash) && ts_node_start_byte(guard.crash) == ts_node_start_byte(code.node) &&
		(last ? read_last(code.syntax, &guard) : read_index(code.syntax, &guard));
	if (!known)
		return template_decline(scene, "it is not one list that is read at a fixed place");
	rust_guard_propose(scene, &guard);
}

#define LOG(what, place) \
	"---- nothing stdout ----\n\nthread 'nothing' (11094) panicked at src/lib.rs:" place ":\n" \
	what "\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n\n\n" \
	"failures:\n    nothing\n\n" \
	"test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.37s\n\n"
#define TEST(body) { "tests/words.rs", "use words::*;\n\n#[test]\nfn nothing() {\n    " body "\n}\n", NULL }
#define EMPTY "index out of bounds: the len is 0 but the index is 0"
#define FIRST(guard) "pub fn first(all: &[String]) -> String {\n" guard "    all[0].clone()\n}\n"
#define LAST(guard) "pub fn last(all: &[u32]) -> Option<u32> {\n" guard "    Some(all[all.len() - 1])\n}\n"
#define VALUE(guard) \
	"pub fn value(line: &str) -> Option<&str> {\n    let parts: Vec<&str> = line.split('=').collect();\n" guard \
	"    Some(parts[1])\n}\n"

static const struct example examples[] = {
	{
		.name = "the first of nothing, of the only input",
		.log = LOG(EMPTY, "2:5"),
		.file = { { "src/lib.rs", FIRST(""),
			    FIRST("    if all.is_empty() {\n        return \"-\".to_string();\n    }\n") },
			  TEST("let none = vec![];\n    assert_eq!(first(&none), \"-\");") },
	},
	{
		.name = "the last of nothing",
		.log = LOG("attempt to subtract with overflow", "2:14"),
		.file = { { "src/lib.rs", LAST(""),
			    LAST("    if all.is_empty() {\n        return None;\n    }\n") },
			  TEST("assert_eq!(last(&[]), None);") },
	},
	{
		.name = "no such field of too few",
		.log = LOG("index out of bounds: the len is 1 but the index is 1", "3:10"),
		.file = { { "src/lib.rs", VALUE(""),
			    VALUE("    if parts.len() < 2 {\n        return None;\n    }\n") },
			  TEST("assert!(value(\"a\").is_none());") },
	},
	{
		.name = "a value for too few",
		.log = LOG("index out of bounds: the len is 1 but the index is 1", "3:10"),
		.file = { { "src/lib.rs", VALUE(""), NULL }, TEST("assert_eq!(value(\"a\"), Some(\"\"));") },
		.declines = "for the test's own input only",
	},
	{
		.name = "the caller's list is changed",
		.log = LOG(EMPTY, "2:5"),
		.file = { { "src/lib.rs", "pub fn first(all: &mut Vec<u32>) -> u32 {\n    all[0]\n}\n", NULL },
			  TEST("assert_eq!(first(&mut vec![]), 0);") },
		.declines = "skip a side effect",
	},
	{
		.name = "a computed place",
		.log = LOG(EMPTY, "2:5"),
		.file = { { "src/lib.rs", "pub fn middle(all: &[u32]) -> u32 {\n    all[all.len() / 2]\n}\n", NULL },
			  TEST("assert_eq!(middle(&[]), 0);") },
		.declines = "read at a fixed place",
	},
	{0}
};

const struct template template_rust_index_guard = {
	.name = "rust_index_guard",
	.summary = "the first, last or n-th of too few is read -> an early return of what the failed test expects",
	.language = "rust",
	.class = "crash guard",
	.oracles = "the failed test, which calls the function with nothing; the siblings' error",
	.keeps_off = "the test does not say; its value may hold for its input only; computed indexes; side effects",
	.danger = DANGER_2,
	.pattern = "^(?:index out of bounds: the len is \\d+ but the index is \\d+|attempt to subtract with overflow|"
		   "range start index \\d+ out of range for slice of length \\d+)$",
	.fix = fix,
	.examples = examples,
};
