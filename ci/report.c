/*
 * From found failures to a ranked report. A frame is own when its file is in the tree; without a
 * tree, when its path is in none of the usual library folders. Does not read logs.
 */
#include "ci/report.h"

#include "ci/signature.h"

#include <stdint.h>
#include <stdlib.h>

static const char *const kind_names[] = {
	[KIND_UNKNOWN] = "unknown", [KIND_EXCEPTION] = "exception",
	[KIND_ASSERTION] = "assertion", [KIND_COMPILE] = "compile", [KIND_LINT] = "lint",
	[KIND_DEPENDENCY] = "dependency", [KIND_CONFIG] = "config", [KIND_INFRA] = "infra",
	[KIND_RESOURCE] = "resource", [KIND_PERMISSION] = "permission",
	[KIND_TIMEOUT] = "timeout",
};

const char *kind_name(enum kind kind)
{
	return kind_names[kind];
}

/* How many bytes the character at s takes; 0 when it is not valid UTF-8. */
static size_t utf8_size(struct str s)
{
	const unsigned char *b = (const unsigned char *)s.at;
	size_t size;
	uint32_t c;

	if (b[0] < 0x80)
		return 1;
	if (b[0] >= 0xc2 && b[0] <= 0xdf)
		size = 2, c = b[0] & 0x1f;
	else if ((b[0] & 0xf0) == 0xe0)
		size = 3, c = b[0] & 0x0f;
	else if (b[0] >= 0xf0 && b[0] <= 0xf4)
		size = 4, c = b[0] & 0x07;
	else
		return 0;
	if (s.size < size)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	if ((size == 3 && (c < 0x800 || (c >= 0xd800 && c <= 0xdfff))) ||
	    (size == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	return size;
}

const char *report_text(struct arena *a, struct str text)
{
	struct text out = TEXT(a);

	if (!text.size)
		return NULL;
	while (text.size) {
		size_t size = utf8_size(text);
		unsigned char c = (unsigned char)text.at[0];

		if (!size)
			text_adds(&out, "\xef\xbf\xbd");
		else if (c < 0x20 || c == 0x7f)
			text_addc(&out, c == '\n' ? '\n' : ' ');
		else
			text_add(&out, str_slice(text, 0, size));
		text = str_from(text, size ? size : 1);
	}
	return text_cstr(&out);
}

struct failure report_failure_copy(struct arena *a, const struct failure *failure)
{
	struct failure copy = *failure;

	copy.type = arena_strdup(a, copy.type);
	copy.message = arena_strdup(a, copy.message);
	copy.file = arena_strdup(a, copy.file);
	copy.function = arena_strdup(a, copy.function);
	copy.test = arena_strdup(a, copy.test);
	copy.fixer = arena_strdup(a, copy.fixer);
	copy.frames = arena_array(a, struct frame, copy.frame_count);
	for (size_t i = 0; i < copy.frame_count; i++) {
		copy.frames[i] = failure->frames[i];
		copy.frames[i].file = arena_strdup(a, copy.frames[i].file);
		copy.frames[i].function = arena_strdup(a, copy.frames[i].function);
	}
	return copy;
}

static const char *const library_parts[] = {
	"site-packages/", "dist-packages/", "node_modules/", "/vendor/", ".cargo/registry",
	".cargo/git", "/rustc/", "/usr/local/go/src", "/usr/lib/", "/usr/include/", "<frozen",
	"node:internal", "(internal/", "internal/", "_actions/", "hostedtoolcache", "java.base/",
	"/go/pkg/mod/", "/usr/src/", "<string>", "<stdin>", "node:", "/lib/python", "/.pyenv/",
	"java/", "jdk/", "/sysdeps/", "_pytest/", "<anonymous>", "/libsanitizer/", "org/junit/",
};

static bool looks_own(const char *file)
{
	for (size_t i = 0; i < sizeof(library_parts) / sizeof(library_parts[0]); i++)
		if (str_has(str_of(file), library_parts[i]))
			return false;
	return true;
}

static void resolve_frame(struct frame *frame, const struct tree *tree)
{
	const char *path;

	if (!frame->file)
		return;
	if (!tree) {
		frame->own = looks_own(frame->file);
		return;
	}
	path = tree_path(tree, str_of(frame->file));
	frame->own = path != NULL;
	if (path)
		frame->file = path;
}

/* The place of a failure is its innermost own frame; a diagnostic's own place stays. */
static void resolve(struct failure *f, const struct tree *tree)
{
	const char *path = f->file && tree ? tree_path(tree, str_of(f->file)) : NULL;

	for (size_t i = 0; i < f->frame_count; i++)
		resolve_frame(&f->frames[i], tree);
	if (path)
		f->file = path;
	if (f->file)
		return;
	for (size_t i = f->frame_count; i-- > 0;) {
		if (!f->frames[i].own)
			continue;
		f->file = f->frames[i].file;
		f->line = f->frames[i].line;
		f->column = f->frames[i].column;
		f->function = f->frames[i].function;
		return;
	}
}

static bool has_own_place(const struct failure *f, const struct tree *tree)
{
	if (tree && f->file && tree_has(tree, f->file))
		return true;
	for (size_t i = 0; i < f->frame_count; i++)
		if (f->frames[i].own)
			return true;
	return !tree && f->file;
}

static unsigned score(const struct failure *f, const struct tree *tree)
{
	return f->weight * 2 + (has_own_place(f, tree) ? 5 : 0);
}

/* Stable: equal scores stay in the order of the log. */
static void rank(struct report *report, const struct tree *tree)
{
	for (size_t i = 1; i < report->failure_count; i++) {
		struct failure moved = report->failures[i];
		size_t at = i;

		for (; at > 0 && score(&report->failures[at - 1], tree) < score(&moved, tree); at--)
			report->failures[at] = report->failures[at - 1];
		report->failures[at] = moved;
	}
	for (size_t i = 0; i < report->failure_count; i++)
		report->failures[i].rank = (unsigned)i + 1;
}

static bool same_text(const char *a, const char *b)
{
	return str_equal(str_of(a), str_of(b));
}

static bool repeats(const struct failure *a, const struct failure *b)
{
	return a->kind == b->kind && a->line == b->line && same_text(a->file, b->file) &&
	       same_text(a->type, b->type) && same_text(a->message, b->message) &&
	       same_text(a->test, b->test);
}

static void drop_repeats(struct report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < report->failure_count; i++) {
		bool again = false;

		for (size_t k = 0; k < kept && !again; k++)
			again = repeats(&report->failures[k], &report->failures[i]);
		if (!again)
			report->failures[kept++] = report->failures[i];
	}
	report->failure_count = kept;
}

void report_finish(struct report *report, struct arena *a, const struct tree *tree)
{
	(void)a;
	for (size_t i = 0; i < report->failure_count; i++)
		resolve(&report->failures[i], tree);
	drop_repeats(report);
	rank(report, tree);
	for (size_t i = 0; i < report->failure_count; i++)
		signature_of(&report->failures[i]);
}
