#include "tui/practice/practice_world.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/store/private_line.h"
#include "tui/start.h"

#define CONTROL "control"

/* How long an answer is waited for: it has little to do. */
#define ANSWER_MS 2000

/* ---- starting -------------------------------------------------------------------- */

static GStrv
arguments_of (const PracticeWorldOrder *order)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  g_autofree char *speed = g_strdup_printf ("%" G_GINT64_FORMAT, order->speed);
  g_autofree char *seed = g_strdup_printf ("%" G_GINT64_FORMAT, order->seed);
  g_autofree char *viewer = g_strdup_printf ("%d", (int)getpid ());
  g_strv_builder_add_many (arguments, "serve", "--folder", order->folder, "--scenario",
                           order->scenario, "--speed", speed, "--seed", seed,
                           "--viewer-pid", viewer, NULL);
  for (guint i = 0; order->places[i]; i++)
    g_strv_builder_add_many (arguments, "--scenarios", order->places[i], NULL);
  return g_strv_builder_end (arguments);
}

gboolean
practice_world_start (const PracticeWorldOrder *order, GError **error)
{
  g_auto (GStrv) arguments = arguments_of (order);
  g_autofree char *line =
      start_program (START_PRACTICE, (const char *const *)arguments, error);
  if (!line)
    return FALSE;
  json_auto_t *said = json_loads (line, JSON_REJECT_DUPLICATES, NULL);
  const char *refused = json_string_value (json_object_get (said, "refused"));
  if (!refused && json_object_get (said, "site"))
    return TRUE;
  g_set_error (error, START_ERROR, START_ERROR_RUNNER, "%s",
               refused ? refused
                       : START_PRACTICE
                   " ended without saying what happened; look for its "
                   "messages above, and install it and handrail in the same "
                   "version");
  return FALSE;
}

/* ---- speaking to it --------------------------------------------------------------- */

gboolean
practice_world_is_alive (const char *folder)
{
  int line = folder ? private_line_open (folder, CONTROL, NULL) : -1;
  if (line >= 0)
    close (line);
  return line >= 0;
}

/* Says one thing, a JSON object that it takes over, and waits for the end of the answer. */
static void
say (const char *folder, json_t *message)
{
  char *text = json_dumps (message, JSON_COMPACT);
  int line = folder ? private_line_open (folder, CONTROL, NULL) : -1;
  if (line >= 0) {
    g_free (private_line_ask (line, text, ANSWER_MS));
    close (line);
  }
  free (text);
  json_decref (message);
}

void
practice_world_take_viewer (const char *folder)
{
  say (folder, json_pack ("{s:I}", "viewer", (json_int_t)getpid ()));
}

void
practice_world_tally (const char *folder)
{
  say (folder, json_pack ("{s:b}", "tally", 1));
}

void
practice_world_end (const char *folder)
{
  say (folder, json_pack ("{s:b}", "end", 1));
}
