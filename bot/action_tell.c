/*
 * How a visit is told to the runner: outputs, the summary's file, workflow commands and the patch.
 * The runner takes any line of ours for a command when it looks like one, so that nobody else's
 * text reaches it unescaped. What the texts say is in bot/words_visit.c.
 */
#include "bot/action.h"

#include "bot/action_words.h"
#include "bot/base/crypto.h"
#include "bot/base/file.h"
#include "bot/base/redact.h"
#include "bot/command.h"
#include "ci/explain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUTPUT_MOST = 1000, DELIMITER_BYTES = 16, ANNOTATIONS_MOST = 10, LINE_MOST = 4000 };

/* The runner made the file; whoever ran before us in this job may have put something else there. */
static bool add_to(const char *path, struct str text, struct err *e)
{
	struct stat info;
	int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	bool good = file >= 0 && !fstat(file, &info) && S_ISREG(info.st_mode);

	while (good && text.size) {
		ssize_t n = write(file, text.at, text.size);

		good = n > 0 || (n < 0 && errno == EINTR);
		if (n > 0)
			text = str_from(text, (size_t)n);
	}
	if (file >= 0)
		close(file);
	return good || fail(e, ERR_BUG, "%s cannot be written", path);
}

/* The delimiter cannot be guessed, so that no value ends itself and begins another output. */
static void add_output(struct text *out, const char *name, struct str value)
{
	const char *delimiter = crypto_random_hex(out->arena, DELIMITER_BYTES);

	value = words_plain(out->arena, value, OUTPUT_MOST);
	text_addf(out, "%s<<aegis_%s\n%.*s\naegis_%s\n", name, delimiter, STR_ARG(value), delimiter);
}

static const char *action_of(const struct action_result *result)
{
	if (!result->fix)
		return "error";
	if (result->plan.mode == ACTION_EXPLAIN && result->answer.failure)
		return "explain";
	return result->answer.action ? result->answer.action : "none";
}

bool action_tell_outputs(const struct action_order *order, const struct action_result *result,
			 struct arena *a, struct err *e)
{
	const struct answer *answer = &result->answer;
	const bool shown = result->sent.end == END_OPENED || result->sent.end == END_THERE;
	const char *path = result->patch_file;
	struct text out = TEXT(a);

	if (!order->outputs)
		return true;
	add_output(&out, "action", str_of(action_of(result)));
	add_output(&out, "mode", str_of(action_mode_name(result->plan.mode)));
	add_output(&out, "incident", str_of(answer->incident));
	add_output(&out, "template", str_of(answer->template_name));
	add_output(&out, "branch", str_of(shown ? answer->branch : NULL));
	add_output(&out, "pull-request", shown ? str_of(arena_printf(a, "%llu",
			(unsigned long long)result->sent.pull)) : STR_NONE);
	add_output(&out, "confidence", answer->verification ? str_of(arena_printf(a, "%.2f",
			answer->verification->confidence.value)) : STR_NONE);
	add_output(&out, "why", str_of(result->trouble ? result->trouble : answer->why));
	/* A path of the runner's own, as it is: it is looked up. */
	text_addf(&out, "patch=%s\n", path && !strpbrk(path, "\r\n") ? path : "");
	return add_to(order->outputs, text_str(&out), e);
}

bool action_tell_summary(const struct action_order *order, const struct action_result *result,
			 struct arena *a, struct err *e)
{
	struct words words;
	struct incident incident;

	if (!order->summary)
		return true;
	action_words(order, &result->answer, result->fix, result->plan.branch ? result->plan.branch
		     : *order->branch ? order->branch : order->event.head_branch, a, &incident, &words);
	return add_to(order->summary, words_visit(a, &words, order, result), e);
}

bool action_write_patch(const struct action_order *order, const struct answer *answer,
			struct arena *a, const char **path, struct err *e)
{
	const char *folder = order->temporary ? order->temporary : getenv("TMPDIR");
	const char *file = arena_printf(a, "%s/aegis.patch", folder && *folder ? folder : "/tmp");

	if (!file_write(file, patch_diff(answer->patch, a), 0644, e))
		return fail_while(e, "writing the patch");
	*path = file;
	return true;
}

static void add_escaped(struct text *out, struct str text, bool is_property)
{
	for (size_t i = 0; i < text.size; i++) {
		const char c = text.at[i];

		if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ',')))
			text_addf(out, "%%%02X", (unsigned)(unsigned char)c);
		else
			text_addc(out, c);
	}
}

static void add_command(struct text *out, const char *level, const struct github_annotation *at)
{
	text_addf(out, "::%s ", level);
	if (at->path) {
		text_adds(out, "file=");
		add_escaped(out, str_of(at->path), true);
		text_addf(out, ",line=%llu,", (unsigned long long)at->first_line);
	}
	text_adds(out, "title=");
	add_escaped(out, at->title, true);
	text_adds(out, "::");
	add_escaped(out, at->message, false);
	text_addc(out, '\n');
}

struct str action_notice(struct arena *a, const char *level, struct str title, struct str text)
{
	const struct github_annotation at = { .title = words_plain(a, title, WORDS_TITLE_MOST),
					      .message = words_plain(a, text, LINE_MOST) };
	struct text out = TEXT(a);

	add_command(&out, level, &at);
	return text_str(&out);
}

static void add_failure(struct text *out, const struct failure *failure)
{
	JSON *fix = json_pack("{s:o}", "failure", explain_failure_json(failure));
	const struct incident incident = { .branch = "" };
	const struct words words = { .incident = &incident, .fix = fix };
	struct github_annotation at;

	if (words_annotation(out->arena, &words, &at))
		add_command(out, "error", &at);
	else
		text_add(out, action_notice(out->arena, "error", STR("Aegis"), str_of(
			arena_printf(out->arena, "%s%s%s", failure->type ? failure->type
				     : kind_name(failure->kind), failure->message ? ": " : "",
				     failure->message ? failure->message : ""))));
}

struct str action_annotations(const struct action_order *order, const struct action_result *result,
			      struct arena *a)
{
	const struct answer *answer = &result->answer;
	const struct report *report = answer->before ? answer->before->report : NULL;
	struct text out = TEXT(a);
	size_t count = 0;

	if (answer->failure) {
		add_failure(&out, answer->failure);
		count++;
	}
	for (size_t i = 0; report && i < report->failure_count && count < ANNOTATIONS_MOST; i++) {
		const struct failure *failure = &report->failures[i];

		if (failure == answer->failure || failure->weight <= WEIGHT_SUMMARY)
			continue;
		add_failure(&out, failure);
		count++;
	}
	text_add(&out, action_notice(a, result->trouble ? "warning" : "notice", STR("Aegis"),
				     words_visit_line(a, order, result)));
	return text_str(&out);
}

/*
 * "::" counts at the beginning of a line alone, which "aegis: " keeps it from; the older "##[" counts
 * anywhere.
 */
struct str action_line(struct arena *a, struct str text)
{
	struct str piece, rest = command_printable(a, redact_text(str_slice(text, 0, LINE_MOST), a));
	struct text out = TEXT(a);

	text_adds(&out, "aegis: ");
	while (str_split(rest, "##[", &piece, &rest)) {
		text_add(&out, piece);
		text_adds(&out, "## [");
	}
	text_add(&out, rest);
	for (size_t i = 0; i < out.size; i++)
		if (out.at[i] == '\n')
			out.at[i] = ' ';
	text_addc(&out, '\n');
	return text_str(&out);
}
