/*
 * pip cannot find a version because the failing commit asks for one that was never released -> what the
 * commit before asked for. Keeps off where the version may exist elsewhere or for another Python, where
 * the log's list of versions does not have the old one, and requirements with hashes.
 */
#include "templates/lib_pin.h"
#include "templates/lib_scene.h"
#include "templates/lib_version.h"

static const char *const manifests[] = { "**/*requirements*.txt", "**/requirements/*.txt",
	"**/*constraints*.txt", "**/*requirements*.in", "**/pyproject.toml", "**/setup.cfg", NULL };

/* The version exists for another Python: which gives way is for a person. */
static bool wants_other_python(const struct scene *scene)
{
	for (size_t i = 0; i < scene->report->failure_count; i++) {
		const struct failure *one = &scene->report->failures[i];

		if (one->type && !strcmp(one->type, "python version"))
			return true;
	}
	return false;
}

/* Is one of the versions pip found what the line asks for? */
static bool offered(struct str line, struct str offers)
{
	struct str pin, one;

	if (!str_split(line, "==", NULL, &pin))
		return true;	/* a range: pip chooses */
	pin = str_trim(pin);
	for (size_t i = 0; i < pin.size; i++)
		if (strchr(" ;#\"',)", pin.at[i]))
			pin = str_slice(pin, 0, i);
	while (str_next(&offers, ',', &one))
		if (str_equal(str_trim(one), pin))
			return true;
	return false;
}

static void fix(struct scene *scene)
{
	struct str name = scene_group(scene, "name"), now = scene_group(scene, "now");
	struct str offers = scene_group(scene, "offers"), text, old;
	const char *path, *why;

	if (wants_other_python(scene))
		return template_decline(scene, "a version of it wants another Python, and which of the two "
					"gives way is for a person");
	if (str_is(str_trim(offers), "none") || !offers.size)
		return template_decline(scene, "the index offers no version at all: it is another index's "
					"package, or out of reach");
	if (!pin_before(scene, manifests, name, now, &path, &text, &old, &why))
		return template_decline(scene, "%s", why);
	if (str_ends(str_trim(old), "\\") || str_has(old, "--hash"))
		return template_decline(scene, "the requirement has hashes");
	if (!offered(old, offers))
		return template_decline(scene, "the index no longer offers what the commit before asked for");
	candidate_put(scene, propose(scene, ORACLE_HISTORY, "Asks for %.*s in %s again, as the commit before: "
				     "%.*s was never released.", STR_ARG(str_trim(old)), path,
				     STR_ARG(now)),
		      path, text);
}

#define MISSING \
	"ERROR: Could not find a version that satisfies the requirement orjson==3.9.51 (from versions: " \
	"3.9.14, 3.9.15, 3.10.0)\nERROR: No matching distribution found for orjson==3.9.51\n"

static const struct example examples[] = {
	{
		.name = "two digits swapped",
		.log = MISSING,
		.file = { { "requirements.txt", "# web\norjson==3.9.51  # fast\nuvicorn==0.29.0\n",
			    "# web\norjson==3.9.15  # fast\nuvicorn==0.29.0\n",
			    .was = "# web\norjson==3.9.15  # fast\nuvicorn==0.28.1\n" } },
	},
	{
		.name = "in pyproject.toml",
		.log = MISSING,
		.file = { { "pyproject.toml", "[project]\ndependencies = [\n    \"orjson==3.9.51\",\n]\n",
			    "[project]\ndependencies = [\n    \"orjson==3.9.15\",\n]\n",
			    .was = "[project]\ndependencies = [\n    \"orjson==3.9.15\",\n]\n" } },
	},
	{
		.name = "no history",
		.log = MISSING,
		.file = { { "requirements.txt", "orjson==3.9.51\n", NULL } },
		.declines = "no commit before",
	},
	{
		.name = "the old one is gone too",
		.log = MISSING,
		.file = { { "requirements.txt", "orjson==3.9.51\n", NULL, .was = "orjson==3.8.0\n" } },
		.declines = "no longer offers",
	},
	{
		.name = "the version is for a newer Python",
		.log = "ERROR: Ignored the following versions that require a different python version: 1.3.2 "
		       "Requires-Python >=3.10\nERROR: Could not find a version that satisfies the "
		       "requirement contourpy==1.3.2 (from versions: 1.2.0, 1.3.0)\n",
		.file = { { "requirements.txt", "contourpy==1.3.2\n", NULL, .was = "contourpy==1.3.0\n" } },
		.declines = "wants another Python",
	},
	{
		.name = "a private package",
		.log = "ERROR: Could not find a version that satisfies the requirement shop-core==2.0 (from "
		       "versions: none)\n",
		.file = { { "requirements.txt", "shop-core==2.0\n", NULL, .was = "shop-core==1.0\n" } },
		.declines = "offers no version at all",
	},
	{0}
};

static const char *const types[] = { "no such version", "no such package", NULL };

const struct template template_lock_pip_version = {
	.name = "lock_pip_version",
	.summary = "pip: the commit asks for a version that was never released -> the one before",
	.oracles = "the commit before, and the versions pip lists",
	.keeps_off = "versions for another Python; other indexes; hashes; no history",
	.class = "dependency",
	.danger = DANGER_1,
	.reading = true,
	.tool = "pip",
	.types = types,
	.pattern = "^Could not find a version that satisfies the requirement (?<name>[A-Za-z0-9._-]+)"
		   "(?:\\[[^\\]]*\\])?(?:==|~=|>=)(?<now>[\\w.]+)[^(]*\\(from versions: (?<offers>[^)]*)\\)",
	.fix = fix,
	.examples = examples,
};
