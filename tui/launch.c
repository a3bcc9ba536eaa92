#include "tui/launch.h"

#include <string.h>

#include "core/store/store.h"
#include "tui/differences.h"
#include "tui/lines.h"

struct Launch {
  LaunchState state;
  /* A run that begins; all NULL where one is gone on with. */
  char *runbook, *site_file, *site, *root, *from, *after;
  char *practice; /* or NULL */
  gint64 speed;
  GHashTable *settings;
  char *abandon; /* the unfinished run that is given up, or NULL */
  /* A run that is gone on with. */
  char *folder;
  gboolean accepted; /* what differs */
  gboolean joined;
  StoreRun *run;    /* what is asked about it, while it is */
  Started *started; /* the last answer, or NULL */
  char *joins;      /* the folder of the run that is there */
};

Launch *
launch_run (const LaunchRun *run)
{
  Launch *launch = g_new0 (Launch, 1);
  launch->runbook = g_strdup (run->runbook);
  launch->site_file = g_strdup (run->site_file);
  launch->site = g_strdup (run->site);
  launch->root = g_strdup (run->root);
  launch->from = g_strdup (run->from);
  launch->after = g_strdup (run->after);
  launch->practice = g_strdup (run->practice);
  launch->speed = run->speed;
  launch->settings = g_hash_table_ref (run->settings);
  return launch;
}

Launch *
launch_resume (const char *folder)
{
  Launch *launch = g_new0 (Launch, 1);
  launch->folder = g_strdup (folder);
  return launch;
}

void
launch_free (Launch *launch)
{
  if (!launch)
    return;
  g_free (launch->runbook);
  g_free (launch->site_file);
  g_free (launch->site);
  g_free (launch->root);
  g_free (launch->from);
  g_free (launch->after);
  g_free (launch->practice);
  g_free (launch->abandon);
  g_free (launch->folder);
  g_free (launch->joins);
  g_clear_pointer (&launch->settings, g_hash_table_unref);
  store_run_free (launch->run);
  started_free (launch->started);
  g_free (launch);
}

LaunchState
launch_state (const Launch *launch)
{
  return launch->state;
}

/* ---- what the runner is started with ------------------------------------------------- */

static void
add_option (GStrvBuilder *arguments, const char *option, const char *value)
{
  if (value)
    g_strv_builder_add_many (arguments, option, value, NULL);
}

static void
add_run (GStrvBuilder *arguments, const Launch *launch)
{
  g_strv_builder_add_many (arguments, "run", launch->runbook, "--site", launch->site_file,
                           "--state", launch->root, NULL);
  GHashTableIter each;
  void *name = NULL;
  void *value = NULL;
  g_hash_table_iter_init (&each, launch->settings);
  while (g_hash_table_iter_next (&each, &name, &value)) {
    g_autofree char *setting = g_strdup_printf ("%s=%s", (char *)name, (char *)value);
    add_option (arguments, "--set", setting);
  }
  add_option (arguments, "--from", launch->from);
  add_option (arguments, "--after", launch->after);
  add_option (arguments, "--abandon", launch->abandon);
  add_option (arguments, "--practice", launch->practice);
  g_autofree char *speed = g_strdup_printf ("%" G_GINT64_FORMAT, launch->speed);
  add_option (arguments, "--speed", launch->practice ? speed : NULL);
}

GStrv
launch_arguments (const Launch *launch)
{
  g_autoptr (GStrvBuilder) arguments = g_strv_builder_new ();
  if (launch->folder)
    g_strv_builder_add_many (arguments, "resume", launch->folder, NULL);
  else
    add_run (arguments, launch);
  if (launch->accepted)
    g_strv_builder_add (arguments, "--accept");
  return g_strv_builder_end (arguments);
}

/* ---- what it answered ---------------------------------------------------------------- */

static void
join (Launch *launch, const char *folder)
{
  launch->joins = g_strdup (folder);
  launch->state = LAUNCH_JOIN;
}

/* Of a run that is gone on with. */
static void
take_resumed (Launch *launch)
{
  const Started *started = launch->started;
  /* Asked only now: a runner that was killed holds its lock until it is gone, and
   * the new one waits for that. */
  if (!started->differences && store_is_live (launch->folder)) {
    launch->joined = TRUE;
    join (launch, launch->folder);
    return;
  }
  launch->state = LAUNCH_REFUSED;
  if (launch->accepted || !started->differences)
    return;
  launch->run = store_open (launch->folder, NULL);
  launch->state = launch->run && launch->run->state ? LAUNCH_ASK : LAUNCH_LEFT;
}

void
launch_answered (Launch *launch, Started *started)
{
  started_free (launch->started);
  launch->started = started;
  if (started->run)
    join (launch, started->run);
  else if (launch->folder)
    take_resumed (launch);
  else
    launch->state = started->unfinished && !launch->abandon ? LAUNCH_ASK : LAUNCH_REFUSED;
}

/* ---- what is asked ------------------------------------------------------------------- */

const char *
launch_subject (const Launch *launch)
{
  return launch->folder ? "resume" : "unfinished";
}

char *
launch_question (const Launch *launch)
{
  const Started *started = launch->started;
  if (launch->folder)
    return g_strdup ("the files are not what the run began with; go on with what they "
                     "say now");
  return g_strdup_printf (
      "%s is unfinished at %s; resume it, or give it up by typing the "
      "site's name",
      started->unfinished, started->step ? started->step : "its end");
}

/* What agrees to what differs: on a production site, its name. */
static const char *
accepting_word (const Launch *launch)
{
  const RunState *state = launch->run->state;
  return state->production ? state->site : "y";
}

char *
launch_takes (const Launch *launch)
{
  if (launch->folder)
    return g_strconcat (accepting_word (launch), " | stop", NULL);
  return g_strdup_printf ("resume | %s | stop", launch->site);
}

char *
launch_details (const Launch *launch)
{
  GString *out = g_string_new (NULL);
  GStrv differences = launch->folder ? launch->started->differences : NULL;
  for (guint i = 0; differences && differences[i]; i++)
    lines_add (out, "  ", "differs: %s", differences[i]);
  if (differences)
    differences_add (out, launch->run);
  return g_string_free (out, FALSE);
}

/* From here on it is the site's unfinished run that is gone on with. */
static void
resume_unfinished (Launch *launch)
{
  launch->folder =
      g_build_filename (launch->root, STORE_RUNS, launch->started->unfinished, NULL);
}

gboolean
launch_take (Launch *launch, const char *text)
{
  if (!text || strcmp (text, "stop") == 0) {
    launch->state = LAUNCH_LEFT;
    return TRUE;
  }
  if (launch->folder && strcmp (text, accepting_word (launch)) == 0)
    launch->accepted = TRUE;
  else if (!launch->folder && strcmp (text, "resume") == 0)
    resume_unfinished (launch);
  else if (!launch->folder && strcmp (text, launch->site) == 0)
    launch->abandon = g_strdup (launch->started->unfinished);
  else
    return FALSE;
  launch->state = LAUNCH_START;
  return TRUE;
}

/* ---- what came of it ----------------------------------------------------------------- */

const char *
launch_folder (const Launch *launch)
{
  return launch->joins;
}

gboolean
launch_is_resumed (const Launch *launch)
{
  return launch->folder != NULL;
}

gboolean
launch_is_joined (const Launch *launch)
{
  return launch->joined;
}

const Started *
launch_refusal (const Launch *launch)
{
  return launch->started;
}
