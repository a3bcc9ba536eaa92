/* keys.h: which key does what, said once: bindings, hints and help are made from it. Pure.
 *
 * A key never calls code: it becomes an action, which the screen in front takes or
 * not. What changes something has no key beside a harmless one; the answers to questions
 * are typed words (run/question.h) and not keys. */
#ifndef HANDRAIL_TUI_KEYS_H
#define HANDRAIL_TUI_KEYS_H

#include <glib.h>

/* What the terminal gave: a character, or one of the named keys above all characters. */
typedef enum {
  PRESS_NONE = 0,
  PRESS_NAMED = 0x200000,
  PRESS_UP, PRESS_DOWN, PRESS_LEFT, PRESS_RIGHT, PRESS_PAGE_UP, PRESS_PAGE_DOWN, PRESS_HOME, PRESS_END,
  PRESS_ENTER, PRESS_ESCAPE, PRESS_TAB, PRESS_BACK_TAB, PRESS_BACKSPACE, PRESS_DELETE, PRESS_INSERT,
  PRESS_F1,
  PRESS_RESIZE,  /* the terminal has another size */
  PRESS_PASTE,   /* text was pasted: not typed, and never an answer */
} KeyName;

typedef struct {
  guint32 code;      /* a Unicode character, C0 ones for control keys, or a KeyName */
  const char *paste; /* PRESS_PASTE: what was pasted, until the next key */
} Key;

/* Where a binding holds; a screen names its own. */
typedef enum {
  KEYS_EVERYWHERE = 1 << 0,
  KEYS_LIST = 1 << 1,   /* anything that scrolls */
  KEYS_HOME = 1 << 2,
  KEYS_PLAN = 1 << 3,
  KEYS_RUN = 1 << 4,
  KEYS_OUTPUT = 1 << 5, /* a pane of text: output, log, help, time line */
  KEYS_QUEUES = 1 << 6,
} KeysWhere;

typedef enum {
  ACTION_NONE,
  ACTION_UP, ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_FIRST, ACTION_LAST,
  ACTION_OPEN, ACTION_BACK, ACTION_HELP, ACTION_QUIT, ACTION_REDRAW, ACTION_SUSPEND,
  ACTION_FILTER, ACTION_SEARCH, ACTION_SEARCH_NEXT, ACTION_SEARCH_BACK,
  ACTION_ANSWER, ACTION_NOTE, ACTION_SKIP, ACTION_STOP, ACTION_OUTPUT, ACTION_LOGS,
  ACTION_TIMELINE, ACTION_PEOPLE, ACTION_TAKE, ACTION_WAY_BACK, ACTION_COPY,
  ACTION_DETACH, ACTION_RUN, ACTION_FOLLOW, ACTION_WIDER,
  ACTIONS
} KeyAction;

typedef struct {
  KeyAction action;
  guint32 keys[4];   /* ends with 0 */
  guint where;       /* KeysWhere, or'ed */
  const char *hint;  /* a word for the last line, or NULL: not shown there */
  const char *help;  /* a sentence without a full stop */
} KeyBinding;

extern const KeyBinding key_bindings[]; /* ends with ACTION_NONE */

/* What a key does where `where` holds; ACTION_NONE: nothing. */
KeyAction keys_action (guint where, guint32 key);

/* "n", "PgDn", "^L", "Enter", as hints and help write it. Newly allocated. */
char *keys_name (guint32 key);

#endif
