/*
 * Follows the groups that the runner opens for each step:
 *	##[group]Run make
 *	make			(the script, all of it)
 *	make test
 *	shell: /usr/bin/bash -e {0}
 *	env: ...
 *	##[endgroup]
 * A program may print the same lines; what stands here is a claim of the log, good for ranking and
 * for showing, never a fact about the job. Once the runner named a script's shell, a group without one
 * is no step.
 */
#include "ci/steps.h"

static void begin(struct steps *steps, unsigned long line)
{
	if (steps->count < STEPS_MAX)
		steps->count++;
	else
		line = steps->list[STEPS_MAX - 1].first_line;
	steps->list[steps->count - 1] = (struct step){ .first_line = line, .exit_code = -1 };
}

static void open_header(struct steps *steps, struct str title, unsigned long line)
{
	bool full = steps->count == STEPS_MAX;

	begin(steps, line);
	steps->has_shell = steps->has_inputs = false;
	steps->size = 0;
	title = str_slice(title, 0, sizeof(steps->title) - 1);
	memcpy(steps->title, title.at, title.size);
	steps->title[title.size] = '\0';
	steps->part = full ? STEP_BODY : STEP_SCRIPT;
	steps->fresh = !full;
}

static bool is_action(const struct steps *steps)
{
	struct str title = str_of(steps->title);

	if (steps->has_shell)
		return false;
	return steps->has_inputs || str_starts(title, "./.github/") ||
	       str_starts(title, "docker://") ||
	       (str_char(title, '@') > 0 && str_char(title, '/') > 0 && str_char(title, ' ') < 0);
}

static void close_header(struct steps *steps)
{
	struct step *step = &steps->list[steps->count - 1];
	struct str script = str_trim_right((struct str){ steps->script, steps->size });

	steps->part = STEP_BODY;
	if (steps->has_shell)
		steps->runner_seen = true;
	else if (steps->runner_seen && steps->fresh && !steps->has_inputs && !is_action(steps)) {
		steps->count--;		/* a tool's own group "Run tests", or a forged one */
		return;
	}
	if (is_action(steps))
		return;
	if (!script.size)
		script = str_trim(str_of(steps->title));
	if (script.size)
		step->command = str_text(steps->arena, script);
}

static void header_line(struct steps *steps, struct str text)
{
	bool env = str_is(text, "env:"), inputs = str_is(text, "with:");

	if (str_starts(text, "shell: ") || env || inputs) {
		steps->has_shell = steps->has_shell || !(env || inputs);
		steps->has_inputs = steps->has_inputs || inputs;
		steps->part = STEP_SETTINGS;
	}
	if (steps->part != STEP_SCRIPT || steps->size + text.size + 1 > sizeof(steps->script))
		return;
	if (text.size)
		memcpy(steps->script + steps->size, text.at, text.size);
	steps->size += text.size;
	steps->script[steps->size++] = '\n';
}

static void error_line(struct steps *steps, struct str text)
{
	struct step *step;
	unsigned long code;

	if (!steps->count)
		begin(steps, 1);
	step = &steps->list[steps->count - 1];
	step->failed = true;
	if (str_skip(&text, "Process completed with exit code ") && str_take_number(&text, &code) &&
	    code < 256)
		step->exit_code = (int)code;
}

void steps_line(struct steps *steps, const struct line *line)
{
	struct str text = line->text;

	if (line->mark == MARK_GROUP && str_skip(&text, "Run ")) {
		if (steps_listening(steps))
			close_header(steps);
		open_header(steps, text, line->number);
	} else if (line->mark == MARK_ENDGROUP && steps_listening(steps)) {
		close_header(steps);
	} else if (line->mark == MARK_ERROR) {
		if (steps_listening(steps))
			close_header(steps);
		error_line(steps, text);
	} else if (line->mark == MARK_NONE && steps_listening(steps)) {
		header_line(steps, text);
	}
}

void steps_end(struct steps *steps, unsigned long line)
{
	if (steps_listening(steps))
		close_header(steps);
	if (line && steps->count)
		begin(steps, line);
}

const struct step *steps_at(const struct steps *steps, unsigned long line)
{
	const struct step *found = NULL;

	for (size_t i = 0; i < steps->count && steps->list[i].first_line <= line; i++)
		found = &steps->list[i];
	return found;
}

const struct step *steps_last(const struct steps *steps)
{
	const struct step *found = NULL;

	for (size_t i = 0; i < steps->count; i++)
		if (steps->list[i].failed || (steps->list[i].command && !(found && found->failed)))
			found = &steps->list[i];
	return found;
}

bool steps_any_failed(const struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++)
		if (steps->list[i].failed)
			return true;
	return false;
}
