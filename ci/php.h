/*
 * What the readers of PHP's tools share: types of exceptions, and what a message says about the
 * kind of a failure.
 */
#ifndef CI_PHP_H
#define CI_PHP_H

#include "ci/trace.h"

/* "Shop\CartError", "Error": may it be an exception's class? */
bool php_is_type(struct str text);

/* "... in /x/Cart.php:8" or "... in /x/Cart.php on line 8": cuts the place off the end. */
bool php_chop_place(struct str *text, struct place *place);

/* Type and message, and what they say about the kind, the weight and a rerun. */
void php_set_error(struct failure *failure, struct str type, struct str message,
		   unsigned long error_line);

#endif
