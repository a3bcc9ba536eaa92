/* debrief_stories.h: runs written down briefly, for the tests of the debrief.
 *
 * A line is a JSON object; "t" is machine time in seconds since the run began (of a line of
 * the deployment: its own time).
 *   {"t", "event", …}             an event; what it lacks is filled in
 *   {"t", "queued": {NAME: N}}    a sample; with "t": [FROM, TO, STEP] and numbers [A, B]
 *                                 many, from A to B evenly
 *   {"t", "world", …}             what the deployment tells
 *   {"finds": [[RULE, SEVERITY, STEP]…]}   what is to be found, in that order
 *   {"workers": [SERVICE…]} {"careful": [SENTENCE…]}
 * Other lines are for people. */
#ifndef HANDRAIL_TESTS_DEBRIEF_STORIES_H
#define HANDRAIL_TESTS_DEBRIEF_STORIES_H

#include <string.h>

#include "core/debrief/debrief.h"

#define STORY_BEGAN_WALL_US (1795335120 * (gint64)1000000) /* 2026-11-22 08:12:00 UTC */
#define STORY_BEGAN_BOOT_US (1000 * (gint64)1000000)

/* The lines, json_t *. Stops the test with the place of a mistake. */
static inline GPtrArray *
story_read (const char *name)
{
  g_autofree char *file = g_strconcat (name, ".story", NULL);
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "debrief", file, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &text, NULL, &error))
    g_error ("%s", error->message);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GPtrArray *story = g_ptr_array_new_with_free_func ((GDestroyNotify)json_decref);
  for (guint i = 0; lines[i]; i++) {
    json_error_t wrong;
    json_t *line = *lines[i] == '{' ? json_loads (lines[i], 0, &wrong) : NULL;
    if (*lines[i] == '{' && !line)
      g_error ("%s:%u: %s", file, i + 1, wrong.text);
    if (line)
      g_ptr_array_add (story, line);
  }
  return story;
}

/* "wanted" of the line that has it, as words; newly allocated. */
static inline GStrv
story_words (const GPtrArray *story, const char *wanted)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (guint i = 0; i < story->len; i++) {
    const json_t *list = json_object_get (story->pdata[i], wanted);
    for (gsize j = 0; j < json_array_size (list); j++)
      g_ptr_array_add (words, g_strdup (json_string_value (json_array_get (list, j))));
  }
  g_ptr_array_add (words, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

/* ---- events ------------------------------------------------------------------------- */

/* What an event of the type lacks. */
static const struct {
  const char *event;
  const char *members; /* with ' for " */
} story_defaults[] = {
  { "run-began",
    "{'format':1,'program':'0','run':'20261122T081200Z-shutdown-lab','runbook':{'name':"
    "'shutdown','title':'Shut everything down','file':'f','digest':'d'},'sources':[],"
    "'site':{'name':'lab','file':'f','digest':'d','platform':'compose','production':"
    "false},'settings':{},'practice':true,'host':'h','uid':0,'user':'ada','pid':1,"
    "'boot':'b','steps':[{'id':'web','title':'Stop the web'},{'id':'worker','title':"
    "'Stop the workers'},{'id':'store','title':'Stop the store'}]}" },
  { "run-resumed", "{'program':'0','host':'h','uid':0,'user':'ada','pid':2,'boot':'b',"
                   "'differences':[]}" },
  { "run-stopped", "{'why':'the operator said stop','held':true}" },
  { "run-abandoned", "{'uid':0,'user':'ada','why':'it is not needed any more'}" },
  { "step-skipped", "{'by':'when','reason':'the site has none'}" },
  { "step-settling", "{'limit_us':300000000}" },
  { "verdict", "{'section':'require','index':0,'verdict':'holds','text':'it is so'}" },
  { "asked", "{'kind':'confirm','purpose':'do','digest':'D','takes':'[y]'}" },
  { "answered", "{'viewer':1,'uid':0,'user':'ada'}" },
  { "note", "{'uid':0,'user':'ada'}" },
  { "command-began", "{'purpose':'do','index':0,'count':1,'argv':['true'],'pid':7,"
                     "'group':7,'start':1,'boot':'b','output':'o'}" },
  { "command-ended", "{'status':0,'signal':0,'took_us':1000}" },
  { "action-ended", "{'purpose':'do'}" },
};

static inline void
story_fill (json_t *data, const char *event)
{
  for (gsize i = 0; i < G_N_ELEMENTS (story_defaults); i++)
    if (strcmp (story_defaults[i].event, event) == 0) {
      g_autofree char *text =
          g_strdelimit (g_strdup (story_defaults[i].members), "'", '"');
      json_auto_t *members = json_loads (text, 0, NULL);
      g_assert_nonnull (members);
      json_object_update_missing (data, members);
    }
}

static inline void
story_set (json_t *data, const char *member, const char *text)
{
  if (!json_object_get (data, member))
    json_object_set_new (data, member, json_string (text));
}

/* What depends on the run so far. */
static inline void
story_fill_from (json_t *data, EventType type, const RunState *state)
{
  const Question *question = state->question;
  const StepState *step = state_current (state);
  const EventMember *members = event_types[type].members;
  for (const EventMember *member = members; member->name; member++)
    if (strcmp (member->name, "step") == 0 && member->type[1] != '?')
      story_set (data, "step", question ? question->step : (step ? step->id : ""));
  if (type == EVENT_STEP_BEGAN)
    story_set (data, "title", step->title);
  if (type == EVENT_ASKED) {
    json_object_set_new (data, "question", json_integer (state->questions + 1));
    story_set (data, "text", "May it be done?");
  }
  if (type == EVENT_ANSWERED || type == EVENT_WITHDRAWN)
    json_object_set_new (data, "question",
                         json_integer (question ? question->number : 0));
  if (type == EVENT_ANSWERED) {
    story_set (data, "kind", question ? question_kind_name (question->kind) : "waiting");
    story_set (data, "digest", question ? question->digest : "");
  }
}

/* The event of a line, at its time; the boot time of another boot is its own. */
static inline Event *
story_event (const json_t *line, const RunState *state)
{
  const char *name = json_string_value (json_object_get (line, "event"));
  double t = json_number_value (json_object_get (line, "t"));
  EventType type;
  if (!event_type_from_name (name, &type))
    g_error ("there is no event %s", name);
  json_t *data = json_deep_copy (line);
  json_object_del (data, "t");
  json_object_del (data, "event");
  story_fill (data, name);
  story_fill_from (data, type, state);
  Event *event = event_new (type, data);
  event->at.wall_us = STORY_BEGAN_WALL_US + (gint64)(t * G_USEC_PER_SEC);
  event->at.boot_us = STORY_BEGAN_BOOT_US + (gint64)(t * G_USEC_PER_SEC);
  if (type != EVENT_RUN_BEGAN) { /* a speed may be known only to practice */
    g_autofree char *problem = event_problem (event);
    g_assert_cmpstr (problem, ==, NULL);
  }
  return event;
}

/* ---- what is told in lines ------------------------------------------------------------ */

typedef void (*StoryTake) (const char *line, void *data);

static inline void
story_give (const json_t *object, StoryTake take, void *data)
{
  char *text = json_dumps (object, JSON_COMPACT);
  take (text, data);
  free (text);
}

/* `share`: how much of the way from the first to the last has gone. */
static inline double
story_between (const json_t *number, double share)
{
  if (!json_is_array (number))
    return json_number_value (number);
  double from = json_number_value (json_array_get (number, 0));
  double to = json_number_value (json_array_get (number, 1));
  return from + share * (to - from);
}

static inline void
story_sample (const json_t *line, double t, double share, StoryTake take, void *data)
{
  json_t *queues = json_array ();
  const char *name;
  json_t *size;
  json_object_foreach (json_object_get (line, "queued"), name, size)
  {
    json_int_t count = (json_int_t)story_between (size, share);
    json_array_append_new (queues, json_pack ("{s:s, s:I}", "name", name, "size", count));
  }
  /* the Redis' clock is wrong, and this host's counts */
  double seen_s = (double)STORY_BEGAN_WALL_US / G_USEC_PER_SEC + t;
  json_auto_t *sample = json_pack ("{s:f, s:f, s:o, s:I}", "at", 1000 + t, "seen", seen_s,
                                   "queues", queues, "processed", (json_int_t)(100 + t));
  story_give (sample, take, data);
}

static inline void
story_samples (const json_t *line, StoryTake take, void *data)
{
  const json_t *t = json_object_get (line, "t");
  if (!json_is_array (t)) {
    story_sample (line, json_number_value (t), 0, take, data);
    return;
  }
  double from = json_number_value (json_array_get (t, 0));
  double to = json_number_value (json_array_get (t, 1));
  double step = json_number_value (json_array_get (t, 2));
  for (double at = from; at <= to; at += step)
    story_sample (line, at, (at - from) / (to - from), take, data);
}

static inline void
story_world (const json_t *line, StoryTake take, void *data)
{
  json_auto_t *told = json_deep_copy (line);
  json_object_set (told, "event", json_object_get (told, "world"));
  json_object_set (told, "at", json_object_get (told, "t"));
  json_object_del (told, "world");
  json_object_del (told, "t");
  story_give (told, take, data);
}

#endif
