/*
 * A few ranges of characters that hide things, wider than bot/base/utf8 has them: what a file system
 * drops or changes in a name counts too. No normalisation: folding knows only the letters of ".git".
 */
#include "git/character.h"

#include "bot/base/utf8.h"

struct range {
	uint32_t first, last;
};

/*
 * Default-ignorable characters, line separators, interlinear marks, tags. HFS+ drops some in names.
 */
static const struct range hidden[] = {
	{ 0x00ad, 0x00ad }, { 0x034f, 0x034f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f }, { 0x3164, 0x3164 }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe0f },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

static const struct range blanks[] = {
	{ 0x20, 0x20 }, { 0xa0, 0xa0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200a },
	{ 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },
};

/* Compatibility forms; the thirteen mathematical alphabets are a formula in character_fold. */
static const struct {
	uint32_t code;
	char letter;
} forms[] = {
	{ 0x2024, '.' }, { 0xfe52, '.' }, { 0xff0e, '.' }, { 0x3002, '.' }, { 0xff61, '.' },
	{ 0xff27, 'g' }, { 0xff47, 'g' }, { 0x24bc, 'g' }, { 0x24d6, 'g' }, { 0x210a, 'g' },
	{ 0x1d33, 'g' }, { 0x1d4d, 'g' }, { 0x1f136, 'g' },
	{ 0xff29, 'i' }, { 0xff49, 'i' }, { 0x24be, 'i' }, { 0x24d8, 'i' }, { 0x2110, 'i' },
	{ 0x2111, 'i' }, { 0x2139, 'i' }, { 0x2148, 'i' }, { 0x2160, 'i' }, { 0x2170, 'i' },
	{ 0x2071, 'i' }, { 0x1d35, 'i' }, { 0x1d62, 'i' }, { 0x0130, 'i' }, { 0x0131, 'i' },
	{ 0x1d6a4, 'i' }, { 0x1f138, 'i' },
	{ 0xff34, 't' }, { 0xff54, 't' }, { 0x24c9, 't' }, { 0x24e3, 't' }, { 0x1d40, 't' },
	{ 0x1d57, 't' }, { 0x209c, 't' }, { 0x1f143, 't' },
};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

bool character_next(struct str *rest, uint32_t *code)
{
	size_t size = utf8_first(*rest, code);

	*rest = str_from(*rest, size);
	return size > 0;
}

bool character_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool character_is_hidden(uint32_t code)
{
	return code >= 0xad && (in_ranges(hidden, sizeof(hidden) / sizeof(hidden[0]), code) ||
				(code & 0xfffe) == 0xfffe);
}

bool character_is_blank(uint32_t code)
{
	return in_ranges(blanks, sizeof(blanks) / sizeof(blanks[0]), code);
}

uint32_t character_fold(uint32_t code)
{
	if (code >= 'A' && code <= 'Z')
		return code + 32;
	if (code < 0x80)
		return code;
	if (code >= 0x1d400 && code < 0x1d400 + 13 * 52)
		return 'a' + (code - 0x1d400) % 26;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].code == code)
			return (uint32_t)forms[i].letter;
	return code;
}
