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
  PRESS_UP,
  PRESS_DOWN,
  PRESS_LEFT,
  PRESS_RIGHT,
  PRESS_PAGE_UP,
  PRESS_PAGE_DOWN,
  PRESS_HOME,
  PRESS_END,
  PRESS_ENTER,
  PRESS_ESCAPE,
  PRESS_TAB,
  PRESS_BACK_TAB,
  PRESS_BACKSPACE,
  PRESS_DELETE,
  PRESS_INSERT,
  PRESS_F1,
  PRESS_PASTE, /* text was pasted: not typed, and never an answer */
} KeyName;

/* What a key with Ctrl gives: KEYS_CTRL ('L'). */
#define KEYS_CTRL(letter) ((guint32)(letter)&0x1fu)

typedef struct {
  guint32 code;      /* a Unicode character, C0 ones for control keys, or a KeyName */
  const char *paste; /* PRESS_PASTE: what was pasted, until the next key; valid UTF-8 */
} Key;

/* Where a binding holds; a screen names its own. */
typedef enum {
  KEYS_EVERYWHERE = 1 << 0, /* holds in every screen, whether it names it or not */
  KEYS_LIST = 1 << 1,       /* anything that scrolls */
  KEYS_HOME = 1 << 2,
  KEYS_PLAN = 1 << 3,
  KEYS_RUN = 1 << 4,
  KEYS_OUTPUT = 1 << 5, /* a pane of text: output, log, help, time line */
  KEYS_QUEUES = 1 << 6,
  KEYS_LOGS = 1 << 7, /* with KEYS_OUTPUT: what a command prints that can be run again */
  KEYS_TIMELINE = 1 << 8, /* with KEYS_OUTPUT: rows that fold */
  KEYS_PEOPLE = 1 << 9,
  KEYS_OTHERS = 1 << 10, /* with KEYS_OUTPUT: there are others to choose from */
  KEYS_CHOOSE = 1 << 11, /* a list, opened from home, of which one is chosen */
  KEYS_STOPPED = 1 << 12, /* an unfinished run that nobody holds */
} KeysWhere;

typedef enum {
  ACTION_NONE,
  ACTION_UP,
  ACTION_DOWN,
  ACTION_PAGE_UP,
  ACTION_PAGE_DOWN,
  ACTION_FIRST,
  ACTION_LAST,
  ACTION_OPEN,
  ACTION_BACK,
  ACTION_HELP,
  ACTION_QUIT,
  ACTION_REDRAW,
  ACTION_SUSPEND,
  ACTION_FILTER,
  ACTION_SEARCH,
  ACTION_SEARCH_NEXT,
  ACTION_SEARCH_BACK,
  ACTION_ANSWER,
  ACTION_NOTE,
  ACTION_SKIP,
  ACTION_STOP,
  ACTION_OUTPUT,
  ACTION_LOGS,
  ACTION_TIMELINE,
  ACTION_PEOPLE,
  ACTION_TAKE,
  ACTION_WAY_BACK,
  ACTION_COPY,
  ACTION_DETACH,
  ACTION_RUN,
  ACTION_FOLLOW,
  ACTION_CHOOSE,
  ACTION_AGAIN,
  ACTION_FOLD,
  ACTION_WIDER,
  ACTIONS
} KeyAction;

#define KEYS_OF_ACTION 4

typedef struct {
  KeyAction action;
  guint32 keys[KEYS_OF_ACTION + 1]; /* ends with 0; the first one is shown in hints */
  guint where;                      /* KeysWhere, or'ed */
  gboolean changes; /* it begins something that changes more than the view */
  const char *hint; /* a word for the last line, or NULL: not shown there */
  const char *help; /* a sentence without a full stop */
} KeyBinding;

extern const KeyBinding key_bindings[]; /* ends with ACTION_NONE */

/* Whether a binding holds where `where` does. */
gboolean keys_binding_holds (const KeyBinding *binding, guint where);

/* What a key does where `where` holds; ACTION_NONE: nothing. */
KeyAction keys_action (guint where, guint32 key);

/* What it does while text is typed: keys that are text, or edit it, do nothing else. */
KeyAction keys_action_typing (guint where, guint32 key);

/* "n", "PgDn", "^L", "Enter", as hints and help write it. Newly allocated. */
char *keys_name (guint32 key);

/* The first key that does this, as hints write it; newly allocated. */
char *keys_name_of (KeyAction action);

/* All keys of a binding, "j, Down"; newly allocated. */
char *keys_names (const KeyBinding *binding);

#endif
