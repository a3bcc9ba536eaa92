#include "tui/practice/practice.h"

#include <string.h>
#include <unistd.h>

#include "core/actions/actions.h"
#include "core/run/next.h"
#include "tui/debrief.h"
#include "tui/lines.h"
#include "tui/load.h"
#include "tui/plain/plain_io.h"
#include "tui/practice/practice_before.h"
#include "tui/practice/practice_world.h"

/* Of a debrief on a screen: what the narrowest that is usual shows. */
#define STORY_COLUMNS 78

void
practice_free (Practice *practice)
{
  if (!practice)
    return;
  practice_kept_free (practice->kept);
  g_free (practice->runbook);
  g_free (practice->site_file);
  g_free (practice->left_by);
  g_free (practice);
}

/* ---- what is practised --------------------------------------------------------------- */

Scenario *
practice_scenario (const FindPlaces *places, const char *name, GError **error)
{
  g_autofree char *found = find_file (places, FIND_SCENARIO, name, error);
  if (!found)
    return NULL;
  g_autofree char *path = g_canonicalize_filename (found, NULL);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Scenario) scenario = load_scenario (path, places, problems);
  if (scenario && problems_count (problems) == 0)
    return g_steal_pointer (&scenario);
  g_autofree char *text = problems_format (problems);
  g_set_error (error, FIND_ERROR, FIND_ERROR_NONE, "the scenario cannot be used\n%s",
               text);
  return NULL;
}

static const ActionScaleSettings *
scale_of (const Step *step)
{
  const Clause *action = step->action;
  return action && kind_action (action) == &action_scale ? action->settings : NULL;
}

/* Whether the first thing that it scales is brought back to what was recorded: it begins
 * with services that are down. */
static gboolean
brings_back (const char *file)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Runbook) runbook = load_runbook (file, NULL, NULL, problems);
  for (guint i = 0; runbook && i < runbook->steps->len; i++) {
    const ActionScaleSettings *scale = scale_of (g_ptr_array_index (runbook->steps, i));
    if (scale)
      return scale->to.type == AMOUNT_RECORDED;
  }
  return FALSE;
}

/* ---- beginning ----------------------------------------------------------------------- */

static gboolean
goes_on (const StoreRun *run)
{
  return run->live && run->state->phase == RUN_GOING;
}

/* The run whose deployment is to be started up, the one in the folder `left_by` unless that is
 * NULL; NULL: there is none that can be. */
static StoreRun *
find_left (const char *left_by)
{
  g_autoptr (GPtrArray) left = practice_kept_down ();
  g_ptr_array_extend_and_steal (left, practice_kept_unfinished ());
  for (guint i = 0; i < left->len; i++) {
    const StoreRun *run = g_ptr_array_index (left, i);
    if (!goes_on (run) && (!left_by || strcmp (run->path, left_by) == 0))
      return g_ptr_array_steal_index (left, i);
  }
  return NULL;
}

/* Takes a deployment that is there. FALSE: none is. */
static gboolean
take_left (Practice *practice, const char *left_by)
{
  g_autoptr (StoreRun) run = find_left (left_by);
  practice->kept = run ? practice_kept_of (run->path) : NULL;
  practice->left_by = practice->kept ? g_strdup (run->name) : NULL;
  return practice->kept != NULL;
}

static PracticeKept *
new_kept (const Scenario *scenario, const PracticeOrder *order, GError **error)
{
  g_autoptr (PracticeKept) kept = g_new0 (PracticeKept, 1);
  kept->claim = -1;
  kept->scenario = g_strdup (scenario->name);
  kept->scenario_file = g_canonicalize_filename (scenario->file, NULL);
  kept->speed = order->speed ? order->speed : PRACTICE_SPEED;
  kept->seed =
      order->seed >= 0 ? order->seed : g_random_int_range (1, PRACTICE_SEED_MAX + 1);
  kept->root = practice_kept_new_root (scenario->name, error);
  if (kept->root)
    practice_kept_claim (kept); /* before others can know of it */
  kept->folder = kept->root ? practice_kept_new_folder (error) : NULL;
  if (kept->folder && practice_kept_write (kept, error))
    return g_steal_pointer (&kept);
  if (kept->folder)
    rmdir (kept->folder);
  if (kept->root)
    rmdir (kept->root);
  return NULL;
}

/* `down`: it was brought down before. */
static PracticeKept *
begin_deployment (const FindPlaces *places, const Scenario *scenario,
                  const PracticeOrder *order, gboolean down, GError **error)
{
  g_autoptr (PracticeKept) kept = new_kept (scenario, order, error);
  if (!kept)
    return NULL;
  const PracticeWorldOrder world = { .folder = kept->folder,
                                     .scenario = kept->scenario_file,
                                     .places = (const char *const *)places->scenarios,
                                     .speed = kept->speed,
                                     .seed = kept->seed };
  if (practice_world_start (&world, error) &&
      (!down || practice_before_bring_down (kept, error)))
    return g_steal_pointer (&kept);
  practice_give_up (kept);
  return NULL;
}

/* A scenario's name where a runbook's was wanted: says so instead. */
static void
tell_scenario (const FindPlaces *places, const char *name, GError **error)
{
  g_autofree char *scenario = find_file (places, FIND_SCENARIO, name, NULL);
  if (!scenario || !g_file_test (scenario, G_FILE_TEST_EXISTS))
    return;
  g_clear_error (error);
  g_set_error (error, FIND_ERROR, FIND_ERROR_NONE,
               "%s is a scenario, and no runbook; say handrail practice --scenario %s",
               name, name);
}

static char *
find_runbook (const FindPlaces *places, const char *name, GError **error)
{
  g_autofree char *path = find_file (places, FIND_RUNBOOK, name, error);
  if (!path)
    tell_scenario (places, name, error);
  if (path && !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, FIND_ERROR, FIND_ERROR_NONE,
                 "there is no file %s; check the name of the runbook", path);
    return NULL;
  }
  return path ? g_canonicalize_filename (path, NULL) : NULL;
}

Practice *
practice_begin (const FindPlaces *places, const PracticeOrder *order, GError **error)
{
  const char *name = order->scenario ? order->scenario : PRACTICE_SCENARIO;
  g_autoptr (Scenario) scenario = practice_scenario (places, name, error);
  g_autoptr (Practice) practice = g_new0 (Practice, 1);
  if (!scenario)
    return NULL;
  practice->runbook =
      find_runbook (places, order->runbook ? order->runbook : scenario->runbook, error);
  if (!practice->runbook)
    return NULL;
  practice_kept_tidy ();
  gboolean back = brings_back (practice->runbook);
  gboolean any = !order->scenario && order->seed < 0;
  practice->begun = !(back && any && take_left (practice, order->left_by));
  if (practice->begun && order->left_by) {
    g_set_error (
        error, STORE_ERROR, STORE_ERROR_NONE,
        "its simulated deployment is not down any more; handrail practice begins "
        "another one");
    return NULL;
  }
  practice->down = practice->begun && back;
  if (practice->begun)
    practice->kept = begin_deployment (places, scenario, order, back, error);
  if (!practice->kept)
    return NULL;
  if (!practice->begun) /* what was before is none of this run's */
    practice_world_tally (practice->kept->folder);
  practice->site_file =
      g_build_filename (practice->kept->folder, PRACTICE_WORLD_SITE, NULL);
  return g_steal_pointer (&practice);
}

Launch *
practice_launch (const Practice *practice, GHashTable *settings)
{
  const LaunchRun run = { .runbook = practice->runbook,
                          .site_file = practice->site_file,
                          .site = PRACTICE_SITE,
                          .root = practice->kept->root,
                          .settings = settings,
                          .practice = practice->kept->folder,
                          .speed = practice->kept->speed };
  return launch_run (&run);
}

void
practice_end (const PracticeKept *kept)
{
  practice_world_end (kept->folder);
  practice_kept_put_away (kept);
}

void
practice_give_up (const PracticeKept *kept)
{
  practice_world_end (kept->folder);
  practice_kept_drop (kept);
}

/* ---- what comes after ---------------------------------------------------------------- */

/* Of the scenario: who works off jobs. */
static GStrv
workers_of (const Scenario *scenario)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  for (guint i = 0; i < scenario->services->len; i++) {
    const ScenarioService *service = g_ptr_array_index (scenario->services, i);
    if (service->role == SCENARIO_WORKERS)
      g_strv_builder_add (names, service->name);
  }
  return g_strv_builder_end (names);
}

/* What the debrief of a run is made with. */
typedef struct {
  Scenario *scenario; /* or NULL */
  GStrv workers;
  char *told;
  DebriefOptions options;
} Sources;

static void
sources_clear (Sources *sources)
{
  scenario_free (sources->scenario);
  g_strfreev (sources->workers);
  g_free (sources->told);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sources, sources_clear)

static void
sources_find (Sources *sources, const PracticeKept *kept, const StoreRun *run)
{
  g_autoptr (FindPlaces) places = find_places ();
  Scenario *scenario = practice_scenario (places, kept->scenario_file, NULL);
  sources->scenario = scenario;
  sources->workers = scenario ? workers_of (scenario) : NULL;
  sources->told = practice_kept_told (kept, run);
  /* Its advice is about the runbook that it is made for. */
  gboolean is_its =
      scenario && run->state && g_strcmp0 (run->state->runbook, scenario->runbook) == 0;
  sources->options = (DebriefOptions){
    .careful = is_its ? (const char *const *)scenario->careful : NULL,
    .workers = (const char *const *)sources->workers,
  };
}

int
practice_debrief (const CliCall *call, const PracticeKept *kept, const StoreRun *run)
{
  g_auto (Sources) sources = { 0 };
  sources_find (&sources, kept, run);
  return debrief_print (call, run->path, sources.told, &sources.options);
}

/* What can be done next, after ending the deployment where that is nothing; static. */
static const char *
settle (const PracticeKept *kept, const RunState *state)
{
  gboolean alive = practice_world_is_alive (kept->folder);
  gboolean harmless = state_is_harmless (state);
  if (alive && state->phase == RUN_STOPPED && !harmless)
    return "the simulated deployment stays as it is for an hour: handrail resume goes on "
           "with the run, handrail practice --end ends it";
  if (alive && practice_kept_is_down (state))
    return "the simulated deployment stays down for an hour: handrail "
           "practice " PRACTICE_STARTS_UP
           " starts it up again, handrail practice --end ends it";
  practice_end (kept);
  if (!alive && state_is_unfinished (state))
    return "the simulated deployment is gone; handrail practice begins another one";
  if (harmless)
    return "nothing was done, and the simulated deployment is ended; handrail practice "
           "begins another one";
  return "the simulated deployment is ended; handrail practice --debrief prints this "
         "again";
}

void
practice_after (const CliCall *call, const PracticeKept *kept, const char *folder)
{
  g_autoptr (StoreRun) run = store_open (folder, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  if (!run || !run->state || run->state->phase == RUN_GOING)
    return;
  practice_debrief (call, kept, run);
  lines_add (out, "= ", "%s", settle (kept, run->state));
  g_autofree char *broken = lines_broken (out->str, cli_columns ());
  cli_print (broken);
}

char *
practice_story (const PracticeKept *kept, char **title)
{
  g_autoptr (StoreRun) run = practice_kept_newest (kept);
  g_auto (Sources) sources = { 0 };
  if (!run) {
    practice_give_up (kept);
    return NULL;
  }
  if (!run->state || run->state->phase == RUN_GOING)
    return NULL;
  sources_find (&sources, kept, run);
  g_autoptr (Debrief) debrief = debrief_read (run->path, sources.told, &sources.options);
  if (!debrief)
    return NULL;
  g_autofree char *text = debrief_text (debrief, STORY_COLUMNS, !plain_io_utf8 ());
  *title = g_strdup_printf ("Debrief: %s", run->state->title);
  return g_strconcat (text, "\n", settle (kept, run->state), "\n", NULL);
}
