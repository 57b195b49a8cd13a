/*
 * Takes one line back to what the commit before had. Compares what is left of both lines without their
 * versions, so that a line that says something else now is no pin that changed.
 */
#include "templates/lib_pin.h"

#include "git/path.h"
#include "templates/lib_packages.h"
#include "templates/lib_scene.h"

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_' || c == '.' || c == '/' || c == '@';
}

/* Where the name stands in the line as a whole; -1 when it does not. */
static ptrdiff_t name_at(struct str line, struct str name)
{
	for (size_t at = 0; name.size && at + name.size <= line.size; at++) {
		size_t i = 0;

		if (at && is_name_byte(line.at[at - 1]))
			continue;
		while (i < name.size && packages_fold(line.at[at + i]) == packages_fold(name.at[i]))
			i++;
		if (i == name.size && (at + i == line.size || !is_name_byte(line.at[at + i])))
			return (ptrdiff_t)at;
	}
	return -1;
}

static bool is_comment(struct str line)
{
	line = str_trim(line);
	return line.size && (line.at[0] == '#' || str_starts(line, "//"));
}

/* The one line that names the package and holds `with`; false when none or several. */
static bool find_line(struct str text, struct str name, struct str with, struct str *found)
{
	struct str line;
	unsigned count = 0;

	while (str_next_line(&text, &line)) {
		ptrdiff_t at = name_at(line, name);

		if (at < 0 || is_comment(line) ||
		    str_find(str_from(line, (size_t)at + name.size), with) < 0)
			continue;
		*found = line;
		count++;
	}
	return count == 1;
}

/* Up to the name, and the comment behind: what must be as it was. */
static bool same_but_version(struct str one, struct str other, struct str name)
{
	size_t a = (size_t)name_at(one, name), b = (size_t)name_at(other, name);
	struct str comment_a = STR_NONE, comment_b = STR_NONE;

	str_split(one, " #", NULL, &comment_a);
	str_split(other, " #", NULL, &comment_b);
	return str_equal(str_slice(one, 0, a), str_slice(other, 0, b)) &&
	       str_equal(comment_a, comment_b) && !str_has(other, "://") && !str_has(other, " @ ");
}

static struct str with_line(struct arena *a, struct str text, struct str line, struct str by)
{
	struct text out = TEXT(a);
	size_t at = (size_t)(line.at - text.at);

	text_add(&out, str_slice(text, 0, at));
	text_add(&out, by);
	text_add(&out, str_from(text, at + line.size));
	return text_str(&out);
}

bool pin_before(struct scene *scene, const char *const *globs, struct str name, struct str now,
		const char **path, struct str *text, struct str *old_line, const char **why)
{
	struct str current, before, line = STR_NONE, old, found_line = STR_NONE, found_text = STR_NONE;
	unsigned count = 0;

	*why = "there is no commit before that says which version worked";
	for (size_t i = 0; scene->parent && i < scene->tree->count; i++) {
		const char *one = scene->tree->entries[i].path;
		bool wanted = false;

		for (const char *const *glob = globs; *glob && !wanted; glob++)
			wanted = path_matches(*glob, str_of(one));
		if (!wanted || scene_is_aside(one, "") ||
		    !tree_read(scene->tree, scene->arena, one, &current) ||
		    !find_line(current, name, now, &line))
			continue;
		count++;
		*path = one;
		found_text = current;
		found_line = line;
	}
	if (!scene->parent)
		return false;
	*why = count ? "several manifests ask for it" : "no manifest here has a line that asks for it";
	if (count != 1)
		return false;
	*why = "the commit before did not ask for it there";
	if (!tree_read(scene->parent, scene->arena, *path, &before) ||
	    !find_line(before, name, STR_NONE, &old))
		return false;
	*why = "the commit before asked for the same, or in another way";
	if (str_equal(old, found_line) || !same_but_version(found_line, old, name))
		return false;
	*old_line = old;
	*text = with_line(scene->arena, found_text, found_line, old);
	return true;
}
