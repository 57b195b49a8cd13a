/*
 * Collects a tool's findings and the names of files for its repair command. A name that a shell or
 * an option parser could take for something else leaves the whole command out.
 */
#include "ci/fixer.h"

#include <string.h>

static bool is_plain(struct str name)
{
	if (!name.size || name.at[0] == '-')
		return false;
	for (size_t i = 0; i < name.size; i++) {
		char c = name.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    !strchr("_./@+,=-", c))
			return false;
	}
	return !str_has(name, "..");
}

static bool has_name(const struct tool_run *run, struct str name)
{
	struct str rest = { run->names, run->size }, one;

	while (str_next(&rest, ' ', &one))
		if (str_equal(one, name))
			return true;
	return false;
}

static void add_name(struct tool_run *run, struct str name)
{
	if (!is_plain(name) || run->files >= FIXER_FILES_MAX) {
		run->unsafe = true;
		return;
	}
	if (has_name(run, name))
		return;
	if (run->size + name.size + 1 > sizeof(run->names)) {
		run->unsafe = true;
		return;
	}
	run->names[run->size++] = ' ';
	memcpy(run->names + run->size, name.at, name.size);
	run->size += name.size;
	run->files++;
}

/* Tools that work in parallel print in any order: the failure must be the same each time. */
static bool comes_before(const struct place *place, enum severity severity,
			 const struct tool_run *run)
{
	int order = str_compare(place->file, kept_str(&run->file));

	if (severity != run->worst)
		return severity < run->worst;
	if (order)
		return order < 0;
	if (place->line != run->line)
		return place->line < run->line;
	return place->column < run->column;
}

void run_finding(struct tool_run *run, struct findings *f, const struct line *line,
		 const struct place *place, enum severity severity, struct str code,
		 struct str message, bool fixable)
{
	bool failing = severity <= run->fails_on;

	findings_diagnostic(f, run->tool, place->file, place->line, place->column, severity, code,
			    message);
	if (!run->findings++)
		run->first_line = line->number;
	run->last_line = line->number;
	if (fixable)
		add_name(run, place->file);
	if (!failing || (run->failing && !comes_before(place, severity, run)))
		return;
	run->failing = true;
	run->worst = severity;
	keep(&run->file, place->file);
	keep(&run->code, code);
	keep(&run->message, message);
	run->line = place->line;
	run->column = place->column;
	run->error_line = line->number;
}

void run_finish(struct tool_run *run, struct findings *f, const char *command)
{
	struct failure *failure;
	char whole[FIXER_BYTES + 64];
	size_t size;

	if (run->failing) {
		failure = findings_failure(f, run->kind, run->worst == SEVERITY_ERROR && !run->guess ?
					   WEIGHT_DIAGNOSTIC : WEIGHT_HINT, run->first_line);
		failure->language = run->language;
		failure->tool = run->tool;
		failure->type = findings_text(failure, kept_str(&run->code));
		failure->message = findings_text(failure, kept_str(&run->message));
		place_set(failure, &(struct place){ kept_str(&run->file), run->line, run->column });
		failure->error_line = run->error_line;
		failure->last_line = run->last_line;
		size = command ? strlen(command) : 0;
		if (command && run->files && !run->unsafe && size < 64) {
			memcpy(whole, command, size);
			memcpy(whole + size, run->names, run->size);
			failure->fixer = findings_text(failure,
						       (struct str){ whole, size + run->size });
		}
	}
	memset(run, 0, sizeof(*run));
}
