/* Every example of every template; the runner is the program's own. */
#include "tests/unit.h"

#include "bot/selftest.h"
#include "templates/template.h"

static void examples(void **state)
{
	struct selftest result = selftest_templates(templates, template_count, stderr);

	(void)state;
	print_message("%u examples of %zu templates checked\n", result.checked, template_count);
	assert_int_equal(result.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest list[] = { cmocka_unit_test(examples) };

	return cmocka_run_group_tests(list, NULL, NULL);
}
