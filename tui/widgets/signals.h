/* signals.h: the signals of a terminal, as bytes that can be read in a loop. */
#ifndef HANDRAIL_TUI_SIGNALS_H
#define HANDRAIL_TUI_SIGNALS_H

#include <glib.h>

/* Catches SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGINT and SIGTERM, and ignores SIGPIPE. To
 * be called before curses, which would take them otherwise. Returns a descriptor that has
 * input when one has come, or -1. One user at a time. */
int signals_open (void);

/* The number of the next one, or 0. */
int signals_next (int descriptor);

/* What they did before is done again. */
void signals_close (int descriptor);

#endif
