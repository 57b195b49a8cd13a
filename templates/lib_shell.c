/*
 * What the templates for shell scripts share. Knows scripts by name and first line; does not follow
 * `source`, and takes no script of another project's folder for one of ours.
 */
#include "templates/lib_shell.h"

#include "git/path.h"
#include "templates/lib_scene.h"

enum { FLAWED_MAX = 3, TREE_MAX = 4000, SCRIPTS_MAX = 100 };

/* "#!/usr/bin/env bash", "#!/bin/sh -e": the program's name; empty without such a line */
static struct str interpreter(struct str text)
{
	struct str line = str_slice(text, 0, line_end(text, 0)), word = STR_NONE, rest;

	if (!str_skip(&line, "#!"))
		return STR_NONE;
	rest = str_trim(line);
	while (str_next(&rest, ' ', &word)) {
		word = path_name(str_trim(word));
		if (!str_is(word, "env") && !str_starts(word, "-"))
			return word;
	}
	return STR_NONE;
}

bool shell_is_bash(struct str text)
{
	return word_among(interpreter(text), "bash zsh ksh mksh");
}

bool shell_is_plain(struct str text)
{
	return word_among(interpreter(text), "sh dash ash busybox");
}

bool shell_is_script(struct str path, struct str text)
{
	struct str name = path_name(path);

	if (shell_is_bash(text) || shell_is_plain(text))
		return true;
	return !interpreter(text).size &&
	       (str_ends(name, ".sh") || str_ends(name, ".bash"));
}

bool shell_is_test(struct str path)
{
	static const char *const folders[] = { "test/", "tests/", "spec/", "t/", NULL };
	struct str name = path_name(path);

	for (size_t i = 0; folders[i]; i++)
		if (str_starts(path, folders[i]) ||
		    (str_has(path, folders[i]) && path.at[str_find(path, str_of(folders[i])) - 1] == '/'))
			return true;
	(void)str_split_last(name, ".", &name, NULL);
	return str_starts(name, "test_") || str_starts(name, "test-") || str_ends(name, "_test") ||
	       str_ends(name, "-test") || str_is(name, "test") || str_is(name, "tests") ||
	       str_is(name, "check") || str_ends(path, ".bats");
}

struct syntax *shell_open(struct scene *scene, const char *path)
{
	struct syntax *s = NULL;
	struct str text;

	if (!path || !scene_read(scene, path, &text))
		template_decline(scene, "the script is no file of the repository");
	else if (!shell_is_script(str_of(path), text))
		template_decline(scene, "%s is no script for a shell", path);
	else if (shell_is_test(str_of(path)))
		template_decline(scene, "%s is a test", path);
	else
		s = syntax_open(scene->arena, "bash", text);
	return s;
}

struct str shell_command(const struct syntax *s, TSNode command)
{
	TSNode name = syntax_field(command, "name");
	struct str text;

	if (ts_node_is_null(name))
		return STR_NONE;
	text = syntax_text(s, name);
	for (size_t i = 0; i < text.size; i++)
		if (strchr("\"'$`\\{", text.at[i]))
			return STR_NONE;
	return text;
}

TSNode shell_argument(TSNode command, unsigned n)
{
	TSNode name = syntax_field(command, "name");

	for (uint32_t i = 0; !ts_node_is_null(name) && i < ts_node_named_child_count(command); i++) {
		TSNode child = ts_node_named_child(command, i);

		if (ts_node_start_byte(child) >= ts_node_end_byte(name) &&
		    !syntax_type_is(child, "file_redirect|herestring_redirect|heredoc_redirect") && !n--)
			return child;
	}
	return (TSNode){0};
}

struct str shell_variable(const struct syntax *s, TSNode expansion)
{
	if (!syntax_type_is(expansion, "simple_expansion") && !syntax_type_is(expansion, "expansion"))
		return STR_NONE;
	for (uint32_t i = 0; i < ts_node_named_child_count(expansion); i++) {
		TSNode child = ts_node_named_child(expansion, i);

		if (syntax_type_is(child, "variable_name"))
			return syntax_text(s, child);
	}
	return STR_NONE;
}

static bool sets(const struct syntax *s, TSNode command, char letter, const char *name)
{
	for (unsigned n = 0;; n++) {
		TSNode argument = shell_argument(command, n);
		struct str word;

		if (ts_node_is_null(argument))
			return false;
		word = syntax_text(s, argument);
		if (str_is(word, name) ||
		    (letter && word.size > 1 && word.at[0] == '-' && str_char(word, letter) > 0))
			return true;
	}
}

bool shell_is_set(const struct syntax *s, char letter, const char *name)
{
	struct str first = str_slice(s->text, 0, line_end(s->text, 0)), options;

	if (letter && str_starts(first, "#!") && str_split(first, " -", NULL, &options) &&
	    str_char(str_trim(options), letter) >= 0 && !str_has(first, "env "))
		return true;
	for (uint32_t i = 0; i < ts_node_named_child_count(s->root); i++) {
		TSNode command = ts_node_named_child(s->root, i);

		if (syntax_type_is(command, "command") && str_is(shell_command(s, command), "set") &&
		    sets(s, command, letter, name))
			return true;
	}
	return false;
}

bool shell_assigns(const struct syntax *s, struct str name)
{
	for (unsigned n = 0;; n++) {
		TSNode word = syntax_below(s->root, "variable_name|word", n);
		TSNode parent;

		if (ts_node_is_null(word))
			return false;
		if (!str_equal(syntax_text(s, word), name))
			continue;
		parent = ts_node_parent(word);
		if (syntax_type_is(parent, "variable_assignment") ||
		    syntax_type_is(parent, "for_statement") ||
		    syntax_type_is(parent, "declaration_command") ||
		    (syntax_type_is(parent, "command") &&
		     word_among(shell_command(s, parent), "read mapfile readarray getopts printf local")))
			return true;
	}
}

static bool may_have_flaw(const struct scene *scene)
{
	const struct failure *failure = scene->failure;

	if (failure != scene->report->failures ||
	    (failure->language && strcmp(failure->language, "shell") != 0))
		return false;
	/* What is said of a script's own syntax or names has templates of its own. */
	return !failure->tool || strcmp(failure->tool, "shell") != 0 ||
	       failure->kind == KIND_ASSERTION;
}

static bool look_at(struct scene *scene, const char *path, struct str text,
		    void (*find)(struct shell_look *look), struct str *after)
{
	SYNTAX s = syntax_open(scene->arena, "bash", text);
	struct shell_look look = {
		.scene = scene, .path = path, .s = s, .edits = { .arena = scene->arena },
	};

	if (!s || s->errors)
		return false;
	find(&look);
	return look.found && edits_apply(&look.edits, s, after);
}

void shell_mend_flaw(struct scene *scene, void (*find)(struct shell_look *look), const char *word,
		     const char *what, const char *repair)
{
	struct { const char *path; struct str after; } mended[FLAWED_MAX + 1];
	size_t count = 0, scripts = 0;

	if (!may_have_flaw(scene))
		return;
	for (size_t i = 0; i < scene->tree->count && i < TREE_MAX && count <= FLAWED_MAX; i++) {
		const char *path = scene->tree->entries[i].path;
		struct str ending = path_ending(str_of(path)), text;

		if ((ending.size && !word_among(ending, "sh bash")) || scene_is_aside(path, "") ||
		    shell_is_test(str_of(path)) || !scene_read(scene, path, &text) ||
		    !shell_is_script(str_of(path), text))
			continue;
		if (++scripts > SCRIPTS_MAX)
			return template_decline(scene, "there are too many scripts to look through");
		if (!text_has_word(text, word))
			continue;
		mended[count].path = path;
		count += look_at(scene, path, text, find, &mended[count].after);
	}
	if (!scripts)
		return;
	if (!count)
		return template_decline(scene, "no script has %s", what);
	if (count > FLAWED_MAX)
		return template_decline(scene, "many scripts have %s", what);
	for (size_t i = 0; i < count; i++)
		candidate_put(scene, propose(scene, ORACLE_TEST, "%s has %s; %s, and the test that failed "
					     "passes.", mended[i].path, what, repair),
			      mended[i].path, mended[i].after);
}
