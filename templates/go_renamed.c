/*
 * "x.Old undefined", "undefined: Old", "missing method Old" -> the name that the last commit gave
 * to it, or the one name that a slip of the keyboard makes of it. A rename is one declaration that
 * went and one that came in the same file, with the same signature and the same body. Never
 * changes a declaration, and no test.
 */
#include "git/path.h"
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"
#include "templates/lib_similar.h"

enum { NAMES_MAX = 400 };

struct declared {
	struct str name, owner;		/* of a method or field: its type */
	struct str shape;		/* all but the name: kind, parameters, results, body */
	const char *path;
};

struct names {
	struct arena *arena;
	struct declared list[NAMES_MAX];
	size_t count;
};

static void add(struct names *names, const char *path, struct str owner, struct str name, struct str shape)
{
	if (names->count < NAMES_MAX && name.size)
		names->list[names->count++] = (struct declared){ name, owner, shape, path };
}

static struct str receiver_of(const struct syntax *s, TSNode method)
{
	return syntax_text(s, syntax_below(syntax_field(method, "receiver"), "type_identifier", 0));
}

/* Everything but the name; a recursion says the name once more. */
static struct str shape_of(struct arena *a, const struct syntax *s, TSNode node, struct str name)
{
	struct text out = TEXT(a);
	TSNode own = syntax_field(node, "name");
	size_t start = ts_node_start_byte(node), at = ts_node_start_byte(own);
	struct str rest = str_slice(s->text, ts_node_end_byte(own), ts_node_end_byte(node) -
				    ts_node_end_byte(own)), before;

	text_add(&out, str_slice(s->text, start, at - start));
	while (str_split(rest, str_text(a, name), &before, &rest)) {
		text_add(&out, before);
		text_addc(&out, '\x1f');
	}
	text_add(&out, rest);
	return text_str(&out);
}

static void add_members(struct names *names, const char *path, const struct syntax *s, TSNode spec)
{
	struct str owner = syntax_text(s, syntax_field(spec, "name"));
	TSNode body = syntax_field(spec, "type");
	const char *types = syntax_type_is(body, "struct_type") ? "field_declaration" :
			    syntax_type_is(body, "interface_type") ? "method_spec|method_elem" : "";

	for (unsigned n = 0; *types; n++) {
		TSNode line = syntax_below(body, types, n), name = syntax_field(line, "name");
		struct str text = syntax_text(s, name);

		if (ts_node_is_null(line))
			return;
		add(names, path, owner, str_copy(names->arena, text), shape_of(names->arena, s, line, text));
	}
}

/* What the Go files of a folder declare. */
static void collect(struct names *names, const struct tree *tree, struct str folder)
{
	static const char types[] = "function_declaration|method_declaration|type_spec|const_spec|var_spec";

	for (size_t i = 0; i < tree->count; i++) {
		const char *path = tree->entries[i].path;
		struct str text;

		if (!str_ends(str_of(path), ".go") || str_ends(str_of(path), "_test.go") ||
		    !str_equal(path_folder(str_of(path)), folder) ||
		    !tree_read(tree, names->arena, path, &text))
			continue;
		SYNTAX s = syntax_open(names->arena, "go", text);

		for (unsigned n = 0; s; n++) {
			TSNode node = syntax_below(s->root, types, n);
			struct str name = str_copy(names->arena, syntax_text(s, syntax_field(node, "name")));

			if (ts_node_is_null(node))
				break;
			if (!ts_node_is_null(go_function(ts_node_parent(node))))
				continue;
			add(names, path, str_copy(names->arena, receiver_of(s, node)), name,
			    shape_of(names->arena, s, node, name));
			if (syntax_type_is(node, "type_spec"))
				add_members(names, path, s, node);
		}
	}
}

static bool holds(const struct names *names, struct str owner, struct str name)
{
	for (size_t i = 0; i < names->count; i++)
		if (str_equal(names->list[i].name, name) && str_equal(names->list[i].owner, owner))
			return true;
	return false;
}

/* What the last commit made of the name: one that went, one of its shape that came. */
static struct str renamed(const struct names *now, const struct names *before, struct str owner,
			  struct str old)
{
	struct str found = STR_NONE;
	const struct declared *was = NULL;

	for (size_t i = 0; i < before->count; i++)
		if (str_equal(before->list[i].name, old) && str_equal(before->list[i].owner, owner))
			was = &before->list[i];
	for (size_t i = 0; was && i < now->count; i++) {
		const struct declared *one = &now->list[i];

		if (!str_is(str_of(one->path), was->path) || !str_equal(one->owner, owner) ||
		    !str_equal(one->shape, was->shape) || holds(before, owner, one->name))
			continue;
		if (found.size)
			return STR_NONE;
		found = one->name;
	}
	return found;
}

static struct str slipped(const struct names *now, struct str owner, struct str wrong)
{
	struct str found = STR_NONE;

	for (size_t i = 0; i < now->count; i++) {
		const struct declared *one = &now->list[i];

		if (!str_equal(one->owner, owner) || !similar_slip(wrong, one->name))
			continue;
		if (found.size && !str_equal(found, one->name))
			return STR_NONE;
		found = one->name;
	}
	return found;
}

/* The folder of the package that is imported under this name; the own folder for none. */
static struct str folder_of(struct scene *scene, const struct syntax *s, struct str package)
{
	for (unsigned n = 0;; n++) {
		TSNode spec = syntax_below(s->root, "import_spec", n);
		struct str path = syntax_text(s, syntax_field(spec, "path"));

		if (ts_node_is_null(spec))
			return STR("?");
		path = str_slice(path, 1, path.size - 2);
		if (!str_equal(path_name(path), package))
			continue;
		for (size_t i = 0; i < scene->tree->count; i++) {
			struct str folder = path_folder(str_of(scene->tree->entries[i].path));

			if (folder.size && str_ends(str_of(scene->tree->entries[i].path), ".go") &&
			    str_ends(path, arena_printf(scene->arena, "/%.*s", STR_ARG(folder))))
				return folder;
		}
	}
}

struct target {
	struct str name, owner, folder;
};

/* "a.Amount undefined (type *account.Account has no field or method Amount)" and the like. */
static bool target_of(struct scene *scene, const struct code *code, struct target *target)
{
	struct str type = scene_group(scene, "type"), package = scene_group(scene, "package");

	*target = (struct target){ .folder = path_folder(str_of(code->path)) };
	target->name = scene_group(scene, "member").size ? scene_group(scene, "member") :
		       scene_group(scene, "name");
	while (type.size && (type.at[0] == '*' || type.at[0] == '&'))
		type = str_from(type, 1);
	if (str_split_last(type, ".", &package, &type))
		package = path_name(package);
	target->owner = type;
	if (package.size)
		target->folder = folder_of(scene, code->syntax, package);
	return !str_is(target->folder, "?");
}

static void fix(struct scene *scene)
{
	struct names *now = arena_new(scene->arena, struct names);
	struct names *before = arena_new(scene->arena, struct names);
	struct edits edits = { .arena = scene->arena };
	enum oracle oracle = ORACLE_HISTORY;
	struct target target;
	struct str right = STR_NONE;
	TSNode node;
	CODE code;

	if (!code_open(scene, &code))
		return;
	if (!target_of(scene, &code, &target))
		return template_decline(scene, "the package is not in the repository");
	now->arena = before->arena = scene->arena;
	collect(now, scene->tree, target.folder);
	if (scene->parent) {
		collect(before, scene->parent, target.folder);
		right = renamed(now, before, target.owner, target.name);
	}
	if (!right.size && !holds(before, target.owner, target.name)) {
		right = slipped(now, target.owner, target.name);
		oracle = ORACLE_SIBLING;
	}
	if (!right.size)
		return template_decline(scene, "no commit renamed %.*s, and no single name is like it",
					STR_ARG(target.name));
	node = code.node;
	if (syntax_type_is(ts_node_parent(node), "selector_expression") &&
	    !str_equal(syntax_text(code.syntax, node), target.name))
		node = syntax_field(ts_node_parent(node), "field");
	if (!str_equal(syntax_text(code.syntax, node), target.name))
		return template_decline(scene, "%.*s is not at the place that the log names",
					STR_ARG(target.name));
	edit_node(&edits, node, right);
	code_propose(scene, &code, &edits, oracle, DANGER_1, arena_printf(scene->arena,
		oracle == ORACLE_HISTORY ? "The last commit renamed %.*s to %.*s; this use was forgotten." :
		"%.*s is a slip of the keyboard for %.*s, the only name like it.",
		STR_ARG(target.name), STR_ARG(right)));
}

#define ACCOUNT(name) \
	"package account\n\ntype Account struct{ cents int }\n\nfunc (a *Account) " name "() int {\n" \
	"\treturn a.cents\n}\n\nfunc (a *Account) Available() int {\n\treturn a.cents + 1\n}\n"
#define USE(name) \
	"package statement\n\nimport \"example.com/bank/account\"\n\nfunc Total(a *account.Account) int {\n" \
	"\treturn a." name "()\n}\n"

static const struct example examples[] = {
	{
		.name = "a slip in a method's name",
		.log = "# example.com/bank/statement\nvet: statement/s.go:6:11: a.Availible undefined "
		       "(type *account.Account has no field or method Availible)\n",
		.file = {
			{ "account/account.go", ACCOUNT("Balance"), NULL },
			{ "statement/s.go", USE("Availible"), USE("Available") },
		},
	},
	{
		.name = "a method that the last commit renamed",
		.log = "# example.com/bank/statement\nvet: statement/s.go:6:11: a.Amount undefined "
		       "(type *account.Account has no field or method Amount)\n",
		.file = {
			{ "account/account.go", ACCOUNT("Balance"), NULL, .was = ACCOUNT("Amount") },
			{ "statement/s.go", USE("Amount"), USE("Balance") },
		},
	},
	{
		.name = "a method that nobody has had",
		.log = "# example.com/bank/statement\nvet: statement/s.go:6:11: a.Amount undefined "
		       "(type *account.Account has no field or method Amount)\n",
		.file = {
			{ "account/account.go", ACCOUNT("Balance"), NULL },
			{ "statement/s.go", USE("Amount"), NULL },
		},
		.declines = "no commit renamed Amount",
	},
	{
		.name = "a slip in a function's name",
		.log = "# example.com/bank/account\naccount/a.go:3:29: undefined: rouned\n",
		.file = {
			{ "account/a.go", "package account\n\nfunc Up(a int) int { return rouned(a) }\n\n"
			  "func rounded(a int) int { return a }\n",
			  "package account\n\nfunc Up(a int) int { return rounded(a) }\n\n"
			  "func rounded(a int) int { return a }\n" },
		},
	},
	{
		.name = "of a package from elsewhere",
		.log = "# example.com/bank/account\naccount/a.go:5:27: undefined: uuid.NewStrin\n",
		.file = {
			{ "account/a.go", "package account\n\nimport \"github.com/google/uuid\"\n\n"
			  "func Id() string { return uuid.NewStrin() }\n", NULL },
		},
		.declines = "the package is not in the repository",
	},
	{0}
};

const struct template template_go_renamed = {
	.name = "go_renamed",
	.summary = "an undefined name -> what the last commit renamed it to, or the only name like it",
	.language = "go",
	.class = "name",
	.oracles = "the last commit, which renamed the declaration; the names of the type or package",
	.keeps_off = "declarations that changed with the rename; names that are like several; tests",
	.danger = DANGER_1,
	.pattern = "^(?:\\S+ undefined \\(type (?<type>[\\w.*/]+) has no field or method (?<member>\\w+)|"
		   "undefined: (?:(?<package>\\w+)\\.)?(?<name>\\w+)$)",
	.fix = fix,
	.examples = examples,
};
