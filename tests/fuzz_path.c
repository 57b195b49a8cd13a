/* Whatever path_check lets through must hold its promises; globs must end. */
#include "git/path.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_promises(struct str path)
{
	struct str rest = path, name;
	size_t components = 0;

	must(path.size > 0 && path.size <= 512 && path.at[0] != '/');
	must(!memchr(path.at, '\\', path.size) && !memchr(path.at, ':', path.size));
	for (size_t i = 0; i < path.size; i++)
		must((unsigned char)path.at[i] >= 0x20 && path.at[i] != 0x7f);
	while (str_next(&rest, '/', &name)) {
		must(name.size > 0 && name.size <= 255 && ++components <= 32);
		must(!str_is(name, ".") && !str_is(name, ".."));
		must(!str_equal_nocase(name, STR(".git")) &&
		     !str_equal_nocase(name, STR("git~1")));
		must(name.at[name.size - 1] != '.' && name.at[name.size - 1] != ' ');
	}
	must(path_name(path).size > 0);
	must(path_folder(path).size < path.size);
	must(path_ending(path).size < path.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str path = { (const char *)data, size };
	struct str pattern, text;
	struct err e = ERR_INIT;

	if (path_check(path, &e))
		check_promises(path);
	else
		must(e.kind == ERR_INPUT && e.text[0]);
	if (size < 2048 && str_split(path, "\n", &pattern, &text)) {
		ARENA a = {0};

		path_matches(str_text(&a, pattern), text);
		must(path_matches("**", text));
	}
	return 0;
}
