#include "tui/practice/practice_before.h"

#include <string.h>

#include "tui/launch.h"
#include "tui/practice/practice.h"
#include "tui/practice/practice_world.h"
#include "tui/viewer.h"

#define RUNBOOK "before.yaml"

static const char runbook[] = "handrail: 1\n"
                              "title: What ran before\n"
                              "about: >-\n"
                              "  Written down before a simulated deployment is brought "
                              "down, for the start that is\n"
                              "  practised.\n"
                              "steps:\n"
                              "  - id: record\n"
                              "    title: Write down what runs\n"
                              "    record: [counts, images, version]\n";

/* As much as a stop may need to end in order; its clock is the deployment's. */
#define GRACE "60"

/* Only bounds a hang: it records within a second. */
#define LIMIT_MS 30000

static gboolean
fail (GError **error, const char *why)
{
  g_set_error (error, START_ERROR, START_ERROR_RUNNER,
               "the simulated deployment could not be brought down (%s); try again, or "
               "practise a shutdown first",
               why);
  return FALSE;
}

/* ---- what ran is written down ----------------------------------------------------------- */

typedef struct {
  gboolean over, late;
} Watch;

static void
on_event (const Event *event, void *data)
{
  (void)event;
  (void)data;
}

/* The site is free once the runner says good-bye. */
static void
on_live (const json_t *message, void *data)
{
  const char *live = json_string_value (json_object_get (message, "live"));
  if (g_strcmp0 (live, "bye") == 0)
    ((Watch *)data)->over = TRUE;
}

static void
on_ended (const char *problem, void *data)
{
  (void)problem;
  ((Watch *)data)->over = TRUE;
}

static void
on_settled (void *data)
{
  (void)data;
}

static gboolean
on_late (void *data)
{
  ((Watch *)data)->late = TRUE;
  return G_SOURCE_CONTINUE;
}

static gboolean
await_end (const char *folder, GError **error)
{
  static const ViewerHooks hooks = { on_event, on_live, on_ended, on_settled };
  Watch watch = { FALSE, FALSE };
  g_autoptr (Viewer) viewer = viewer_new (folder, &hooks, &watch, error);
  guint limit = viewer ? g_timeout_add (LIMIT_MS, on_late, &watch) : 0;
  while (viewer && !watch.over && !watch.late)
    g_main_context_iteration (NULL, TRUE);
  g_clear_handle_id (&limit, g_source_remove);
  if (!viewer)
    return FALSE;
  return viewer_state (viewer)->phase == RUN_FINISHED ||
         fail (error, "what ran could not be written down");
}

static gboolean
write_down (const PracticeKept *kept, GError **error)
{
  g_autoptr (GHashTable) settings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *file = g_build_filename (kept->root, RUNBOOK, NULL);
  g_autofree char *site = g_build_filename (kept->folder, PRACTICE_WORLD_SITE, NULL);
  const LaunchRun run = { .runbook = file,
                          .site_file = site,
                          .site = PRACTICE_SITE,
                          .root = kept->root,
                          .settings = settings,
                          .practice = kept->folder,
                          .speed = kept->speed };
  g_autoptr (Launch) launch = launch_run (&run);
  g_auto (GStrv) arguments = launch_arguments (launch);
  if (!g_file_set_contents (file, runbook, -1, error))
    return FALSE;
  g_autoptr (Started) started = start_runner ((const char *const *)arguments, error);
  if (!started)
    return FALSE;
  return started->run ? await_end (started->run, error) : fail (error, started->refused);
}

/* ---- everything is stopped -------------------------------------------------------------- */

/* Runs the deployment's docker, and gives what it prints; NULL with `error`. */
static char *
docker (const PracticeKept *kept, const char *const *words, GError **error)
{
  g_autofree char *program = start_practice_path ();
  g_autofree char *name = g_build_filename (kept->folder, "bin", "docker", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *output = NULL, *complaint = NULL;
  int status = 0;
  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, name);
  for (; *words; words++)
    g_ptr_array_add (argv, (gpointer)*words);
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync (NULL, (char **)argv->pdata, NULL, G_SPAWN_FILE_AND_ARGV_ZERO, NULL,
                     NULL, &output, &complaint, &status, error))
    return NULL;
  if (status == 0)
    return g_steal_pointer (&output);
  fail (error, g_strstrip (complaint));
  return NULL;
}

static gboolean
stop_all (const PracticeKept *kept, GError **error)
{
  static const char *const list[] = { "ps", "-q", NULL };
  g_autofree char *ids = docker (kept, list, error);
  g_auto (GStrv) each = ids ? g_strsplit (g_strstrip (ids), "\n", -1) : NULL;
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  if (!each)
    return FALSE;
  static const char *const stop[] = { "stop", "-t", GRACE };
  for (guint i = 0; i < G_N_ELEMENTS (stop); i++)
    g_ptr_array_add (words, (gpointer)stop[i]);
  for (guint i = 0; each[i]; i++)
    g_ptr_array_add (words, each[i]);
  g_ptr_array_add (words, NULL);
  g_autofree char *said = docker (kept, (const char *const *)words->pdata, error);
  return said != NULL;
}

gboolean
practice_before_bring_down (const PracticeKept *kept, GError **error)
{
  return write_down (kept, error) && stop_all (kept, error);
}
