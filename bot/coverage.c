/*
 * Measures a proven change: one run with every coverage tool switched on through the environment,
 * and, where that says nothing about the changed lines, runs without one hunk at a time. The tools
 * are never installed and never seen by the proof itself.
 */
#include "bot/coverage.h"

#include "bot/base/file.h"
#include "git/path.h"

enum { HUNKS_MAX = 8 };

/*
 * Python imports this before anything else; without coverage.py it does nothing. Its patterns would
 * take the [x] in a folder's name for a choice, and coverage.py 7 never ends at a line's end in one.
 */
static const char python_start[] =
	"import os\n"
	"try:\n"
	"    import atexit, coverage, json, re\n"
	"    folder = os.environ['AEGIS_FOLDER']\n"
	"    files = [os.path.join(folder, f) for f in os.environ['AEGIS_FILES'].split(':')]\n"
	"    files = [re.sub(r'[^\\w/.-]', '?', f) for f in files]\n"
	"    run = coverage.Coverage(data_file=None, config_file=False, include=files)\n"
	"    run.start()\n"
	"    def stop():\n"
	"        run.stop()\n"
	"        lines = {}\n"
	"        for name in run.get_data().measured_files():\n"
	"            _, code, _, idle, _ = run.analysis2(name)\n"
	"            lines[name] = [sorted(set(code) - set(idle)), idle]\n"
	"        place = os.path.join(os.environ['AEGIS_OUT'], 'python-%d.json' % os.getpid())\n"
	"        with open(place, 'w') as out:\n"
	"            json.dump(lines, out)\n"
	"    atexit.register(stop)\n"
	"except Exception:\n"
	"    pass\n";

/* In front of the compilers of PATH: the same compiler, told to count. */
static const char compiler[] =
	"#!/bin/sh\n"
	"name=${0##*/}\n"
	"PATH=${PATH#*:} exec \"$name\" --coverage \"$@\"\n";

static const char *const compilers[] = { "gcc", "cc", "g++", "c++", NULL };

static bool has_ending(const struct patch *patch, const char *endings)
{
	for (size_t i = 0; i < patch->count; i++) {
		struct str rest = str_of(endings), one;

		while (str_next(&rest, '|', &one))
			if (str_equal(path_ending(str_of(patch->changes[i].path)), one))
				return true;
	}
	return false;
}

static const char *file_list(struct arena *a, const struct patch *patch)
{
	struct text out = TEXT(a);

	for (size_t i = 0; i < patch->count; i++)
		text_addf(&out, "%s%s", i ? ":" : "", patch->changes[i].path);
	return text_cstr(&out);
}

static bool write_tools(const char *folder, struct arena *a, struct err *e)
{
	if (!file_write(arena_printf(a, "%s/sitecustomize.py", folder), str_of(python_start), 0644, e))
		return false;
	for (const char *const *name = compilers; *name; name++)
		if (!file_write(arena_printf(a, "%s/%s", folder, *name), str_of(compiler), 0755, e))
			return false;
	return true;
}

/* The command between what switches the tools on and what turns gcov's counters into text. */
static const char *with_tools(struct arena *a, const char *command, const struct patch *patch,
			      const char *tools)
{
	struct text out = TEXT(a);
	bool gcov = has_ending(patch, "c|h|cc|cpp|cxx|hpp");

	if (has_ending(patch, "py"))
		text_addf(&out, "export PYTHONPATH=\"%s${PYTHONPATH:+:$PYTHONPATH}\"\n", tools);
	if (has_ending(patch, "js|mjs|cjs|ts|jsx|tsx"))
		text_adds(&out, "export NODE_V8_COVERAGE=\"$AEGIS_OUT\"\n");
	if (has_ending(patch, "go"))
		text_adds(&out, "export GOFLAGS=\"-coverprofile=$AEGIS_OUT/go.cover $GOFLAGS\"\n");
	if (!gcov) {
		text_adds(&out, command);
		return text_cstr(&out);
	}
	text_addf(&out, "export PATH=\"%s:$PATH\"\n(%s\n)\ncode=$?\n"
		  "find . -name '*.gcda' -exec gcov --json-format --stdout {} + "
		  ">\"$AEGIS_OUT/gcov.json\" 2>/dev/null\nexit $code", tools, command);
	return text_cstr(&out);
}

static void read_reports(struct ran *ran, const struct workplace *place, const struct patch *patch,
			 const struct jail_result *result, const char **by)
{
	for (size_t i = 0; i < result->output_count; i++) {
		struct str name = str_of(result->outputs[i].path);
		struct str text = result->outputs[i].text;

		if (str_starts(name, "python-") && coverage_read_python(ran, text, place->folder))
			*by = "coverage.py";
		else if (str_starts(name, "go.") && coverage_read_go(ran, text))
			*by = "go cover";
		else if (str_starts(name, "gcov") && coverage_read_gcov(ran, text, place->folder))
			*by = "gcov";
		else if (str_starts(name, "coverage-") &&
			 coverage_read_v8(ran, text, place->folder, patch))
			*by = "V8 coverage";
	}
}

/* One run with the tools on. *share stays below 0 when they say nothing about the changed lines. */
static bool by_tools(const struct workplace *place, const char *command, const struct patch *patch,
		     struct arena *a, struct coverage *out, struct err *e)
{
	static const char *const want[] = { "python-*.json", "go.cover", "gcov.json",
					    "coverage-*.json", NULL };
	FILE_TEMPORARY tools = {""};
	const char *const environment[] = {
		arena_printf(a, "AEGIS_FOLDER=%s", place->folder),
		arena_printf(a, "AEGIS_FILES=%s", file_list(a, patch)), NULL
	};
	struct trial_extra extra = { .environment = environment, .want = want };
	struct ran *ran = ran_for(a, patch);
	struct jail_bind bind;
	struct trial trial;

	if (!file_temporary(&tools, e) || !write_tools(tools.path, a, e))
		return fail_while(e, "preparing the coverage run");
	bind = (struct jail_bind){ .path = tools.path };
	extra.binds = &bind;
	extra.bind_count = 1;
	command = with_tools(a, command, patch, tools.path);
	if (!trial_run(place, command, patch, &extra, a, &trial, e))
		return fail_while(e, "measuring coverage");
	if (trial.jail.end == JAIL_EXITED)
		read_reports(ran, place, patch, &trial.jail, &out->by);
	out->share = ran_share(ran, patch, a);
	return true;
}

/* How many hunks the proof needs. A single one needs no run: without it the run is the red one. */
static bool by_ablation(const struct workplace *place, const char *command, const struct patch *patch,
			struct arena *a, size_t *tried, size_t *needed, struct err *e)
{
	size_t hunks = patch_hunks(patch, a), step = (hunks + HUNKS_MAX - 1) / HUNKS_MAX;

	*tried = *needed = 0;
	if (hunks == 1) {
		*tried = *needed = 1;
		return true;
	}
	for (size_t i = 0; i < hunks; i += step) {
		struct patch without = { NULL, 0 };
		struct trial trial;

		if (!patch_without_hunk(patch, a, i, &without))
			continue;
		if (!trial_run(place, command, &without, NULL, a, &trial, e))
			return fail_while(e, "leaving out hunk %zu", i + 1);
		++*tried;
		*needed += !trial.green;
	}
	return true;
}

bool coverage_measure(const struct workplace *place, const char *command, const char *narrow,
		      const struct patch *patch, struct arena *a, struct coverage *out,
		      struct err *e)
{
	struct coverage done = { .share = -1 };
	size_t tried, needed;

	if (has_ending(patch, "py|js|mjs|cjs|ts|jsx|tsx|go|c|h|cc|cpp|cxx|hpp") &&
	    !by_tools(place, command, patch, a, &done, e))
		return false;
	if (!by_ablation(place, narrow ? narrow : command, patch, a, &tried, &needed, e))
		return false;
	done.idle_hunks = tried - needed;
	if (done.share < 0 && tried) {
		done.share = (double)needed / (double)tried;
		done.by = "ablation";
	}
	*out = done;
	return true;
}
