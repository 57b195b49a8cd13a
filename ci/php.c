/*
 * PHP's exceptions and messages. Knows no tool's report.
 */
#include "ci/php.h"

bool php_is_type(struct str text)
{
	bool upper = false;

	str_skip(&text, "\\");
	(void)str_split(text, "@anonymous", &text, NULL);
	if (!text.size || text.size > 200)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		char c = text.at[i];

		upper = upper || (c >= 'A' && c <= 'Z');
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_' && c != '\\' &&
		    !(c >= '0' && c <= '9' && i))
			return false;
	}
	return upper && text.at[text.size - 1] != '\\';
}

bool php_chop_place(struct str *text, struct place *place)
{
	struct str before, where, number;
	struct place found = {0};

	if (!str_split_last(str_trim_right(*text), " in ", &before, &where))
		return false;
	if (str_split_last(where, " on line ", &found.file, &number)) {
		if (!str_number(number, &found.line))
			return false;
	} else if (!place_take(&where, &found) || where.size) {
		return false;
	}
	*text = before;
	*place = found;
	return true;
}

static const struct {
	const char *part;		/* of the type or the message */
	enum kind kind;
	unsigned weight;
	bool transient;
} tells[] = {
	{ "Allowed memory size of ", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "Out of memory", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "No space left on device", KIND_RESOURCE, WEIGHT_CERTAIN, false },
	{ "Maximum execution time of ", KIND_TIMEOUT, 0, false },
	{ "vendor/autoload.php", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "Composer detected issues in your platform", KIND_DEPENDENCY, WEIGHT_CERTAIN, false },
	{ "getaddrinfo failed", KIND_INFRA, 0, true },
	{ "getaddrinfo for ", KIND_INFRA, 0, true },
	{ "file could not be downloaded", KIND_INFRA, 0, true },
	{ "Connection timed out", KIND_INFRA, 0, true },
	{ "does not contain valid JSON", KIND_CONFIG, 0, false },
	{ "Permission denied", KIND_PERMISSION, 0, false },
};

void php_set_error(struct failure *failure, struct str type, struct str message,
		   unsigned long error_line)
{
	failure->type = findings_text(failure, type);
	failure->message = findings_text(failure, str_trim(message));
	failure->error_line = error_line;
	if (failure->last_line < error_line)
		failure->last_line = error_line;
	if (place_ends(type, "AssertionFailedError ExpectationFailedException AssertionError") ||
	    str_starts(message, "Failed asserting that "))
		failure->kind = KIND_ASSERTION;
	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++) {
		if (!str_has(message, tells[i].part))
			continue;
		failure->kind = tells[i].kind;
		failure->transient = tells[i].transient;
		if (failure->weight >= WEIGHT_DIAGNOSTIC && failure->weight < tells[i].weight)
			failure->weight = tells[i].weight;
		break;
	}
}
