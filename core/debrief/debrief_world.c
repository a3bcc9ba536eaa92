/* What the deployment tells of itself: a JSON object a line,
 *
 *   {"at": seconds of its own time, "event": "stopped", "service": "web", …}
 *
 * `queue` may stand for `service`; `jobs` or `count` says how many jobs it is about, `story`
 * is a sentence for people. Two events are about the whole:
 *   {"event": "began", "wall": seconds}   this host's wall clock at its second 0
 *   {"event": "tally", "arrived", "done", "lost", "interrupted", "queued", "in_work"}
 * Whatever else a line has is passed over. */
#include <string.h>

#include "core/debrief/debrief_parts.h"

/* A longer line is none of its. */
#define LINE_BYTES_MAX 65536

/* Times and counts beyond this are none: JSON carries whole numbers exactly up to here. */
#define NUMBER_MAX 9007199254740992.0

/* Before it, practice is not a day old; and the times of 64 bits do not overflow. */
#define SECONDS_MAX 1e9

static gint64
count_member (const json_t *line, const char *name)
{
  const json_t *value = json_object_get (line, name);
  double number = json_is_number (value) ? json_number_value (value) : -1;
  return number >= 0 && number <= NUMBER_MAX ? (gint64)number : -1;
}

static char *
text_member (const json_t *line, const char *name)
{
  const char *text = json_string_value (json_object_get (line, name));
  return text && *text ? g_strdup (text) : NULL;
}

static void
take_tally (DebriefWorld *world, const json_t *line, double at_s)
{
  DebriefTally tally = {
    .at_s = at_s,
    .arrived = count_member (line, "arrived"),
    .done = count_member (line, "done"),
    .lost = count_member (line, "lost"),
    .handed_back = count_member (line, "interrupted"),
    .queued = count_member (line, "queued"),
    .in_work = count_member (line, "in_work"),
  };
  g_array_append_val (world->tallies, tally);
}

static void
take_happening (Debrief *debrief, const json_t *line, const char *event, double at_s)
{
  DebriefHappening *happening = g_new0 (DebriefHappening, 1);
  happening->event = g_strdup (event);
  happening->name = text_member (line, "service");
  if (!happening->name)
    happening->name = text_member (line, "queue");
  happening->count = count_member (line, "jobs");
  if (happening->count < 0)
    happening->count = count_member (line, "count");
  happening->story = text_member (line, "story");
  g_ptr_array_add (debrief->happenings, happening);
  g_array_append_val (debrief->parts->world.times, at_s);
}

/* One job's life is no event for people. */
static gboolean
is_of_one_job (const char *event)
{
  return g_str_has_prefix (event, "job-");
}

gboolean
debrief_take_world (Debrief *debrief, const char *line, gsize length)
{
  DebriefWorld *world = &debrief->parts->world;
  json_auto_t *json =
      length <= LINE_BYTES_MAX ? json_loadb (line, length, 0, NULL) : NULL;
  const char *event = json_string_value (json_object_get (json, "event"));
  const json_t *at = json_object_get (json, "at");
  double at_s = json_is_number (at) ? json_number_value (at) : 0;
  gboolean room = debrief->happenings->len + world->tallies->len < DEBRIEF_HAPPENINGS_MAX;
  if (!event || !(at_s >= 0 && at_s <= SECONDS_MAX) || !room)
    return FALSE;
  debrief->told = TRUE;
  if (strcmp (event, "began") == 0) {
    double wall_s = json_number_value (json_object_get (json, "wall"));
    if (wall_s > 0 && wall_s < NUMBER_MAX / G_USEC_PER_SEC)
      world->began_wall_us = (gint64)(wall_s * G_USEC_PER_SEC);
  } else if (strcmp (event, "tally") == 0)
    take_tally (world, json, at_s);
  else if (!is_of_one_job (event))
    take_happening (debrief, json, event, at_s);
  return TRUE;
}

/* ---- once the events are known ------------------------------------------------------ */

/* The deployment's time runs at the speed of practice. */
static DebriefTime
time_of (const Debrief *debrief, double at_s)
{
  const DebriefWorld *world = &debrief->parts->world;
  gint64 wall_us =
      world->began_wall_us ? world->began_wall_us : debrief->state->began.wall_us;
  double passed_us = at_s / (double)debrief->speed * G_USEC_PER_SEC;
  return debrief_time_at_wall (debrief, wall_us + (gint64)passed_us);
}

/* It may have been there before this run, and be there after it. */
static void
keep_those_of_the_run (Debrief *debrief)
{
  GPtrArray *all = debrief->happenings;
  guint kept = 0;
  for (guint i = 0; i < all->len; i++) {
    DebriefHappening *happening = all->pdata[i];
    happening->at =
        time_of (debrief, g_array_index (debrief->parts->world.times, double, i));
    if (happening->at.at_us < 0 || happening->at.at_us > debrief->end.at_us)
      continue;
    all->pdata[i] = all->pdata[kept];
    all->pdata[kept++] = happening;
  }
  g_ptr_array_set_size (all, (int)kept);
}

static void
learn_workers (const Debrief *debrief)
{
  for (guint i = 0; i < debrief->happenings->len; i++) {
    const DebriefHappening *happening = g_ptr_array_index (debrief->happenings, i);
    gboolean works = strcmp (happening->event, "quieted") == 0 ||
                     strcmp (happening->event, "handed-back") == 0 ||
                     strcmp (happening->event, "jobs-lost") == 0;
    if (works && happening->name)
      g_hash_table_add (debrief->parts->workers, g_strdup (happening->name));
  }
}

static gint64
without (gint64 count, gint64 before)
{
  return count < 0 ? -1 : MAX (count - MAX (before, 0), 0);
}

/* The first count after the run's end, or the last there is, without what the last one
 * before its beginning had already. */
static gboolean
jobs_of_tallies (Debrief *debrief)
{
  const GArray *tallies = debrief->parts->world.tallies;
  const DebriefTally *before = NULL, *after = NULL;
  for (guint i = 0; i < tallies->len; i++) {
    const DebriefTally *tally = &g_array_index (tallies, DebriefTally, i);
    gint64 at_us = time_of (debrief, tally->at_s).at_us;
    if (at_us <= 0)
      before = tally;
    else if (!after || time_of (debrief, after->at_s).at_us < debrief->end.at_us)
      after = tally;
  }
  if (!after)
    return FALSE;
  const DebriefTally none = { 0 };
  before = before ? before : &none;
  debrief->jobs = (DebriefJobs){
    .arrived = without (after->arrived, before->arrived),
    .done = without (after->done, before->done),
    .queued = after->queued,
    .in_work = after->in_work,
    .handed_back = without (after->handed_back, before->handed_back),
    .lost = without (after->lost, before->lost),
    .counted = time_of (debrief, after->at_s),
  };
  return TRUE;
}

static gboolean
is_loss (const DebriefHappening *happening)
{
  return strcmp (happening->event, "jobs-lost") == 0 ||
         strcmp (happening->event, "queues-lost") == 0;
}

/* How many jobs its events of that kind are about; a job where they do not say. */
static gint64
count_jobs (const Debrief *debrief, gboolean lost, gint64 since_us)
{
  gint64 count = 0;
  for (guint i = 0; i < debrief->happenings->len; i++) {
    const DebriefHappening *happening = g_ptr_array_index (debrief->happenings, i);
    gboolean meant =
        lost ? is_loss (happening) : strcmp (happening->event, "handed-back") == 0;
    if (meant && happening->at.at_us >= since_us)
      count += happening->count < 0 ? 1 : happening->count;
  }
  return count;
}

void
debrief_world_finish (Debrief *debrief)
{
  keep_those_of_the_run (debrief);
  learn_workers (debrief);
  if (!debrief->told || jobs_of_tallies (debrief))
    return;
  debrief->jobs.lost = count_jobs (debrief, TRUE, G_MININT64);
  debrief->jobs.handed_back = count_jobs (debrief, FALSE, G_MININT64);
}

gint64
debrief_world_lost_since (const Debrief *debrief, gint64 at_us)
{
  return debrief->told ? count_jobs (debrief, TRUE, at_us) : -1;
}
