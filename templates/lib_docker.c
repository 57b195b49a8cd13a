/*
 * Reads Dockerfiles by the rules of BuildKit's own parser: a comment is a whole line, also between
 * continuation lines; an empty line there does not end the instruction. Expands no variables.
 */
#include "templates/lib_docker.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { HEREDOCS_MAX = 8 };

bool docker_is_path(const char *path)
{
	struct str name = path_name(str_of(path));

	return str_is(name, "Dockerfile") || str_starts(name, "Dockerfile.") ||
	       str_ends(name, ".Dockerfile") || str_ends(name, ".dockerfile") ||
	       str_is(name, "Containerfile") || str_starts(name, "Containerfile.");
}

struct reading_state {
	struct arena *arena;
	struct str text;
	char escape;
	size_t at;
	unsigned line;
};

/* Takes the next line, without its end, and where it starts. */
static bool take_line(struct reading_state *r, struct str *line, size_t *start)
{
	struct str rest = str_from(r->text, r->at);

	*start = r->at;
	if (!str_next_line(&rest, line))
		return false;
	r->at = line_end(r->text, r->at);
	r->line++;
	return true;
}

static bool is_comment(struct str line)
{
	line = str_trim(line);
	return line.size && line.at[0] == '#';
}

/* "# escape=`" counts only above everything that is no directive. */
static char escape_of(struct str text)
{
	struct str line, key, value;

	while (str_next_line(&text, &line) && is_comment(line)) {
		line = str_from(str_trim(line), 1);
		if (!str_split(line, "=", &key, &value))
			break;
		if (str_equal_nocase(str_trim(key), STR("escape")) && str_is(str_trim(value), "`"))
			return '`';
	}
	return '\\';
}

/* Cuts the escape that continues the line; blanks may stand behind it. */
static bool continues(const struct reading_state *r, struct str *line)
{
	struct str trimmed = str_trim_right(*line);

	if (!trimmed.size || trimmed.at[trimmed.size - 1] != r->escape)
		return false;
	*line = str_slice(trimmed, 0, trimmed.size - 1);
	return true;
}

/* The words behind << that are no <<<; they name the lines that end the bodies. */
static size_t heredocs_of(struct str words, struct str names[HEREDOCS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i + 2 < words.size && count < HEREDOCS_MAX; i++) {
		struct str rest = str_from(words, i);
		size_t size = 0;

		if ((i && words.at[i - 1] == '<') || !str_skip(&rest, "<<"))
			continue;
		str_skip(&rest, "-");
		if (rest.size && strchr("\"'", rest.at[0]))
			rest = str_from(rest, 1);
		while (size < rest.size && ((rest.at[size] >= 'A' && rest.at[size] <= 'Z') ||
					    (rest.at[size] >= 'a' && rest.at[size] <= 'z') ||
					    (size && rest.at[size] >= '0' && rest.at[size] <= '9') ||
					    rest.at[size] == '_'))
			size++;
		if (size)
			names[count++] = str_slice(rest, 0, size);
	}
	return count;
}

static bool skip_heredocs(struct reading_state *r, struct docker_instruction *one)
{
	struct str names[HEREDOCS_MAX], line;
	size_t count = 0, start;

	if (docker_is(one, "RUN") || docker_is(one, "COPY") || docker_is(one, "ADD"))
		count = heredocs_of(one->words, names);
	for (size_t i = 0; i < count; i++) {
		do {
			if (!take_line(r, &line, &start))
				return false;
		} while (!str_equal(str_trim(line), names[i]));
		one->heredoc = true;
	}
	return true;
}

static bool take_instruction(struct reading_state *r, struct str line, size_t start,
			     struct docker_instruction *one)
{
	struct text words = TEXT(r->arena);
	size_t indent = str_indent(line), size;
	bool more;

	*one = (struct docker_instruction){ .start = start, .line = r->line };
	line = str_from(line, indent);
	for (size = 0; size < line.size && !strchr(" \t", line.at[size]);)
		size++;
	one->keyword = str_slice(line, 0, size);
	one->arguments = start + indent + size;
	line = str_from(line, size);
	one->arguments += str_indent(line);
	more = continues(r, &line);
	text_add(&words, line);
	one->arguments_end = start + indent + one->keyword.size + str_trim_right(line).size;
	while (more && take_line(r, &line, &start)) {
		if (is_comment(line) || !str_trim(line).size)
			continue;
		more = continues(r, &line);
		text_add(&words, line);
		if (str_trim(line).size)
			one->arguments_end = start + str_trim_right(line).size;
	}
	if (one->arguments_end < one->arguments)
		one->arguments = one->arguments_end;
	one->words = str_trim(text_str(&words));
	if (!skip_heredocs(r, one))
		return false;
	one->end = r->at;
	one->last_line = r->line;
	return true;
}

/* "FROM --platform=x debian:12 AS build" */
static bool add_stage(struct docker_file *file, const struct docker_instruction *from)
{
	struct docker_stage *stage;
	struct str rest = docker_plain(from), as;

	if (file->stage_count + 1 >= DOCKER_STAGES_MAX)
		return false;
	stage = &file->stages[++file->stage_count];
	*stage = (struct docker_stage){ .from = file->count };
	if (docker_word(&rest, &stage->image) && docker_word(&rest, &as) &&
	    str_equal_nocase(as, STR("AS")))
		docker_word(&rest, &stage->name);
	return true;
}

bool docker_parse(struct arena *a, const char *path, struct str text, struct docker_file *file)
{
	struct docker_file out = { .path = path, .text = text };
	struct reading_state r = { a, text, escape_of(text), 0, 0 };
	struct docker_instruction one;
	struct str line;
	size_t start;

	if (str_char(text, '\0') >= 0)
		return false;
	while (take_line(&r, &line, &start)) {
		if (is_comment(line) || !str_trim(line).size)
			continue;
		if (!take_instruction(&r, line, start, &one))
			return false;
		if (docker_is(&one, "FROM") && !add_stage(&out, &one))
			return false;
		one.stage = out.stage_count;
		arena_push(a, out.instructions, out.count) = one;
	}
	*file = out;
	return true;
}

size_t docker_files(const struct scene *scene, const struct tree *tree,
		    struct docker_file files[DOCKER_FILES_MAX])
{
	size_t count = 0;
	struct str text;

	for (size_t i = 0; tree && i < tree->count && count < DOCKER_FILES_MAX; i++) {
		const char *path = tree->entries[i].path;

		if (docker_is_path(path) && !scene_is_aside(path, "") &&
		    tree_read(tree, scene->arena, path, &text))
			count += docker_parse(scene->arena, path, text, &files[count]);
	}
	return count;
}

bool docker_is(const struct docker_instruction *instruction, const char *keyword)
{
	return str_equal_nocase(instruction->keyword, str_of(keyword));
}

bool docker_word(struct str *rest, struct str *word)
{
	size_t size = 0;

	while (rest->size && strchr(" \t\r\n", rest->at[0]))
		*rest = str_from(*rest, 1);
	while (size < rest->size && !strchr(" \t\r\n", rest->at[size]))
		size++;
	*word = str_slice(*rest, 0, size);
	*rest = str_from(*rest, size);
	return size > 0;
}

struct str docker_flag(const struct docker_instruction *instruction, const char *name)
{
	struct str rest = instruction->words, word;

	while (docker_word(&rest, &word) && str_skip(&word, "--"))
		if (str_skip(&word, name) && str_skip(&word, "="))
			return word;
	return STR_NONE;
}

struct str docker_plain(const struct docker_instruction *instruction)
{
	struct str rest = instruction->words, word, before = rest;

	while (docker_word(&rest, &word) && str_starts(word, "--"))
		before = rest;
	return before;
}

static bool in_comment(struct str text, size_t at)
{
	size_t start = at;

	while (start && text.at[start - 1] != '\n')
		start--;
	return is_comment(str_slice(text, start, at - start + 1));
}

ptrdiff_t docker_place(const struct docker_file *file, const struct docker_instruction *instruction,
		       struct str word)
{
	ptrdiff_t found = -1;

	for (size_t at = instruction->arguments;
	     word.size && at + word.size <= instruction->arguments_end; at++) {
		size_t end = at + word.size;

		if (!str_equal(str_slice(file->text, at, word.size), word) ||
		    (at > instruction->arguments && !strchr(" \t\n=\"'[,", file->text.at[at - 1])) ||
		    (end < instruction->arguments_end && !strchr(" \t\r\n\"'],;", file->text.at[end])) ||
		    in_comment(file->text, at))
			continue;
		if (found >= 0)
			return -1;
		found = (ptrdiff_t)at;
	}
	return found;
}

struct str docker_replace(struct arena *a, struct str text, size_t start, size_t end, struct str by)
{
	struct text out = TEXT(a);

	text_add(&out, str_slice(text, 0, start));
	text_add(&out, by);
	text_add(&out, str_from(text, end));
	return text_str(&out);
}

void docker_image(struct str image, struct str *name, struct str *tag, struct str *digest)
{
	struct str last;

	*name = image;
	*tag = *digest = STR_NONE;
	str_split(*name, "@", name, digest);
	/* The colon of a port stands before a slash. */
	if (str_split_last(*name, ":", NULL, &last) && str_char(last, '/') < 0)
		str_split_last(*name, ":", name, tag);
}
