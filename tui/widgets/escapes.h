/* escapes.h: what is said to a terminal beside curses: terminfo has no words for it. Pure.
 *
 * Only terminals of xterm's kind are told; others would show it. */
#ifndef HANDRAIL_TUI_ESCAPES_H
#define HANDRAIL_TUI_ESCAPES_H

#include <glib.h>

/* Bracketed paste on, and no reordering of right-to-left text by the terminal (ECMA-48,
 * BDSM: what is in a cell stays there); and back. */
#define ESCAPES_ENTER "\033[?2004h\033[8l"
#define ESCAPES_LEAVE "\033[?2004l\033[8h"

/* The window's title is put away, and taken back (XTWINOPS). */
#define ESCAPES_TITLE_PUSH "\033[22;2t"
#define ESCAPES_TITLE_POP "\033[23;2t"

/* What surrounds pasted text. */
#define ESCAPES_PASTE_BEGIN "\033[200~"
#define ESCAPES_PASTE_END "\033[201~"

/* Whether a terminal of that name (TERM, or NULL) is of xterm's kind. */
gboolean escapes_known (const char *term);

/* The entries of the terminal database, by `index` from 0, that will do for such a terminal
 * where its own is missing: Debian's ncurses-base has a few, ncurses-term the others. NULL:
 * no more. */
const char *escapes_stand_in (const char *term, guint index);

/* Sets the title; made printable and cut. Newly allocated. */
#define ESCAPES_TITLE_CHARACTERS_MAX 120
char *escapes_title (const char *title, gboolean ascii);

/* Puts text on the clipboard (OSC 52). Newly allocated. */
char *escapes_copy (const char *text);

/* A string of terminfo without its padding ("$<5>"), appended; NULL: nothing. */
void escapes_append (GString *out, const char *capability);

#endif
