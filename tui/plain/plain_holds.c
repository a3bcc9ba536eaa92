#include "tui/plain/plain_holds.h"

#include <string.h>

struct PlainHolds {
  GHashTable
      *told;       /* lines (char *) of the step at hand, while nothing stopped holding */
  GPtrArray *kept; /* lines (char *) that the next question may say */
};

PlainHolds *
plain_holds_new (void)
{
  PlainHolds *holds = g_new0 (PlainHolds, 1);
  holds->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  holds->kept = g_ptr_array_new_with_free_func (g_free);
  return holds;
}

void
plain_holds_free (PlainHolds *holds)
{
  if (!holds)
    return;
  g_hash_table_unref (holds->told);
  g_ptr_array_unref (holds->kept);
  g_free (holds);
}

static gboolean
is_until (const Event *event)
{
  return strcmp (event_text (event, "section"), "until") == 0;
}

static gboolean
is_of (void *line, void *until, void *wanted)
{
  (void)line;
  return until == wanted;
}

/* FALSE: it was told. */
static gboolean
tell_once (PlainHolds *holds, const char *line, gboolean until)
{
  return g_hash_table_insert (holds->told, g_strdup (line), GINT_TO_POINTER (until));
}

/* What holds no more is news when it does again: what is required is what is watched, too. */
gboolean
plain_holds_take (PlainHolds *holds, const Event *event, const char *line)
{
  gboolean verdict = event->type == EVENT_VERDICT;
  gboolean held = verdict && strcmp (event_text (event, "verdict"), "holds") == 0;
  if (event->type == EVENT_STEP_BEGAN)
    g_hash_table_remove_all (holds->told);
  else if (verdict && !held)
    g_hash_table_foreach_remove (holds->told, is_of, GINT_TO_POINTER (is_until (event)));
  if (!held)
    return FALSE;
  if (strcmp (event_text (event, "section"), "require") == 0) {
    g_ptr_array_add (holds->kept, g_strdup (line));
    return TRUE;
  }
  return !tell_once (holds, line, is_until (event));
}

void
plain_holds_tell (PlainHolds *holds, const char *details, GString *out)
{
  for (guint i = 0; i < holds->kept->len; i++) {
    const char *line = g_ptr_array_index (holds->kept, i);
    if (tell_once (holds, line, FALSE) && !(details && strstr (details, line)))
      g_string_append (out, line);
  }
  g_ptr_array_set_size (holds->kept, 0);
}
