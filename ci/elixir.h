/*
 * What the readers of Elixir's tools share: frames and exceptions.
 */
#ifndef CI_ELIXIR_H
#define CI_ELIXIR_H

#include "ci/trace.h"

/*
 * Appends "(shop 0.1.0) lib/shop.ex:2: Shop.mean/1", without its indent, innermost first
 * (trace_turn turns them). What is of Elixir or Erlang themselves gets no place. False: it is none.
 */
bool elixir_add_frame(struct failure *failure, struct str text);

/* "** (ArgumentError) cannot load x", without its indent: type and message. */
bool elixir_error(struct str text, struct str *type, struct str *message);

/* Type and message, what they say about the kind, and the place that stands before the message. */
void elixir_set_error(struct failure *failure, struct str type, struct str message,
		      unsigned long error_line);

#endif
