/*
 * Fills a caller's error. Cuts long texts at a whole UTF-8 character and keeps the cause, which is
 * at the end, when the way to it gets too long. Does not log.
 */
#include "bot/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void cut_to_character(char *text, size_t size)
{
	size_t n = strnlen(text, size - 1);

	if (n < size - 1)
		return;
	while (n > 0 && ((unsigned char)text[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0 && ((unsigned char)text[n - 1] & 0x80))
		n--;
	text[n] = '\0';
}

bool fail(struct err *e, enum err_kind kind, const char *format, ...)
{
	va_list args;

	e->kind = kind;
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
	cut_to_character(e->text, sizeof(e->text));
	return false;
}

bool fail_while(struct err *e, const char *format, ...)
{
	char cause[sizeof(e->text)], way[160];
	va_list args;

	memcpy(cause, e->text, sizeof(cause));
	va_start(args, format);
	vsnprintf(way, sizeof(way), format, args);
	va_end(args);
	snprintf(e->text, sizeof(e->text), "%s: %.*s", way,
		 (int)(sizeof(e->text) - 3 - strlen(way)), cause);
	cut_to_character(e->text, sizeof(e->text));
	if (e->kind == ERR_NONE)
		e->kind = ERR_BUG;
	return false;
}

enum err_kind err_kind_of_errno(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
		return ERR_GONE;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_DENIED;
	case EAGAIN:
	case EINTR:
	case ETIMEDOUT:
	case EBUSY:
		return ERR_LATER;
	default:
		return ERR_BUG;
	}
}
