/*
 * Titles, the annotation, messages of commits and the marker: the texts that are no Markdown. The
 * bodies are in bot/words_body.c and bot/words_sticky.c.
 */
#include "bot/words.h"

#include "bot/words_parts.h"
#include "git/path.h"

enum { TYPE_MOST = 80, MESSAGE_MOST = 120, SHORT_LEAST = 16, DETAILS_MOST = 4000 };

const char *words_marker(struct arena *a, const char *incident)
{
	return arena_printf(a, "<!-- aegis:incident=%s -->",
			    words_is_hex(incident, INCIDENT_ID_SIZE - 1) ? incident : "unknown");
}

/* Characters, each counted as one column. */
static size_t columns_of(struct str s)
{
	size_t columns = 0;

	for (size_t i = 0; i < s.size; i++)
		columns += ((unsigned char)s.at[i] & 0xc0) != 0x80;
	return columns;
}

static struct str columns_cut(struct arena *a, struct str s, size_t most)
{
	size_t columns = 0, end;

	if (columns_of(s) <= most)
		return s;
	for (end = 0; end < s.size; end++) {
		columns += ((unsigned char)s.at[end] & 0xc0) != 0x80;
		if (columns == most)
			break;
	}
	return str_of(arena_printf(a, "%.*s\xe2\x80\xa6", STR_ARG(str_trim_right(str_slice(s, 0, end)))));
}

static struct str joined(struct arena *a, const char *front, struct str type, struct str file)
{
	return str_of(arena_printf(a, "%s%.*s%s%.*s", front, STR_ARG(type), file.size ? " in " : "",
				   STR_ARG(file)));
}

/* front, then type and file and, while there are columns left, the message. */
static struct str title_of(struct arena *a, const struct words *w, const char *front)
{
	struct str type = words_plain(a, words_type(w), TYPE_MOST);
	struct str file = words_plain(a, words_fix_text(w, "failure.file"), WORDS_TITLE_MOST);
	struct str message = words_plain(a, words_fix_text(w, "failure.message"), MESSAGE_MOST);
	struct str title = joined(a, front, type, file);
	size_t columns;

	if (columns_of(title) > WORDS_TITLE_COLUMNS)
		title = joined(a, front, type, path_name(file));
	columns = columns_of(title);
	if (message.size && columns + 2 + SHORT_LEAST <= WORDS_TITLE_COLUMNS)
		title = str_of(arena_printf(a, "%.*s: %.*s", STR_ARG(title), STR_ARG(columns_cut(a, message,
					    WORDS_TITLE_COLUMNS - columns - 2))));
	return words_plain(a, title, WORDS_TITLE_MOST);
}

struct str words_pull_title(struct arena *a, const struct words *w)
{
	if (json_at(w->fix, "failure"))
		return title_of(a, w, str_is(words_fix_text(w, "action"), "revert")
					      ? "Take back what broke " : "Fix ");
	return words_plain(a, str_of(arena_printf(a, "Fix the red run on %s", w->incident->branch)),
			   WORDS_TITLE_MOST);
}

struct str words_revert_title(struct arena *a, const struct words *w)
{
	struct str title = words_pull_title(a, w);

	return words_cut(a, str_of(arena_printf(a, "Revert \"%.*s\"", STR_ARG(title))), WORDS_TITLE_MOST);
}

bool words_annotation(struct arena *a, const struct words *w, struct github_annotation *out)
{
	struct str file = words_fix_text(w, "failure.file"), name;
	int64_t line = json_integer_or(w->fix, "failure.line", 0);
	struct text message = TEXT(a);
	struct err ignored = ERR_INIT;

	if (line <= 0 || !path_check(file, &ignored))
		return false;
	text_add(&message, words_plain(a, words_what(a, w), DETAILS_MOST));
	name = words_plain(a, words_fix_text(w, "failure.function"), WORDS_TITLE_MOST);
	if (name.size)
		text_addf(&message, "\nin %.*s", STR_ARG(name));
	name = words_plain(a, words_fix_text(w, "failure.test"), WORDS_TITLE_MOST);
	if (name.size)
		text_addf(&message, "\nin the test %.*s", STR_ARG(name));
	*out = (struct github_annotation){
		.path = str_text(a, file),
		.first_line = (uint64_t)line,
		.last_line = (uint64_t)line,
		.level = GITHUB_LEVEL_FAILURE,
		.title = words_plain(a, words_type(w), WORDS_TITLE_MOST),
		.message = text_str(&message),
	};
	return true;
}

struct str words_commit_revert(struct arena *a, const struct words *w)
{
	struct str why = words_plain(a, str_of(w->window_why), DETAILS_MOST);
	struct text out = TEXT(a);

	if (words_is_hex(w->incident->merge_sha, 40))
		text_addf(&out, "This reverts commit %s.\n\n", w->incident->merge_sha);
	if (w->confidence >= 0)
		text_addf(&out, "Confidence after the deployment: %.2f.\n", w->confidence);
	if (why.size)
		text_addf(&out, "Measured: %.*s\n", STR_ARG(why));
	return text_str(&out);
}

struct str words_merge_message(struct arena *a, const struct words *w)
{
	struct str why = words_plain(a, words_fix_text(w, "why"), DETAILS_MOST);
	struct str oracle = words_plain(a, words_fix_text(w, "oracle"), 64);
	struct str template = words_plain(a, words_fix_text(w, "template"), WORDS_TITLE_MOST);
	struct str model = words_plain(a, words_fix_text(w, "model.name"), WORDS_TITLE_MOST);
	double value = json_real_or(w->fix, "confidence", -1);
	struct text out = TEXT(a);

	if (why.size)
		text_addf(&out, "What changed: %.*s\n\n", STR_ARG(why));
	if (oracle.size)
		text_addf(&out, "Oracle: %.*s.\n", STR_ARG(oracle));
	if (value >= 0)
		text_addf(&out, "Confidence: %.2f.\n", value);
	text_adds(&out, out.size && out.at[out.size - 2] != '\n' ? "\n" : "");
	if (words_is_hex(w->incident->id, INCIDENT_ID_SIZE - 1))
		text_addf(&out, "Aegis-Incident: %s\n", w->incident->id);
	if (words_is_hex(w->incident->signature, 32))
		text_addf(&out, "Aegis-Signature: %s\n", w->incident->signature);
	if (!template.size && model.size)
		text_addf(&out, "Aegis-Model: %.*s\n", STR_ARG(model));
	if (template.size)
		text_addf(&out, "Aegis-Template: %.*s\n", STR_ARG(template));
	return text_str(&out);
}
