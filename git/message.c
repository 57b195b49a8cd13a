/*
 * Formats commit messages and reads trailers back. Knows of trailers what git knows: they stand in
 * the last paragraph, one a line. Does not wrap lines and does not take secrets out.
 */
#include "git/message.h"

#include "git/character.h"

/* Marks by which CI systems pass over a commit; a fix that CI never saw would look untested. */
static const char *const skip_marks[] = {
	"[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "[skip travis]",
	"[travis skip]", "[skip appveyor]", "[skip azurepipelines]", "[skip github]",
	"***no_ci***",
};

static void break_marks(struct arena *a, struct text *t, struct str line)
{
	char *copy = str_text(a, line);

	for (size_t at = 0; at < line.size; at++)
		for (size_t i = 0; i < sizeof(skip_marks) / sizeof(skip_marks[0]); i++) {
			struct str mark = str_of(skip_marks[i]);

			if (str_equal_nocase(str_slice(line, at, mark.size), mark))
				copy[at] = '(';
		}
	text_add(t, (struct str){ copy, line.size });
}

/*
 * One line without anything that is not to be seen; runs of blanks and controls become one blank.
 */
static struct str clean(struct arena *a, struct str line, size_t most, bool keep_indent)
{
	struct text plain = TEXT(a), t = TEXT(a);
	bool blank = !keep_indent;

	while (line.size) {
		struct str from = line;
		uint32_t code;

		if (!character_next(&line, &code)) {
			line = str_from(line, 1);
			continue;
		}
		if (character_is_hidden(code))
			continue;
		from = str_slice(from, 0, from.size - line.size);
		if (character_is_control(code) || code == ' ')
			from = blank && !keep_indent ? STR_NONE : STR(" ");
		if (plain.size + from.size > most)
			break;
		text_add(&plain, from);
		blank = from.size == 0 || str_is(from, " ");
	}
	break_marks(a, &t, str_trim_right(text_str(&plain)));
	return text_str(&t);
}

/* "Name: value", where the name is of letters, digits and '-'. */
static bool looks_like_trailer(struct str line)
{
	struct str name;

	if (!str_split(line, ":", &name, NULL))
		return false;
	name = str_trim_right(name);
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		if (c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') &&
		    (c < 'a' || c > 'z'))
			return false;
	}
	return name.size > 0;
}

/* An indented line continues nothing here and is no trailer to git, GitHub or us. */
static void add_body(struct arena *a, struct text *t, struct str body)
{
	struct str line;
	bool empty = true;

	while (str_next_line(&body, &line)) {
		struct str text = clean(a, line, 1000, true);

		if (!text.size) {
			empty = true;
			continue;
		}
		text_adds(t, empty ? "\n" : "");
		if (looks_like_trailer(text))
			text_addc(t, ' ');
		text_add(t, text);
		text_addc(t, '\n');
		empty = false;
	}
}

const char *commit_message(struct arena *a, struct str subject, struct str body,
			   const struct trailer *trailers)
{
	struct text t = TEXT(a);
	bool first = true;

	subject = clean(a, subject, SUBJECT_BYTES, false);
	text_add(&t, subject.size ? subject : STR("Fix"));
	text_addc(&t, '\n');
	add_body(a, &t, body);
	for (; trailers && trailers->name; trailers++) {
		struct str value = clean(a, str_of(trailers->value), TRAILER_BYTES, false);

		if (!value.size)
			continue;
		text_addf(&t, "%s%s: %.*s\n", first ? "\n" : "", trailers->name, STR_ARG(value));
		first = false;
	}
	return text_cstr(&t);
}

struct str message_trailer(struct str message, const char *name)
{
	struct str last, line, value, key, found = STR_NONE;

	message = str_trim_right(message);
	if (!str_split_last(message, "\n\n", NULL, &last))
		return STR_NONE;
	while (str_next_line(&last, &line))
		if (str_split(line, ":", &key, &value) &&
		    str_equal_nocase(str_trim_right(key), str_of(name)))
			found = str_trim(value);
	return found;
}
