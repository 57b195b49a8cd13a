/* Decodes one character at a time. Does not normalise, does not know letters from signs. */
#include "bot/base/utf8.h"

size_t utf8_first(struct str s, uint32_t *character)
{
	const unsigned char *at = (const unsigned char *)s.at;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t value;
	size_t size;

	if (!s.size)
		return 0;
	if (at[0] < 0x80) {
		*character = at[0];
		return 1;
	}
	size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
	if (at[0] < 0xc2 || at[0] > 0xf4 || size > s.size)
		return 0;
	value = at[0] & (0x7fU >> size);
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*character = value;
	return size;
}

bool utf8_valid(struct str s)
{
	while (s.size) {
		uint32_t character;
		size_t size = utf8_first(s, &character);

		if (!size)
			return false;
		s = str_from(s, size);
	}
	return true;
}

bool utf8_is_hidden(uint32_t character)
{
	static const struct { uint32_t first, last; } hidden[] = {
		{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0xad, 0xad }, { 0x61c, 0x61c }, { 0x180e, 0x180e },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (character >= hidden[i].first && character <= hidden[i].last)
			return true;
	return false;
}
