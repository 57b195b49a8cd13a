/*
 * What the readers of Dart's tools share: frames as the virtual machine prints them, frames as the
 * test runner does, and the names behind the messages of Dart's core errors.
 */
#ifndef CI_DART_H
#define CI_DART_H

#include "ci/trace.h"

/*
 * Appends the frame in the line, innermost first (trace_turn turns them): "#1      Cart.total
 * (package:shop/cart.dart:42:13)", or the short form of the test runner, "test/cart_test.dart 9:5
 * main.<fn>", without its indent. Frames of Dart itself and of what runs tests get no place; a
 * package's file is named as it lies in a repository: "shop/lib/cart.dart". False: it is none.
 */
bool dart_add_frame(struct failure *failure, struct str text);
bool dart_add_short_frame(struct failure *failure, struct str text);
bool dart_is_frame(struct str text);	/* of the long form */

/* Lines that stand among frames and are none: "<asynchronous suspension>" and the like. */
bool dart_between_frames(struct str text);

/* Type and message of "FormatException: x", "Bad state: x", ...; the type is empty when unknown. */
void dart_error(struct str text, struct str *type, struct str *message);

/* Type, message and kind of the failure, from its first line. */
void dart_set_error(struct failure *failure, struct str text);

#endif
