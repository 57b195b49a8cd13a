/*
 * "undefined: NAME" where NAME.Something stands -> the import that the package's own files, else
 * the whole repository, else the standard library have by this name. Keeps off names that stand
 * for two packages and nobody says which.
 */
#include "templates/lib_go_error.h"
#include "templates/lib_scene.h"
#include "git/path.h"

/* Packages of the standard library whose last name no other of its packages has. */
static const char standard[] =
	"archive/tar archive/zip bufio bytes compress/gzip compress/zlib container/heap container/list "
	"container/ring context crypto/aes crypto/hmac crypto/sha256 crypto/sha512 crypto/tls crypto/x509 "
	"database/sql encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex encoding/json "
	"encoding/xml errors expvar flag fmt hash/crc32 hash/fnv io io/fs log math math/big math/bits "
	"math/cmplx mime mime/multipart net net/http net/http/httptest net/mail net/netip net/smtp "
	"net/textproto net/url os os/exec os/signal os/user path path/filepath reflect regexp runtime "
	"sort strconv strings sync sync/atomic syscall testing text/tabwriter time unicode unicode/utf16 "
	"unicode/utf8 unsafe";

struct found {
	struct scene *scene;
	struct str name, package_folder;
	struct str near, far;		/* what this package's files, and all others, import */
	struct str alias;		/* with which the import found is written */
	bool near_differ, far_differ;
};

static void note(struct str *path, bool *differ, struct str value)
{
	if (path->size && !str_equal(*path, value))
		*differ = true;
	*path = value;
}

/* What the last part of an import's path is called: "yaml" of "gopkg.in/yaml.v3". */
static struct str name_of(struct str path)
{
	struct str name = path_name(path), number = name;
	unsigned long version;

	if (str_skip(&number, "v") && str_number(number, &version))
		name = path_name(path_folder(path));
	(void)str_split(name, ".v", &name, NULL);
	return name;
}

static void look_at(struct found *found, struct str folder, const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode spec = syntax_below(s->root, "import_spec", n);
		struct str path = syntax_text(s, syntax_field(spec, "path"));
		struct str alias = syntax_text(s, syntax_field(spec, "name"));

		if (ts_node_is_null(spec))
			return;
		path = str_slice(path, 1, path.size - 2);
		if (!str_equal(alias.size ? alias : name_of(path), found->name))
			continue;
		if (str_equal(folder, found->package_folder))
			note(&found->near, &found->near_differ, str_copy(found->scene->arena,
									   syntax_text(s, spec)));
		note(&found->far, &found->far_differ, str_copy(found->scene->arena, syntax_text(s, spec)));
	}
}

static void look_at_all(struct found *found)
{
	const struct tree *tree = found->scene->tree;

	for (size_t i = 0; i < tree->count; i++) {
		struct str path = str_of(tree->entries[i].path), text;

		if (!str_ends(path, ".go") || str_starts(path, "vendor/") ||
		    scene_is_aside(path.at, found->scene->failure->file) ||
		    !scene_read(found->scene, path.at, &text) ||
		    !str_has(text, str_text(found->scene->arena, found->name)))
			continue;
		SYNTAX s = syntax_open(found->scene->arena, "go", text);

		if (s)
			look_at(found, path_folder(path), s);
	}
}

static struct str from_standard(struct arena *a, struct str name)
{
	struct str rest = str_of(standard), path;

	while (str_next(&rest, ' ', &path))
		if (str_equal(path_name(path), name))
			return str_of(arena_printf(a, "\"%.*s\"", STR_ARG(path)));
	return STR_NONE;
}

/* Which text an import is sorted by: its path. */
static struct str key_of(struct str spec)
{
	struct str path = spec;

	(void)str_split(spec, "\"", NULL, &path);
	return path;
}

static bool is_far(struct str spec)	/* not of the standard library */
{
	struct str host = key_of(spec);

	(void)str_split(host, "/", &host, NULL);
	return str_has(host, ".");
}

/* Into the group of its kind, in order; else into a new block. */
static void add_spec(struct edits *edits, const struct syntax *s, struct str spec)
{
	struct arena *a = edits->arena;
	TSNode declaration = syntax_below(s->root, "import_declaration", 0), list, best = {{0}, NULL, NULL};
	TSNode first = syntax_below(declaration, "import_spec", 0);
	size_t at = ts_node_end_byte(syntax_below(s->root, "package_clause", 0));
	struct str old = syntax_text(s, first);
	bool before = false;

	list = syntax_below(declaration, "import_spec_list", 0);
	if (ts_node_is_null(declaration)) {
		edit_replace(edits, at, at, str_of(arena_printf(a, "\n\nimport %.*s", STR_ARG(spec))));
		return;
	}
	if (ts_node_is_null(list)) {
		bool after = str_compare(key_of(old), key_of(spec)) < 0;

		edit_node(edits, declaration, str_of(arena_printf(a, "import (\n\t%.*s\n%s\t%.*s\n)",
			STR_ARG(after ? old : spec), is_far(old) != is_far(spec) ? "\n" : "",
			STR_ARG(after ? spec : old))));
		return;
	}
	for (uint32_t i = 0; i < ts_node_named_child_count(list); i++) {
		TSNode one = ts_node_named_child(list, i);
		bool later = str_compare(key_of(syntax_text(s, one)), key_of(spec)) > 0;

		if (!syntax_type_is(one, "import_spec") || is_far(syntax_text(s, one)) != is_far(spec))
			continue;
		if (later && ts_node_is_null(best))
			before = true;
		if (!later || ts_node_is_null(best))
			best = one;
		if (later)
			break;
	}
	if (ts_node_is_null(best)) {
		at = is_far(spec) ? ts_node_end_byte(list) - 1 : ts_node_start_byte(list) + 2;
		edit_replace(edits, at, at, str_of(arena_printf(a, is_far(spec) ? "\n\t%.*s\n" : "\t%.*s\n\n",
							       STR_ARG(spec))));
		return;
	}
	at = before ? code_line_start(s->text, ts_node_start_byte(best)) :
		      line_end(s->text, ts_node_end_byte(best));
	edit_replace(edits, at, at, str_of(arena_printf(a, "\t%.*s\n", STR_ARG(spec))));
}

static void fix(struct scene *scene)
{
	struct found found = { .scene = scene, .name = scene_group(scene, "name") };
	struct edits edits = { .arena = scene->arena };
	struct str spec = STR_NONE;
	const char *why = "";
	CODE code;

	if (!code_open(scene, &code))
		return;
	found.package_folder = path_folder(str_of(code.path));
	if (!syntax_type_is(ts_node_parent(code.node), "selector_expression") &&
	    !syntax_type_is(ts_node_parent(code.node), "qualified_type"))
		return template_decline(scene, "%.*s is not used as a package", STR_ARG(found.name));
	look_at_all(&found);
	if (found.near.size && !found.near_differ) {
		spec = found.near;
		why = "the other files of the package";
	} else if (found.far.size && !found.far_differ) {
		spec = found.far;
		why = "the other files of the repository";
	} else if (!found.far.size) {
		spec = from_standard(scene->arena, found.name);
		why = "the standard library, where only one package has this name,";
	}
	if (found.near_differ || (found.far_differ && !spec.size))
		return template_decline(scene, "%.*s stands for several packages", STR_ARG(found.name));
	if (!spec.size)
		return template_decline(scene, "nobody imports a package %.*s", STR_ARG(found.name));
	add_spec(&edits, code.syntax, spec);
	code_propose(scene, &code, &edits, ORACLE_SIBLING, DANGER_1, arena_printf(scene->arena,
		"Imports %.*s, as %s %s it.", STR_ARG(spec), why, spec.at == found.near.at ||
		spec.at == found.far.at ? "import" : "has"));
}

#define CRYPTO { "token/session.go", "package token\n\nimport \"crypto/rand\"\n\nvar Read = rand.Read\n", NULL }

static const struct example examples[] = {
	{
		.name = "a sibling says which of two, into a block",
		.log = "# example.com/a/token\ntoken/invite.go:9:2: undefined: rand\n",
		.file = {
			CRYPTO,
			{ "game/dice.go", "package game\n\nimport \"math/rand\"\n\nvar Roll = rand.Intn\n", NULL },
			{ "token/invite.go",
			  "package token\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc Invite(b []byte) {\n"
			  "\trand.Read(b)\n\tfmt.Println(strings.ToUpper(string(b)))\n}\n",
			  "package token\n\nimport (\n\t\"crypto/rand\"\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc Invite(b []byte) {\n"
			  "\trand.Read(b)\n\tfmt.Println(strings.ToUpper(string(b)))\n}\n" },
		},
	},
	{
		.name = "the first import of a file",
		.log = "# example.com/a/token\ntoken/a.go:3:34: undefined: strings\n",
		.file = {
			{ "token/a.go", "package token\n\nfunc A(a string) string { return strings.ToUpper(a) }\n",
			  "package token\n\nimport \"strings\"\n\n"
			  "func A(a string) string { return strings.ToUpper(a) }\n" },
		},
	},
	{
		.name = "rand is two packages",
		.log = "# example.com/a/token\ntoken/a.go:3:23: undefined: rand\n",
		.file = { { "token/a.go", "package token\n\nfunc A() int { return rand.Int() }\n", NULL } },
		.declines = "nobody imports a package rand",
	},
	{
		.name = "a variable that is missing",
		.log = "# example.com/a/token\ntoken/a.go:3:26: undefined: path\n",
		.file = { { "token/a.go", "package token\n\nfunc A() string { return path }\n", NULL } },
		.declines = "path is not used as a package",
	},
	{0}
};

const struct template template_go_missing_import = {
	.name = "go_missing_import",
	.summary = "a package that is used and not imported -> the import its siblings have",
	.language = "go",
	.class = "import",
	.oracles = "imports of the package's other files, of the repository, of the standard library",
	.keeps_off = "names of two packages when nobody says which; names that nobody imports",
	.danger = DANGER_1,
	.pattern = "^undefined: (?<name>\\w+)$",
	.fix = fix,
	.examples = examples,
};
