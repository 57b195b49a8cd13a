/*
 * npm, yarn and pnpm: packages that cannot be had, lock files out of step, missing scripts; and the
 * lines that only say that a script of the project failed, which are consequences. Failures of the
 * network are read elsewhere.
 */
#include "ci/node.h"

enum { MESSAGE_LINES_MAX = 12 };

struct state {
	struct failure *failure;	/* waits for its message */
	unsigned long since;
};

static const struct {
	const char *code;
	enum kind kind;
	unsigned weight;
} codes[] = {
	{ "E404", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "ETARGET", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "ENOVERSIONS", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "ERESOLVE", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "EUSAGE", KIND_DEPENDENCY, WEIGHT_CERTAIN },		/* npm ci: lock file out of step */
	{ "EINTEGRITY", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "EPEERINVALID", KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "EBADENGINE", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "EBADPLATFORM", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "ENOTSUP", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "EJSONPARSE", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "E401", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "E403", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "ENEEDAUTH", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "EOTP", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "EACCES", KIND_PERMISSION, WEIGHT_CERTAIN },
	{ "EPUBLISHCONFLICT", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "EUNSUPPORTEDPROTOCOL", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "EINVALIDPACKAGENAME", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "EINVALIDTAGNAME", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "ENOLOCK", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "CERT_HAS_EXPIRED", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "SELF_SIGNED_CERT_IN_CHAIN", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "UNABLE_TO_VERIFY_LEAF_SIGNATURE", KIND_CONFIG, WEIGHT_CERTAIN },
	{ "ENOSPC", KIND_RESOURCE, WEIGHT_CERTAIN },
	{ "ENOENT", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
	{ "ELIFECYCLE", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
};

/* Whole lines, known by how they begin. The message is the line behind "skip". */
static const struct {
	const char *start, *skip, *tool, *type;
	enum kind kind;
	unsigned weight;
} lines[] = {
	{ "npm error Missing script: ", "npm error ", "npm", "missing script", KIND_CONFIG,
	  WEIGHT_CERTAIN },
	{ "npm ERR! Missing script: ", "npm ERR! ", "npm", "missing script", KIND_CONFIG,
	  WEIGHT_CERTAIN },
	{ "npm ERR! missing script: ", "npm ERR! ", "npm", "missing script", KIND_CONFIG,
	  WEIGHT_CERTAIN },
	{ "npm ERR! Test failed.", "npm ERR! ", "npm", "script", KIND_UNKNOWN, WEIGHT_CONSEQUENCE },
	{ "npm error Lifecycle script `", "npm error ", "npm", "script", KIND_UNKNOWN,
	  WEIGHT_CONSEQUENCE },
	{ "npm ERR! Lifecycle script `", "npm ERR! ", "npm", "script", KIND_UNKNOWN,
	  WEIGHT_CONSEQUENCE },
	{ "error Command failed with exit code ", "error ", "yarn", "script", KIND_UNKNOWN,
	  WEIGHT_CONSEQUENCE },
	{ "error Couldn't find package ", "error ", "yarn", "missing package", KIND_DEPENDENCY,
	  WEIGHT_CERTAIN },
	{ "error Couldn't find any versions for ", "error ", "yarn", "missing version",
	  KIND_DEPENDENCY, WEIGHT_CERTAIN },
	{ "error Your lockfile needs to be updated", "error ", "yarn", "lock file", KIND_DEPENDENCY,
	  WEIGHT_CERTAIN },
	{ "error Command \"", "error ", "yarn", "missing script", KIND_CONFIG, WEIGHT_DIAGNOSTIC },
};

static struct failure *make(struct findings *f, const struct line *line, const char *tool,
			    enum kind kind, unsigned weight)
{
	struct failure *failure = findings_failure(f, kind, weight, line->number);

	failure->language = "node";
	failure->tool = tool;
	return failure;
}

/* "npm error code E404"; the message stands on one of the next lines. */
static bool code_line(struct state *s, const struct line *line, struct findings *f)
{
	struct str code = line->text;

	if (!str_skip(&code, "npm error code ") && !str_skip(&code, "npm ERR! code "))
		return false;
	code = str_trim(code);
	s->failure = NULL;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (!str_is(code, codes[i].code))
			continue;
		s->failure = make(f, line, "npm", codes[i].kind, codes[i].weight);
		s->failure->type = codes[i].code;
		s->since = line->number;
	}
	return true;
}

static bool message_line(struct state *s, const struct line *line)
{
	struct str text = line->text;

	if (line->number - s->since > MESSAGE_LINES_MAX ||
	    (!str_skip(&text, "npm error") && !str_skip(&text, "npm ERR!")))
		return false;
	text = str_trim(text);
	str_skip(&text, s->failure->type);
	str_skip(&text, "404");
	str_skip(&text, "notarget");
	text = str_trim(text);
	if (!text.size || str_starts(text, "errno ") || str_starts(text, "syscall ") ||
	    str_starts(text, "path "))
		return true;
	s->failure->message = findings_text(s->failure, text);
	s->failure->error_line = s->failure->last_line = line->number;
	return false;
}

static bool known_line(const struct line *line, struct findings *f)
{
	struct str text = line->text;
	struct failure *failure;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!str_starts(text, lines[i].start))
			continue;
		failure = make(f, line, lines[i].tool, lines[i].kind, lines[i].weight);
		str_skip(&text, lines[i].skip);
		failure->type = lines[i].type;
		failure->message = findings_text(failure, str_trim(text));
		return true;
	}
	return false;
}

/* pnpm's label stands between blanks that are thin in a terminal: " ERR_PNPM_X  Cannot install ..." */
static struct str without_thin(struct str text)
{
	static const char thin[] = "\xe2\x80\x89";

	text = str_trim(text);
	while (str_skip(&text, thin) || str_chop(&text, thin))
		text = str_trim(text);
	return text;
}

static void pnpm_line(const struct line *line, struct findings *f)
{
	struct str text = without_thin(line->text), code;
	struct failure *failure;
	bool script = str_starts(text, "ELIFECYCLE") ||
		      str_starts(text, "ERR_PNPM_RECURSIVE_RUN_FIRST_FAIL");

	if ((!script && !str_starts(text, "ERR_PNPM_")) ||
	    str_starts(text, "ERR_PNPM_META_FETCH_FAIL"))
		return;
	code = without_thin(take_word(&text));
	failure = script ? make(f, line, "pnpm", KIND_UNKNOWN, WEIGHT_CONSEQUENCE) :
			   make(f, line, "pnpm", KIND_DEPENDENCY, WEIGHT_CERTAIN);
	failure->type = findings_text(failure, code);
	failure->message = findings_text(failure, without_thin(text));
}

static enum wakefulness line(void *state, const struct line *line, struct findings *f)
{
	struct state *s = state;

	if (code_line(s, line, f))
		return s->failure ? AWAKE : ASLEEP;
	if (s->failure && message_line(s, line))
		return AWAKE;
	s->failure = NULL;
	if (!known_line(line, f))
		pnpm_line(line, f);
	return ASLEEP;
}

static const char *const wake[] = {
	"npm error code ", "npm ERR! code ", "npm error Missing script", "issing script: ",
	"npm ERR! Test failed", "Lifecycle script `", "error Command failed with exit code ",
	"error Couldn't find ", "error Your lockfile ", "error Command \"", "ELIFECYCLE", "ERR_PNPM_",
	NULL,
};

static const struct reading examples[] = {
	{
		.name = "a package that is not there",
		.log = "npm error code E404\n"
			"npm error 404 Not Found - GET https://registry.npmjs.org/nosuch-package-ae"
			"gis-x-y-z\nnpm error 404\n"
			"npm error 404  The requested resource 'nosuch-package-aegis-x-y-z@*' could"
			" not be found or you do not have permission to access it.\nnpm error 404\n"
			"npm error 404 Note that you can also install from a\n"
			"npm error 404 tarball, folder, http url, or git url.\n"
			"npm error A complete log of this run can be found in: /root/.npm/_logs/202"
			"6-11-21T10_47_06_564Z-debug-0.log\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "npm",
			    .type = "E404", .error_line = 2 },
	},
	{
		.name = "a version that is not there",
		.log = "npm error code ETARGET\n"
			"npm error notarget No matching version found for lodash@99.0.0.\n"
			"npm error notarget In most cases you or one of your dependencies are reque"
			"sting a package version that doesn't exist.\n"
			"npm error A complete log of this run can be found in: /root/.npm/_logs/202"
			"6-11-21T10_47_07_287Z-debug-0.log\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "npm",
			    .type = "ETARGET",
			    .message = "No matching version found for lodash@99.0.0.",
			    .error_line = 2 },
	},
	{
		.name = "a lock file out of step",
		.log = "npm error code EUSAGE\nnpm error\n"
			"npm error `npm ci` can only install packages when your package.json and pa"
			"ckage-lock.json or npm-shrinkwrap.json are in sync. Please update your loc"
			"k file with `npm install` before continuing.\nnpm error\n"
			"npm error Invalid: lock file's is-odd@3.0.0 does not satisfy is-odd@3.0.1"
			"\nnpm error\nnpm error Clean install a project\nnpm error\n"
			"npm error Usage:\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "npm",
			    .type = "EUSAGE", .error_line = 3 },
	},
	{
		.name = "peers that do not agree",
		.log = "npm error code ERESOLVE\n"
			"npm error ERESOLVE unable to resolve dependency tree\nnpm error\n"
			"npm error While resolving: shop@1.0.0\nnpm error Found: react@17.0.2\n"
			"npm error node_modules/react\n"
			"npm error   react@\"17.0.2\" from the root project\nnpm error\n"
			"npm error Could not resolve dependency:\n"
			"npm error peer react@\"^18.2.0\" from react-dom@18.2.0\n"
			"npm error node_modules/react-dom\n"
			"npm error   react-dom@\"18.2.0\" from the root project\nnpm error\n"
			"npm error Fix the upstream dependency conflict, or retry this command with"
			" --force or --legacy-peer-deps to accept an incorrect (and potentially bro"
			"ken) dependency resolution.\nnpm error\nnpm error\n"
			"npm error For a full report see:\n"
			"npm error /root/.npm/_logs/2026-11-21T11_03_58_110Z-eresolve-report.txt\n"
			"npm error A complete log of this run can be found in: /root/.npm/_logs/202"
			"6-11-21T11_03_58_110Z-debug-0.log\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "npm",
			    .type = "ERESOLVE", .message = "unable to resolve dependency tree",
			    .error_line = 2 },
	},
	{
		.name = "a missing script",
		.log = "npm error Missing script: \"nothing\"\nnpm error\n"
			"npm error To see a list of scripts, run:\nnpm error   npm run\n"
			"npm error A complete log of this run can be found in: /root/.npm/_logs/202"
			"6-11-21T10_47_06_269Z-debug-0.log\n",
		.expect = { .kind = KIND_CONFIG, .language = "node", .tool = "npm",
			    .type = "missing script", .message = "Missing script: \"nothing\"",
			    .error_line = 1 },
	},
	{
		.name = "yarn, a package that is not there",
		.log = "yarn install v1.22.22\ninfo No lockfile found.\n"
			"[1/4] Resolving packages...\n"
			"error Couldn't find package \"nosuch-package-aegis-x-y-z\" on the \"npm\" "
			"registry.\n"
			"info Visit https://yarnpkg.com/en/docs/cli/install for documentation about"
			" this command.\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "yarn",
			    .type = "missing package", .error_line = 4 },
	},
	{
		.name = "yarn, a lock file out of step",
		.log = "yarn install v1.22.22\n[1/4] Resolving packages...\n"
			"error Your lockfile needs to be updated, but yarn was run with `--frozen-l"
			"ockfile`.\n"
			"info Visit https://yarnpkg.com/en/docs/cli/install for documentation about"
			" this command.\n\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "yarn",
			    .type = "lock file", .error_line = 3 },
	},
	{
		.name = "yarn, a script that failed",
		.log = "yarn run v1.22.22\n$ node -e 'process.exit(3)'\n"
			"error Command failed with exit code 3.\n"
			"info Visit https://yarnpkg.com/en/docs/cli/run for documentation about thi"
			"s command.\n",
		.expect = { .kind = KIND_UNKNOWN, .language = "node", .tool = "yarn",
			    .type = "script", .message = "Command failed with exit code 3.",
			    .error_line = 3 },
	},
	{
		.name = "pnpm, a version that is not there",
		.log = " ERR_PNPM_NO_MATCHING_VERSION  No matching version found for is-odd@99.0.0"
			"\n\n"
			"This error happened while installing a direct dependency of /tmp/cap/pm/sh"
			"op\n\nThe latest release of is-odd is \"3.0.1\".\n\n"
			"If you need the full list of all 7 published versions run \"$ pnpm view is"
			"-odd versions\".\n",
		.expect = { .kind = KIND_DEPENDENCY, .language = "node", .tool = "pnpm",
			    .type = "ERR_PNPM_NO_MATCHING_VERSION",
			    .message = "No matching version found for is-odd@99.0.0",
			    .error_line = 1 },
	},
	{
		.name = "pnpm, a script that failed",
		.log = "\n> shop@1.0.0 test /tmp/cap/pm/shop\n> node -e 'process.exit(3)'\n\n"
			" ELIFECYCLE  Test failed. See above for more details.\n"
			" WARN   Local package.json exists, but node_modules missing, did you mean "
			"to install?\n",
		.expect = { .kind = KIND_UNKNOWN, .language = "node", .tool = "pnpm",
			    .type = "ELIFECYCLE",
			    .message = "Test failed. See above for more details.",
			    .error_line = 5 },
	},
	{
		.name = "a script that failed: its own error is the cause",
		.log = "\n> shop@1.0.0 test\n> node ../zero.js\n\nstarting\n"
			"/home/runner/work/shop/shop/lib.js:3\n"
			"  return prices.total.value / prices.length;\n                      ^\n\n"
			"TypeError: Cannot read properties of undefined (reading 'value')\n"
			"    at mean (/home/runner/work/shop/shop/lib.js:3:23)\n"
			"    at total (/home/runner/work/shop/shop/lib.js:6:10)\n"
			"    at new Cart (/home/runner/work/shop/shop/lib.js:10:18)\n"
			"    at Object.<anonymous> (/home/runner/work/shop/shop/zero.js:3:1)\n"
			"    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n"
			"    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n"
			"    at Module.load (node:internal/modules/cjs/loader:1266:32)\n"
			"    at Module._load (node:internal/modules/cjs/loader:1091:12)\n"
			"    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/"
			"run_main:164:12)\n"
			"    at node:internal/main/run_main_module:28:49\n\nNode.js v20.20.2\n"
			"npm ERR! Test failed.  See above for more details.\n",
		.expect = { .kind = KIND_EXCEPTION, .language = "node", .tool = "node",
			    .type = "TypeError", .function = "mean", .line = 3, .error_line = 10 },
	},
	{0}
};

const struct reader reader_npm = {
	.name = "npm",
	.language = "node",
	.wake = wake,
	.state_size = sizeof(struct state),
	.line = line,
	.examples = examples,
};
