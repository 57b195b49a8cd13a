/*
 * rustc's suggestions in their text form: "4 |" with "+++" below what is inserted, or "4 -" and
 * "4 +" for a line before and after. Every edit is held against the file: what does not fit is odd
 * and not used. Lines with "~" and wide characters are odd too.
 */
#include "templates/lib_rust.h"

#include "git/path.h"
#include "templates/lib_scene.h"

/* "12 | text", "12 + text", "   | ++": the number (0: none), the sign and the text behind it. */
static bool take_row(struct str line, unsigned *number, char *sign, struct str *text)
{
	unsigned long n = 0;

	line = str_from(line, str_indent(line));
	*number = str_take_number(&line, &n) && n < 1000000 ? (unsigned)n : 0;
	line = str_from(line, str_indent(line));
	if (!line.size || !strchr("|+-~", line.at[0]))
		return false;
	*sign = line.at[0];
	*text = str_from(line, line.size > 1 && line.at[1] == ' ' ? 2 : 1);
	return true;
}

static struct str file_line(struct str file, unsigned number)
{
	size_t start = line_start(file, number), end = line_end(file, start);
	struct str line = str_slice(file, start, end - start);

	(void)str_chop(&line, "\n");
	return line;
}

static void add_edit(struct rust_help *help, struct rust_edit edit)
{
	if (help->count == RUST_EDITS_MAX)
		help->odd = true;
	else
		help->edits[help->count++] = edit;
}

static bool is_marked(struct str marks, size_t i)
{
	return i < marks.size && marks.at[i] == '+';
}

/*
 * The pieces of the shown line above the pluses; without them it must be the file's line. Blanks at the
 * ends of a piece have no plus.
 */
static void add_insertions(struct rust_help *help, unsigned number, struct str shown, struct str marks,
			   struct str old)
{
	size_t o = 0;

	for (size_t i = 0; i < marks.size; i++)
		if (marks.at[i] != '+' && marks.at[i] != ' ')
			help->odd = true;
	for (size_t i = 0; i < shown.size;) {
		size_t from = i;
		bool extra = shown.at[i] == ' ' && (o >= old.size || old.at[o] != ' ');

		if (!is_marked(marks, i) && !(extra && is_marked(marks, i + 1))) {
			if (o >= old.size || shown.at[i++] != old.at[o++])
				help->odd = true;
			continue;
		}
		for (i++; i < shown.size && is_marked(marks, i); i++)
			;
		if (i < shown.size && shown.at[i] == ' ' && (o >= old.size || old.at[o] != ' '))
			i++;
		add_edit(help, (struct rust_edit){ .line = number, .at = o,
						   .text = str_slice(shown, from, i - from) });
	}
	if (str_trim(str_from(old, o)).size)
		help->odd = true;
}

/* A line before and after: only what differs. */
static void add_replacement(struct rust_help *help, unsigned number, struct str old, struct str new)
{
	size_t head = 0, tail = 0;

	while (head < old.size && head < new.size && old.at[head] == new.at[head])
		head++;
	while (tail < old.size - head && tail < new.size - head &&
	       old.at[old.size - 1 - tail] == new.at[new.size - 1 - tail])
		tail++;
	add_edit(help, (struct rust_edit){ .line = number, .at = head, .size = old.size - head - tail,
					   .text = str_slice(new, head, new.size - head - tail) });
}

struct rows {
	unsigned number;		/* of the last row with a number */
	char sign;
	struct str text;
};

static void take_help_row(struct rust_help *help, struct str file, struct rows *last,
			  struct str line)
{
	struct rows row;

	if (str_starts(str_trim(line), "--> ")) {
		help->odd = true;	/* of another file */
		return;
	}
	if (!take_row(line, &row.number, &row.sign, &row.text)) {
		help->odd = help->odd || (str_trim(line).size && !str_is(str_trim(line), "..."));
		return;
	}
	if (row.sign == '~') {
		help->odd = true;
	} else if (row.sign == '|' && !row.number) {
		if (last->sign == '|' && last->number && str_has(row.text, "+"))
			add_insertions(help, last->number, last->text, row.text,
				       file_line(file, last->number));
		else if (str_trim(row.text).size)
			help->odd = true;
	} else if (row.sign == '-') {
		if (!str_equal(row.text, file_line(file, row.number)))
			help->odd = true;
	} else if (row.sign == '+' && last->sign == '-' && last->number == row.number) {
		add_replacement(help, row.number, last->text, row.text);
	} else if (row.sign == '+') {
		add_edit(help, (struct rust_edit){ .line = row.number, .text = row.text, .whole = true });
	}
	if (last->sign == '-' && !(row.sign == '+' && row.number == last->number))
		help->odd = true;	/* a line that only goes */
	*last = row;
}

size_t rust_helps(const struct failure *failure, struct str file,
		  struct rust_help helps[RUST_HELPS_MAX])
{
	struct str rest = str_of(failure->help), line;
	struct rows last = {0};
	size_t count = 0;

	while (str_next_line(&rest, &line)) {
		if (str_skip(&line, "help: ")) {
			if (count == RUST_HELPS_MAX)
				return count;
			helps[count++] = (struct rust_help){ .message = line };
			last = (struct rows){0};
		} else if (count && str_starts(line, "note: ")) {
			return count;
		} else if (count) {
			take_help_row(&helps[count - 1], file, &last, line);
		}
	}
	return count;
}

bool rust_in_test(const struct syntax *s, TSNode node)
{
	for (; !ts_node_is_null(node); node = ts_node_parent(node)) {
		TSNode before = ts_node_prev_named_sibling(node);

		while (syntax_type_is(before, "attribute_item")) {
			struct str text = syntax_text(s, before);

			if (str_has(text, "cfg(test") || str_has(text, "#[test]") || str_has(text, "::test]"))
				return true;
			before = ts_node_prev_named_sibling(before);
		}
	}
	return false;
}

struct found_item {
	struct scene *scene;
	const char *types;
	struct str name;
	const char *path;
	unsigned count, line, column;
};

static void look_for_item(struct found_item *found, const char *path, const struct syntax *s)
{
	for (unsigned n = 0;; n++) {
		TSNode node = syntax_below(s->root, found->types, n);
		TSPoint at;

		if (ts_node_is_null(node))
			return;
		if (!str_equal(syntax_text(s, syntax_field(node, "name")), found->name) ||
		    rust_in_test(s, node))
			continue;
		at = ts_node_start_point(syntax_field(node, "name"));
		found->count++;
		found->path = path;
		found->line = at.row + 1;
		found->column = at.column + 1;
	}
}

bool rust_item(struct scene *scene, const char *types, struct str name, struct code *code)
{
	struct found_item found = { .types = types, .name = name };

	for (size_t i = 0; i < scene->tree->count; i++) {
		struct str path = str_of(scene->tree->entries[i].path), text;

		if (!str_ends(path, ".rs") || str_starts(path, "tests/") || str_has(path, "/tests/") ||
		    !scene_read(scene, path.at, &text) || !str_has(text, str_text(scene->arena, name)))
			continue;
		SYNTAX s = syntax_open(scene->arena, "rust", text);

		if (s)
			look_for_item(&found, path.at, s);
	}
	if (found.count != 1 || !code_open_at(scene, found.path, found.line, found.column, code))
		return false;
	code->node = syntax_up(code->node, types);
	return !ts_node_is_null(code->node);
}
