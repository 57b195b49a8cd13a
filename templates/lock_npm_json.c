/*
 * package.json is no JSON because of a comma: one too many before a bracket, or one missing at the end
 * of a line -> the comma. Keeps off conflict markers, comments, and whatever else is wrong.
 */
#include "bot/base/json.h"
#include "git/path.h"
#include "templates/lib_scene.h"

enum { DEPTH_MAX = 64 };
enum expect { EXPECT_KEY, EXPECT_COLON, EXPECT_VALUE, EXPECT_COMMA };

struct reader_of_json {
	struct str text;
	size_t at, last;		/* the next byte; behind the last token */
	enum expect expect;
	bool in_object[DEPTH_MAX];
	size_t depth;
	struct text out;
	size_t copied;
	unsigned commas;		/* put in or taken out */
};

/* The end of the token that starts here; 0 when it is none. */
static size_t token_end(struct str text, size_t at)
{
	size_t end = at;

	if (strchr("{}[]:,", text.at[at]))
		return at + 1;
	if (text.at[at] == '"') {
		for (end = at + 1; end < text.size && text.at[end] != '"' && text.at[end] != '\n'; end++)
			end += text.at[end] == '\\';
		return end < text.size && text.at[end] == '"' ? end + 1 : 0;
	}
	while (end < text.size && ((text.at[end] >= 'a' && text.at[end] <= 'z') ||
				   (text.at[end] >= '0' && text.at[end] <= '9') ||
				   strchr("+-.E", text.at[end])))
		end++;
	return end > at ? end : 0;
}

static bool on_new_line(const struct reader_of_json *r)
{
	return str_char(str_slice(r->text, r->last, r->at - r->last), '\n') >= 0;
}

static void copy_to(struct reader_of_json *r, size_t end)
{
	text_add(&r->out, str_slice(r->text, r->copied, end - r->copied));
	r->copied = end;
}

static bool close_bracket(struct reader_of_json *r, char c)
{
	if (!r->depth || r->in_object[r->depth - 1] != (c == '}'))
		return false;
	/* "a": 1, } */
	if (r->expect == EXPECT_KEY || r->expect == EXPECT_VALUE) {
		if (r->last && r->text.at[r->last - 1] == ',') {
			copy_to(r, r->last - 1);
			r->copied = r->last;
			r->commas++;
		} else if (!strchr("{[", r->text.at[r->last - 1])) {
			return false;
		}
	} else if (r->expect == EXPECT_COLON) {
		return false;
	}
	r->depth--;
	r->expect = EXPECT_COMMA;
	return true;
}

static bool open_bracket(struct reader_of_json *r, char c)
{
	if (r->expect != EXPECT_VALUE || r->depth == DEPTH_MAX)
		return false;
	r->in_object[r->depth++] = c == '{';
	r->expect = c == '{' ? EXPECT_KEY : EXPECT_VALUE;
	return true;
}

static bool take_token(struct reader_of_json *r)
{
	const char c = r->text.at[r->at];

	if (c == '}' || c == ']')
		return close_bracket(r, c);
	if (c == ',' || c == ':') {
		if (r->expect != (c == ',' ? EXPECT_COMMA : EXPECT_COLON))
			return false;
		r->expect = c == ':' || !r->depth || !r->in_object[r->depth - 1] ? EXPECT_VALUE
										  : EXPECT_KEY;
		return r->depth > 0;
	}
	/* a value, and the next member on the next line: the comma between them is missing */
	if (r->expect == EXPECT_COMMA && r->depth && on_new_line(r)) {
		copy_to(r, r->last);
		text_addc(&r->out, ',');
		r->commas++;
		r->expect = r->in_object[r->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
	}
	if (c == '{' || c == '[')
		return open_bracket(r, c);
	if (r->expect == EXPECT_KEY && c == '"')
		r->expect = EXPECT_COLON;
	else if (r->expect == EXPECT_VALUE)
		r->expect = EXPECT_COMMA;
	else
		return false;
	return true;
}

/* The text with its commas put right; empty when that is not what is wrong. */
static struct str mended(struct arena *a, struct str text)
{
	struct reader_of_json r = { .text = text, .expect = EXPECT_VALUE, .out = TEXT(a) };

	for (; r.at < text.size; r.at = r.last) {
		while (r.at < text.size && strchr(" \t\r\n", text.at[r.at]))
			r.at++;
		if (r.at == text.size)
			break;
		if (!token_end(text, r.at) || !take_token(&r))
			return STR_NONE;
		r.last = token_end(text, r.at);
	}
	copy_to(&r, text.size);
	return r.commas && !r.depth ? text_str(&r.out) : STR_NONE;
}

/* The one manifest of the tree that is no JSON. */
static const char *broken(const struct scene *scene, struct str *text, unsigned *count)
{
	const char *found = NULL;
	struct str one;

	*count = 0;
	for (size_t i = 0; i < scene->tree->count; i++) {
		const char *path = scene->tree->entries[i].path;
		struct err ignored = ERR_INIT;
		JSON *json = NULL;

		if ((!str_is(path_name(str_of(path)), "package.json") &&
		     !str_is(path_name(str_of(path)), "composer.json")) || scene_is_aside(path, "") ||
		    !tree_read(scene->tree, scene->arena, path, &one) ||
		    json_parse(one, TREE_FILE_MAX, &json, &ignored))
			continue;
		(*count)++;
		found = path;
		*text = one;
	}
	return found;
}

static void fix(struct scene *scene)
{
	struct err e = ERR_INIT;
	JSON *json = NULL;
	struct str text, out;
	const char *path;
	unsigned count;

	path = broken(scene, &text, &count);
	if (count != 1)
		return template_decline(scene, "%s", count ? "several manifests are no JSON"
							   : "all manifests here are JSON");
	if (str_has(text, "<<<<<<<") || str_has(text, ">>>>>>>"))
		return template_decline(scene, "both sides of a merge are in %s: which is wanted its author "
					"knows", path);
	out = mended(scene->arena, text);
	if (!out.size || !json_parse(out, TREE_FILE_MAX, &json, &e))
		return template_decline(scene, "more than a comma is wrong in %s", path);
	candidate_put(scene, propose(scene, ORACLE_CONTRACT, "Puts the commas in %s right: JSON wants one "
				     "between two members and none behind the last.", path),
		      path, out);
}

#define LOG \
	"npm error code EJSONPARSE\nnpm error path /srv/a/package.json\n" \
	"npm error JSON.parse Expected double-quoted property name in JSON at position 60 while parsing near " \
	"\"...0\\\"\\n  }\\n}\\n\"\nnpm error JSON.parse Failed to parse JSON data.\n"

static const struct example examples[] = {
	{
		.name = "one too many",
		.log = LOG,
		.file = { { "package.json",
			    "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"kleur\": \"^4.1.5\",\n  },\n}\n",
			    "{\n  \"name\": \"a\",\n  \"dependencies\": {\n    \"kleur\": \"^4.1.5\"\n  }\n}\n" } },
	},
	{
		.name = "one is missing",
		.log = LOG,
		.file = { { "web/package.json",
			    "{\n  \"name\": \"a\"\n  \"files\": [\n    \"x\"\n    \"y\"\n  ]\n}\n",
			    "{\n  \"name\": \"a\",\n  \"files\": [\n    \"x\",\n    \"y\"\n  ]\n}\n" } },
	},
	{
		.name = "a merge",
		.log = LOG,
		.file = { { "package.json",
			    "{\n<<<<<<< HEAD\n  \"a\": 1\n=======\n  \"a\": 2\n>>>>>>> b\n}\n", NULL } },
		.declines = "both sides of a merge",
	},
	{
		.name = "a name without its quotes",
		.log = LOG,
		.file = { { "package.json", "{\n  \"name\": \"a\",\n  version: \"1.0.0\"\n}\n", NULL } },
		.declines = "more than a comma",
	},
	{
		.name = "a name twice",
		.log = LOG,
		.file = { { "package.json", "{\n  \"a\": 1\n  \"a\": 2\n}\n", NULL } },
		.declines = "more than a comma",
	},
	{0}
};

const struct template template_lock_npm_json = {
	.name = "lock_npm_json",
	.summary = "package.json or composer.json is no JSON because of a comma -> the comma",
	.oracles = "the grammar of JSON",
	.keeps_off = "conflict markers; comments; anything but commas; several such files",
	.class = "dependency",
	.danger = DANGER_0,
	.reading = true,
	.pattern = "Expected .* in JSON at position|in JSON at position \\d+|Failed to parse JSON|JSON\\.parse|"
		   "does not contain valid JSON|Error parsing .*package\\.json",
	.fix = fix,
	.examples = examples,
};
