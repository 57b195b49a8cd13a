/*
 * cargo and rustup where they fetch and choose: packages and versions that are not there, lock files
 * out of step, toolchains that are missing or too old, downloads that break off. What rustc says of
 * the code is in lang_rust.c.
 */
#include "ci/form.h"

#define CARGO(words, more, what, sort) \
	{ .start = words, .and = more, .tool = "cargo", .type = what, .kind = sort, \
	  .weight = WEIGHT_CERTAIN, .skip = "error: " }
/* Why stands below it, behind "Caused by:". */
#define CAUSED(words, what, sort, heavy) \
	{ .start = words, .tool = "cargo", .type = what, .kind = sort, .weight = heavy, \
	  .judge = JUDGE_NETWORK, .skip = "error: " }

static const struct form forms[] = {
	CARGO("error: no matching package named ", NULL, "no such package", KIND_DEPENDENCY),
	CARGO("error: no matching package found", NULL, "no such package", KIND_DEPENDENCY),
	CARGO("error: failed to select a version for ", NULL, "no such version", KIND_DEPENDENCY),
	CARGO("error: the lock file ", "needs to be updated", "lock file", KIND_DEPENDENCY),
	CARGO("error: cannot update the lock file ", NULL, "lock file", KIND_DEPENDENCY),
	CARGO("error: cannot create the lock file ", NULL, "lock file", KIND_DEPENDENCY),
	CARGO("error: package `", "cannot be built because it requires rustc ", "rust version",
	      KIND_DEPENDENCY),
	CARGO("error: rustc ", "is not supported by the following package", "rust version",
	      KIND_DEPENDENCY),
	CARGO("error: checksum for `", "changed between lock files", "checksum", KIND_DEPENDENCY),
	CARGO("error: could not find `Cargo.toml` in ", NULL, "no manifest", KIND_CONFIG),
	CARGO("error: no such command: ", NULL, "no such command", KIND_CONFIG),
	CARGO("error: no such subcommand: ", NULL, "no such command", KIND_CONFIG),
	CARGO("error: package ID specification `", "did not match any packages", "no such package",
	      KIND_CONFIG),
	CARGO("error: toolchain '", "is not installed", "no toolchain", KIND_CONFIG),
	CARGO("error: component '", "is unavailable for download", "no component", KIND_CONFIG),
	CARGO("error: the 'cargo' binary, normally provided by the 'cargo' component", NULL,
	      "no component", KIND_CONFIG),
	CARGO("error: '", "is not installed for the toolchain '", "no component", KIND_CONFIG),
	CAUSED("error: failed to parse manifest at ", "manifest", KIND_CONFIG, WEIGHT_CERTAIN),
	CAUSED("error: failed to load manifest for ", "manifest", KIND_CONFIG, WEIGHT_CERTAIN),
	CAUSED("error: failed to get `", "dependency", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	CAUSED("error: failed to load source for dependency ", "dependency", KIND_DEPENDENCY,
	       WEIGHT_CERTAIN),
	CAUSED("error: failed to download ", "download", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	CAUSED("error: failed to fetch `", "fetch", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	CAUSED("error: failed to sync", "sync", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	CAUSED("error: Unable to update registry ", "registry", KIND_DEPENDENCY, WEIGHT_CERTAIN),
	CAUSED("error: could not download file from '", "download", KIND_DEPENDENCY,
	       WEIGHT_CERTAIN),
};

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	return form_caused(FORMS(forms), state, "rust", line, f);
}

static const char *const wake[] = { "error: no matching package", "error: failed to select a ver",
	"error: the lock file ", "error: cannot update the lock", "error: cannot create the lock",
	"cannot be built because it requires", "is not supported by the following",
	"error: checksum for `", "error: could not find `Cargo", "error: no such command: ",
	"error: no such subcommand: ", "error: package ID specification", "error: toolchain '",
	"error: component '", "error: the 'cargo' binary", "is not installed for the toolchain",
	"error: failed to parse manifest", "error: failed to load manifest", "error: failed to get `",
	"error: failed to load source", "error: failed to download ", "error: failed to fetch `",
	"error: failed to sync", "error: Unable to update reg", "error: could not download file",
	NULL };

static const struct reading examples[] = {
	{
		.name = "no way to the registry",
		.log =
		"    Updating crates.io index\n"
		"warning: spurious network error (1 try remaining): [6] Could not resolve hostname (Could "
		"not resolve host: index.crates.io)\n"
		"error: failed to get `itoa` as a dependency of package `shop v0.1.0 (/tmp/cap4/cg)`\n\n"
		"Caused by:\n  download of config.json failed\n\n"
		"Caused by:\n  failed to download from `https://index.crates.io/config.json`\n\n"
		"Caused by:\n  [6] Could not resolve hostname (Could not resolve host: "
		"index.crates.io)\n",
		.expect = { .kind = KIND_INFRA, .language = "rust", .tool = "cargo", .type = "DNS",
			    .error_line = 3, .transient = true },
	},
	{
		.name = "a folder that is not there",
		.log =
		"error: failed to get `x` as a dependency of package `shop v0.1.0 (/tmp/cap4/cg)`\n\n"
		"Caused by:\n  failed to load source for dependency `x`\n\n"
		"Caused by:\n  unable to update /tmp/cap4/nosuch\n\n"
		"Caused by:\n  failed to read `/tmp/cap4/nosuch/Cargo.toml`\n\n"
		"Caused by:\n  No such file or directory (os error 2)\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "cargo", .type = "dependency",
			    .error_line = 1 },
	},
	{
		.name = "a package that is not there",
		.log = "error: no matching package named `itoa` found\n"
		       "location searched: crates.io index\n"
		       "required by package `shop v0.1.0 (/tmp/cap4/cg)`\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "cargo", .type = "no such package",
			    .message = "no matching package named `itoa` found", .error_line = 1 },
	},
	{
		.name = "a compiler that is too old",
		.log = "error: rustc 1.95.0 is not supported by the following package:\n"
		       "  shop@0.1.0 requires rustc 1.99\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .tool = "cargo", .type = "rust version",
			    .error_line = 1 },
	},
	{
		.name = "no manifest",
		.log = "error: could not find `Cargo.toml` in `/tmp` or any parent directory\n",
		.expect = { .kind = KIND_CONFIG, .tool = "cargo", .type = "no manifest",
			    .error_line = 1 },
	},
	{0}
};

const struct reader reader_cargo = {
	.name = "cargo",
	.language = "rust",
	.wake = wake,
	.state_size = sizeof(struct causes),
	.line = line,
	.examples = examples,
};
