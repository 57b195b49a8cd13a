/*
 * A careful look at Ruby code without a grammar: strings, symbols in quotes, %w-lists,
 * here-documents, comments and =begin blocks are told from code; regular expressions are where a
 * slash cannot be a division. Methods are found by their
 * indentation, which all formatters of Ruby keep.
 */
#include "templates/lib_ruby.h"

#include "git/path.h"
#include "templates/lib_scene.h"

struct mask {
	struct str text;
	char *out;
	size_t at;
	struct str heredoc;		/* its end word; empty: none is open */
};

static void blank(struct mask *m, size_t start, size_t end)
{
	for (size_t i = start; i < end && i < m->text.size; i++)
		if (m->out[i] != '\n')
			m->out[i] = ' ';
}

static char partner(char open)
{
	static const char pairs[] = "()[]{}<>";
	const char *at = strchr(pairs, open);

	return open && at && !((at - pairs) % 2) ? at[1] : open;
}

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* A slash begins a regular expression behind an operator, an opening bracket or a keyword. */
static bool begins_regex(const struct mask *m)
{
	size_t at = m->at;

	while (at && (m->out[at - 1] == ' ' || m->out[at - 1] == '\t'))
		at--;
	if (!at || strchr("\n=(,[{|&!~:;?", m->out[at - 1]))
		return true;
	return at < m->at && word_byte(m->out[at - 1]) && m->at + 1 < m->text.size &&
	       m->text.at[m->at + 1] != ' ' && m->text.at[m->at + 1] != '=';
}

/* Behind the brace that ends "#{...}". */
static size_t end_of_code(struct str text, size_t at)
{
	size_t depth = 0;

	for (; at < text.size; at++) {
		if (text.at[at] == '{')
			depth++;
		else if (text.at[at] == '}' && !--depth)
			return at + 1;
	}
	return text.size;
}

/* What "#{...}" holds is code and stays; strings in it are taken for code too. */
static void take_string(struct mask *m, size_t open, char close)
{
	const bool has_code = close != '\'' && close != 0;
	size_t at = open + 1;

	while (at < m->text.size && m->text.at[at] != close) {
		if (has_code && m->text.at[at] == '#' && at + 1 < m->text.size && m->text.at[at + 1] == '{') {
			size_t end = end_of_code(m->text, at + 1);

			blank(m, at, at + 2);
			blank(m, end - 1, end);
			at = end;
			continue;
		}
		blank(m, at, at + (m->text.at[at] == '\\' ? 2 : 1));
		at += m->text.at[at] == '\\' ? 2 : 1;
	}
	m->at = at < m->text.size ? at + 1 : m->text.size;
}

/* <<~END, <<-'END', <<END: the text from the next line on is none of the code */
static bool take_heredoc(struct mask *m)
{
	struct str rest = str_from(m->text, m->at + 2);
	size_t size = 0;

	if (!str_skip(&rest, "~") && !str_skip(&rest, "-") &&
	    (!rest.size || rest.at[0] < 'A' || rest.at[0] > 'Z'))
		return false;
	if (rest.size && strchr("'\"`", rest.at[0]))
		rest = str_from(rest, 1);
	while (size < rest.size && word_byte(rest.at[size]))
		size++;
	if (!size || m->heredoc.size)
		return false;
	m->heredoc = str_slice(rest, 0, size);
	m->at += 2;
	return true;
}

static void line_begins(struct mask *m)
{
	while (m->heredoc.size && m->at < m->text.size) {
		size_t end = line_end(m->text, m->at);
		struct str line = str_slice(m->text, m->at, end - m->at);

		if (str_equal(str_trim(line), m->heredoc))
			m->heredoc = STR_NONE;
		blank(m, m->at, end);
		m->at = end;
	}
	if (str_starts(str_from(m->text, m->at), "=begin")) {
		ptrdiff_t end = str_find(str_from(m->text, m->at), STR("\n=end"));
		size_t to = end < 0 ? m->text.size : line_end(m->text, m->at + (size_t)end + 1);

		blank(m, m->at, to);
		m->at = to;
	}
}

static void step(struct mask *m)
{
	char c = m->text.at[m->at], next = m->at + 1 < m->text.size ? m->text.at[m->at + 1] : 0;
	bool inside_word = m->at && word_byte(m->text.at[m->at - 1]);

	if (c == '\n') {
		m->at++;
		line_begins(m);
	} else if (c == '#') {
		size_t end = line_end(m->text, m->at);

		blank(m, m->at, end);
		m->at = end && m->text.at[end - 1] == '\n' ? end - 1 : end;
	} else if (c == '"' || c == '`' || (c == '\'' && !inside_word)) {
		take_string(m, m->at, c);
	} else if (c == '/' && begins_regex(m)) {
		take_string(m, m->at, c);
	} else if (c == '?' && !inside_word && next && !strchr(" \n\t", next) &&
		   (m->at + 2 >= m->text.size || !word_byte(m->text.at[m->at + 2]))) {
		m->at += 2;
	} else if (c == '%' && !inside_word && next && strchr("wWiIqQr", next) &&
		   m->at + 2 < m->text.size && strchr("([{<|/!", m->text.at[m->at + 2])) {
		take_string(m, m->at + 2, partner(m->text.at[m->at + 2]));
	} else if (c != '<' || next != '<' || !take_heredoc(m)) {
		m->at++;
	}
}

struct str ruby_code(struct arena *a, struct str text)
{
	struct mask m = { .text = text, .out = str_text(a, text) };

	line_begins(&m);
	while (m.at < text.size)
		step(&m);
	return (struct str){ m.out, text.size };
}

bool ruby_is_test(const char *path)
{
	struct str whole = str_of(path), name = path_name(whole);

	return str_starts(whole, "test/") || str_has(whole, "/test/") || str_starts(whole, "spec/") ||
	       str_has(whole, "/spec/") || str_starts(whole, "features/") || str_starts(name, "test_") ||
	       str_ends(name, "_test.rb") || str_ends(name, "_spec.rb");
}

bool ruby_open(struct ruby *ruby, struct scene *scene, const char *path)
{
	*ruby = (struct ruby){ .scene = scene, .path = path };
	if (!path || !scene_read(scene, path, &ruby->text))
		return template_decline(scene, "the failure is in no file of the repository"), false;
	if (ruby_is_test(path))
		return template_decline(scene, "%s is a test", path), false;
	if (!str_ends(str_of(path), ".rb") && !str_ends(str_of(path), ".rake") &&
	    !str_has(str_slice(ruby->text, 0, line_end(ruby->text, 0)), "ruby"))
		return template_decline(scene, "%s is no Ruby", path), false;
	ruby->code = ruby_code(scene->arena, ruby->text);
	return true;
}

const char *ruby_crash(const struct scene *scene, unsigned *line)
{
	const struct failure *failure = scene->failure;

	for (size_t i = failure->frame_count; i-- > 0;) {
		const struct frame *frame = &failure->frames[i];
		const char *path = frame->own ? scene_path(scene, frame->file) : NULL;

		if (!path)
			continue;
		*line = frame->line;
		return ruby_is_test(path) ? NULL : path;
	}
	*line = failure->line;
	return scene_path(scene, failure->file);
}

struct str ruby_line(struct str text, unsigned line)
{
	size_t start = line_start(text, line), end = line_end(text, start);
	struct str out = str_slice(text, start, end - start);

	(void)str_chop(&out, "\n");
	return out;
}

/* "def self.bar(value, width: 10)" */
static bool take_method(struct str code, struct str text, unsigned line, struct ruby_method *out)
{
	struct str rest = ruby_line(code, line), full = ruby_line(text, line);
	size_t indent = str_indent(rest), size = 0, open;
	ptrdiff_t close;
	unsigned last = line;

	rest = str_trim(rest);
	if (!str_skip(&rest, "def ") && !str_skip(&rest, "private def "))
		return false;
	(void)str_skip(&rest, "self.");
	while (size < rest.size && (word_byte(rest.at[size]) || strchr("?!=", rest.at[size])))
		size++;
	out->name = str_slice(rest, 0, size);
	out->first = line;
	rest = str_trim(str_from(rest, size));
	open = (size_t)(rest.at - code.at);
	(void)full;
	out->parameters = str_slice(text, open, rest.size);
	close = str_char_last(out->parameters, ')');
	if (str_starts(out->parameters, "(") && close > 0)
		out->parameters = str_slice(out->parameters, 1, (size_t)close - 1);
	for (;;) {
		struct str next = ruby_line(code, ++last);

		if (line_start(code, last) >= code.size)
			return false;
		if (str_indent(next) == indent && str_starts(str_trim(next), "end"))
			break;
		if (str_trim(next).size && str_indent(next) <= indent)
			return false;
	}
	out->last = last;
	return true;
}

bool ruby_method(const struct ruby *ruby, unsigned n, struct ruby_method *out)
{
	for (unsigned line = 1; line_start(ruby->code, line) < ruby->code.size; line++)
		if (take_method(ruby->code, ruby->text, line, out) && !n--)
			return true;
	return false;
}

bool ruby_method_at(const struct ruby *ruby, unsigned line, struct ruby_method *out)
{
	for (unsigned at = line; at > 0; at--)
		if (take_method(ruby->code, ruby->text, at, out))
			return out->last >= line;
	return false;
}

struct str ruby_replace(struct arena *a, struct str text, size_t start, size_t end, struct str added)
{
	return str_of(arena_printf(a, "%.*s%.*s%.*s", STR_ARG(str_slice(text, 0, start)), STR_ARG(added),
				   STR_ARG(str_from(text, end))));
}
