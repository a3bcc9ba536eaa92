/* restore.h: gives the terminal back when the program ends without doing so: on a crash, on
 * any other signal that ends it and is not caught (SIGQUIT), and when something calls
 * exit(). */
#ifndef HANDRAIL_TUI_RESTORE_H
#define HANDRAIL_TUI_RESTORE_H

#include <glib.h>
#include <termios.h>

/* From now on: what is to be written to standard output, and the modes of standard input.
 * Both are copied; more than RESTORE_BYTES_MAX bytes are not kept. */
#define RESTORE_BYTES_MAX 512
void restore_arm (const char *bytes, gsize length, const struct termios *modes);
/* The terminal has been given back in order. */
void restore_disarm (void);

#endif
