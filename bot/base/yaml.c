/*
 * Builds a tree from libfyaml's events, because its own documents resolve what is refused here.
 * Does not give scalars a type: the option table does.
 */
#include "bot/base/yaml.h"

#include "bot/base/utf8.h"

#include <libfyaml.h>

enum { QUOTES_MOST = 3 };

struct reading {
	const char *file;
	struct arena *arena;
	struct fy_parser *parser;
	struct fy_diag *diag;
	unsigned line, column;		/* of the latest event that has a place */
	struct err *e;
};

bool yaml_is_empty(const struct yaml *yaml)
{
	return yaml->kind == YAML_SCALAR && yaml->plain &&
	       (!yaml->text.size || str_is(yaml->text, "~") || str_is(yaml->text, "null"));
}

static bool fail_here(const struct reading *reading, const char *why)
{
	return fail(reading->e, ERR_CONFIG, "%s:%u:%u: %s", reading->file, reading->line,
		    reading->column, why);
}

static bool fail_parser(const struct reading *reading)
{
	const struct fy_diag_error *error;
	void *at = NULL;

	error = fy_diag_errors_iterate(reading->diag, &at);
	if (!error || error->line < 1)
		return fail_here(reading, "not YAML");
	return fail(reading->e, ERR_CONFIG, "%s:%d:%d: %s", reading->file, error->line,
		    error->column, error->msg);
}

static bool take_place(struct reading *reading, const struct fy_mark *mark)
{
	if (!mark || mark->line < 0 || mark->column < 0)
		return false;
	reading->line = (unsigned)mark->line + 1;
	reading->column = (unsigned)mark->column + 1;
	return true;
}

/* A value that is not written has no place, or in libfyaml 0.8 one after the colon: the key's. */
static bool is_nothing(const struct fy_event *event)
{
	struct fy_token *token = event->type == FYET_SCALAR ? event->scalar.value : NULL;
	size_t size = 0;

	return token && fy_token_scalar_style(token) == FYSS_PLAIN &&
	       (!fy_token_get_text(token, &size) || !size);
}

/* The next event; NULL at the end and, with the error set, when there is none. Free it. */
static struct fy_event *next_event(struct reading *reading)
{
	struct fy_event *event = fy_parser_parse(reading->parser);
	enum fy_scalar_style style = FYSS_PLAIN;

	if (!event) {
		fail_parser(reading);
		return NULL;
	}
	if (event->type == FYET_SCALAR)
		style = fy_token_scalar_style(event->scalar.value);
	if (!is_nothing(event) && take_place(reading, fy_event_start_mark(event)) &&
	    reading->column > 1)
		/* libfyaml's mark is behind the quote or the star. */
		reading->column -= style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED ||
				   event->type == FYET_ALIAS;
	return event;
}

static bool check_bytes(struct reading *reading, struct str text)
{
	unsigned quotes = 0;

	if (text.size > YAML_BYTES_MOST)
		return fail_here(reading, "larger than 256 KiB");
	while (text.size) {
		uint32_t character = 0;
		size_t size = utf8_first(text, &character);

		if (!size)
			return fail_here(reading, "not UTF-8");
		/* Also a CR alone, which some count as the end of a line and some do not. */
		if (character == '\r' && text.size > 1 && text.at[1] == '\n')
			character = '\n';
		if (utf8_is_hidden(character) && character != '\n' && character != '\t')
			return fail_here(reading, "a character that does not show");
		/* libfyaml 0.7.12 never frees what doubled quotes side by side need, 64 bytes each. */
		quotes = character == '\'' ? quotes + 1 : 0;
		if (quotes > QUOTES_MOST)
			return fail_here(reading, "more than 3 quotes in a row; put the text in double quotes");
		reading->column++;
		if (character == '\n') {
			reading->line++;
			reading->column = 1;
		}
		text = str_from(text, size);
	}
	return true;
}

static bool refuse_marks(struct reading *reading, struct fy_token *anchor, struct fy_token *tag)
{
	if (!anchor && !tag)
		return true;
	take_place(reading, fy_token_start_mark(anchor ? anchor : tag));
	reading->column -= anchor && reading->column > 1;	/* the & before it */
	return fail_here(reading, anchor ? "anchors are not allowed" : "tags are not allowed");
}

static bool take_scalar(struct reading *reading, struct fy_event *event, struct yaml *yaml)
{
	struct fy_token *token = event->scalar.value;
	struct str rest;

	if (!refuse_marks(reading, event->scalar.anchor, event->scalar.tag))
		return false;
	yaml->kind = YAML_SCALAR;
	yaml->text = str_copy(reading->arena, STR(""));
	yaml->plain = true;
	if (!token)
		return true;
	rest.at = fy_token_get_text(token, &rest.size);
	if (!rest.at)
		return fail_here(reading, "not YAML");
	yaml->text = str_copy(reading->arena, rest);
	yaml->plain = fy_token_scalar_style(token) == FYSS_PLAIN;
	/* Escapes in double quotes can make any character. */
	while (rest.size) {
		uint32_t character = 0;
		size_t size = utf8_first(rest, &character);

		if (!size || (utf8_is_hidden(character) && character != '\n' && character != '\t'))
			return fail_here(reading, "a character that does not show");
		rest = str_from(rest, size);
	}
	return true;
}

static bool take_node(struct reading *reading, struct fy_event *event, unsigned depth,
		      struct yaml *yaml);

static bool take_key(struct reading *reading, struct fy_event *event, const struct yaml *map,
		     struct yaml *item)
{
	struct yaml key = { 0 };

	if (event->type != FYET_SCALAR)
		return fail_here(reading, event->type == FYET_ALIAS ? "aliases are not allowed" :
				 "a key must be a word");
	if (!take_scalar(reading, event, &key))
		return false;
	if (key.plain && str_is(key.text, "<<"))
		return fail_here(reading, "merge keys are not allowed");
	item->name = key.text;
	item->name_line = reading->line;
	item->name_column = reading->column;
	for (size_t i = 0; i < map->count; i++)
		if (str_equal(map->items[i].name, key.text))
			return fail(reading->e, ERR_CONFIG,
				    "%s:%u:%u: duplicate key \"%.60s\", first in line %u",
				    reading->file, reading->line, reading->column, key.text.at,
				    map->items[i].name_line);
	return true;
}

/* The items of a list or map up to its end. */
static bool take_items(struct reading *reading, unsigned depth, struct yaml *yaml)
{
	const bool is_map = yaml->kind == YAML_MAP;

	for (;;) {
		struct fy_event *event = next_event(reading);
		struct yaml item = { 0 };
		bool done;

		if (!event)
			return false;
		if (event->type == (is_map ? FYET_MAPPING_END : FYET_SEQUENCE_END)) {
			fy_parser_event_free(reading->parser, event);
			return true;
		}
		done = yaml->count < YAML_ITEMS_MOST || fail_here(reading, "more than 1000 items");
		if (done && is_map) {
			done = take_key(reading, event, yaml, &item);
			fy_parser_event_free(reading->parser, event);
			event = done ? next_event(reading) : NULL;
			done = event != NULL;
		}
		done = done && take_node(reading, event, depth, &item);
		if (event)
			fy_parser_event_free(reading->parser, event);
		if (!done)
			return false;
		arena_push(reading->arena, yaml->items, yaml->count) = item;
	}
}

static bool take_node(struct reading *reading, struct fy_event *event, unsigned depth,
		      struct yaml *yaml)
{
	const bool is_map = event->type == FYET_MAPPING_START;

	yaml->line = reading->line;
	yaml->column = reading->column;
	if (event->type == FYET_SCALAR)
		return take_scalar(reading, event, yaml);
	if (event->type == FYET_ALIAS)
		return fail_here(reading, "aliases are not allowed");
	if (!is_map && event->type != FYET_SEQUENCE_START)
		return fail_here(reading, "not YAML");
	if (!refuse_marks(reading,
			  is_map ? event->mapping_start.anchor : event->sequence_start.anchor,
			  is_map ? event->mapping_start.tag : event->sequence_start.tag))
		return false;
	if (depth >= YAML_DEPTH_MOST)
		return fail_here(reading, "nested more than 16 levels deep");
	yaml->kind = is_map ? YAML_MAP : YAML_LIST;
	return take_items(reading, depth + 1, yaml);
}

/* Takes the next event; says whether it is of the type. Without one the error is set. */
static bool skip_event(struct reading *reading, enum fy_event_type type, const char *why)
{
	struct fy_event *event = next_event(reading);
	bool is_type = event && event->type == type;

	if (event && !is_type)
		fail_here(reading, why);
	fy_parser_event_free(reading->parser, event);
	return is_type;
}

static bool empty_map(struct yaml *root)
{
	*root = (struct yaml){ .kind = YAML_MAP, .line = 1, .column = 1 };
	return true;
}

static bool take_document(struct reading *reading, struct yaml *root)
{
	struct yaml made;
	struct fy_event *event;
	bool done, empty;

	empty_map(&made);
	if (!skip_event(reading, FYET_STREAM_START, "not YAML"))
		return false;
	event = next_event(reading);
	empty = event && event->type == FYET_STREAM_END;
	done = empty || (event && event->type == FYET_DOCUMENT_START);
	fy_parser_event_free(reading->parser, event);
	if (!done)
		return event ? fail_here(reading, "not YAML") : false;
	if (!empty) {
		event = next_event(reading);
		done = event && take_node(reading, event, 0, &made);
		fy_parser_event_free(reading->parser, event);
		if (!done || !skip_event(reading, FYET_DOCUMENT_END, "not YAML") ||
		    !skip_event(reading, FYET_STREAM_END, "more than one document"))
			return false;
	}
	if (yaml_is_empty(&made))
		return empty_map(root);
	*root = made;
	return true;
}

static void say_nothing(struct fy_diag *diag, void *context, const char *text, size_t size)
{
	(void)diag;
	(void)context;
	(void)text;
	(void)size;
}

bool yaml_parse(const char *file, struct str text, struct arena *a, struct yaml *root,
		struct err *e)
{
	struct reading reading = { .file = file, .arena = a, .line = 1, .column = 1, .e = e };
	struct fy_parse_cfg settings = { .flags = FYPCF_QUIET | FYPCF_DISABLE_MMAP_OPT };
	struct fy_diag_cfg quiet;
	bool done = false;

	if (!check_bytes(&reading, text))
		return false;
	reading.line = reading.column = 1;
	fy_diag_cfg_default(&quiet);
	quiet.fp = NULL;
	quiet.output_fn = say_nothing;
	reading.diag = fy_diag_create(&quiet);
	if (reading.diag) {
		fy_diag_set_collect_errors(reading.diag, true);
		settings.diag = reading.diag;
		reading.parser = fy_parser_create(&settings);
	}
	if (!reading.parser)
		fail(e, ERR_BUG, "libfyaml does not start");
	else if (!text.size)
		done = empty_map(root);
	else if (fy_parser_set_string(reading.parser, text.at, text.size))
		fail_here(&reading, "not YAML");
	else
		done = take_document(&reading, root);
	if (reading.parser)
		fy_parser_destroy(reading.parser);
	fy_diag_destroy(reading.diag);
	return done;
}
