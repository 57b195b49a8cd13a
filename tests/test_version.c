/*
 * Versions and ranges: yes only when it is certain.
 */
#include "tests/unit.h"

#include "templates/lib_version.h"

static const struct {
	bool (*fits)(struct str version, struct str range);
	const char *version, *range;
	bool yes;
} rows[] = {
	{ version_fits_npm, "4.1.5", "^4.1.4", true },	{ version_fits_npm, "4.1.5", "^5.0.0", false },
	{ version_fits_npm, "0.2.5", "^0.2.3", true },	{ version_fits_npm, "0.3.0", "^0.2.3", false },
	{ version_fits_npm, "0.0.4", "^0.0.3", false }, { version_fits_npm, "1.2.9", "~1.2.3", true },
	{ version_fits_npm, "1.3.0", "~1.2.3", false }, { version_fits_npm, "1.9.0", "~1", true },
	{ version_fits_npm, "1.2.3", "1.2.x", true },	{ version_fits_npm, "1.3.3", "1.2.x", false },
	{ version_fits_npm, "1.2.3", "1", true },	{ version_fits_npm, "2.0.0", ">=1 <2", false },
	{ version_fits_npm, "1.5.0", ">= 1 < 2", true }, { version_fits_npm, "3.1.0", "^1 || ^3", true },
	{ version_fits_npm, "2.1.0", "^1 || ^3", false }, { version_fits_npm, "2.1.0", "*", true },
	{ version_fits_npm, "2.1.0", "", true },	{ version_fits_npm, "2.1.0", "latest", false },
	{ version_fits_npm, "2.1.0", "git+ssh://x", false }, { version_fits_npm, "2.1.0-rc.1", "^2", false },
	{ version_fits_npm, "2.1.0", "1 - 3", false },	{ version_fits_npm, "2.1.0", "^2.1.0-rc.1", false },
	{ version_fits_npm, "1.2.3", "<=1.2", false },	{ version_fits_npm, "", "^1", false },
	{ version_fits_python, "23.2.0", ">=23.1", true }, { version_fits_python, "23.2.0", ">=23.1,<23.2", false },
	{ version_fits_python, "23.2.0", "==23.*", true }, { version_fits_python, "23.2", "==23.2.0", true },
	{ version_fits_python, "23.2.0", "~=23.1", true }, { version_fits_python, "24.0", "~=23.1", false },
	{ version_fits_python, "1.4.9", "~=1.4.2", true }, { version_fits_python, "1.5", "~=1.4.2", false },
	{ version_fits_python, "1.5", "!=1.5", false },	{ version_fits_python, "1.5", "===1.5", false },
	{ version_fits_python, "1.5", "1.5", false },	{ version_fits_python, "1.5", "", true },
	{ version_fits_cargo, "1.0.11", "1", true },	{ version_fits_cargo, "1.0.11", "1.0", true },
	{ version_fits_cargo, "2.0.0", "1", false },	{ version_fits_cargo, "0.4.2", "0.4", true },
	{ version_fits_cargo, "0.5.0", "0.4", false },	{ version_fits_cargo, "1.5.0", ">=1, <2", true },
	{ version_fits_cargo, "1.5.0", "=1.4.0", false }, { version_fits_cargo, "1.5.0", "", false },
};

static void ranges(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].fits(str_of(rows[i].version), str_of(rows[i].range)) != rows[i].yes) {
			print_error("%s in \"%s\"\n", rows[i].version, rows[i].range);
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(ranges) };

	return cmocka_run_group_tests(list, NULL, NULL);
}
