/*
 * Reads a block of pytest's report into one failure, or two where an exception had a cause. Long
 * style names a frame's function by the "def" shown above it. What the test printed is skipped.
 * Keeps the names of failed tests until the summary says them in full. Knows no section.
 */
#include "ci/pytest.h"

bool pytest_title(struct str text, struct str *title)
{
	bool word = false;

	text = str_trim_right(text);
	if (!str_starts(text, "_") || !str_ends(text, "_"))
		return false;
	while (str_skip(&text, "_"))
		;
	while (str_chop(&text, "_"))
		;
	if (text.size < 3 || text.at[0] != ' ' || text.at[text.size - 1] != ' ')
		return false;
	text = str_trim(text);
	for (size_t i = 0; i < text.size; i++)
		word = word || (text.at[i] != '_' && text.at[i] != ' ');
	*title = text;
	return word;
}

static struct failure *need_failure(struct pytest_block *b, struct findings *f)
{
	if (b->failure)
		return b->failure;
	b->failure = findings_failure(f, KIND_EXCEPTION, WEIGHT_TRACE + 1, b->first);
	b->failure->language = "python";
	b->failure->tool = "pytest";
	return b->failure;
}

/*
 * The node id from the title and the file of the outermost frame, if that is the test itself:
 * "TestLoad.test_dict[1.5]" in tests/test_cart.py. Else the title as it stands; the summary
 * may still say better.
 */
static void node_id(const struct pytest_block *b, struct kept *id)
{
	struct str title = kept_str(&b->title), name = title, file, part;
	ptrdiff_t bracket = str_char(title, '['), dot;

	keep(id, title);
	if (bracket >= 0)
		name = str_slice(title, 0, (size_t)bracket);
	dot = str_char_last(name, '.');
	if (b->collecting || !name.size || !b->failure || !b->failure->frame_count)
		return;
	if (!str_equal(str_of(b->failure->frames[0].function),
		       dot < 0 ? name : str_from(name, (size_t)dot + 1)))
		return;
	file = str_of(b->failure->frames[0].file);
	if (!str_ends(file, ".py") || file.at[0] == '/' || str_has(file, ":"))
		return;
	keep(id, file);
	while (str_next(&name, '.', &part)) {
		kept_add(id, STR("::"));
		kept_add(id, part);
	}
	if (bracket >= 0)
		kept_add(id, str_from(title, (size_t)bracket));
}

void pytest_open(struct pytest_block *b, struct str title, unsigned long number)
{
	*b = (struct pytest_block){ .open = true, .first = number, .last = number };
	if (str_skip(&title, "ERROR collecting "))
		b->collecting = true;
	else if (str_skip(&title, "ERROR at setup of ") ||
		 str_skip(&title, "ERROR at teardown of "))
		b->lookup = true;
	keep(&b->title, title);
	b->trace = (struct python_trace){ .tool = "pytest", .weight = WEIGHT_TRACE + 1 };
}

bool pytest_place(struct str text, struct place *place, struct str *rest)
{
	for (size_t i = 1; i + 2 < text.size && i < 1024; i++) {
		struct str after = str_from(text, i + 1);
		unsigned long number;

		if (text.at[i] != ':' || !str_take_number(&after, &number) || !after.size ||
		    after.at[0] != ':')
			continue;
		*place = (struct place){ .file = str_slice(text, 0, i), .line = number };
		*rest = str_from(after, 1);
		return str_indent(text) == 0 &&
		       (place_ends(place->file, ".py .pyx .rst .txt .md >") ||
			str_starts(*rest, " in "));
	}
	return false;
}

static bool place_line(struct pytest_block *b, const struct line *line, struct findings *f)
{
	struct place place;
	struct str rest, type, message;

	if (!pytest_place(line->text, &place, &rest))
		return false;
	need_failure(b, f);
	b->last = line->number;
	if (str_skip(&rest, " in ")) {
		findings_frame(b->failure, place.file, place.line, 0, rest);
		return true;
	}
	findings_frame(b->failure, place.file, place.line, 0, kept_str(&b->function));
	b->function.size = 0;
	if (!python_error(str_trim(rest), &type, &message))
		return true;
	if (!b->failure->type)
		python_set_error(b->failure, type,
				 message.size ? message : str_of(b->failure->message),
				 b->told ? b->failure->error_line : line->number);
	b->told = true;
	return true;
}

/* The source and the caret of a syntax error, as collecting shows them. */
static bool syntax_line(struct pytest_block *b, struct str text)
{
	size_t indent = str_indent(text);
	struct place place;
	struct str function;

	if (python_syntax_starts(text) && python_frame(text, &place, &function)) {
		keep(&b->file, place.file);
		b->at_line = place.line;
		b->column = b->source_indent = 0;
		return true;
	}
	if (!b->file.size || indent < 5)
		return false;
	if (!b->source_indent)
		b->source_indent = indent;
	else if (!b->column && text.at[indent] == '^' && indent >= b->source_indent)
		b->column = indent - b->source_indent + 1;
	return true;
}

/* "E   ZeroDivisionError: division by zero"; only the first of them is the message. */
static void error_line(struct pytest_block *b, const struct line *line, struct findings *f)
{
	struct str text = str_trim_right(str_from(line->text, 1)), type, message;

	b->erred = true;
	b->last = line->number;
	if (b->told && b->failure && b->failure->type && !b->failure->message &&
	    b->failure->error_line + 1 == line->number)
		b->failure->message = findings_text(b->failure, str_trim(text));
	if (b->told || !str_trim(text).size || (!b->lookup && syntax_line(b, text)))
		return;
	need_failure(b, f);
	if (b->file.size)
		findings_frame(b->failure, kept_str(&b->file), b->at_line, b->column,
			       kept_str(&b->function));
	b->file.size = 0;
	text = str_trim(text);
	b->told = true;
	if (python_error(text, &type, &message)) {
		python_set_error(b->failure, type, message, line->number);
		return;
	}
	if (b->lookup && str_starts(text, "fixture '"))
		b->failure->type = "fixture not found";
	b->failure->message = findings_text(b->failure, text);
	b->failure->error_line = line->number;
	if (str_starts(text, "assert"))
		b->failure->kind = KIND_ASSERTION;
}

/* "file /x/tests/test_cart.py, line 26" above the test that wanted a fixture. */
static bool user_line(struct pytest_block *b, struct str text)
{
	struct str file, rest;

	if (!b->lookup || !str_skip(&text, "file ") || !str_split_last(text, ", line ", &file, &rest) ||
	    !str_take_number(&rest, &b->at_line))
		return false;
	keep(&b->file, file);
	return true;
}

static void def_line(struct pytest_block *b, struct str text)
{
	struct str name, rest;
	size_t indent = str_indent(text);

	if (b->function.size || (indent != 4 && indent != 2))
		return;
	text = str_from(text, indent);
	str_skip(&text, "async ");
	if (str_skip(&text, "def ") && str_split(text, "(", &name, &rest) && str_is_word(name))
		keep(&b->function, name);
}

static void native_line(struct pytest_block *b, const struct line *line, struct findings *f)
{
	bool goes_on = python_trace_line(&b->trace, line, f);

	if (b->trace.failure) {
		b->native = true;
		b->failure = b->trace.failure;
		b->cause = b->trace.cause;
		b->last = b->trace.last;
	}
	if (!goes_on)
		b->told = true;
}

static bool captured_title(struct str text)
{
	return str_starts(text, "---") && str_ends(str_trim_right(text), "---") &&
	       (str_has(text, " Captured ") || str_has(text, " live log "));
}

/* "'slow' not found in `markers` configuration option", under --strict-markers, without a trace */
static bool marker_line(struct pytest_block *b, const struct line *line, struct findings *f)
{
	if (!b->collecting || b->told || !str_starts(line->text, "'") ||
	    !str_ends(line->text, "' not found in `markers` configuration option"))
		return false;
	b->told = true;
	b->last = line->number;
	need_failure(b, f)->kind = KIND_CONFIG;
	b->failure->type = "unknown marker";
	b->failure->message = findings_text(b->failure, line->text);
	b->failure->error_line = line->number;
	place_set(b->failure, &(struct place){ .file = kept_str(&b->title) });
	return true;
}

void pytest_line(struct pytest_block *b, const struct line *line, struct findings *f)
{
	struct str text = line->text;

	if (b->captured || captured_title(text)) {
		b->captured = true;
	} else if (b->trace.stage != TRACE_NONE ||
		   (!b->told && text.size && text.at[0] != 'E' && python_trace_starts(text))) {
		native_line(b, line, f);
	} else if (python_chains(text)) {
		if (b->failure)
			b->failure = python_step_back(b->failure, &b->cause);
		b->told = b->erred = false;
		b->function.size = b->file.size = 0;
	} else if (str_starts(text, "E  ") || str_is(text, "E")) {
		error_line(b, line, f);
	} else if (str_starts(text, "[XPASS(strict)]")) {
		need_failure(b, f)->kind = KIND_ASSERTION;
		b->failure->type = "XPASS(strict)";
		b->failure->message = findings_text(b->failure, str_trim(str_from(text, 15)));
		b->failure->error_line = line->number;
	} else if (!marker_line(b, line, f) && !user_line(b, text) && !place_line(b, line, f)) {
		def_line(b, text);
	}
}

void pytest_close(struct pytest_block *b, struct findings *f, struct kept *id)
{
	python_trace_end(&b->trace, f);
	node_id(b, id);
	need_failure(b, f)->last_line = b->last;
	b->failure->test = findings_text(b->failure, kept_str(id));
	if (b->cause)
		b->cause->test = findings_text(b->cause, kept_str(id));
	if (b->failure->frame_count && !b->native)
		findings_block(f, "python", b->first, b->last);
	b->open = false;
}

struct str pytest_summary_id(struct str text, struct str *message)
{
	struct str id = text, rest = STR_NONE;
	ptrdiff_t bracket = str_char(text, '['), dash = str_find(text, STR(" - "));

	if (bracket >= 0 && (dash < 0 || bracket < dash)) {
		if (str_split(text, "] - ", &id, &rest))
			id = str_slice(text, 0, id.size + 1);
	} else if (dash >= 0) {
		id = str_slice(text, 0, (size_t)dash);
		rest = str_from(text, (size_t)dash + 3);
	}
	*message = rest;
	return str_trim(id);
}

bool pytest_id_fits(struct str id, struct str title)
{
	size_t i = id.size, k = title.size;

	if (str_equal(id, title))
		return true;
	while (i && k) {
		if (i >= 2 && id.at[i - 1] == ':' && id.at[i - 2] == ':' && title.at[k - 1] == '.')
			i--;
		else if (id.at[i - 1] != title.at[k - 1])
			return false;
		i--;
		k--;
	}
	return !k && i >= 2 && id.at[i - 1] == ':';
}

static void note_name(struct pytest_names *s, char mark, struct str name)
{
	if (!name.size || name.size + 2 > sizeof(s->names) - s->names_size)
		return;
	s->names[s->names_size++] = mark;
	memcpy(s->names + s->names_size, name.at, name.size);
	s->names_size += name.size;
	s->names[s->names_size++] = '\n';
}

static void remember(struct pytest_names *s, struct failure *failure, const struct kept *title)
{
	struct pytest_pending *p;

	if (!failure || s->pending_count == PENDING_MAX)
		return;
	p = &s->pending[s->pending_count++];
	p->failure = failure;
	p->first_line = failure->first_line;
	p->block = s->blocks;
	p->title = *title;
}

void pytest_remember(struct pytest_names *s, const struct pytest_block *block, struct str id)
{
	s->blocks++;
	remember(s, block->failure, &block->title);
	remember(s, block->cause, &block->title);
	note_name(s, block->collecting ? 'E' : 'F', id);
}

bool pytest_name(struct pytest_names *s, struct str id, bool failed)
{
	unsigned block = 0;

	for (unsigned i = 0; i < s->pending_count; i++) {
		struct pytest_pending *p = &s->pending[i];

		bool fits = p->title.size ? pytest_id_fits(id, kept_str(&p->title)) : failed;

		if (!p->failure || (block ? p->block != block : !fits))
			continue;
		if (p->failure->first_line == p->first_line)
			p->failure->test = findings_text(p->failure, id);
		p->failure = NULL;
		block = p->block;
	}
	return block;
}

void pytest_tell(struct pytest_names *s, struct findings *f)
{
	struct str rest = { s->names, s->names_size }, name;

	while (str_next(&rest, '\n', &name))
		if (!s->summarised && (name.at[0] == 'E' || !s->progress))
			findings_test_failed(f, str_from(name, 1));
	s->names_size = 0;
	s->pending_count = s->blocks = 0;
	s->summarised = s->progress = false;
}
