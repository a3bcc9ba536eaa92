/* typing.h: the bytes of a keyboard as keys, and what is pasted kept apart. Pure.
 *
 * Sequences of named keys are curses' business (terminal.c); here are characters of the
 * locale's encoding, whole or in pieces, and the text between the marks of a paste. */
#ifndef HANDRAIL_TUI_TYPING_H
#define HANDRAIL_TUI_TYPING_H

#include "tui/widgets/keys.h"

/* More than this is no text that anyone pastes into a field; the rest is left out. */
#define TYPING_PASTE_BYTES_MAX 65536

/* The end of a paste may get lost with the line: what comes after so long is typed. */
#define TYPING_PASTE_SILENCE_US (2 * G_USEC_PER_SEC)

typedef struct Typing Typing;

Typing *typing_new (void);
void typing_free (Typing *typing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Typing, typing_free)

/* The key that is whole with this byte; PRESS_NONE: none yet, or it belongs to a paste. */
guint32 typing_take (Typing *typing, char byte, gint64 now_us);

void typing_begin_paste (Typing *typing, gint64 now_us);
gboolean typing_end_paste (Typing *typing); /* FALSE: none had begun */
gboolean typing_is_pasting (Typing *typing, gint64 now_us);

/* What was pasted last; valid UTF-8, until the next one begins. */
const char *typing_pasted (const Typing *typing);

#endif
