/*
 * Locks and pins against the fences: what came back from the commit before or follows from a manifest
 * passes, what brings an address, a hash or a name of its own does not.
 */
#include "tests/unit.h"

#include "bot/rules.h"

#define HEAD "# yarn lockfile v1\n\n\n"
#define KLEUR(version, hash) \
	"kleur@^4.1.4:\n  version \"" version "\"\n  resolved \"https://r.example/k.tgz\"\n" \
	"  integrity sha512-" hash "==\n"
#define NPM(more) "{\n  \"packages\": {\n    \"\": {}" more "\n  }\n}\n"
#define MRI(version, host) \
	",\n    \"node_modules/mri\": {\n      \"version\": \"" version "\",\n      \"resolved\": " \
	"\"https://" host "/mri.tgz\",\n      \"integrity\": \"sha512-x==\"\n    }"

static const struct row {
	const char *path, *earlier, *before, *after;	/* earlier NULL: no commit before */
	const char *refused;
	bool by_model;
} rows[] = {
	/* an entry comes back as it was, and not otherwise */
	{ "package-lock.json", NPM(MRI("1.2.0", "r.example")), NPM(""), NPM(MRI("1.2.0",
	  "r.example")), NULL, false },
	{ "package-lock.json", NPM(MRI("1.2.0", "r.example")), NPM(""), NPM(MRI("1.2.0",
	  "evil.example")), "registry", false },
	{ "package-lock.json", NPM(MRI("1.2.0", "r.example")), NPM(""), NPM(MRI("1.9.0",
	  "r.example")), "registry", false },
	{ "package-lock.json", NULL, NPM(""), NPM(MRI("1.2.0", "r.example")), "registry", false },
	{ "package-lock.json", NULL, NPM(MRI("1.2.0", "r.example")), NPM(""), "take", false },
	{ "package-lock.json", NPM(MRI("1.2.0", "r.example")), NPM(""), NPM(MRI("1.2.0",
	  "r.example")), "by hand", true },
	/* a link into the repository, not out of it */
	{ "package-lock.json", NULL, NPM(""),
	  NPM(",\n    \"node_modules/ids\": {\n      \"resolved\": \"packages/ids\",\n"
	  "      \"link\": true\n    }"),
	  NULL, false },
	{ "package-lock.json", NULL, NPM(""),
	  NPM(",\n    \"node_modules/ids\": {\n      \"resolved\": \"../ids\",\n"
	  "      \"link\": true\n    }"),
	  "out of the repository", false },
	{ "package-lock.json", NULL, NPM(""),
	  NPM(",\n    \"node_modules/evil\": {\n      \"resolved\": \"packages/ids\",\n"
	  "      \"link\": true\n    }"),
	  "evil", false },
	/* a range joins a head */
	{ "yarn.lock", NULL, HEAD KLEUR("4.1.5", "a"),
	  HEAD "kleur@^4.1.4, kleur@^4.1.5:\n  version \"4.1.5\"\n"
	  "  resolved \"https://r.example/k.tgz\"\n  integrity sha512-a==\n",
	  NULL, false },
	{ "yarn.lock", NULL, HEAD KLEUR("4.1.5", "a"), HEAD KLEUR("4.1.9", "a"), "registry",
	  false },
	{ "yarn.lock", NULL, HEAD KLEUR("4.1.5", "a"), HEAD KLEUR("4.1.5", "b"), "registry",
	  false },
	{ "yarn.lock", NULL, HEAD KLEUR("4.1.5", "a"),
	  HEAD "kleur@^4.1.4, colours@^4.1.5:\n  version \"4.1.5\"\n"
	  "  resolved \"https://r.example/k.tgz\"\n  integrity sha512-a==\n",
	  "colours", false },
	/* sums */
	{ "go.sum", "a v1 h1:x\nb v1 h1:y\n", "b v1 h1:y\n", "a v1 h1:x\nb v1 h1:y\n", NULL,
	  false },
	{ "go.sum", "a v1 h1:x\nb v1 h1:y\n", "b v1 h1:y\n", "a v1 h1:z\nb v1 h1:y\n", "registry",
	  false },
	{ "go.sum", "a v1 h1:x\n", "a v1 h1:y\n", "a v1 h1:x\n", "take", false },
	{ "Gemfile.lock", NULL, "PLATFORMS\n  ruby\n", "PLATFORMS\n  ruby\n  x86_64-linux\n",
	  NULL, false },
	{ "Gemfile.lock", NULL, "GEM\n  specs:\n", "GEM\n  specs:\n    evil (1.0.0)\n", "evil",
	  false },
	{ "Cargo.lock", NULL, "[[package]]\nname = \"ids\"\nversion = \"0.1.0\"\n",
	  "[[package]]\nname = \"ids\"\nversion = \"0.2.0\"\n", NULL, false },
	{ "Cargo.lock", NULL,
	  "[[package]]\nname = \"x\"\nversion = \"0.1.0\"\nchecksum = \"1\"\n",
	  "[[package]]\nname = \"x\"\nversion = \"0.2.0\"\nchecksum = \"1\"\n", "registry",
	  false },
	{ "uv.lock", NULL, "version = 1\n",
	  "version = 1\nsource = { url = \"https://e.example\" }\n", "registry", false },
	{ "sub/poetry.lock", NULL, NULL, "version = 1\n", "by hand", false },
	/* pins */
	{ "requirements.txt", "a==1.0\n", "a==1.5\n", "a==1.0\n", NULL, false },
	{ "requirements.txt", "a==1.0\n", "a\n", "a==1.0\n", NULL, false },
	{ "requirements.txt", "a==1.0\n", "a==1.5\n", "a==1.4\n", "change what", false },
	{ "requirements.txt", NULL, "a==1.5\n", "a==1.0\n", "change what", false },
	{ "requirements.txt", "a==1.0\n", "a==1.5\nb==1\n", "a==1.0\n", "take b", false },
	{ "package.json", "{\"dependencies\": {\"a\": \"^1.0.0\"}}\n",
	  "{\"dependencies\": {\"a\": \"^9.0.0\"}}\n",
	  "{\"dependencies\": {\"a\": \"^1.0.0\"}}\n", NULL, false },
	{ "package.json", "{\"dependencies\": {\"a\": \"^1.0.0\"}}\n",
	  "{\"dependencies\": {\"a\": \"^9.0.0\"}}\n",
	  "{\"dependencies\": {\"a\": \"^2.0.0\"}}\n", "change what", false },
	/* a comma, and nothing but a comma */
	{ "package.json", NULL, "{\"dependencies\": {\"a\": \"1\",}}\n",
	  "{\"dependencies\": {\"a\": \"1\"}}\n", NULL, false },
	{ "package.json", NULL, "{\"dependencies\": {\"a\": \"1\",}}\n",
	  "{\"dependencies\": {\"b\": \"1\"}}\n", "cannot be read", false },
};

static unsigned wrong;

static void one(const struct row *row)
{
	const struct rules rules = {0};
	const struct tree_file files[] = {
		{ "packages/ids/package.json", "{\"name\": \"ids\", \"version\": \"0.2.0\"}\n" },
		{ "web/package.json", "{\"dependencies\": {\"kleur\": \"^4.1.5\"}}\n" },
		{ row->before ? row->path : "other.txt", row->before ? row->before : "" }, { NULL, NULL },
	};
	const struct tree_file earlier[] = { { row->path, row->earlier }, { NULL, NULL } };
	ARENA a = {0};
	struct tree *tree = tree_of_files(&a, files);
	struct tree *parent = row->earlier ? tree_of_files(&a, earlier) : NULL;
	struct candidate candidate = { .oracle = ORACLE_HISTORY, .by_model = row->by_model };
	struct err e = ERR_INIT;
	bool allowed = patch_put(&candidate.patch, &a, tree, row->path, str_of(row->after), &e) &&
		       rules_allow(&rules, &candidate, tree, parent, &a, &e);

	if (allowed != !row->refused || (row->refused && !str_has(str_of(e.text), row->refused))) {
		print_error("%s -> %s: %s\n", row->path, row->after, allowed ? "allowed" : e.text);
		wrong++;
	}
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one(&rows[i]);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(table) };

	return cmocka_run_group_tests(list, NULL, NULL);
}
