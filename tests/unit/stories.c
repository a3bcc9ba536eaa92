#include "tests/unit/stories.h"

#include <string.h>

#define USE ":use "

char *
stories_file (const char *folder, const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", folder, name, NULL);
}

/* ---- reading ------------------------------------------------------------------------ */

static void
line_clear (void *data)
{
  g_free (((StoryLine *)data)->text);
}

static void
read_into (GArray *lines, const char *folder, const char *name, gboolean seen)
{
  g_autofree char *path = stories_file (folder, name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) all = g_strsplit (text, "\n", -1);
  for (guint i = 0; all[i]; i++) {
    StoryLine line = { g_strdup (all[i]), seen };
    if (all[i][0] == ':' || (all[i][0] == '#' && seen))
      g_array_append_val (lines, line);
    else
      g_free (line.text);
    if (g_str_has_prefix (all[i], USE))
      read_into (lines, folder, all[i] + strlen (USE), FALSE);
  }
}

GArray *
stories_read (const char *folder, const char *name)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (StoryLine));
  g_array_set_clear_func (lines, line_clear);
  read_into (lines, folder, name, TRUE);
  return lines;
}

/* ---- playing ------------------------------------------------------------------------ */

static void
play_line (const Story *story, const StoryLine *line)
{
  g_auto (GStrv) parts = g_strsplit (line->text + 1, " ", 2);
  gboolean known = line->text[0] == ':' && story->knows (parts[0]);
  gboolean echoed = known || line->text[0] == '#' || g_str_has_prefix (line->text, USE);
  if (echoed && line->seen)
    g_string_append_printf (story->out, "%s\n", line->text);
  gsize before = story->out->len;
  if (known)
    story->put (story->data, parts[0], parts[1] ? parts[1] : "");
  if (story->hides && !line->seen)
    g_string_truncate (story->out, before);
}

void
stories_play (const Story *story, const char *name)
{
  g_autoptr (GArray) lines = stories_read (story->folder, name);
  for (guint i = 0; i < lines->len; i++)
    play_line (story, &g_array_index (lines, StoryLine, i));
}

void
stories_compare (const Story *story, const char *name)
{
  g_autofree char *path = stories_file (story->folder, name);
  g_autofree char *wanted = NULL;
  if (g_getenv ("HANDRAIL_REGENERATE"))
    g_assert_true (g_file_set_contents (path, story->out->str, -1, NULL));
  g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  if (strcmp (wanted, story->out->str) != 0)
    g_error ("%s: what came out is\n%s", name, story->out->str);
}

void
stories_add (const char *folder, GTestDataFunc test)
{
  g_autofree char *path = stories_file (folder, "");
  g_autoptr (GDir) files = g_dir_open (path, 0, NULL);
  g_assert_nonnull (files);
  guint count = 0;
  for (const char *name = NULL; (name = g_dir_read_name (files));) {
    g_autofree char *title = g_strdup_printf ("/%s/%s", folder, name);
    if (!g_str_has_suffix (name, ".txt"))
      continue;
    g_test_add_data_func_full (title, g_strdup (name), test, g_free);
    count++;
  }
  g_assert_cmpuint (count, >, 0);
}

/* ---- what most of them say ------------------------------------------------------------ */

json_t *
stories_members (const char *text)
{
  json_error_t error;
  json_t *members = json_loads (text, 0, &error);
  if (!members)
    g_error ("%s: %s", text, error.text);
  return members;
}

Event *
stories_event (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", 2);
  EventType type = EVENT_NOTE;
  g_assert_true (event_type_from_name (parts[0], &type));
  return event_new (type, parts[1] ? stories_members (parts[1]) : NULL);
}

void
stories_apply (RunState *state, Event *event, Moment at)
{
  g_autoptr (GError) error = NULL;
  event->number = state->number + 1;
  event->at = at;
  g_autofree char *problem = event_problem (event);
  g_assert_cmpstr (problem, ==, NULL);
  state_apply (state, event, &error);
  g_assert_no_error (error);
}

static json_t *
look_instances (const char *service, json_int_t count)
{
  json_t *instances = json_array ();
  for (json_int_t i = 1; i <= count; i++) {
    g_autofree char *name = g_strdup_printf ("tines-%s-%d", service, (int)i);
    json_array_append_new (instances, json_pack ("{ss ss ss sb sb}", "id", name, "name",
                                                 name, "state", "running", "running",
                                                 TRUE, "settled", TRUE));
  }
  return instances;
}

json_t *
stories_look (const char *text)
{
  json_auto_t *counts = stories_members (text);
  json_t *services = json_object ();
  const char *service = NULL;
  json_t *count = NULL;
  json_object_foreach (counts, service, count)
  {
    json_t *instances = look_instances (service, json_integer_value (count));
    json_object_set_new (services, service, json_pack ("{so}", "instances", instances));
  }
  return json_pack ("{so}", "services", services);
}
