/*
 * The facts of an incident in Markdown: what broke, where, what was changed, how it was proven and
 * how sure that is. Decides nothing and knows no stage; whatever the answer holds goes through the
 * sanitiser here.
 */
#include "bot/words_parts.h"

#include "bot/base/utf8.h"
#include "git/path.h"

enum {
	NAME_MOST = 200, WHAT_MOST = 300, SENTENCE_MOST = 700, LOG_MOST = 6000, TRACE_MOST = 2500,
	LIST_MOST = 10, FILES_MOST = 3, FRAMES_SHOWN = 12,
};

struct str words_fix_text(const struct words *w, const char *path)
{
	return json_text_or(w->fix, path, STR_NONE);
}

bool words_is_hex(const char *text, size_t digits)
{
	return text && strlen(text) == digits && strspn(text, "0123456789abcdef") == digits;
}

/* An address of our own making or GitHub's: nothing in it that means something to Markdown. */
static bool is_address(const char *url)
{
	static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-._~:/?#=%";
	struct str s = str_of(url);

	return s.size && s.size <= 500 && strspn(url, signs) == s.size && !str_has(s, "/.") &&
	       (str_starts(s, "https://") || str_starts(s, "http://"));
}

/* The repository's page without a slash behind it; NULL when there is none to link to. */
static const char *page_of(const struct words *w, struct arena *a)
{
	struct str page = str_of(w->web_url);

	if (!is_address(w->web_url))
		return NULL;
	while (str_chop(&page, "/"))
		;
	return str_text(a, page);
}

struct str words_type(const struct words *w)
{
	static const struct { const char *kind, *words; } kinds[] = {
		{ "exception", "exception" }, { "assertion", "failed assertion" },
		{ "compile", "compile error" }, { "lint", "lint error" },
		{ "dependency", "dependency error" }, { "config", "configuration error" },
		{ "infra", "runner error" }, { "resource", "lack of resources" },
		{ "permission", "permission error" }, { "timeout", "time-out" },
	};
	struct str type = words_fix_text(w, "failure.type");
	struct str kind = words_fix_text(w, "failure.kind");

	if (str_trim(type).size)
		return type;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(kind, kinds[i].kind))
			return str_of(kinds[i].words);
	return STR("failure");
}

struct str words_what(struct arena *a, const struct words *w)
{
	struct str type = words_type(w), message = words_fix_text(w, "failure.message");
	struct text out = TEXT(a);

	if (!str_trim(message).size)
		return type;
	if (str_trim(words_fix_text(w, "failure.type")).size) {
		text_add(&out, type);
		text_adds(&out, ": ");
	}
	text_add(&out, message);
	return text_str(&out);
}

/* Every byte that is not certainly harmless in an address becomes %XX. */
static void add_encoded(struct text *out, struct str path)
{
	for (size_t i = 0; i < path.size; i++) {
		unsigned char c = (unsigned char)path.at[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    (c && strchr("/-.", c)))
			text_addc(out, (char)c);
		else
			text_addf(out, "%%%02X", c);
	}
}

void words_add_place(struct text *out, const struct words *w, struct str path, int64_t line)
{
	const char *page = page_of(w, out->arena);
	struct err ignored = ERR_INIT;
	struct text name = TEXT(out->arena);
	bool linked = page && words_is_hex(w->head, 40) && path_check(path, &ignored);

	text_add(&name, path);
	if (line > 0)
		text_addf(&name, ":%lld", (long long)line);
	if (linked)
		text_addc(out, '[');
	text_add(out, words_code(out->arena, text_str(&name), NAME_MOST));
	if (!linked)
		return;
	text_addf(out, "](%s/blob/%s/", page, w->head);
	add_encoded(out, path);
	if (line > 0)
		text_addf(out, "#L%lld", (long long)line);
	text_addc(out, ')');
}

void words_add_pull(struct text *out, const struct words *w, uint64_t number)
{
	const char *page = page_of(w, out->arena);
	unsigned long long n = number;

	if (page)
		text_addf(out, "[#%llu](%s/pull/%llu)", n, page, n);
	else
		text_addf(out, "#%llu", n);
}

void words_add_commit(struct text *out, const struct words *w, const char *id)
{
	const char *page = page_of(w, out->arena);

	if (!words_is_hex(id, 40))
		return;
	if (page)
		text_addf(out, "[`%.8s`](%s/commit/%s)", id, page, id);
	else
		text_addf(out, "`%.8s`", id);
}

void words_add_run(struct text *out, const struct words *w)
{
	const char *page = page_of(w, out->arena);
	struct str run = str_of(w->run_url);

	if (is_address(w->run_url) &&
	    (!page || (str_skip(&run, page) && str_starts(run, "/"))))
		text_addf(out, "[this run](%s)", w->run_url);
	else
		text_adds(out, "a run");
}

static void add_code(struct text *out, struct str before, struct str name)
{
	name = words_code(out->arena, name, NAME_MOST);
	if (!name.size)
		return;
	text_add(out, before);
	text_add(out, name);
}

void words_add_broke(struct text *out, const struct words *w)
{
	struct str file = words_fix_text(w, "failure.file");

	text_add(out, words_code(out->arena, words_what(out->arena, w), WHAT_MOST));
	if (str_trim(file).size) {
		text_adds(out, " at ");
		words_add_place(out, w, file, json_integer_or(w->fix, "failure.line", 0));
	}
	add_code(out, STR(" in "), words_fix_text(w, "failure.function"));
	add_code(out, STR(", in the test "), words_fix_text(w, "failure.test"));
}

void words_add_changed(struct text *out, const struct words *w)
{
	const json_t *files = json_at(w->fix, "files");
	size_t count = json_array_size(files);
	struct str why = words_safe(out->arena, words_fix_text(w, "why"), SENTENCE_MOST);

	for (size_t i = 0; i < count && i < FILES_MOST; i++)
		add_code(out, i ? STR(", ") : STR(""), json_text_or(json_array_get(files, i), "", STR_NONE));
	if (count > FILES_MOST)
		text_addf(out, " and %zu more", count - FILES_MOST);
	if (count && why.size)
		text_adds(out, ": ");
	text_add(out, why);
}

static const json_t *trial(const struct words *w, const char *which)
{
	return json_at(w->fix, !strcmp(which, "before") ? "verification.before" : "verification.after");
}

static void add_outcome(struct text *out, const json_t *run)
{
	int64_t all = json_integer_or(run, "run", -1), failed = json_integer_or(run, "failed", -1);
	int64_t code = json_integer_or(run, "exit_code", -1);

	if (all > 0 && !failed && json_boolean_or(run, "green", false))
		text_addf(out, "%lld of %lld tests passed", (long long)all, (long long)all);
	else if (all > 0 && failed >= 0)
		text_addf(out, "%lld of %lld tests failed", (long long)failed, (long long)all);
	else if (code >= 0)
		text_addf(out, "exit code %lld", (long long)code);
	else
		text_adds(out, json_boolean_or(run, "green", false) ? "green" : "it did not end by itself");
}

void words_add_proven(struct text *out, const struct words *w)
{
	const json_t *before = trial(w, "before"), *after = trial(w, "after");
	struct str command = json_text_or(after, "command", words_fix_text(w, "command"));

	if (str_is(words_fix_text(w, "proof"), "reading"))
		text_adds(out, "read, not run: nothing here can run what failed; the mended files parse, and "
			       "nothing of the failure is left in them");
	if (!before && !after)
		return;
	add_code(out, STR(""), command);
	text_adds(out, str_trim(command).size ? ": " : "");
	if (before) {
		add_outcome(out, before);
		text_adds(out, " before");
	}
	text_adds(out, before && after ? ", " : "");
	if (after) {
		add_outcome(out, after);
		text_adds(out, " after");
	}
}

void words_add_sure(struct text *out, const struct words *w)
{
	double value = json_real_or(w->fix, "confidence", -1);
	struct str tier = words_fix_text(w, "tier"), risk = words_fix_text(w, "risk");

	if (value < 0)
		return;
	text_addf(out, "%.2f", value);
	if (tier.size) {
		text_adds(out, " (");
		text_add(out, words_safe(out->arena, tier, 64));
		text_adds(out, ")");
	}
	if (risk.size) {
		text_adds(out, ", risk ");
		text_add(out, words_safe(out->arena, risk, 64));
	}
}

static void add_frame(struct text *out, const json_t *frame)
{
	struct str function = json_text_or(frame, "function", STR_NONE);
	int64_t line = json_integer_or(frame, "line", 0);

	text_adds(out, "    ");
	text_add(out, json_text_or(frame, "file", STR("?")));
	if (line > 0)
		text_addf(out, ":%lld", (long long)line);
	if (function.size) {
		text_adds(out, " in ");
		text_add(out, function);
	}
	text_addc(out, '\n');
}

/* The innermost frame first, as it is the one to look at. */
static void add_trace(struct text *out, const struct words *w)
{
	const json_t *frames = json_at(w->fix, "failure.frames");
	size_t count = json_array_size(frames), shown = count < FRAMES_SHOWN ? count : FRAMES_SHOWN;
	struct text trace = TEXT(out->arena);

	text_add(&trace, words_what(out->arena, w));
	text_addc(&trace, '\n');
	for (size_t i = 0; i < shown; i++)
		add_frame(&trace, json_array_get(frames, count - 1 - i));
	if (count > shown)
		text_addf(&trace, "    and %zu more\n", count - shown);
	text_add(out, words_fenced(out->arena, text_str(&trace), TRACE_MOST));
	text_adds(out, "\n\n");
}

/* The numbers at the front also keep a line from being a command to some other bot. */
static void add_log(struct text *out, const struct words *w)
{
	struct text numbered = TEXT(out->arena);
	struct str rest = words_clean_lines(out->arena, w->log), line;
	unsigned long number = w->log_line;

	if (!str_trim(rest).size)
		return;
	while (str_next_line(&rest, &line)) {
		if (w->log_line)
			text_addf(&numbered, "%5lu  ", number++);
		text_add(&numbered, line);
		text_addc(&numbered, '\n');
	}
	text_adds(out, "<details><summary>The lines of the log</summary>\n\n");
	text_add(out, words_fenced(out->arena, text_str(&numbered), LOG_MOST));
	text_adds(out, "\n\n</details>\n\n");
}

void words_add_failure(struct text *out, const struct words *w)
{
	if (json_at(w->fix, "failure"))
		add_trace(out, w);
	add_log(out, w);
}

static void add_cell(struct text *out, int64_t number)
{
	if (number >= 0)
		text_addf(out, " %lld |", (long long)number);
	else
		text_adds(out, " - |");
}

void words_add_runs(struct text *out, const struct words *w)
{
	static const char *const which[] = { "before", "after" };
	static const char *const columns[] = { "exit_code", "run", "passed", "failed", "skipped" };

	if (!trial(w, "before") && !trial(w, "after"))
		return;
	text_adds(out, "| | exit code | tests | passed | failed | skipped |\n"
		       "|---|--:|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < 2; i++) {
		const json_t *run = trial(w, which[i]);

		if (!run)
			continue;
		text_addf(out, "| %s |", which[i]);
		for (size_t k = 0; k < sizeof(columns) / sizeof(*columns); k++)
			add_cell(out, json_integer_or(run, columns[k], -1));
		text_addc(out, '\n');
	}
	text_addc(out, '\n');
}

void words_add_parts(struct text *out, const struct words *w)
{
	double coverage = json_real_or(w->fix, "parts.coverage", -1);
	struct str by = words_fix_text(w, "parts.coverage_by");

	if (!json_at(w->fix, "parts"))
		return;
	text_addf(out, "| part | weight | 0 to 1 |\n|---|--:|--:|\n"
		  "| tests that pass | 0.4 | %.2f |\n", json_real_or(w->fix, "parts.pass_rate", 0));
	if (coverage < 0)
		text_adds(out, "| changed lines that the tests run | 0.3 | not measured, counts as 0 |\n");
	else
		text_addf(out, "| changed lines that the tests run | 0.3 | %.2f |\n", coverage);
	text_addf(out, "| quality of the change | 0.3 | %.2f |\n\n",
		  json_real_or(w->fix, "parts.quality", 0));
	if (coverage >= 0 && str_is(by, "ablation")) {
		text_adds(out, "Coverage was measured by taking parts of the change out: a part that "
			       "counts turns the tests red again.\n\n");
	} else if (coverage >= 0 && by.size) {
		text_adds(out, "Coverage was measured by ");
		text_add(out, words_safe(out->arena, by, NAME_MOST));
		text_adds(out, ".\n\n");
	}
}

void words_add_list(struct text *out, const struct words *w, const char *title, const char *path)
{
	const json_t *list = json_at(w->fix, path);
	size_t count = json_array_size(list);

	if (!count)
		return;
	text_addf(out, "### %s\n\n", title);
	for (size_t i = 0; i < count && i < LIST_MOST; i++) {
		struct str item = json_text_or(json_array_get(list, i), "", STR_NONE);

		text_adds(out, "- ");
		text_add(out, words_safe(out->arena, item, SENTENCE_MOST));
		text_addc(out, '\n');
	}
	if (count > LIST_MOST)
		text_addf(out, "- and %zu more\n", count - LIST_MOST);
	text_addc(out, '\n');
}

void words_add_tried(struct text *out, const struct words *w)
{
	const json_t *list = json_at(w->fix, "attempts");
	size_t count = json_array_size(list);

	if (!count)
		return;
	text_adds(out, "### Looked at and not taken\n\n");
	for (size_t i = 0; i < count && i < LIST_MOST; i++) {
		const json_t *one = json_array_get(list, i);
		struct str name = words_code(out->arena, json_text_or(one, "template", STR_NONE), NAME_MOST);

		text_adds(out, "- ");
		text_add(out, name);
		text_adds(out, name.size ? ": " : "");
		text_add(out, words_safe(out->arena, json_text_or(one, "why", STR_NONE), SENTENCE_MOST));
		text_addc(out, '\n');
	}
	if (count > LIST_MOST)
		text_addf(out, "- and %zu more\n", count - LIST_MOST);
	text_addc(out, '\n');
}
