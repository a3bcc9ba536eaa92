/* plain_io.h: the loop around the plain front end: standard input and output, the
 * terminal's signals, and the connection to the run. */
#ifndef HANDRAIL_TUI_PLAIN_IO_H
#define HANDRAIL_TUI_PLAIN_IO_H

#include <glib.h>

/* Takes part in the run in `folder` until it is over or left; returns the exit status.
 * `brief`: what happened before is told briefly. -1 with `error` if nobody answers. */
int plain_io_run (const char *folder, gboolean brief, GError **error);

/* Whether the locale's characters are UTF-8. */
gboolean plain_io_utf8 (void);

/* One question outside of a run, as one line: prints "? SUBJECT: TEXT [TAKES]" and
 * reads the line that answers it. NULL at the end of the input. Typed ahead on a
 * terminal does not count. Newly allocated, without white space around. */
char *plain_io_ask (const char *subject, const char *text, const char *takes);

#endif
