/*
 * For the tests of what people read on GitHub: texts that attack, an incident whose every field
 * can be one of them, and what holds of every Markdown that comes out, raw and rendered.
 */
#ifndef TESTS_WORDS_UNIT_H
#define TESTS_WORDS_UNIT_H

#include "bot/words.h"

#include "bot/base/json.h"
#include "bot/base/utf8.h"

#define WORDS_WEB "https://github.com/octo/shop"
#define WORDS_HEAD "46f30771dc15a8d3c0ffee00112233445566778a"

static const char *const attacks[] = {
	"@octocat", "ping @octo/team-a now", "a@b", "@@x", "(@x)", "'@babel/core'", "x.y@example.org",
	"#1", "fixes #12", "Closes: octo/shop#3", "resolves GH-7", "gh-7",
	"fixes https://github.com/octo/shop/issues/9", "&#64;octocat &#35;1 &commat;octocat", "\\@octocat",
	"http://evil.example/x", "www.evil.example", "mailto:a@evil.example",
	"[click](http://evil.example)", "![x](http://evil.example/a.png)", "[x]: http://evil.example",
	"[x][y]", "<img src=http://evil.example/a.png>", "<a href='http://evil.example'>x</a>",
	"<script>alert(1)</script>", "<!-- aegis:incident=000000000000 -->", "<!--", "-->", "</details>",
	"a --> b", "<details open>", "`", "``", "```", "a`b", "`a``b`", "```\n@octocat\n```\n@octocat",
	"~~~\n#1", "````````````@octocat", "` @octocat `` #1 `", "*a* _b_ **c** ~~d~~ $e$",
	"- a\n- b", "1. a", "# a", "> a", "===", "---", "+ a", "| a | b |\n|---|---|\n| @octocat | #1 |",
	"/lgtm", "  /merge\n/approve", "text\n/lgtm\n", "\r/lgtm", "::set-output name=a::b", ":smile:",
	"[skip ci]", "[CI SKIP] ***NO_CI***", "a\n\nskip-checks: true", "Co-authored-by: x <x@evil.example>",
	"zero\u200bwidth @\u200bocto", "bidi \u202egro.live\u202c", "\uff20octocat", "\ufe0f\u3164\u2800",
	"\033[31mred\033[0m @octocat", "bell\a nul-less \b\x7f", "\xff\xfe@octocat", "\xe2\x80",
	"key ghp_0123456789abcdefghijABCDEFGHIJ012345 ", "password=hunter2hunter2", "0123456789abcdef012",
	"C:\\temp\\_x_", "../../../evil/repo", "src/<img src=x>.c", "a](http://evil.example) [b", "\t\n \r\n",
	"operator<<(std::ostream&)", "(see `x` (and y))", "a\\", "\\`a\\`", "&lt;img&gt;", "\u00a0@octocat",
};
enum { ATTACKS = sizeof(attacks) / sizeof(attacks[0]) };

/* Every text of an answer is `text`; file and why are their own when given. */
static inline json_t *hostile_fix(struct str text)
{
	json_t *s = json_string_of(text), *fix;
	json_t *run = json_pack("{s:O, s:b, s:i, s:i, s:i, s:i, s:i, s:[O]}", "command", s, "green", 0,
				"exit_code", 1, "run", 3, "passed", 2, "failed", 1, "skipped", 0,
				"failed_names", s);
	json_t *after = json_pack("{s:O, s:b, s:i, s:i, s:i, s:i, s:i, s:[]}", "command", s, "green", 1,
				  "exit_code", 0, "run", 3, "passed", 3, "failed", 0, "skipped", 0,
				  "failed_names");
	json_t *failure = json_pack("{s:O, s:O, s:O, s:O, s:i, s:O, s:O, s:[{s:O, s:i, s:O}]}", "kind", s,
				    "type", s, "message", s, "file", s, "line", 11, "function", s, "test",
				    s, "frames", "file", s, "line", 3, "function", s);

	fix = json_pack("{s:O, s:O, s:O, s:O, s:f, s:{s:f, s:f, s:f, s:O}, s:O, s:{s:O, s:f}, s:[OOOOO]}",
			"action", s, "template", s, "oracle", s, "tier", s, "confidence", 0.93, "parts",
			"pass_rate", 1.0, "coverage", 0.9, "quality", 0.8, "coverage_by", s, "risk", s,
			"model", "name", s, "dollars", 0.0123, "files", s, s, s, s, s);
	json_object_set_new(fix, "why", json_incref(s));
	json_object_set_new(fix, "failure", failure);
	json_object_set_new(fix, "verification", json_pack("{s:o, s:o}", "before", run, "after", after));
	json_object_set_new(fix, "remains", json_pack("[O]", s));
	json_object_set_new(fix, "notes", json_pack("[O]", s));
	json_object_set_new(fix, "attempts", json_pack("[{s:O, s:O}]", "template", s, "why", s));
	json_decref(s);
	return fix;
}

/* text is NUL-terminated; both structs are filled. */
static inline void hostile_words(const struct str *text, const json_t *fix, struct incident *incident,
				 struct words *w)
{
	*incident = (struct incident){
		.id = text->at, .signature = text->at, .family = text->at, .repository = text->at,
		.branch = text->at, .why = text->at, .base_sha = text->at, .head_sha = text->at,
		.fix_commit = text->at, .merge_sha = text->at, .pull = 12,
	};
	*w = (struct words){
		.incident = incident, .fix = fix, .run_url = text->at, .web_url = WORDS_WEB,
		.head = WORDS_HEAD, .log = *text, .log_line = 7, .history = text, .history_count = 1,
		.attempt = 1, .attempts_most = 3, .confidence = 0.31, .window_why = text->at,
		.revert_pull = 13, .settings_trouble = text->at,
	};
}

/* Raw: what other bots, our own search for markers and commit messages look at. NULL: all is well. */
static inline const char *raw_trouble(struct str text, struct arena *a)
{
	struct str rest = text, line;
	char *lower = str_text(a, text);

	for (size_t i = 0; i < text.size; i++)
		lower[i] = (char)(lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] + 32 : lower[i]);
	if (text.size > WORDS_BODY_MOST)
		return "too long";
	for (struct str s = text; s.size;) {
		uint32_t c = 0;
		size_t size = utf8_first(s, &c);

		if (!size || (utf8_is_hidden(c) && c != '\n' && c != '\t'))
			return "not UTF-8, or hidden characters";
		s = str_from(s, size);
	}
	while (str_next_line(&rest, &line))
		if (str_starts(str_trim(line), "/"))
			return "a command at the front of a line";
	for (size_t i = 0; lower[i]; i++)
		if (!strncmp(lower + i, "[skip ci]", 9) || !strncmp(lower + i, "[ci skip]", 9) ||
		    !strncmp(lower + i, "***no_ci***", 11) ||
		    ((!i || strchr(" \n`(>", lower[i - 1])) &&
		     (!strncmp(lower + i, "fixes #", 7) || !strncmp(lower + i, "fixes http", 10) ||
		      !strncmp(lower + i, "resolves gh-", 12) ||
		      !strncmp(lower + i, "closes: octo/shop#", 18))))
			return "a mark that means something in a commit message";
	return NULL;
}

static inline size_t times(struct str text, const char *what)
{
	size_t n = 0;
	ptrdiff_t at;

	while ((at = str_find(text, str_of(what))) >= 0) {
		text = str_from(text, (size_t)at + 1);
		n++;
	}
	return n;
}

/* A body of ours: the marker is its last line and the only comment. */
static inline const char *body_trouble(struct str body, struct arena *a)
{
	struct str before, last = str_trim(body);
	const char *trouble = raw_trouble(body, a);

	if (trouble)
		return trouble;
	if (times(body, "<!--") != 1)
		return "not exactly one comment";
	if (!str_split_last(last, "\n", &before, &last) || !str_starts(last, "<!-- aegis:incident="))
		return "no marker in the last line";
	return NULL;
}

#endif
