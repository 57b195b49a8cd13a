/*
 * A type no longer fits an interface because the last commit renamed a method of the interface ->
 * the type's method gets the new name, with its comment. Only when the old method has the
 * signature that is asked for and nobody calls it by its old name.
 */
#include "git/path.h"
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"

/* The parameters and results of a method of an interface; empty when the interface has none of it. */
static struct str signature_in(struct arena *a, const struct tree *tree, struct str interface,
			       struct str method)
{
	for (size_t i = 0; tree && i < tree->count; i++) {
		struct str path = str_of(tree->entries[i].path), text;

		if (!str_ends(path, ".go") || str_starts(path, "vendor/") || !tree_read(tree, a, path.at, &text) ||
		    !str_has(text, str_text(a, interface)))
			continue;
		SYNTAX s = syntax_open(a, "go", text);

		for (unsigned n = 0; s; n++) {
			TSNode spec = syntax_below(s->root, "type_spec", n), one;

			if (ts_node_is_null(spec))
				break;
			if (!str_equal(syntax_text(s, syntax_field(spec, "name")), interface))
				continue;
			for (unsigned k = 0;; k++) {
				one = syntax_below(spec, "method_spec|method_elem", k);
				if (ts_node_is_null(one))
					break;
				if (str_equal(syntax_text(s, syntax_field(one, "name")), method))
					return str_copy(a, str_from(syntax_text(s, one), method.size));
			}
		}
	}
	return STR_NONE;
}

struct found {
	struct go_file *file;
	TSNode method;
	unsigned count;
};

/* The methods of the type with this signature whose name the interface had before, and has not now. */
static void look_at(struct found *found, struct scene *scene, struct go_file *file, struct str type,
		    struct str interface, struct str signature)
{
	const struct syntax *s = file->syntax;

	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, "method_declaration", n);
		TSNode name = syntax_field(node, "name");
		struct str text;

		if (ts_node_is_null(node))
			return;
		text = str_slice(s->text, ts_node_end_byte(name), ts_node_start_byte(syntax_field(node, "body")) -
				 ts_node_end_byte(name));
		if (!str_equal(syntax_text(s, syntax_below(syntax_field(node, "receiver"), "type_identifier", 0)),
			       type) || !str_equal(str_trim(text), str_trim(signature)))
			continue;
		text = syntax_text(s, name);
		if (!signature_in(scene->arena, scene->parent, interface, text).size ||
		    signature_in(scene->arena, scene->tree, interface, text).size)
			continue;
		found->file = file;
		found->method = node;
		found->count++;
	}
}

/* Does the package call anything by this name? */
static bool is_called(const struct go_package *package, struct str name)
{
	for (size_t i = 0; i < package->count; i++)
		for (unsigned n = 0;; n++) {
			const struct syntax *s = package->files[i].syntax;
			TSNode use = syntax_below(s->root, "selector_expression", n);

			if (ts_node_is_null(use))
				break;
			if (str_equal(syntax_text(s, syntax_field(use, "field")), name))
				return true;
		}
	return false;
}

static bool has_method(const struct go_package *package, struct str type, struct str name)
{
	for (size_t i = 0; i < package->count; i++)
		for (unsigned n = 0;; n++) {
			const struct syntax *s = package->files[i].syntax;
			TSNode node = syntax_below(s->root, "method_declaration", n);

			if (ts_node_is_null(node))
				break;
			if (str_equal(syntax_text(s, syntax_field(node, "name")), name) &&
			    str_equal(syntax_text(s, syntax_below(syntax_field(node, "receiver"),
								  "type_identifier", 0)), type))
				return true;
		}
	return false;
}

struct lacks {
	const struct go_package *package;
	struct str type, method;
	unsigned count;
};

static void note_lacking(struct lacks *lacks, const struct syntax *s, TSNode spec)
{
	for (unsigned k = 0;; k++) {
		TSNode one = syntax_below(spec, "method_spec|method_elem", k);
		struct str name = syntax_text(s, syntax_field(one, "name"));

		if (ts_node_is_null(one))
			return;
		if (has_method(lacks->package, lacks->type, name))
			continue;
		lacks->method = str_copy(lacks->package->files[0].syntax->arena, name);
		lacks->count++;
	}
}

/* The one method of the interface that the type lacks; empty when it lacks several. */
static struct str lacking(const struct scene *scene, const struct go_package *package, struct str type,
			  struct str interface)
{
	struct lacks lacks = { .package = package, .type = type };

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!str_ends(path, ".go") || str_starts(path, "vendor/") ||
		    !scene_read(scene, path.at, &text) || !str_has(text, "interface {"))
			continue;
		SYNTAX s = syntax_open(scene->arena, "go", text);

		for (unsigned n = 0; s; n++) {
			TSNode spec = syntax_below(s->root, "type_spec", n);

			if (ts_node_is_null(spec))
				break;
			if (str_equal(syntax_text(s, syntax_field(spec, "name")), interface))
				note_lacking(&lacks, s, spec);
		}
	}
	return lacks.count == 1 ? lacks.method : STR_NONE;
}

static void rename_in(struct scene *scene, const struct found *found, struct str wanted)
{
	const struct syntax *s = found->file->syntax;
	struct code code = { .scene = scene, .path = found->file->path, .syntax = found->file->syntax };
	struct edits edits = { .arena = scene->arena };
	TSNode name = syntax_field(found->method, "name"), comment = ts_node_prev_named_sibling(found->method);
	struct str old = syntax_text(s, name), text = syntax_text(s, comment);

	while (syntax_type_is(comment, "comment") &&
	       syntax_type_is(ts_node_prev_named_sibling(comment), "comment") &&
	       syntax_line(ts_node_prev_named_sibling(comment)) + 1 == syntax_line(comment))
		comment = ts_node_prev_named_sibling(comment);
	text = syntax_text(s, comment);
	if (syntax_type_is(comment, "comment") && str_skip(&text, "// ") &&
	    str_starts(text, arena_printf(scene->arena, "%.*s ", STR_ARG(old)))) {
		size_t at = ts_node_start_byte(comment) + 3;

		edit_replace(&edits, at, at + old.size, wanted);
	}
	edit_node(&edits, name, wanted);
	code_propose(scene, &code, &edits, ORACLE_HISTORY, DANGER_2, arena_printf(scene->arena,
		"The last commit renamed %.*s to %.*s in the interface; the type's method follows.", STR_ARG(old),
		STR_ARG(wanted)));
}

static void fix(struct scene *scene)
{
	GO_PACKAGE package = { .count = 0 };
	struct str type = scene_group(scene, "type"), interface = scene_group(scene, "interface");
	struct str wanted, signature;
	struct found found = {0};
	struct code code;

	if (!go_place(scene, &package, &code))
		return;
	(void)str_split_last(interface, ".", NULL, &interface);
	wanted = lacking(scene, &package, type, interface);
	signature = signature_in(scene->arena, scene->tree, interface, wanted);
	if (!wanted.size || !signature.size)
		return template_decline(scene, "the type lacks several methods, or the interface is from elsewhere");
	for (size_t i = 0; i < package.count; i++)
		if (!package.files[i].test)
			look_at(&found, scene, &package.files[i], type, interface, signature);
	if (found.count != 1)
		return template_decline(scene, "no commit renamed a method of the interface that the type has");
	if (is_called(&package, syntax_text(found.file->syntax, syntax_field(found.method, "name"))))
		return template_decline(scene, "the method is called by its old name");
	rename_in(scene, &found, wanted);
}

#define VET \
	"# example.com/a\nvet: ./a.go:12:27: cannot use &memory{} (value of type *memory) as Store value in return " \
	"statement: *memory does not implement Store (missing method Fetch)\n"
#define STORE "package a\n\ntype Store interface {\n\tFetch(id int) (string, error)\n}\n\ntype memory struct{}\n\n"

#define GO_BUILD \
	"# example.com/a\n./a.go:14:27: cannot use &memory{} (value of type *memory) as type Store in return " \
	"statement:\n\t*memory does not implement Store (missing Fetch method)\n"
#define TYPED(name, method) \
	"package a\n\ntype Store interface {\n\t" name "(id int) (string, error)\n}\n\ntype memory struct{}\n\n" \
	"// " method " is empty.\nfunc (m *memory) " method "(id int) (string, error) {\n\treturn \"\", nil\n}\n\n" \
	"func New() Store { return &memory{} }\n"

static const struct example examples[] = {
	{
		.name = "the interface was renamed, the type was not",
		.log = GO_BUILD,
		.file = { { "a.go", TYPED("Fetch", "Get"), TYPED("Fetch", "Fetch"), .was = TYPED("Get", "Get") } },
	},
	{
		.name = "the signature changed with it",
		.log = GO_BUILD,
		.file = { { "a.go", TYPED("Fetch", "Get"), NULL,
			    .was = "package a\n\ntype Store interface {\n\tRead(id int) (string, error)\n}\n" } },
		.declines = "no commit renamed a method",
	},
	{
		.name = "a method that nobody has written",
		.log = VET,
		.file = { { "a.go", STORE "\n\n\nfunc New() Store { return &memory{} }\n", NULL } },
		.declines = "no commit renamed a method",
	},
	{
		.name = "an interface of another module",
		.log = "# example.com/a\nvet: ./a.go:3:26: cannot use r (variable of type *R) as io.Reader value in "
		       "return statement: *R does not implement io.Reader (missing method Read)\n",
		.file = { { "a.go", "package a\n\nfunc New(r *R) io.Reader { return r }\n", NULL } },
		.declines = "the interface is from elsewhere",
	},
	{0}
};

const struct template template_go_interface_method = {
	.name = "go_interface_method",
	.summary = "a type lacks a method that its interface had under another name -> the method is renamed",
	.language = "go",
	.class = "name",
	.oracles = "the last commit, which renamed the interface's method; the signature",
	.keeps_off = "methods that are called by their old name; interfaces from elsewhere",
	.danger = DANGER_2,
	.pattern = "cannot use .+ of type \\*?(?<type>\\w+)\\) as (?:type )?(?<interface>[\\w.]+)(?: value)? in ",
	.fix = fix,
	.examples = examples,
};
