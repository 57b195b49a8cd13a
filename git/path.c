/*
 * The path validator and globs. Looks at names only: whether a parent is a link, or a file of that
 * name exists, is asked where there is a tree. Does not refuse Windows device names (aux.c is
 * common).
 */
#include "git/path.h"

#include "git/character.h"

enum { PATH_BYTES = 512, COMPONENT_BYTES = 255, COMPONENTS = 32 };

/* ".git" and its NTFS short names, after folding; "git~1" is what Windows calls a first ".git". */
static bool is_git_folder(struct str name)
{
	char folded[8];
	size_t count = 0;
	struct str digits;
	unsigned long n;
	uint32_t code;

	while (character_next(&name, &code)) {
		code = character_fold(code);
		if (code >= 0x80 || count == sizeof(folded))
			return false;
		folded[count++] = (char)code;
	}
	digits = (struct str){ folded, count };
	if (str_is(digits, ".git"))
		return true;
	return str_skip(&digits, "git~") && str_number(digits, &n);
}

static bool check_component(struct str name, struct err *e)
{
	struct str rest = name;
	uint32_t code = 0;

	if (!name.size)
		return fail(e, ERR_INPUT, "an empty component");
	if (name.size > COMPONENT_BYTES)
		return fail(e, ERR_INPUT, "a component of more than %d bytes", COMPONENT_BYTES);
	if (str_is(name, ".") || str_is(name, ".."))
		return fail(e, ERR_INPUT, "a component that is \"%.*s\"", STR_ARG(name));
	while (rest.size) {
		if (!character_next(&rest, &code))
			return fail(e, ERR_INPUT, "not valid UTF-8");
		if (character_is_control(code))
			return fail(e, ERR_INPUT, "a control character");
		if (character_is_hidden(code))
			return fail(e, ERR_INPUT, "an invisible character (U+%04X)",
				    (unsigned)code);
		if (code == '\\' || code == ':')
			return fail(e, ERR_INPUT, "a '%c'", (char)code);
	}
	/* Windows drops dots and blanks at the end: ".git." would become ".git". */
	if (code == '.' || character_is_blank(code))
		return fail(e, ERR_INPUT, "a component that ends in a dot or blank");
	if (is_git_folder(name))
		return fail(e, ERR_INPUT, "a component that may mean \".git\"");
	return true;
}

bool path_check(struct str path, struct err *e)
{
	size_t components = 0;
	struct str name;

	if (!path.size)
		return fail(e, ERR_INPUT, "path refused: it is empty");
	if (path.size > PATH_BYTES)
		return fail(e, ERR_INPUT, "path refused: more than %d bytes", PATH_BYTES);
	if (path.at[0] == '/')
		return fail(e, ERR_INPUT, "path refused: it is absolute");
	if (path.at[path.size - 1] == '/')
		return fail(e, ERR_INPUT, "path refused: it ends in '/'");
	while (str_next(&path, '/', &name)) {
		if (++components > COMPONENTS)
			return fail(e, ERR_INPUT, "path refused: more than %d components",
				    COMPONENTS);
		if (!check_component(name, e))
			return fail_while(e, "path refused");
	}
	return true;
}

struct str path_name(struct str path)
{
	return str_from(path, (size_t)(str_char_last(path, '/') + 1));
}

struct str path_folder(struct str path)
{
	ptrdiff_t slash = str_char_last(path, '/');

	return slash < 0 ? STR_NONE : str_slice(path, 0, (size_t)slash);
}

struct str path_ending(struct str path)
{
	struct str name = path_name(path);
	ptrdiff_t dot = str_char_last(name, '.');

	return dot <= 0 ? STR_NONE : str_from(name, (size_t)dot + 1);
}

/*
 * Where matching goes on after a failure: the pattern after a star, and the next text to try there.
 */
struct retry {
	const char *pattern;
	size_t at;
};

struct match {
	struct str path;
	const char *start, *pattern;
	size_t at;
	struct retry star, deep;
	bool deep_folders;		/* the deep one was a whole component: goes by folders */
};

static void enter_deep(struct match *m)
{
	const char *first = m->pattern;
	bool fresh = first == m->start || first[-1] == '/';

	while (*m->pattern == '*')
		m->pattern++;
	m->deep_folders = fresh && *m->pattern == '/';
	if (m->deep_folders)
		m->pattern++;
	m->deep = (struct retry){ m->pattern, m->at };
	m->star.pattern = NULL;
}

static size_t character_size(struct str path, size_t at)
{
	size_t size = 1;

	while (at + size < path.size && ((unsigned char)path.at[at + size] & 0xc0) == 0x80)
		size++;
	return size;
}

/* Lets the nearest star take one more byte, else the nearest "**" one more byte or folder. */
static bool go_back(struct match *m)
{
	if (m->star.pattern && m->path.at[m->star.at] != '/') {
		m->pattern = m->star.pattern;
		m->at = ++m->star.at;
		return true;
	}
	if (!m->deep.pattern)
		return false;
	if (m->deep_folders) {
		ptrdiff_t slash = str_char(str_from(m->path, m->deep.at), '/');

		if (slash < 0)
			return false;
		m->deep.at += (size_t)slash;
	}
	m->pattern = m->deep.pattern;
	m->at = ++m->deep.at;
	m->star.pattern = NULL;
	return true;
}

/* Two places to go back to are enough, so the time is bounded by a polynomial for any pattern. */
bool path_matches(const char *pattern, struct str path)
{
	struct match m = { .path = path, .start = pattern, .pattern = pattern };

	while (m.at < path.size) {
		if (m.pattern[0] == '*' && m.pattern[1] == '*') {
			enter_deep(&m);
		} else if (*m.pattern == '*') {
			m.star = (struct retry){ ++m.pattern, m.at };
		} else if (*m.pattern == '?' && path.at[m.at] != '/') {
			m.pattern++;
			m.at += character_size(path, m.at);
		} else if (*m.pattern && *m.pattern != '?' && *m.pattern == path.at[m.at]) {
			m.pattern++;
			m.at++;
		} else if (!go_back(&m)) {
			return false;
		}
	}
	while (*m.pattern == '*') {
		if (m.pattern[1] == '*')
			enter_deep(&m);
		else
			m.pattern++;
	}
	return !*m.pattern;
}
