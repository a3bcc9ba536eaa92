#include "tui/story.h"

#include "core/store/store.h"
#include "tui/lines.h"

typedef struct {
  RunState *state;
  GString *out;
  gint64 day; /* of the last event, local: a line says when it is another */
} Story;

/* "= 2026-11-23", and the time of day before each event that tells something. */
static void
add_times (Story *story, const Event *event, const char *lines)
{
  g_autoptr (GDateTime) at =
      g_date_time_new_from_unix_local (event->at.wall_us / G_USEC_PER_SEC);
  if (!at || !*lines)
    return;
  gint64 day = g_date_time_get_year (at) * 1000 + g_date_time_get_day_of_year (at);
  g_autofree char *date = g_date_time_format (at, "%A, %Y-%m-%d");
  g_autofree char *time = g_date_time_format (at, "%H:%M:%S");
  if (day != story->day)
    g_string_append_printf (story->out, "%s%s\n", story->day ? "\n" : "", date);
  story->day = day;
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);
  for (guint i = 0; each[i] && *each[i]; i++)
    g_string_append_printf (story->out, "%8s  %s\n", i == 0 ? time : "", each[i]);
}

static gboolean
tell_event (const Event *event, void *data, GError **error)
{
  Story *story = data;
  g_autoptr (GString) lines = g_string_new (NULL);
  if (!state_apply (story->state, event, error))
    return FALSE;
  const LinesContext context = { .state = story->state, .echoed = TRUE };
  lines_event (lines, &context, event);
  add_times (story, event, lines->str);
  return TRUE;
}

char *
story_tell (const char *folder)
{
  g_autoptr (RunState) state = state_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (folder, STORE_JOURNAL, NULL);
  g_autofree char *bytes = NULL;
  Story story = { .state = state, .out = g_string_new (NULL) };
  JournalChain chain = JOURNAL_CHAIN_INIT;
  gsize length = 0, torn_at = 0;
  if (g_file_get_contents (file, &bytes, &length, &error))
    journal_read_all (bytes, length, &chain, tell_event, &story, &torn_at, &error);
  if (error)
    g_string_append_printf (story.out, "\n! %s\n  The folder is %s\n", error->message,
                            folder);
  return g_string_free (story.out, FALSE);
}
