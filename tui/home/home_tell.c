#include "tui/home/home_tell.h"

#include <string.h>

#include "tui/load.h"
#include "tui/place.h"

/* ---- unfinished runs ------------------------------------------------------------------- */

/* Who has the controls, or NULL: nobody looks. */
static const char *
holder_of (const RunState *state)
{
  for (guint i = 0; i < state->viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (state->viewers, i);
    if (viewer->here && viewer->viewer == state->controls)
      return viewer->user;
  }
  return NULL;
}

/* "at step 5 of 9, Stop tines-sidekiq" */
static char *
where_words (const RunState *state)
{
  const StepState *step = state_current (state);
  if (!step)
    return g_strdup ("behind its last step");
  return g_strdup_printf ("at step %u of %u, %s", state->current + 1, state->steps->len,
                          step->title);
}

/* "lab", or "practice growing" */
static char *
place_of (const HomeRow *row)
{
  return row->scenario ? g_strdup_printf ("%s %s", row->site, row->scenario)
                       : g_strdup (row->site);
}

static void
tell_live (HomeRow *row, const RunState *state)
{
  g_autofree char *place = place_of (row);
  g_autofree char *where = where_words (state);
  const char *holder = holder_of (state);
  g_autofree char *who = holder ? g_strdup_printf ("%s has the controls", holder)
                                : g_strdup ("nobody has the controls");
  gboolean asks = state->question != NULL;
  gboolean needs = asks && !holder;
  row->mark = needs ? MARK_CURRENT : MARK_WAITING;
  row->role = needs ? ROLE_QUESTION : ROLE_WAITING;
  row->state = holder ? g_strdup_printf ("held by %s", holder)
                      : g_strdup (asks ? "waits for you" : "works on");
  row->about = g_strdup_printf (
      "%s: it runs on %s, %s%s; %s.\nEnter takes part in it; that changes nothing.",
      state->title, place, where, asks ? ", and waits for an answer" : "", who);
}

static void
tell_unfinished (HomeRow *row, const RunState *state)
{
  g_autofree char *place = place_of (row);
  g_autofree char *where = where_words (state);
  gboolean stopped = state->phase == RUN_STOPPED;
  row->mark = MARK_CURRENT;
  row->role = ROLE_QUESTION;
  row->state = g_strdup (stopped ? "stopped" : "its runner died");
  row->about = g_strdup_printf (
      "%s: %s on %s by %s, %s%s%s.\nEnter shows where it stands, and how to "
      "go on.",
      state->title, stopped ? "stopped" : "its runner died", place, state->user, where,
      stopped && state->stopped_why ? ": " : "",
      stopped && state->stopped_why ? state->stopped_why : "");
}

/* What tells it apart from others like it. */
static void
tell_which (HomeRow *row, const RunState *state, const char *scenario)
{
  const StepState *step = state_current (state);
  row->site = g_strdup (state->site);
  row->scenario = g_strdup (scenario);
  row->title = g_strdup (state->title);
  row->step = g_strdup (step ? step->title : NULL);
  row->number = step ? state->current + 1 : 0;
  row->steps = state->steps->len;
  row->began_us = state->began.wall_us;
}

void
home_tell_unfinished (HomeRow *row, const StoreRun *run, const char *scenario)
{
  const RunState *state = run->state;
  tell_which (row, state, scenario);
  row->path = g_strdup (run->path);
  row->production = state->production;
  row->practice = state->practice;
  row->live = run->live && state->phase == RUN_GOING;
  row->last_us = state->last.wall_us;
  if (row->live)
    tell_live (row, state);
  else
    tell_unfinished (row, state);
}

void
home_tell_down (HomeRow *row, const StoreRun *run, const char *scenario)
{
  const RunState *state = run->state;
  tell_which (row, state, scenario);
  row->path = g_strdup (run->path);
  row->practice = TRUE;
  row->last_us = state->last.wall_us;
  row->mark = MARK_DONE;
  row->role = ROLE_DIM;
  row->state = g_strdup ("still down");
  row->about =
      g_strdup ("A practised run that is done; its simulated deployment stays down "
                "for an hour, unless handrail practice --end ends it.\n"
                "Enter starts up again what this run has shut down.");
}

void
home_tell_broken (HomeRow *row, const StoreRun *run)
{
  row->path = g_strdup (run->path);
  row->title = g_strdup (run->name);
  row->mark = MARK_FAILED;
  row->role = ROLE_BAD;
  row->state = g_strdup (run->damaged ? "damaged" : "did not begin");
  row->about = g_strdup_printf ("%s.\nIts folder is %s.", run->problem, run->path);
}

/* ---- runs that are over ---------------------------------------------------------------- */

char *
home_tell_date (gint64 wall_us)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return then ? g_date_time_format (then, "%Y-%m-%d %H:%M") : g_strdup ("?");
}

static void
tell_times (HomeRow *row, gint64 began_us, gint64 ended_us)
{
  g_autofree char *began = home_tell_date (began_us);
  g_autofree char *ended = home_tell_date (ended_us);
  row->last_us = ended_us;
  row->about = g_strdup_printf ("Begun %s, %s %s on %s.\nEnter tells what happened.",
                                began, row->state, ended, row->site);
}

typedef enum { OVER_DONE, OVER_GIVEN_UP, OVER_REFUSED } Over;

static void
tell_ending (HomeRow *row, Over over)
{
  static const struct {
    const char *word;
    Mark mark;
    Role role;
  } endings[] = {
    [OVER_DONE] = { "done", MARK_DONE, ROLE_GOOD },
    [OVER_GIVEN_UP] = { "given up", MARK_SKIPPED, ROLE_DIM },
    [OVER_REFUSED] = { "refused", MARK_SKIPPED, ROLE_DIM },
  };
  row->state = g_strdup (endings[over].word);
  row->mark = endings[over].mark;
  row->role = endings[over].role;
}

void
home_tell_glance (HomeRow *row, const Glance *glance)
{
  row->path = g_strdup (glance->path);
  row->site = g_strdup (glance->site);
  row->title = g_strdup (glance->title);
  row->production = glance->production;
  tell_ending (row, glance->ending == GLANCE_FINISHED ? OVER_DONE : OVER_GIVEN_UP);
  tell_times (row, glance->began_us, glance->ended_us);
}

void
home_tell_over (HomeRow *row, const StoreRun *run)
{
  const RunState *state = run->state;
  row->path = g_strdup (run->path);
  row->site = g_strdup (state->site);
  row->title = g_strdup (state->title);
  row->production = state->production;
  tell_ending (row, state->phase == RUN_FINISHED    ? OVER_DONE
                    : state->phase == RUN_ABANDONED ? OVER_GIVEN_UP
                                                    : OVER_REFUSED);
  tell_times (row, state->began.wall_us, state->last.wall_us);
}

/* ---- files ----------------------------------------------------------------------------- */

static void
tell_problems (HomeRow *row, Problems *problems)
{
  const Problem *first = problems_get (problems, 0);
  g_autofree char *text = first ? problem_format (first) : g_strdup ("it cannot be read");
  guint count = problems_count (problems);
  row->mark = MARK_FAILED;
  row->role = ROLE_BAD;
  row->state = count == 1 ? g_strdup ("1 problem")
                          : g_strdup_printf ("%u problems", MAX (count, 1));
  g_free (row->about);
  row->about = load_masked (NULL, NULL, text);
}

/* Enough to know it by: the plan tells all of it. */
static char *
first_sentence (const char *text)
{
  const char *end = strstr (text, ". ");
  return end ? g_strndup (text, (gsize)(end + 1 - text)) : g_strdup (text);
}

void
home_tell_runbook (HomeRow *row, const Runbook *runbook, Problems *problems)
{
  row->title = g_strdup (runbook && runbook->title ? runbook->title : row->name);
  row->about = first_sentence (runbook && runbook->about ? runbook->about : "");
  if (!runbook || problems_count (problems) > 0)
    tell_problems (row, problems);
}

void
home_tell_site (HomeRow *row, const Site *site, Problems *problems)
{
  row->site = g_strdup (row->name);
  if (!site || problems_count (problems) > 0) {
    row->title = g_strdup (row->name);
    tell_problems (row, problems);
    return;
  }
  gboolean unproved = site->production && g_hash_table_size (site->identity) == 0;
  row->title = place_words (site);
  row->production = site->production;
  row->state = site->production ? g_strdup ("PRODUCTION") : NULL;
  row->role = site->production ? ROLE_PRODUCTION_FRAME : ROLE_TEXT;
  row->about = g_strdup_printf (
      "%s with %u services%s.\nEnter chooses a runbook for it.",
      site->production ? "A production site" : "A site", site->services->len,
      unproved ? "; it has to prove what it is: handrail doctor says how" : "");
}

void
home_tell_scenario (HomeRow *row, const Scenario *scenario)
{
  row->path = g_strdup (scenario->file);
  row->title = g_strdup (scenario->title);
  row->practice = TRUE;
  g_autofree char *about = g_strdup (scenario->about ? scenario->about : scenario->title);
  row->about =
      g_strdup_printf ("%s\nEnter begins it: %s on a simulated deployment, ten "
                       "times as fast; nothing real is changed.",
                       g_strdelimit (g_strstrip (about), "\n", ' '), scenario->runbook);
}
