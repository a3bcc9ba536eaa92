/* input.h: a line that is typed: UTF-8, bounded, edited as in a shell. Pure. */
#ifndef HANDRAIL_TUI_INPUT_H
#define HANDRAIL_TUI_INPUT_H

#include "tui/widgets/canvas.h"
#include "tui/widgets/keys.h"

typedef struct Input Input;

/* `bytes_max`: what it holds at most. */
Input *input_new (gsize bytes_max);
void input_free (Input *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Input, input_free)

const char *input_text (const Input *input);
void input_set_text (Input *input, const char *text); /* the cursor at its end */

/* Marks the text: a character that is typed next replaces it; any other key takes the mark
 * away. */
void input_mark (Input *input);

typedef enum {
  INPUT_IGNORED, /* no key of a field: Enter, Escape, Tab, Up, Down… */
  INPUT_MOVED,   /* the cursor, or nothing */
  INPUT_CHANGED,
  INPUT_FULL,   /* does not fit any more; input_refusal() says so */
  INPUT_PASTED, /* pasted text is not taken; likewise */
} InputResult;

/* Left, Right, Home, End, ^A, ^E move; Backspace, Del, ^W, ^U, ^K delete. */
InputResult input_key (Input *input, const Key *key);

/* A sentence for the operator, or NULL: for app_say(). */
const char *input_refusal (InputResult result);

/* Draws `width` columns of it from x, y on, those around the cursor, and puts the terminal's
 * cursor there. */
void input_draw (Input *input, Canvas *canvas, Area area, int x, int y, int width,
                 Role role);

#endif
