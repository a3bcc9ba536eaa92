/* frame.h: what goes to the terminal, a frame of curses in one piece.
 *
 * Curses writes a frame in a dozen pieces; each would be a packet of its own over SSH, and
 * seen by itself. Here they are collected, and written at once, without what the terminal
 * has already (pen.h). */
#ifndef HANDRAIL_TUI_FRAME_H
#define HANDRAIL_TUI_FRAME_H

#include <glib.h>
#include <stdio.h>

typedef struct Frame Frame;

/* `plain`: the terminal is not of xterm's kind (escapes.h), and gets curses' own bytes.
 * NULL with errno where there are no descriptors left. */
Frame *frame_new (gboolean plain);

/* Its descriptor is closed: after curses has done with it. */
void frame_free (Frame *frame);

/* What curses writes to; it is the terminal but between these two. */
FILE *frame_stream (const Frame *frame);
void frame_begin (Frame *frame);
void frame_end (Frame *frame);

/* The terminal is left as curses believes it to be: before others draw on it. */
void frame_settle (Frame *frame);

/* Others have drawn on it. */
void frame_forget (Frame *frame);

/* To the terminal itself, whole; nothing of curses is under way. */
void frame_say (const char *bytes, gsize length);

#endif
