/*
 * A name that is not found because the last commit renamed its declaration -> the new name, where
 * the compiler misses the old one. A rename is one declaration that went and one that came in the
 * same file, of the same owner and the same text but for the name. Keeps off when something still
 * has the old name.
 */
#include "templates/lib_rust.h"
#include "templates/lib_scene.h"

enum { NAMES_MAX = 600 };

static const char kinds[] = "function_item|function_signature_item|struct_item|enum_item|const_item|static_item|"
			    "trait_item|type_item|field_declaration|enum_variant";

struct names {
	struct arena *arena;
	size_t count;
	struct declared {
		struct str name, owner, shape;
		const char *path;
	} list[NAMES_MAX];
};

/* All of it but the name, which a recursion says again. */
static struct str shape_of(struct arena *a, const struct syntax *s, TSNode node, struct str name)
{
	struct str rest = syntax_text(s, node), before;
	struct text out = TEXT(a);

	while (str_split(rest, str_text(a, name), &before, &rest)) {
		text_add(&out, before);
		text_addc(&out, '\x1f');
	}
	text_add(&out, rest);
	return text_str(&out);
}

static void collect(struct names *names, const struct tree *tree)
{
	for (size_t i = 0; tree && i < tree->count; i++) {
		struct str path = str_of(tree->entries[i].path), text;

		if (!str_ends(path, ".rs") || str_starts(path, "tests/") || str_has(path, "/tests/") ||
		    !tree_read(tree, names->arena, path.at, &text))
			continue;
		SYNTAX s = syntax_open(names->arena, "rust", text);

		for (unsigned n = 0; s && names->count < NAMES_MAX; n++) {
			TSNode node = syntax_below(s->root, kinds, n), owner;
			struct str name = syntax_text(s, syntax_field(node, "name"));

			if (ts_node_is_null(node))
				break;
			owner = syntax_up(ts_node_parent(node), "impl_item|struct_item|enum_item|trait_item|mod_item");
			names->list[names->count++] = (struct declared){
				.name = str_copy(names->arena, name), .path = path.at,
				.owner = str_copy(names->arena, syntax_text(s, syntax_field(owner,
					syntax_type_is(owner, "impl_item") ? "type" : "name"))),
				.shape = shape_of(names->arena, s, node, name),
			};
		}
	}
}

static bool holds(const struct names *names, struct str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->list[i].name, name))
			return true;
	return false;
}

static struct str renamed(const struct names *now, const struct names *before, struct str old)
{
	const struct declared *was = NULL;
	struct str found = STR_NONE;

	for (size_t i = 0; i < before->count; i++) {
		if (!str_equal(before->list[i].name, old))
			continue;
		if (was)
			return STR_NONE;	/* two had the name */
		was = &before->list[i];
	}
	for (size_t i = 0; was && i < now->count; i++) {
		const struct declared *one = &now->list[i];

		if (!str_is(str_of(one->path), was->path) || !str_equal(one->owner, was->owner) ||
		    !str_equal(one->shape, was->shape) || holds(before, one->name))
			continue;
		if (found.size)
			return STR_NONE;
		found = one->name;
	}
	return found;
}

static struct str old_name(const struct scene *scene)
{
	static const char *const groups[] = { "name", "import", "member", "field", "lacks" };
	struct str name = STR_NONE;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]) && !name.size; i++)
		name = scene_group(scene, groups[i]);
	(void)str_split_last(name, "::", NULL, &name);
	return name;
}

/* The place says the name itself, or a path that ends with it. */
static TSNode node_of(const struct code *code, struct str old)
{
	TSNode node = code->node, none = {{0}, NULL, NULL};

	if (str_equal(syntax_text(code->syntax, node), old))
		return node;
	node = syntax_up(node, "scoped_identifier|scoped_type_identifier|use_declaration");
	return code_find(code->syntax, ts_node_is_null(node) ? none : node, "identifier type_identifier", old);
}

static void put_file(struct scene *scene, struct candidate *candidate, const char *path, struct str old,
		     struct str right)
{
	struct edits edits = { .arena = scene->arena };
	struct scene alike;
	size_t index = 0;
	struct str out;
	CODE code;

	if (!code_open_at(scene, path, 0, 0, &code))
		return;
	while (scene_next_alike(scene, &index, &alike)) {
		const char *own = scene_path(scene, alike.failure->file);
		TSNode node;
		bool twice = false;

		if (!own || !str_is(str_of(own), path) || !str_equal(old_name(&alike), old))
			continue;
		code.node = code_node_at(code.syntax, alike.failure->line, alike.failure->column);
		node = ts_node_is_null(code.node) ? code.node : node_of(&code, old);
		for (size_t i = 0; i < edits.count && !ts_node_is_null(node); i++)
			twice = twice || edits.list[i].start == ts_node_start_byte(node);
		if (!ts_node_is_null(node) && !twice && !rust_in_test(code.syntax, node))
			edit_node(&edits, node, right);
	}
	if (edits_apply(&edits, code.syntax, &out))
		candidate_put(scene, candidate, path, out);
}

static void fix(struct scene *scene)
{
	struct names *now = arena_new(scene->arena, struct names);
	struct names *before = arena_new(scene->arena, struct names);
	const char *path = scene_path(scene, scene->failure->file);
	struct str old = old_name(scene), right;
	struct candidate *candidate;
	CODE code;

	if (!code_open(scene, &code))
		return;
	*now = (struct names){ .arena = scene->arena };
	*before = (struct names){ .arena = scene->arena };
	collect(now, scene->tree);
	collect(before, scene->parent);
	if (holds(now, old))
		return template_decline(scene, "something is still called %.*s", STR_ARG(old));
	right = renamed(now, before, old);
	if (!right.size)
		return template_decline(scene, "the last commit renamed no %.*s", STR_ARG(old));
	candidate = propose(scene, ORACLE_HISTORY, "The last commit renamed %.*s to %.*s; this use was forgotten.",
			    STR_ARG(old), STR_ARG(right));
	candidate->danger = DANGER_1;
	put_file(scene, candidate, path, old, right);
}

#define LOG \
	"error[E0599]: no method named `amount` found for reference `&Account` in the current scope\n" \
	" --> src/statement.rs:4:7\n  |\n4 |     a.amount() / 100\n  |       ^^^^^^ method not found in `&Account`\n\n"
#define ACCOUNT(name) \
	"pub struct Account {\n    cents: i64,\n}\n\nimpl Account {\n    pub fn " name "(&self) -> i64 {\n" \
	"        self.cents\n    }\n}\n"
#define STATEMENT(name) \
	"use crate::account::Account;\n\npub fn line(a: &Account) -> i64 {\n    a." name "() / 100\n}\n"

static const struct example examples[] = {
	{
		.name = "a method",
		.log = LOG,
		.file = {
			{ "src/account.rs", ACCOUNT("balance"), NULL, .was = ACCOUNT("amount") },
			{ "src/statement.rs", STATEMENT("amount"), STATEMENT("balance") },
		},
	},
	{
		.name = "it does something else now",
		.log = LOG,
		.file = {
			{ "src/account.rs", ACCOUNT("balance"), NULL,
			  .was = "pub struct Account {\n    cents: i64,\n}\n\nimpl Account {\n"
				 "    pub fn amount(&self) -> i64 {\n        self.cents - 1\n    }\n}\n" },
			{ "src/statement.rs", STATEMENT("amount"), NULL },
		},
		.declines = "renamed no amount",
	},
	{
		.name = "another type still has it",
		.log = LOG,
		.file = {
			{ "src/account.rs", ACCOUNT("balance"), NULL, .was = ACCOUNT("amount") },
			{ "src/other.rs", "pub fn amount() {}\n", NULL },
			{ "src/statement.rs", STATEMENT("amount"), NULL },
		},
		.declines = "something is still called",
	},
	{0}
};

const struct template template_rust_renamed = {
	.name = "rust_renamed",
	.summary = "a name is not found that the last commit renamed -> the new name",
	.language = "rust",
	.class = "name",
	.oracles = "the last commit, which renamed the declaration",
	.keeps_off = "declarations that changed with the rename; names that something still has; tests",
	.danger = DANGER_1,
	.types = (const char *const[]){ "E0425", "E0412", "E0433", "E0432", "E0599", "E0609", "E0560", "E0405",
					NULL },
	.pattern = "^(?:cannot find [\\w, ]+ `(?<name>[\\w:]+)`|unresolved import `(?<import>[\\w:]+)`|"
		   "no (?:method|function or associated item|variant or associated item|associated function or "
		   "constant|variant, associated function, or constant) named `(?<member>\\w+)` found|"
		   "no field `(?<field>\\w+)` on type|[\\w ]+ `[^`]+` has no field named `(?<lacks>\\w+)`)",
	.fix = fix,
	.examples = examples,
};
