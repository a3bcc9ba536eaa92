#include <unistd.h>

#include "tui/widgets/escapes.h"
#include "tui/widgets/terminal_parts.h"

/* Codes of our own for define_key(), above those of curses. */
enum { CODE_PASTE_BEGIN = KEY_MAX + 100, CODE_PASTE_END };

/* What some terminals send whatever TERM says that they do. */
static const struct {
  const char *bytes;
  int code;
} other_forms[] = {
  { "\033[A", KEY_UP },    { "\033[B", KEY_DOWN },  { "\033[C", KEY_RIGHT },
  { "\033[D", KEY_LEFT },  { "\033[H", KEY_HOME },  { "\033[F", KEY_END },
  { "\033OA", KEY_UP },    { "\033OB", KEY_DOWN },  { "\033OC", KEY_RIGHT },
  { "\033OD", KEY_LEFT },  { "\033OH", KEY_HOME },  { "\033OF", KEY_END },
  { "\033[1~", KEY_HOME }, { "\033[4~", KEY_END },  { "\033[7~", KEY_HOME },
  { "\033[8~", KEY_END },  { "\033OM", KEY_ENTER },
};

void
terminal_define_keys (Terminal *terminal)
{
  terminal->keys = newpad (1, 1);
  keypad (terminal->keys, TRUE);
  nodelay (terminal->keys, TRUE);
  define_key (ESCAPES_PASTE_BEGIN, CODE_PASTE_BEGIN);
  define_key (ESCAPES_PASTE_END, CODE_PASTE_END);
  for (gsize i = 0; i < G_N_ELEMENTS (other_forms); i++)
    if (key_defined (other_forms[i].bytes) <= 0)
      define_key (other_forms[i].bytes, other_forms[i].code);
}

/* ---- what they are here -------------------------------------------------------------- */

static const struct {
  int code;
  KeyName name;
} named_keys[] = {
  { KEY_UP, PRESS_UP },
  { KEY_DOWN, PRESS_DOWN },
  { KEY_LEFT, PRESS_LEFT },
  { KEY_RIGHT, PRESS_RIGHT },
  { KEY_PPAGE, PRESS_PAGE_UP },
  { KEY_NPAGE, PRESS_PAGE_DOWN },
  { KEY_HOME, PRESS_HOME },
  { KEY_END, PRESS_END },
  { KEY_ENTER, PRESS_ENTER },
  { KEY_BTAB, PRESS_BACK_TAB },
  { KEY_DC, PRESS_DELETE },
  { KEY_IC, PRESS_INSERT },
  { KEY_BACKSPACE, PRESS_BACKSPACE },
  { KEY_F (1), PRESS_F1 },
  { KEY_A1, PRESS_HOME },
  { KEY_A3, PRESS_PAGE_UP },
  { KEY_C1, PRESS_END },
  { KEY_C3, PRESS_PAGE_DOWN },
};

static guint32
name_of (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (named_keys); i++)
    if (named_keys[i].code == code)
      return named_keys[i].name;
  return PRESS_NONE;
}

/* What a code of curses is as a key; PRESS_NONE: nothing yet, or nothing to us. */
static guint32
take_code (Terminal *terminal, int code)
{
  gint64 now_us = g_get_monotonic_time ();
  if (code == CODE_PASTE_BEGIN) {
    typing_begin_paste (terminal->typing, now_us);
    return PRESS_NONE;
  }
  if (code == CODE_PASTE_END)
    return typing_end_paste (terminal->typing) ? PRESS_PASTE : PRESS_NONE;
  if (code < KEY_MIN)
    return typing_take (terminal->typing, (char)code, now_us);
  return typing_is_pasting (terminal->typing, now_us) ? PRESS_NONE : name_of (code);
}

/* After an Escape: swallows the rest of a key's sequence that nobody knows, or it would be
 * taken for what is typed. FALSE: it was the key Escape alone. */
static gboolean
swallow_sequence (Terminal *terminal)
{
  int code = wgetch (terminal->keys);
  if (code != '[' && code != 'O') {
    if (code != ERR)
      ungetch (code);
    return FALSE;
  }
  gboolean control = code == '[';
  do
    code = wgetch (terminal->keys);
  while (control && code != ERR && (code < '@' || code > '~'));
  if (control && code == '[') /* the Linux console's own: ESC [ [ A */
    wgetch (terminal->keys);
  return TRUE;
}

static gboolean
read_key (Terminal *terminal, Key *key)
{
  for (int code; (code = wgetch (terminal->keys)) != ERR;) {
    if (code == '\033' &&
        !typing_is_pasting (terminal->typing, g_get_monotonic_time ()) &&
        swallow_sequence (terminal))
      continue;
    guint32 press = take_code (terminal, code);
    if (press == PRESS_NONE)
      continue;
    *key = (Key){ press, press == PRESS_PASTE ? typing_pasted (terminal->typing) : NULL };
    return TRUE;
  }
  return FALSE;
}

/* Takes all keys that are there; what is pasted with marks says that there are some. */
static void
gather (Terminal *terminal)
{
  Key key;
  gboolean room = TRUE;
  while (room && !terminal->brackets && read_key (terminal, &key)) {
    terminal->brackets = key.code == PRESS_PASTE;
    room = burst_add (terminal->burst, &key);
  }
  burst_end (terminal->burst, g_get_monotonic_time ());
}

gboolean
terminal_key (Terminal *terminal, gboolean types, Key *key)
{
  if (burst_take (terminal->burst, key))
    return TRUE;
  if (!types || terminal->brackets)
    return read_key (terminal, key);
  gather (terminal);
  return burst_take (terminal->burst, key);
}

void
terminal_forget_keys (Terminal *terminal)
{
  Key key;
  while (terminal_key (terminal, FALSE, &key))
    continue;
}

int
terminal_descriptor (const Terminal *terminal)
{
  (void)terminal;
  return STDIN_FILENO;
}
