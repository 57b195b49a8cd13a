/*
 * Work on single lines of Python, for files that have no usable syntax tree. Does not know strings
 * that go over several lines; what is made of a line must parse.
 */
#include "templates/lib_python_line.h"

#include "templates/lib_python.h"

bool line_broken(struct scene *scene, struct broken *out)
{
	const struct failure *failure = scene->failure;
	const char *path = failure->file;
	struct str rest;

	if (failure->frame_count && !failure->frames[failure->frame_count - 1].own)
		return template_decline(scene, "the error is in a third-party file"), false;
	if (!path || !failure->line)
		return template_decline(scene, "the log does not say where it is"), false;
	if (python_is_test(str_of(path)))
		return template_decline(scene, "%s is a test; tests are not changed", path), false;
	if (!scene_read(scene, path, &out->text))
		return template_decline(scene, "%s cannot be read", path), false;
	out->path = path;
	out->start = line_start(out->text, failure->line);
	rest = str_from(out->text, out->start);
	if (!str_next_line(&rest, &out->line))
		return template_decline(scene, "%s has no line %u", path, failure->line), false;
	if (str_has(out->text, "<<<<<<< ") && str_has(out->text, ">>>>>>> "))
		return template_decline(scene, "two sides of a merge stand in the file"), false;
	return true;
}

size_t line_code_end(struct str line)
{
	char quote = 0;
	size_t end = 0;

	for (size_t i = 0; i < line.size; i++) {
		char c = line.at[i];

		if (quote && c == '\\')
			i++;
		else if (quote && c == quote)
			quote = 0;
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else if (!quote && c == '#')
			break;
		if (c != ' ' && c != '\t')
			end = i + 1;
	}
	return end < line.size ? end : line.size;
}

struct str line_replace(struct scene *scene, const struct broken *broken, size_t from, size_t to,
			struct str piece)
{
	struct text out = TEXT(scene->arena);

	text_add(&out, str_slice(broken->text, 0, broken->start + from));
	text_add(&out, piece);
	text_add(&out, str_from(broken->text, broken->start + to));
	return text_str(&out);
}

bool line_parses(struct scene *scene, struct str text)
{
	SYNTAX s = syntax_open(scene->arena, "python", text);

	return s && !s->errors;
}

bool line_other_findings(const struct scene *scene)
{
	static const char known[] = "F401 F841 W291 W293 W391 W292 E301 E302 E303 E305 E306 E231 E261 "
				    "E262 E265 E201 E202 E203 E221 E222";

	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *d = &scene->report->diagnostics[i];

		if (d->tool && (!strcmp(d->tool, "flake8") || !strcmp(d->tool, "pycodestyle")) &&
		    !word_among(str_of(d->code), known))
			return true;
	}
	return false;
}

bool line_other_types(const struct scene *scene)
{
	static const char *const known[] = {
		"Incompatible default for argument", "Function is missing a return type annotation",
		"Unused \"type: ignore", "unused \"type: ignore",
		"Call to untyped function",	/* a consequence of the second one */
	};

	for (size_t i = 0; i < scene->report->diagnostic_count; i++) {
		const struct diagnostic *d = &scene->report->diagnostics[i];
		bool any = !d->tool || strcmp(d->tool, "mypy") != 0 || d->severity != SEVERITY_ERROR;

		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			any = any || str_starts(str_of(d->message), known[k]);
		if (!any)
			return true;
	}
	return false;
}

void line_propose(struct scene *scene, const struct broken *broken, struct str after,
		  enum oracle oracle, const char *why)
{
	if (!line_parses(scene, after))
		return template_decline(scene, "%s would not parse with it either", broken->path);
	candidate_put(scene, propose(scene, oracle, "%s", why), broken->path, after);
}
