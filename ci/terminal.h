/*
 * What a terminal would show of a line.
 */
#ifndef CI_TERMINAL_H
#define CI_TERMINAL_H

#include "bot/base/str.h"

/*
 * The line without escape sequences (CSI, OSC, DCS, ...), with carriage returns and backspaces
 * carried out (the last overwrite wins whole), other control characters but the tab taken out. Gives
 * a part of the line itself where nothing inside goes; else writes to scratch, which holds line.size
 * bytes.
 */
struct str terminal_text(struct str line, char *scratch);

#endif
