#include "tui/widgets/keys.h"

#define SCROLLS (KEYS_LIST | KEYS_OUTPUT)
#define VIEWS (KEYS_CHOOSE | KEYS_PLAN | KEYS_STOPPED | KEYS_OUTPUT | KEYS_PEOPLE)

/* In the order of the help; hints stand in this order too. */
const KeyBinding key_bindings[] = {
  { ACTION_UP, { 'k', PRESS_UP, KEYS_CTRL ('P') }, SCROLLS, FALSE, NULL, "Up a line" },
  { ACTION_DOWN,
    { 'j', PRESS_DOWN, KEYS_CTRL ('N') },
    SCROLLS,
    FALSE,
    NULL,
    "Down a line" },
  { ACTION_PAGE_UP,
    { PRESS_PAGE_UP, KEYS_CTRL ('B'), KEYS_CTRL ('U') },
    SCROLLS,
    FALSE,
    NULL,
    "Up a page" },
  { ACTION_PAGE_DOWN,
    { PRESS_PAGE_DOWN, KEYS_CTRL ('F'), KEYS_CTRL ('D'), ' ' },
    SCROLLS,
    FALSE,
    NULL,
    "Down a page" },
  { ACTION_FIRST, { 'g', PRESS_HOME }, SCROLLS, FALSE, NULL, "To the beginning" },
  { ACTION_LAST, { 'G', PRESS_END }, SCROLLS, FALSE, NULL, "To the end" },

  { ACTION_RUN, { 'r' }, KEYS_PLAN, TRUE, "run", "Begin the run of this plan" },
  { ACTION_RUN,
    { 'r' },
    KEYS_STOPPED,
    TRUE,
    "go on",
    "Go on with this run: it looks at what is true now, and asks before it changes "
    "anything" },
  { ACTION_OPEN,
    { PRESS_ENTER, PRESS_RIGHT },
    KEYS_HOME,
    FALSE,
    "open",
    "Show more of what is selected, or begin that practice; it changes nothing real" },
  { ACTION_OPEN,
    { PRESS_ENTER, PRESS_RIGHT },
    KEYS_CHOOSE | KEYS_PLAN | KEYS_RUN | KEYS_TIMELINE,
    FALSE,
    "open",
    "Show more of what is selected; it never changes anything" },
  { ACTION_FILTER,
    { '/' },
    KEYS_HOME | KEYS_CHOOSE | KEYS_PLAN,
    FALSE,
    "filter",
    "Show only what has these words; Esc shows all again" },
  { ACTION_ANSWER,
    { 'a', PRESS_TAB },
    KEYS_RUN,
    TRUE,
    "answer",
    "Answer what is asked, by typing; so does Enter while a question stands" },
  { ACTION_NOTE, { 'n' }, KEYS_RUN, FALSE, "note", "Write a note into the journal" },
  { ACTION_SKIP,
    { 's' },
    KEYS_RUN,
    TRUE,
    "skip",
    "Skip the step, by typing the reason, which the journal keeps" },
  { ACTION_OUTPUT,
    { 'l' },
    KEYS_RUN,
    FALSE,
    "output",
    "The output of the step's commands" },
  { ACTION_LOGS,
    { 'L' },
    KEYS_RUN,
    FALSE,
    NULL,
    "The last lines that the step's service has logged" },
  { ACTION_TIMELINE, { 't' }, KEYS_RUN, FALSE, NULL, "The run so far, event by event" },
  { ACTION_PEOPLE,
    { 'w' },
    KEYS_RUN,
    FALSE,
    NULL,
    "Who else looks at this run, and who has the controls" },
  { ACTION_TAKE,
    { 'c' },
    KEYS_RUN | KEYS_PEOPLE,
    TRUE,
    "controls",
    "Take the controls, or give them away; asks first" },
  { ACTION_WAY_BACK,
    { 'u' },
    KEYS_RUN,
    FALSE,
    NULL,
    "The way back from here, with the points of no return" },
  { ACTION_COPY,
    { 'y' },
    KEYS_PLAN | KEYS_RUN | KEYS_OUTPUT,
    FALSE,
    NULL,
    "Copy the command that is shown to your own clipboard" },

  { ACTION_SEARCH, { '/' }, KEYS_OUTPUT, FALSE, "search", "Search for text" },
  { ACTION_SEARCH_NEXT,
    { 'n' },
    KEYS_OUTPUT,
    FALSE,
    "next",
    "To where it is found next" },
  { ACTION_SEARCH_BACK,
    { 'N' },
    KEYS_OUTPUT,
    FALSE,
    NULL,
    "To where it is found before" },
  { ACTION_FOLLOW, { 'f' }, KEYS_OUTPUT, FALSE, "follow", "Stay at the end as it grows" },
  { ACTION_CHOOSE,
    { 'o' },
    KEYS_OTHERS,
    FALSE,
    "others",
    "Choose another one to look at: a step's output, a service's log" },
  { ACTION_AGAIN,
    { 'r' },
    KEYS_LOGS,
    FALSE,
    "again",
    "Look again: runs the command that is shown once more" },
  { ACTION_FOLD,
    { 'z' },
    KEYS_TIMELINE,
    FALSE,
    "fold",
    "Fold all steps to a line each, or unfold them" },
  { ACTION_WIDER,
    { 'z' },
    KEYS_QUEUES,
    FALSE,
    "time",
    "The chart over all the time watched, or over the window" },

  { ACTION_HELP,
    { '?', PRESS_F1 },
    KEYS_EVERYWHERE,
    FALSE,
    "keys",
    "The keys, this list" },
  { ACTION_DETACH,
    { 'd' },
    KEYS_RUN,
    FALSE,
    "detach",
    "Leave the run as it is: it waits at its next question" },
  { ACTION_STOP,
    { 'q' },
    KEYS_RUN,
    TRUE,
    "stop",
    "Stop the run in order; asks first, and it can be resumed" },
  { ACTION_BACK,
    { PRESS_ESCAPE },
    KEYS_EVERYWHERE,
    FALSE,
    NULL,
    "Back; out of a field, so that letters are keys" },
  { ACTION_QUIT, { 'q' }, VIEWS, FALSE, "back", "Back to where you came from, or out" },
  { ACTION_QUIT, { 'q' }, KEYS_HOME, FALSE, "quit", "Leave; what runs goes on" },
  { ACTION_QUIT,
    { 'q', KEYS_CTRL ('C') },
    KEYS_QUEUES,
    FALSE,
    "quit",
    "Leave; the exit status is 0 if the queues are near zero" },
  { ACTION_REDRAW,
    { KEYS_CTRL ('L') },
    KEYS_EVERYWHERE,
    FALSE,
    NULL,
    "Draw the screen anew, when something else has written on it" },
  { ACTION_SUSPEND,
    { KEYS_CTRL ('Z') },
    KEYS_EVERYWHERE,
    FALSE,
    NULL,
    "Back to the shell; fg returns" },
  { 0 },
};

gboolean
keys_binding_holds (const KeyBinding *binding, guint where)
{
  return (binding->where & (where | KEYS_EVERYWHERE)) != 0;
}

KeyAction
keys_action (guint where, guint32 key)
{
  for (const KeyBinding *binding = key_bindings; binding->action; binding++)
    for (guint i = 0; keys_binding_holds (binding, where) && binding->keys[i]; i++)
      if (binding->keys[i] == key)
        return binding->action;
  return ACTION_NONE;
}

KeyAction
keys_action_typing (guint where, guint32 key)
{
  gboolean named = key > PRESS_NAMED;
  gboolean ours = key == KEYS_CTRL ('L') || key == KEYS_CTRL ('Z');
  return named || ours ? keys_action (where, key) : ACTION_NONE;
}

/* ---- names ------------------------------------------------------------------ */

static const char *const names[] = {
  [PRESS_UP - PRESS_NAMED] = "Up",
  [PRESS_DOWN - PRESS_NAMED] = "Down",
  [PRESS_LEFT - PRESS_NAMED] = "Left",
  [PRESS_RIGHT - PRESS_NAMED] = "Right",
  [PRESS_PAGE_UP - PRESS_NAMED] = "PgUp",
  [PRESS_PAGE_DOWN - PRESS_NAMED] = "PgDn",
  [PRESS_HOME - PRESS_NAMED] = "Home",
  [PRESS_END - PRESS_NAMED] = "End",
  [PRESS_ENTER - PRESS_NAMED] = "Enter",
  [PRESS_ESCAPE - PRESS_NAMED] = "Esc",
  [PRESS_TAB - PRESS_NAMED] = "Tab",
  [PRESS_BACK_TAB - PRESS_NAMED] = "Shift-Tab",
  [PRESS_BACKSPACE - PRESS_NAMED] = "Backspace",
  [PRESS_DELETE - PRESS_NAMED] = "Del",
  [PRESS_INSERT - PRESS_NAMED] = "Ins",
  [PRESS_F1 - PRESS_NAMED] = "F1",
  [PRESS_PASTE - PRESS_NAMED] = "a paste",
};

char *
keys_name (guint32 key)
{
  if (key > PRESS_NAMED && key - PRESS_NAMED < G_N_ELEMENTS (names))
    return g_strdup (names[key - PRESS_NAMED]);
  if (key < ' ')
    return g_strdup_printf ("^%c", (int)key + '@');
  if (key == ' ')
    return g_strdup ("Space");
  char text[7] = "";
  if (key < PRESS_NAMED && g_unichar_validate (key))
    g_unichar_to_utf8 (key, text);
  return g_strdup (text);
}

char *
keys_name_of (KeyAction action)
{
  for (const KeyBinding *binding = key_bindings; binding->action; binding++)
    if (binding->action == action)
      return keys_name (binding->keys[0]);
  return g_strdup ("");
}

char *
keys_names (const KeyBinding *binding)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; binding->keys[i]; i++) {
    g_autofree char *name = keys_name (binding->keys[i]);
    g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", name);
  }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
