/*
 * Reads Makefiles by lines and CMakeLists.txt by commands. Evaluates nothing: no conditionals, no
 * includes, no functions; what is unclear is not found.
 */
#include "templates/lib_build.h"

#include "git/path.h"
#include "templates/lib_scene.h"
#include "templates/syntax.h"

enum { SOURCES_MAX = 2000 };

bool build_find(const struct scene *scene, struct build *build, const char **why)
{
	static const char *const makefiles[] = { "GNUmakefile", "makefile", "Makefile" };
	const char *make = NULL;
	bool cmake = tree_has(scene->tree, "CMakeLists.txt");

	for (size_t i = 0; i < 3 && !make; i++)
		if (tree_has(scene->tree, makefiles[i]))
			make = makefiles[i];
	if (!make == !cmake) {
		*why = make ? "there are both a Makefile and a CMakeLists.txt" :
			      "there is neither a Makefile nor a CMakeLists.txt at the root";
		return false;
	}
	*build = (struct build){ .path = cmake ? "CMakeLists.txt" : make, .cmake = cmake };
	*why = "the build file cannot be read";
	return scene_read(scene, build->path, &build->text);
}

bool build_variable(struct str text, const char *name, struct span *value)
{
	for (size_t at = 0; at < text.size; at = line_end(text, at)) {
		size_t end = line_end(text, at);
		struct str rest = str_slice(text, at, end - at);

		if (!str_skip(&rest, name))
			continue;
		rest = str_from(rest, str_indent(rest));
		if (rest.size && strchr("+:?", rest.at[0]))
			rest = str_from(rest, 1);
		if (!str_skip(&rest, "="))
			continue;
		while (end < text.size && end > 1 && text.at[end - 2] == '\\')
			end = line_end(text, end);
		value->start = (size_t)(rest.at - text.at);
		value->end = value->start + str_trim_right(str_slice(text, value->start,
								     end - value->start)).size;
		return true;
	}
	return false;
}

static bool links(struct str line)
{
	static const char *const compilers[] = { "$(CC)", "${CC}", "$(CXX)", "${CXX}", "$(LD)", "gcc",
		"g++", "clang", "cc " };

	if (!str_starts(line, "\t") || !str_has(line, " -o ") || str_has(line, " -c "))
		return false;
	for (size_t i = 0; i < sizeof(compilers) / sizeof(compilers[0]); i++)
		if (str_has(line, compilers[i]))
			return true;
	return false;
}

bool build_link(struct str text, unsigned n, struct span *line)
{
	for (size_t at = 0; at < text.size; at = line_end(text, at)) {
		struct str whole = str_slice(text, at, line_end(text, at) - at);

		if (!links(whole) || n--)
			continue;
		*line = (struct span){ at, at + str_trim_right(whole).size };
		return true;
	}
	return false;
}

size_t build_place_of_variable(struct str text)
{
	size_t at = 0, place = 0;

	while (at < text.size) {
		size_t end = line_end(text, at);
		struct str line = str_slice(text, at, end - at);
		bool assigns = str_char(line, '=') > 0 && line.at[0] != '\t' && line.at[0] != '#';

		while (end < text.size && end > 1 && text.at[end - 2] == '\\')
			end = line_end(text, end);
		if (assigns)
			place = end;
		else if (place || (str_trim(line).size && line.at[0] != '#'))
			break;
		at = end;
	}
	return place;
}

bool build_command(struct str text, const char *name, unsigned n, struct span *all,
		   struct span *arguments)
{
	for (size_t at = 0; at < text.size; at = line_end(text, at)) {
		size_t start = at + str_indent(str_from(text, at)), depth = 1, end;
		struct str rest = str_from(text, start);

		if (!str_skip(&rest, name))
			continue;
		rest = str_from(rest, str_indent(rest));
		if (!str_skip(&rest, "(") || n--)
			continue;
		for (end = (size_t)(rest.at - text.at); end < text.size && depth; end++)
			depth += text.at[end] == '(' ? 1u : text.at[end] == ')' ? (size_t)-1 : 0u;
		if (depth || str_char(str_slice(text, start, end - start), '#') >= 0)
			return false;
		*all = (struct span){ start, end };
		*arguments = (struct span){ (size_t)(rest.at - text.at), end - 1 };
		return true;
	}
	return false;
}

bool build_has_word(struct str list, struct str word)
{
	while (list.size) {
		size_t size = 0;

		while (size < list.size && !strchr(" \t\r\n\\\"", list.at[size]))
			size++;
		if (size && str_equal(str_slice(list, 0, size), word))
			return true;
		list = str_from(list, size + 1);
	}
	return false;
}

static bool defines(struct arena *a, struct str text, const char *function)
{
	SYNTAX s = NULL;

	if (!text_has_word(text, function))
		return false;
	s = syntax_open(a, "c", text);
	for (unsigned n = 0; s; n++) {
		TSNode node = syntax_below(s->root, "function_definition", n);
		TSNode declarator = syntax_below(node, "function_declarator", 0);
		struct str head;

		if (ts_node_is_null(node))
			return false;
		head = str_slice(s->text, ts_node_start_byte(node), 64);
		if (str_is(syntax_text(s, syntax_field(declarator, "declarator")), function) &&
		    !str_starts(head, "static "))
			return true;
	}
	return false;
}

const char *build_definer(const struct scene *scene, const char *function, const char **why)
{
	const char *found = NULL;
	size_t read = 0;

	for (size_t i = 0; i < scene->tree->count && read < SOURCES_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str text;

		if (!str_is(path_ending(str_of(path)), "c") || !scene_read(scene, path, &text))
			continue;
		read++;
		if (!defines(scene->arena, text, function))
			continue;
		if (found) {
			if (why)
				*why = arena_printf(scene->arena, "both %s and %s define %s", found, path,
						    function);
			return NULL;
		}
		found = path;
	}
	if (!found && why)
		*why = arena_printf(scene->arena, "no file of the repository defines %s, and no library "
				    "is known for it", function);
	return found;
}

struct str build_insert(struct arena *a, struct str text, size_t at, struct str added)
{
	struct text out = TEXT(a);

	text_add(&out, str_slice(text, 0, at));
	text_add(&out, added);
	text_add(&out, str_from(text, at));
	return text_str(&out);
}
