/*
 * Stack frames of .NET programs as the runtimes and test runners print them.
 */
#ifndef CI_DOTNET_H
#define CI_DOTNET_H

#include "ci/trace.h"

/*
 * "   at Shop.Cart.Total(String name) in /src/Cart.cs:line 12", Mono's "at Shop.Cart.Total (System.String
 * name) [0x00008] in /src/Cart.cs:7", xUnit's "/src/Cart.cs(12,0): at Shop.Cart.Total()". The function is
 * without its arguments; the place is empty when the frame does not say it. False, and nothing touched,
 * for anything else: the frames of Java and JavaScript too.
 */
bool dotnet_frame(struct str text, struct str *function, struct place *place);

/*
 * The name a person gave the function: "Shop.Cart.<Later>d__3.MoveNext", "Shop.Cart+<Later>c__AnonStorey1
 * .<>m__0" and "Shop.Cart.<>c.<Later>b__0_1" are all Shop.Cart.Later, whatever the compiler numbers.
 */
void dotnet_function(struct kept *out, struct str function);

/* "c#", "f#" or "vb" by the file's ending; NULL for another. */
const char *dotnet_language(struct str file);

/* A frame of `failure`, innermost first; sets its language by the file. */
void dotnet_add_frame(struct failure *failure, const struct place *place, struct str function);

#endif
