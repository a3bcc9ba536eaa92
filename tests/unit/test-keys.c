/* The table of keys: no two bindings of one place collide, and no slip of the finger
 * changes anything. */
#include <string.h>

#include "tui/widgets/keys.h"

static const guint places[] = {
  KEYS_HOME | KEYS_LIST,    KEYS_PLAN | KEYS_LIST,   KEYS_RUN | KEYS_LIST,
  KEYS_OUTPUT | KEYS_LIST,  KEYS_QUEUES | KEYS_LIST, KEYS_CHOOSE | KEYS_LIST,
  KEYS_STOPPED | KEYS_LIST,
};

/* The binding of a key in a place, or NULL; fails when there are two. */
static const KeyBinding *
binding_of (guint where, guint32 key)
{
  const KeyBinding *found = NULL;
  for (const KeyBinding *binding = key_bindings; binding->action; binding++)
    for (guint i = 0; keys_binding_holds (binding, where) && binding->keys[i]; i++) {
      if (binding->keys[i] != key)
        continue;
      if (found)
        g_error ("one key is for \"%s\" and for \"%s\"", found->help, binding->help);
      found = binding;
    }
  return found;
}

static void
test_nothing_collides (void)
{
  for (gsize place = 0; place < G_N_ELEMENTS (places); place++)
    for (const KeyBinding *binding = key_bindings; binding->action; binding++)
      for (guint i = 0; keys_binding_holds (binding, places[place]) && binding->keys[i];
           i++) {
        const KeyBinding *found = binding_of (places[place], binding->keys[i]);
        g_assert_true (found == binding);
        g_assert_cmpint (keys_action (places[place], binding->keys[i]), ==,
                         binding->action);
      }
}

/* The same letter in the other case, or with Ctrl, must not do something that changes
 * nothing when the key itself changes something, nor the other way round. */
static void
test_no_neighbours (void)
{
  for (gsize place = 0; place < G_N_ELEMENTS (places); place++)
    for (const KeyBinding *binding = key_bindings; binding->action; binding++)
      for (guint i = 0; keys_binding_holds (binding, places[place]) && binding->keys[i];
           i++) {
        guint32 key = binding->keys[i];
        if (!binding->changes || key >= 0x80 || !g_ascii_isalpha (key))
          continue;
        guint32 other = g_ascii_islower (key) ? (guint32)g_ascii_toupper ((char)key)
                                              : (guint32)g_ascii_tolower ((char)key);
        const KeyBinding *beside = binding_of (places[place], other);
        if (beside)
          g_error ("\"%s\" is beside \"%s\"", binding->help, beside->help);
      }
}

/* Enter shows more, and Escape less; neither ever changes anything. */
static void
test_enter_is_harmless (void)
{
  for (gsize place = 0; place < G_N_ELEMENTS (places); place++) {
    const KeyBinding *enter = binding_of (places[place], PRESS_ENTER);
    const KeyBinding *escape = binding_of (places[place], PRESS_ESCAPE);
    g_assert_true (!enter || !enter->changes);
    g_assert_false (escape->changes);
    g_assert_null (binding_of (places[place], PRESS_PASTE));
  }
}

static void
test_every_action_is_bound (void)
{
  gboolean bound[ACTIONS] = { FALSE };
  for (const KeyBinding *binding = key_bindings; binding->action; binding++) {
    bound[binding->action] = TRUE;
    g_assert_cmpuint (binding->keys[0], !=, 0);
    g_assert_cmpuint (binding->keys[KEYS_OF_ACTION], ==, 0);
    g_assert_false (g_str_has_suffix (binding->help, "."));
  }
  for (int action = ACTION_NONE + 1; action < ACTIONS; action++)
    g_assert_true (bound[action]);
}

static void
test_typing (void)
{
  g_assert_cmpint (keys_action_typing (KEYS_RUN, 's'), ==, ACTION_NONE);
  g_assert_cmpint (keys_action_typing (KEYS_RUN, 'q'), ==, ACTION_NONE);
  g_assert_cmpint (keys_action_typing (KEYS_RUN, '?'), ==, ACTION_NONE);
  g_assert_cmpint (keys_action_typing (KEYS_OUTPUT, KEYS_CTRL ('U')), ==, ACTION_NONE);
  g_assert_cmpint (keys_action_typing (KEYS_RUN, PRESS_ESCAPE), ==, ACTION_BACK);
  g_assert_cmpint (keys_action_typing (KEYS_RUN, KEYS_CTRL ('L')), ==, ACTION_REDRAW);
}

static void
test_names (void)
{
  static const struct {
    guint32 key;
    const char *name;
  } names[] = { { 'n', "n" },
                { ' ', "Space" },
                { PRESS_PAGE_DOWN, "PgDn" },
                { KEYS_CTRL ('L'), "^L" },
                { PRESS_ENTER, "Enter" },
                { PRESS_F1, "F1" },
                { 0xe9, "é" } };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = keys_name (names[i].key);
    g_assert_cmpstr (name, ==, names[i].name);
  }
  for (const KeyBinding *binding = key_bindings; binding->action; binding++) {
    g_autofree char *all = keys_names (binding);
    g_assert_cmpstr (all, !=, "");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/nothing-collides", test_nothing_collides);
  g_test_add_func ("/keys/no-neighbours", test_no_neighbours);
  g_test_add_func ("/keys/enter-is-harmless", test_enter_is_harmless);
  g_test_add_func ("/keys/every-action-is-bound", test_every_action_is_bound);
  g_test_add_func ("/keys/typing", test_typing);
  g_test_add_func ("/keys/names", test_names);
  return g_test_run ();
}
