/* ci/clean, ci/terminal and ci/encoding: what is left of a raw line. */
#include "tests/unit.h"

#include "ci/clean.h"
#include "ci/encoding.h"
#include "ci/terminal.h"

#define STAMP "2024-05-01T12:34:56.1234567Z "
#define BOM "\xef\xbb\xbf"

/* The line before, if any, matters only to BuildKit's prefix. */
static const struct {
	const char *before, *raw, *text;
	enum mark mark;
} lines[] = {
	{ NULL, "plain", "plain", MARK_NONE },
	{ NULL, "", "", MARK_NONE },
	{ NULL, STAMP "text", "text", MARK_NONE },
	{ NULL, STAMP, "", MARK_NONE },
	{ NULL, "2024-05-01T12:34:56.1234567Z", "", MARK_NONE },
	{ NULL, STAMP "  indented", "  indented", MARK_NONE },
	{ NULL, "2024-05-01T12:34:56.1234567Zglued", "2024-05-01T12:34:56.1234567Zglued", MARK_NONE },
	{ NULL, "2024-05-01T12:34:56.123Z tool's own", "2024-05-01T12:34:56.123Z tool's own", MARK_NONE },
	{ NULL, "2024-05-0:T12:34:56.1234567Z x", "2024-05-0:T12:34:56.1234567Z x", MARK_NONE },
	{ NULL, "2024-05-01T12:34:56.123456/Z x", "2024-05-01T12:34:56.123456/Z x", MARK_NONE },
	{ NULL, "2024-05-01t12:34:56.1234567Z x", "2024-05-01t12:34:56.1234567Z x", MARK_NONE },
	{ NULL, "2024-05-01 12:34:56 tool's own", "2024-05-01 12:34:56 tool's own", MARK_NONE },
	{ NULL, STAMP STAMP "twice", STAMP "twice", MARK_NONE },
	{ NULL, BOM "text", "text", MARK_NONE },
	{ NULL, BOM STAMP "text", "text", MARK_NONE },
	{ NULL, STAMP BOM "text", "text", MARK_NONE },
	{ NULL, BOM BOM STAMP BOM "text", "text", MARK_NONE },
	{ NULL, "a" BOM "b", "a" BOM "b", MARK_NONE },
	{ NULL, "text\r", "text", MARK_NONE },
	{ NULL, STAMP "text\r\r", "text", MARK_NONE },
	{ NULL, "10%\r50%\r100%", "100%", MARK_NONE },
	{ NULL, "10%\r\x1b[K100%\r", "100%", MARK_NONE },
	{ NULL, "kept\r\x1b[K", "kept", MARK_NONE },
	{ NULL, "\x1b[31mred\x1b[0m", "red", MARK_NONE },
	{ NULL, STAMP "\x1b[36;1mmake test\x1b[0m", "make test", MARK_NONE },
	{ NULL, "\x1b[38;2;1;2;3mrgb\x1b[m", "rgb", MARK_NONE },
	{ NULL, "\x1b[?25lcursor\x1b[?25h", "cursor", MARK_NONE },
	{ NULL, "\x1b]0;title\atext", "text", MARK_NONE },
	{ NULL, "\x1b]8;;http://x.y/z\x1b\\link\x1b]8;;\x1b\\", "link", MARK_NONE },
	{ NULL, "\x1b]0;never ends", "0;never ends", MARK_NONE },
	{ NULL, "\x1bPq#0;2;0;0;0\x1b\\after", "after", MARK_NONE },
	{ NULL, "\x1b_hidden\x1b\\shown", "shown", MARK_NONE },
	{ NULL, "\x1b(Breset\x1b(B", "reset", MARK_NONE },
	{ NULL, "\x1b=keypad\x1b>", "keypad", MARK_NONE },
	{ NULL, "\x1b[31", "", MARK_NONE },
	{ NULL, "cut\x1b", "cut", MARK_NONE },
	{ NULL, "\x1b[\x01x", "x", MARK_NONE },
	{ NULL, "a\tb", "a\tb", MARK_NONE },
	{ NULL, "a\x01\x02\x0b\x0c\x7fz", "az", MARK_NONE },
	{ NULL, "ab\b\bcd", "cd", MARK_NONE },
	{ NULL, "\xc3\xa9\bx", "x", MARK_NONE },
	{ NULL, "\b\bx", "x", MARK_NONE },
	{ NULL, "n\xc3\xa9", "n\xc3\xa9", MARK_NONE },
	{ NULL, STAMP "##[error]bad", "bad", MARK_ERROR },
	{ NULL, STAMP BOM "##[error]bad", "bad", MARK_ERROR },
	{ NULL, STAMP "\x1b[31m##[error]bad\x1b[0m", "bad", MARK_ERROR },
	{ NULL, "##[group]Run make", "Run make", MARK_GROUP },
	{ NULL, "##[endgroup]", "", MARK_ENDGROUP },
	{ NULL, "##[warning]  w", "  w", MARK_WARNING },
	{ NULL, "##[notice]n", "n", MARK_NOTICE },
	{ NULL, "##[command]git init", "git init", MARK_COMMAND },
	{ NULL, "##[debug]d", "d", MARK_DEBUG },
	{ NULL, "##[section]Starting", "Starting", MARK_SECTION },
	{ NULL, "##[other]x", "##[other]x", MARK_NONE },
	{ NULL, "see ##[error]", "see ##[error]", MARK_NONE },
	{ NULL, "::group::g", "g", MARK_GROUP },
	{ NULL, "::endgroup::", "", MARK_ENDGROUP },
	{ NULL, "::error::plain", "plain", MARK_ERROR },
	{ NULL, "  ::error::behind blanks", "behind blanks", MARK_ERROR },
	{ NULL, "::error file=a.c,line=3::msg: 5%25%0Asecond", "msg: 5%", MARK_ERROR },
	{ NULL, "::warning file=a.c::w", "w", MARK_WARNING },
	{ NULL, "::errors::x", "::errors::x", MARK_NONE },
	{ NULL, "::error file=a.c", "::error file=a.c", MARK_NONE },
	{ NULL, "::std::vector<int>", "::std::vector<int>", MARK_NONE },
	{ NULL, "Error: as the page shows it", "Error: as the page shows it", MARK_NONE },
	{ NULL, "#16 24.38 alone", "#16 24.38 alone", MARK_NONE },
	{ "#16 [2/3] RUN make", "#16 24.38 in company", "in company", MARK_NONE },
	{ "#16 24.3 a", "#16 24.38   indented", "  indented", MARK_NONE },
	{ "#15 DONE 0.1s", STAMP "#16 24.38 \x1b[31mred\x1b[0m", "red", MARK_NONE },
	{ "#16 [2/3] RUN make", "#16 24.38", "", MARK_NONE },
	{ "#16 [2/3] RUN make", "#16 DONE 24.4s", "#16 DONE 24.4s", MARK_NONE },
	{ "#0 0x55 in main", "#1 0x66 in start", "#1 0x66 in start", MARK_NONE },
	{ "text", "#16 24.38 after text", "#16 24.38 after text", MARK_NONE },
	{ NULL, "build\tUNKNOWN STEP\t" STAMP "text", "text", MARK_NONE },
	{ NULL, "build\tRun tests\t" BOM STAMP "##[error]x", "x", MARK_ERROR },
	{ NULL, "a\tb\tc", "a\tb\tc", MARK_NONE },
};

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		static struct cleaner cleaner;
		struct line line = { .number = i };

		cleaner = (struct cleaner){ .buildkit = false };
		if (lines[i].before)
			clean_line(&cleaner, str_of(lines[i].before), &line);
		clean_line(&cleaner, str_of(lines[i].raw), &line);
		if (!str_is(line.text, lines[i].text) || line.mark != lines[i].mark)
			print_error("raw line: %s\n", lines[i].raw);
		assert_str(line.text, lines[i].text);
		assert_int_equal(line.mark, lines[i].mark);
		assert_int_equal(line.number, i);
	}
}

static void nul_bytes(void **state)
{
	static struct cleaner cleaner;
	struct line line = {0};

	(void)state;
	clean_line(&cleaner, STR("a\0b\0c\0"), &line);
	assert_str(line.text, "abc");
}

static void annotations(void **state)
{
	static struct cleaner cleaner;
	const struct annotation *said = &cleaner.annotation;
	struct line line = {0};

	(void)state;
	clean_line(&cleaner, STR("::error file=src/a%2Cb.c,line=12,endLine=13,col=7,title=E%3A1::no"),
		   &line);
	assert_true(said->present);
	assert_string_equal(said->file, "src/a,b.c");
	assert_string_equal(said->title, "E:1");
	assert_int_equal(said->line, 12);
	assert_int_equal(said->column, 7);
	clean_line(&cleaner, STR("::error line=99999999999999999999,col=x,file::no"), &line);
	assert_true(said->present);
	assert_string_equal(said->file, "");
	assert_int_equal(said->line, 0);
	assert_int_equal(said->column, 0);
	clean_line(&cleaner, STR("plain"), &line);
	assert_false(said->present);
}

static void long_lines(void **state)
{
	static struct cleaner cleaner;
	static char raw[1 << 20];
	struct line line = {0};

	(void)state;
	memset(raw, 'x', sizeof(raw));
	clean_line(&cleaner, (struct str){ raw, sizeof(raw) }, &line);
	assert_int_equal(line.text.size, LINE_BYTES_MAX);
	memcpy(raw, STAMP, strlen(STAMP));
	clean_line(&cleaner, (struct str){ raw, sizeof(raw) }, &line);
	assert_int_equal(line.text.size, LINE_BYTES_MAX);
	assert_int_equal(line.text.at[0], 'x');
	memset(raw, 0x1b, sizeof(raw));
	clean_line(&cleaner, (struct str){ raw, sizeof(raw) }, &line);
	assert_int_equal(line.text.size, 0);
}

/* Every text of three characters out of those that matter: nothing that controls is left. */
static void no_controls(void **state)
{
	static const char alphabet[] = "\x1b[]()P\\\r\b\a\x7fmK0;A\t\xc3\xa9";
	const size_t n = sizeof(alphabet) - 1;
	char raw[5], scratch[5];

	(void)state;
	for (size_t code = 0; code < n * n * n * n * n; code++) {
		size_t rest = code;
		struct str out;

		for (size_t i = 0; i < 5; i++, rest /= n)
			raw[i] = alphabet[rest % n];
		out = terminal_text((struct str){ raw, 5 }, scratch);
		for (size_t i = 0; i < out.size; i++)
			if (((unsigned char)out.at[i] < 0x20 && out.at[i] != '\t') || out.at[i] == 0x7f)
				fail_msg("a control is left of %.5s", raw);
	}
}

/* Through the decoder in pieces of `step` bytes. */
static struct str decoded(struct arena *a, struct str bytes, size_t step)
{
	struct encoding encoding = {0};
	struct text out = TEXT(a);
	char piece[16];

	for (size_t at = 0; at < bytes.size; at += step) {
		struct str part = str_slice(bytes, at, step);
		const unsigned char *from = (const unsigned char *)part.at;
		size_t left = part.size;

		while (left && encoding.kind != ENCODING_BYTES)
			text_add(&out, (struct str){ piece, encoding_take(&encoding, &from, &left,
									  piece, sizeof(piece)) });
		text_add(&out, (struct str){ (const char *)from, left });
	}
	text_add(&out, (struct str){ piece, encoding_end(&encoding, piece) });
	return text_str(&out);
}

static const struct {
	struct str bytes;
	const char *text;
} encodings[] = {
	{ { "\xff\xfe" "a\0\xe9\0\n\0", 8 }, "a\xc3\xa9\n" },
	{ { "\xfe\xff" "\0a\0\xe9\0\n", 8 }, "a\xc3\xa9\n" },
	{ { "\xff\xfe" "\x3d\xd8\x00\xde" "!\0", 8 }, "\xf0\x9f\x98\x80!" },
	{ { "\xff\xfe" "\x3d\xd8!\0", 6 }, "\xef\xbf\xbd!" },		/* half a pair */
	{ { "\xff\xfe" "\x00\xde!\0", 6 }, "\xef\xbf\xbd!" },
	{ { "\xff\xfe" "\x3d\xd8", 4 }, "\xef\xbf\xbd" },
	{ { "\xff\xfe" "a\0b", 5 }, "a\xef\xbf\xbd" },
	{ { "\xff\xfe", 2 }, "" },
	{ { "\xff", 1 }, "\xff" },
	{ { "", 0 }, "" },
	{ { "x", 1 }, "x" },
	{ { "plain\n", 6 }, "plain\n" },
	{ { "\xef\xbb\xbf" "a", 4 }, "\xef\xbb\xbf" "a" },
	{ { "\xff\xfd" "a", 3 }, "\xff\xfd" "a" },
	{ { "\xff\xfe\xac\x20", 4 }, "\xe2\x82\xac" },
};

static void utf16(void **state)
{
	ARENA a = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
		for (size_t step = 1; step < 9; step++)
			assert_str(decoded(&a, encodings[i].bytes, step), encodings[i].text);
}

/* Every byte in every place of a stamp: only digits may stand for digits. */
static void stamps(void **state)
{
	static const char shape[] = "0000-00-00T00:00:00.0000000Z", good[] = "2024-05-01T12:34:56.1234567Z";

	(void)state;
	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		for (int byte = 1; byte < 256; byte++) {
			struct cleaner cleaner = {0};
			struct line line = {0};
			bool is_stamp = shape[i] == '0' ? byte >= '0' && byte <= '9' : byte == shape[i];
			char raw[] = STAMP "text";

			memcpy(raw, good, sizeof(good) - 1);
			raw[i] = (char)byte;
			clean_line(&cleaner, str_of(raw), &line);
			assert_int_equal(str_is(line.text, "text"), is_stamp);
		}
}

int main(void)
{
	const struct CMUnitTest list[] = {
		cmocka_unit_test(table), cmocka_unit_test(stamps),	cmocka_unit_test(nul_bytes),
		cmocka_unit_test(annotations),	cmocka_unit_test(long_lines),
		cmocka_unit_test(no_controls),	cmocka_unit_test(utf16),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
