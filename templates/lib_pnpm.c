/*
 * Reads pnpm's lock by its lines and columns, which pnpm always writes the same way. What it does not
 * know as such a line ends nothing and is left alone.
 */
#include "templates/lib_pnpm.h"

static struct str unquoted(struct str text)
{
	text = str_trim(text);
	if (text.size > 1 && strchr("'\"", text.at[0]) && text.at[text.size - 1] == text.at[0])
		return str_slice(text, 1, text.size - 2);
	return text;
}

/* "name:" or "key: value" */
static bool take_key(struct str line, struct str *key, struct str *value)
{
	line = str_trim(line);
	*value = STR_NONE;
	if (str_ends(line, ":")) {
		*key = unquoted(str_slice(line, 0, line.size - 1));
		return true;
	}
	if (!str_split(line, ": ", key, value))
		return false;
	*key = unquoted(*key);
	return true;
}

static bool is_group(struct str key)
{
	return str_is(key, "dependencies") || str_is(key, "devDependencies") ||
	       str_is(key, "optionalDependencies");
}

struct place {
	struct str importer, group;
	bool inside;
	struct pnpm_entry *open;
};

static void entry_line(struct pnpm_lock *lock, struct place *at, struct str line, struct str key,
		       struct str value)
{
	if (!at->open)
		return;
	if (str_is(key, "specifier")) {
		at->open->specifier = unquoted(value);
		at->open->specifier_at = (size_t)(value.at - lock->text.at);
		at->open->specifier_end = at->open->specifier_at + value.size;
	} else if (str_is(key, "version")) {
		at->open->version = unquoted(value);
	}
	at->open->end = (size_t)(line.at - lock->text.at) + line.size;
}

static void take_line(struct arena *a, struct pnpm_lock *lock, struct place *at, struct str line)
{
	size_t column = str_indent(line);
	struct str key, value;

	if (!take_key(line, &key, &value))
		return;
	if (lock->step == 4 && column == 2) {
		at->importer = key;
		arena_push(a, lock->importers, lock->importer_count) = key;
		at->group = STR_NONE;
		at->open = NULL;
	} else if (column == lock->step) {
		at->group = is_group(key) ? key : STR_NONE;
		at->open = NULL;
	} else if (column == lock->step + 2 && at->group.size) {
		at->open = &arena_push(a, lock->entries, lock->count);
		*at->open = (struct pnpm_entry){ .importer = at->importer, .group = at->group,
						 .name = key,
						 .start = (size_t)(line.at - lock->text.at) };
		at->open->end = at->open->start + line.size;
	} else if (column == lock->step + 4 && at->group.size) {
		entry_line(lock, at, line, key, value);
	}
}

bool pnpm_parse(struct arena *a, struct str text, struct pnpm_lock *lock)
{
	struct pnpm_lock out = { .text = text };
	struct place at = { .importer = STR(".") };
	struct str rest = text, line;
	bool plain;

	if (str_has(text, "<<<<<<<") || !str_starts(text, "lockfileVersion:"))
		return false;
	plain = !str_has(text, "\nimporters:");
	out.step = plain ? 0 : 4;
	if (plain)
		arena_push(a, out.importers, out.importer_count) = at.importer;
	while (str_next_line(&rest, &line)) {
		if (!line.size)
			continue;
		if (line.at[0] != ' ') {
			at.inside = plain ? is_group(str_slice(line, 0, line.size - 1))
					  : str_is(line, "importers:");
			at.open = NULL;
			if (!plain || !at.inside) {
				at.group = STR_NONE;
				continue;
			}
		}
		if (at.inside)
			take_line(a, &out, &at, line);
	}
	*lock = out;
	return out.importer_count > 0 && (out.count > 0 || !plain);
}

const struct pnpm_entry *pnpm_find(const struct pnpm_lock *lock, struct str importer,
				   struct str group, struct str name)
{
	for (size_t i = 0; i < lock->count; i++)
		if (str_equal(lock->entries[i].importer, importer) &&
		    str_equal(lock->entries[i].group, group) &&
		    str_equal(lock->entries[i].name, name))
			return &lock->entries[i];
	return NULL;
}

struct str pnpm_locked(const struct pnpm_lock *lock, struct str name)
{
	struct str rest, line, found = STR_NONE;

	if (!str_split(lock->text, "\npackages:\n", NULL, &rest))
		return STR_NONE;
	while (str_next_line(&rest, &line)) {
		struct str key;

		if (line.size && line.at[0] != ' ')
			break;
		if (str_indent(line) != 2 || !str_ends(line, ":"))
			continue;
		key = unquoted(str_slice(str_trim(line), 0, str_trim(line).size - 1));
		str_skip(&key, "/");
		if (!str_equal(str_slice(key, 0, name.size), name) ||
		    !str_starts(str_from(key, name.size), "@"))
			continue;
		if (found.size || str_char(key, '(') >= 0)
			return STR_NONE;
		found = str_from(key, name.size + 1);
	}
	return found;
}

struct str pnpm_scalar(struct arena *a, struct str value)
{
	bool number = value.size > 0, quoted = !value.size || strchr("*&!|>@`%{}[]#,?:-'\"=<~ ",
									  value.at[0]);
	unsigned dots = 0;

	for (size_t i = 0; i < value.size; i++) {
		dots += value.at[i] == '.';
		number = number && strchr("0123456789.", value.at[i]) && dots < 2;
	}
	/* ~1.2 is a plain scalar; ~ alone is none, and nobody asks for it */
	if (value.size > 1 && value.at[0] == '~')
		quoted = false;
	if (number || quoted || str_has(value, ": ") || str_has(value, " #"))
		return str_of(arena_printf(a, "'%.*s'", STR_ARG(value)));
	return value;
}
