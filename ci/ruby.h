/*
 * What the readers of Ruby's tools share: frames, and types of exceptions.
 */
#ifndef CI_RUBY_H
#define CI_RUBY_H

#include "ci/trace.h"

/*
 * Takes "lib/cart.rb:5:in `total'" (or, since Ruby 3.4, "in 'Cart#total'") off the head of *rest,
 * which then starts right behind it. The place is empty for what lies in a gem or in Ruby itself
 * ("actionpack (5.1.4) lib/x.rb:63:in `call'", "<internal:kernel>"); the function is without
 * "block in" and "rescue in". False, and nothing touched, when there is none.
 */
bool ruby_take_frame(struct str *rest, struct place *place, struct str *function);

/* Appends a frame, innermost first; of several at one place only the outermost keeps it. */
void ruby_add_frame(struct failure *failure, const struct place *place, struct str function);

/* A line that is a frame and nothing else, indented or not. */
bool ruby_is_bare_frame(struct str text);
/* Appends it, innermost first (trace_turn turns them). False: it is none. */
bool ruby_add_bare_frame(struct failure *failure, struct str text);

/* "CartError", "Shop::CartError", "#<Class:0x00007faa>": may it be an exception's type? */
bool ruby_is_type(struct str text);

/* Type and message, and what they say about the kind and the weight. */
void ruby_set_error(struct failure *failure, struct str type, struct str message,
		    unsigned long error_line);

#endif
