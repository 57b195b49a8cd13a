/*
 * Renders Markdown with cmark-gfm (GitHub's own renderer and extensions, raw HTML let through) and
 * judges the HTML: which tags and links there are, and what GitHub would make of the text.
 */
#ifndef TESTS_WORDS_RENDER_H
#define TESTS_WORDS_RENDER_H

#include "tests/words_unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool can_render(void)
{
	return !access("/usr/bin/cmark-gfm", X_OK);
}

/* The HTML; aborts the test program when the renderer does not run. */
static inline struct str rendered(struct arena *a, struct str markdown)
{
	FILE *in = tmpfile(), *out = tmpfile();
	struct text html = TEXT(a);
	char piece[4096];
	size_t size;
	int status;
	pid_t child;

	if (!in || !out || fwrite(markdown.at, 1, markdown.size, in) != markdown.size || fflush(in))
		abort();
	rewind(in);
	child = fork();
	if (!child) {
		if (dup2(fileno(in), 0) == 0 && dup2(fileno(out), 1) == 1)
			execl("/usr/bin/cmark-gfm", "cmark-gfm", "--unsafe", "-e", "autolink", "-e", "table",
			      "-e", "strikethrough", "-e", "tasklist", (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		abort();
	rewind(out);
	while ((size = fread(piece, 1, sizeof(piece), out)) > 0)
		text_add(&html, (struct str){ piece, size });
	fclose(in);
	fclose(out);
	return text_str(&html);
}

static inline const char *tag_trouble(struct str tag)
{
	static const char *const fine[] = {
		"p", "/p", "h3", "/h3", "ul", "/ul", "li", "/li", "strong", "/strong", "code", "/code",
		"pre", "/pre", "table", "/table", "thead", "/thead", "tbody", "/tbody", "tr", "/tr",
		"th", "/th", "th align=\"right\"", "td", "/td", "td align=\"right\"", "hr /", "/a",
		"details", "/details", "summary", "/summary",
	};

	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		if (str_is(tag, fine[i]))
			return NULL;
	if ((str_starts(tag, "!-- aegis:incident=") || str_starts(tag, "!-- aegis:number=")) &&
	    str_ends(tag, " --"))
		return NULL;
	if (str_starts(tag, "a href=\"" WORDS_WEB "/") && !str_has(tag, ".."))
		return NULL;
	return "a foreign tag";
}

static inline bool is_name_sign(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Outside code and links, as GitHub's filters see it after rendering. */
static inline const char *text_trouble(struct str text, struct arena *a)
{
	static const struct { const char *entity; char c; } entities[] = {
		{ "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&amp;", '&' },
	};
	struct text plain = TEXT(a);
	const char *s;

	while (text.size) {
		bool found = false;

		for (size_t i = 0; i < 4 && !found; i++) {
			found = str_skip(&text, entities[i].entity);
			if (found)
				text_addc(&plain, entities[i].c);
		}
		if (!found) {
			text_addc(&plain, text.at[0]);
			text = str_from(text, 1);
		}
	}
	for (s = text_cstr(&plain); *s; s++) {
		if (*s == '@' && is_name_sign(s[1]))
			return "a mention";
		if (*s == '#' && is_name_sign(s[1]))
			return "a reference";
		if ((s[0] == 'G' || s[0] == 'g') && (s[1] == 'H' || s[1] == 'h') && s[2] == '-' &&
		    s[3] >= '0' && s[3] <= '9')
			return "a reference";
		if ((!strncmp(s, "://", 3) && s[3] != ' ' && s[3]) || (!strncmp(s, "www.", 4) && is_name_sign(s[4])))
			return "an address";
	}
	return NULL;
}

/* NULL: all is well. */
static inline const char *html_trouble(struct str html, struct arena *a)
{
	unsigned code = 0, links = 0;
	const char *trouble = NULL;

	while (html.size && !trouble) {
		ptrdiff_t end = str_char(html, html.at[0] == '<' ? '>' : '<');
		struct str piece = str_slice(html, 0, end < 0 ? html.size : (size_t)end);

		html = str_from(html, piece.size);
		if (piece.at[0] != '<') {
			trouble = code || links ? NULL : text_trouble(piece, a);
			continue;
		}
		html = str_from(html, 1);
		piece = str_from(piece, 1);
		/* "suggestion" would be an offer to commit it; "json" is that of our own record. */
		if (str_is(piece, "code class=\"language-json\""))
			piece = STR("code");
		if (!str_is(piece, "code") && str_starts(piece, "code "))
			return "a code block with an info string";
		trouble = tag_trouble(piece);
		code += str_is(piece, "code");
		code -= str_is(piece, "/code");
		links += str_starts(piece, "a ");
		links -= str_is(piece, "/a");
	}
	if (trouble)
		return trouble;
	return code || links ? "an open element" : NULL;
}

/* Fails the test with all there is to see. */
static inline void check_render(struct str markdown, struct str source)
{
	ARENA a = {0};
	struct str html = rendered(&a, markdown);
	const char *trouble = html_trouble(html, &a);

	if (trouble)
		fail_msg("%s\n--- from %.*s\n--- markdown\n%.*s\n--- html\n%.*s", trouble,
			 STR_ARG(source), STR_ARG(markdown), STR_ARG(html));
}

#endif
