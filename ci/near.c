/*
 * Compares the type, the frames, the message, the test and the tool of two failures. Each part that
 * both have counts by its weight. Does not know which failures are frequent: how much a word says is
 * judged by its shape and by a list of words that errors are full of.
 */
#include "ci/near.h"

#include "ci/normalise.h"

static const char version[] = "1";

enum { FRAMES_NEAR = 6, WORDS_MOST = 32, VALUE_MOST = 96 };

struct features {
	struct str kind, language, tool, type, test;
	struct str functions[FRAMES_NEAR], files[FRAMES_NEAR];	/* innermost first */
	size_t frames;
	struct str words[WORDS_MOST];
	size_t words_count;
};

static void add_line(struct text *out, char letter, struct str value)
{
	value = str_trim(str_slice(value, 0, VALUE_MOST));
	/* A character that was cut in two goes. */
	while (value.size && ((unsigned char)str_from(value, value.size - 1).at[0] & 0x80) &&
	       value.size >= VALUE_MOST - 4)
		value.size--;
	if (!value.size || out->size + value.size + 3 > NEAR_BYTES_MAX)
		return;
	text_addc(out, letter);
	text_addc(out, ' ');
	for (size_t i = 0; i < value.size; i++)
		text_addc(out, (unsigned char)value.at[i] < ' ' ? ' ' : value.at[i]);
	text_addc(out, '\n');
}

static void add_text(struct text *out, struct arena *a, char letter, const char *value)
{
	add_line(out, letter, normalise_text(a, str_of(value)));
}

static struct str base_name(const char *file)
{
	struct str name = str_of(file);

	for (size_t i = name.size; i > 0; i--)
		if (name.at[i - 1] == '/' || name.at[i - 1] == '\\')
			return str_from(name, i);
	return name;
}

/* A frame is two lines: its file's name, then its function if that has a name ("<module>" is none). */
static void add_frame(struct text *out, struct arena *a, const char *file, const char *function)
{
	add_line(out, 'f', normalise_text(a, file && file[0] ? base_name(file) : STR("-")));
	if (function && !strchr(function, '<'))
		add_text(out, a, 'n', function);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '<' || c == '>' || (c & 0x80);
}

/* Within a name: "os.path", "left-pad", "src/a.py", but not the end of a sentence. */
static bool joins(struct str text, size_t i)
{
	return i + 1 < text.size && i > 0 && strchr(".-/@:", text.at[i]) && text.at[i] &&
	       is_word(text.at[i + 1]) && is_word(text.at[i - 1]);
}

static bool next_word(struct str *rest, struct str *word)
{
	size_t start = 0, end;

	while (start < rest->size && !is_word(rest->at[start]))
		start++;
	for (end = start; end < rest->size && (is_word(rest->at[end]) || joins(*rest, end));)
		end++;
	*word = str_slice(*rest, start, end - start);
	*rest = str_from(*rest, end);
	return word->size > 0;
}

struct str near_text(struct arena *a, const struct failure *f)
{
	struct text out = TEXT(a);
	struct str message = normalise_text(a, str_of(f->message)), word;
	size_t frames = 0;

	add_line(&out, 'v', str_of(version));
	add_line(&out, 'k', str_of(kind_name(f->kind)));
	add_line(&out, 'l', str_of(f->language));
	add_line(&out, 'o', str_of(f->tool));
	add_text(&out, a, 'y', f->type);
	add_text(&out, a, 't', f->test);
	for (size_t i = f->frame_count; i-- > 0 && frames < FRAMES_NEAR;) {
		if (!f->frames[i].own)
			continue;
		add_frame(&out, a, f->frames[i].file, f->frames[i].function);
		frames++;
	}
	if (!frames && (f->file || f->function))
		add_frame(&out, a, f->file, f->function);
	for (size_t i = 0; i < WORDS_MOST && next_word(&message, &word); i++)
		add_line(&out, 'w', word);
	return text_str(&out);
}

static bool parse(struct str text, struct features *f)
{
	struct str line;

	if (text.size > NEAR_BYTES_MAX || !str_next(&text, '\n', &line) || !str_skip(&line, "v ") ||
	    !str_is(line, version))
		return false;
	while (str_next(&text, '\n', &line)) {
		struct str value = str_from(line, 2);

		if (!value.size || line.at[1] != ' ')
			return false;
		switch (line.at[0]) {
		case 'k': f->kind = value; break;
		case 'l': f->language = value; break;
		case 'o': f->tool = value; break;
		case 'y': f->type = value; break;
		case 't': f->test = value; break;
		case 'f':
			if (f->frames < FRAMES_NEAR)
				f->files[f->frames++] = value;
			break;
		case 'n':
			if (f->frames)
				f->functions[f->frames - 1] = value;
			break;
		case 'w':
			if (f->words_count < WORDS_MOST)
				f->words[f->words_count++] = value;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* Words that stand in so many errors that two of them share some. */
static const char common[] = " a an and are as at be but by can can't cannot could did do does error "
	"errors expected exception failed failure for found from got has have if in instead into invalid is "
	"it its missing must no not of on only or should such than that the there this to unable unexpected "
	"use used value was were when while with would you ";

static bool is_common(struct str word)
{
	char room[VALUE_MOST + 3] = " ";

	for (size_t i = 0; i < word.size && i < VALUE_MOST; i++) {
		char c = word.at[i];

		room[i + 1] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	room[1 + (word.size < VALUE_MOST ? word.size : VALUE_MOST)] = ' ';
	return str_has(str_of(common), room);
}

static double word_weight(struct str word)
{
	bool small = true;

	if (word.at[0] == '<')
		return 0.2;		/* "<n>", "<time>" */
	if (is_common(word))
		return 0.3;
	for (size_t i = 0; i < word.size; i++)
		small = small && word.at[i] >= 'a' && word.at[i] <= 'z';
	return small ? 1.0 : 1.5;	/* a name, a code, a number */
}

/* Weighted: what both say, out of what either says. */
static double words_alike(const struct features *a, const struct features *b)
{
	bool taken[WORDS_MOST] = { false };
	double both = 0, all = 0;

	for (size_t k = 0; k < b->words_count; k++)
		all += word_weight(b->words[k]);
	for (size_t i = 0; i < a->words_count; i++) {
		double weight = word_weight(a->words[i]);
		size_t k = 0;

		while (k < b->words_count && (taken[k] || !str_equal(a->words[i], b->words[k])))
			k++;
		if (k < b->words_count) {
			taken[k] = true;
			both += weight;
		} else {
			all += weight;
		}
	}
	return all > 0 ? both / all : 0;
}

static double frame_alike(const struct features *a, size_t i, const struct features *b, size_t k)
{
	bool file = str_equal(a->files[i], b->files[k]);
	bool function = a->functions[i].size && str_equal(a->functions[i], b->functions[k]);

	if (!a->functions[i].size && !b->functions[k].size)
		return file ? 1.0 : 0.0;
	return file && function ? 1.0 : function ? 0.8 : file ? 0.4 : 0.0;
}

/* The innermost frame weighs most. */
static const double frame_weights[FRAMES_NEAR] = { 1.0, 0.6, 0.4, 0.25, 0.15, 0.1 };

/* The best way to lay one list of frames over the other, in order; a frame may have come between. */
static double frames_alike(const struct features *a, const struct features *b)
{
	double best[FRAMES_NEAR + 1][FRAMES_NEAR + 1] = {{0}}, most = 0;
	size_t fewer = a->frames < b->frames ? a->frames : b->frames;

	for (size_t i = a->frames; i-- > 0;)
		for (size_t k = b->frames; k-- > 0;) {
			double weight = (frame_weights[i] + frame_weights[k]) / 2;
			double both = best[i + 1][k + 1] + weight * frame_alike(a, i, b, k);
			double skip = best[i + 1][k] > best[i][k + 1] ? best[i + 1][k] : best[i][k + 1];

			best[i][k] = both > skip ? both : skip;
		}
	for (size_t i = 0; i < fewer; i++)
		most += frame_weights[i];
	return best[0][0] < most ? best[0][0] / most : 1.0;
}

/* "json.decoder.JSONDecodeError" and "JSONDecodeError" are one. */
static bool same_type(struct str a, struct str b)
{
	struct str last;

	if (str_split_last(a, ".", NULL, &last))
		a = last;
	if (str_split_last(b, ".", NULL, &last))
		b = last;
	return str_equal(a, b);
}

/* What any assertion or thrown text is, says little. */
static const char general[] = " Error Exception AssertionError Failure Failed RuntimeError panic error "
	"AssertError java.lang.AssertionError Error: ";

static bool is_general(struct str type)
{
	char room[VALUE_MOST + 3] = " ";

	memcpy(room + 1, type.at, type.size < VALUE_MOST ? type.size : VALUE_MOST);
	room[1 + (type.size < VALUE_MOST ? type.size : VALUE_MOST)] = ' ';
	return str_has(str_of(general), room);
}

static bool has_function(const struct features *f)
{
	for (size_t i = 0; i < f->frames; i++)
		if (f->functions[i].size)
			return true;
	return false;
}

/* How much each part counts. A type that says little and a place without a function count less. */
static const struct {
	double type, general, frames, files, words, test;
} weights = { 0.25, 0.1, 0.4, 0.2, 0.35, 0.05 };

static void count(double *sum, double *all, double weight, double alike)
{
	*all += weight;
	*sum += weight * alike;
}

double near_score(struct str one, struct str other)
{
	struct features a = {0}, b = {0};
	double sum = 0, all = 0;

	if (!parse(one, &a) || !parse(other, &b))
		return 0;
	if (a.type.size || b.type.size) {
		bool same = same_type(a.type, b.type);

		count(&sum, &all, same && is_general(a.type) ? weights.general : weights.type, same);
	}
	if (a.frames && b.frames)
		count(&sum, &all, has_function(&a) || has_function(&b) ? weights.frames : weights.files,
		      frames_alike(&a, &b));
	else if (a.frames || b.frames)
		count(&sum, &all, weights.files, 0);
	if (a.words_count || b.words_count)
		count(&sum, &all, weights.words, words_alike(&a, &b));
	if (a.test.size && b.test.size)
		count(&sum, &all, weights.test, str_equal(a.test, b.test));
	if (!str_equal(a.language, b.language))
		sum *= 0.5;
	else if (!str_equal(a.tool, b.tool))
		sum *= 0.9;
	if (!str_equal(a.kind, b.kind))
		sum *= 0.8;
	return all > 0 ? sum / all : 0;
}
