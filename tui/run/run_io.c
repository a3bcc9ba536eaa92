#include "tui/run/run_io.h"

#include <string.h>

#include "core/store/store.h"
#include "tui/cli.h"
#include "tui/lines.h"
#include "tui/load.h"
#include "tui/plain/plain_io.h"
#include "tui/run/run_panel.h"
#include "tui/run/screen_run.h"
#include "tui/viewer.h"
#include "tui/widgets/terminal.h"

/* What was before, and was seen before, is mostly here at once; the terminal is taken when
 * it is, or after so long, so that there is one first screen and not two. */
#define HISTORY_MS 200

typedef struct {
  App *app;       /* NULL: not yet */
  Screen *screen; /* likewise */
  Viewer *viewer;
  RunModel *model;
  gboolean alone;   /* leaving it leaves the program */
  gboolean news;    /* since it was settled last */
  gboolean closing; /* nothing is heard any more */
  guint reading;    /* source: the runbook is to be read */
  gboolean read;    /* it has been, or will be */
} RunIo;

/* ---- what steps are about --------------------------------------------------------- */

static GHashTable *
settings_of (const RunState *state)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *name = NULL;
  json_t *value = NULL;
  json_object_foreach (state->settings, name, value)
      g_hash_table_insert (table, g_strdup (name), g_strdup (json_string_value (value)));
  return table;
}

/* What is read must be what the run began with, or nothing is believed of it. */
static gboolean
is_the_same (const RunState *state, const Runbook *runbook, const Site *site)
{
  const RunbookSource *source = g_ptr_array_index (runbook->sources, 0);
  return g_strcmp0 (state->site_digest, site->digest) == 0 &&
         g_strcmp0 (state->runbook_digest, source->digest) == 0;
}

static void
read_written (RunIo *io)
{
  const RunState *state = viewer_state (io->viewer);
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GHashTable) settings = settings_of (state);
  g_autoptr (Site) site =
      state->site_file ? load_site (state->site_file, settings, problems) : NULL;
  g_autoptr (Runbook) runbook =
      site ? load_runbook (state->runbook_file, site, settings, problems) : NULL;
  if (runbook && is_the_same (state, runbook, site))
    run_model_set_written (io->model, g_steal_pointer (&runbook),
                           g_steal_pointer (&site));
}

/* After the first screen stands: it can do without. */
static gboolean
on_reading (void *data)
{
  RunIo *io = data;
  io->reading = 0;
  read_written (io);
  screen_run_hear (io->screen);
  app_draw (io->app);
  return G_SOURCE_REMOVE;
}

/* ---- the connection ------------------------------------------------------------------ */

static void
on_wants_sending (void *data)
{
  RunIo *io = data;
  for (json_t *message = NULL; (message = run_model_take_message (io->model));)
    viewer_send (io->viewer, message);
}

static void
on_event (const Event *event, void *data)
{
  RunIo *io = data;
  if (!io->closing)
    io->news |= run_model_event (io->model, event);
}

static gint64
boot_us (void)
{
  struct timespec now;
  clock_gettime (CLOCK_BOOTTIME, &now);
  return now.tv_sec * (gint64)G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static void
on_live (const json_t *message, void *data)
{
  RunIo *io = data;
  if (io->closing)
    return;
  io->news |= run_model_live (io->model, message, boot_us ());
  if (io->screen)
    screen_run_hear (io->screen);
}

static void
settle (RunIo *io)
{
  if (io->screen && !io->closing)
    screen_run_settle (io->screen, io->news);
  io->news = FALSE;
  if (io->screen && !io->closing && !io->read && run_model_caught_up (io->model))
    io->reading = g_idle_add_full (G_PRIORITY_LOW, on_reading, io, NULL);
  io->read = io->read || io->reading;
}

static void
on_ended (const char *problem, void *data)
{
  RunIo *io = data;
  if (io->closing)
    return;
  run_model_broken (io->model, problem);
  io->news = TRUE;
  settle (io);
}

static void
on_settled (void *data)
{
  settle (data);
}

static const ViewerHooks hooks = {
  .event = on_event, .live = on_live, .ended = on_ended, .settled = on_settled
};

static void
run_io_free (RunIo *io)
{
  if (!io)
    return;
  g_clear_handle_id (&io->reading, g_source_remove);
  viewer_free (io->viewer);
  run_model_free (io->model);
  g_free (io);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunIo, run_io_free)

static RunIo *
run_io_new (const char *folder, GError **error)
{
  g_autoptr (RunIo) io = g_new0 (RunIo, 1);
  io->viewer = viewer_new (folder, &hooks, io, error);
  if (!io->viewer)
    return NULL;
  io->model = run_model_new (viewer_state (io->viewer), folder);
  run_model_set_sender (io->model, on_wants_sending, io);
  viewer_send (io->viewer, json_pack ("{ss}", "say", "looks"));
  return g_steal_pointer (&io);
}

/* ---- the screen ------------------------------------------------------------------------ */

static void
on_leave (void *data, int status)
{
  RunIo *io = data;
  if (io->alone)
    app_leave (io->app, status);
  else
    app_pop (io->app);
}

/* Within a function of the viewer it may not be freed: from the loop, then. */
static gboolean
on_closed (void *data)
{
  run_io_free (data);
  return G_SOURCE_REMOVE;
}

static void
on_freed (void *data)
{
  RunIo *io = data;
  io->closing = TRUE;
  io->screen = NULL;
  g_clear_handle_id (&io->reading, g_source_remove);
  if (!io->alone)
    g_idle_add (on_closed, io);
}

static const ScreenRunOwner owner = { .leave = on_leave, .freed = on_freed };

static Screen *
open_screen (App *app, void *data)
{
  RunIo *io = data;
  io->app = app;
  io->screen = screen_run_new (app, io->model, &owner, io);
  io->news = TRUE;
  settle (io);
  return io->screen;
}

Screen *
run_io_screen (App *app, const char *folder, GError **error)
{
  RunIo *io = run_io_new (folder, error);
  return io ? open_screen (app, io) : NULL;
}

/* ---- alone ------------------------------------------------------------------------------- */

static gboolean
on_history_late (void *data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_history (RunIo *io)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (HISTORY_MS, on_history_late, &late);
  while (!late && !run_model_has_seen (io->model) &&
         !run_model_is_over (io->model, NULL, NULL))
    g_main_context_iteration (NULL, TRUE);
  if (!late)
    g_source_remove (source);
}

/* On the terminal as it was before, where it can be read after the screen has gone. */
static void
say_ending (RunIo *io)
{
  const RunState *state = viewer_state (io->viewer);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GPtrArray) ending = run_panel_ending (io->model);
  gboolean over = state->phase != RUN_GOING;
  const char *why = NULL;
  run_model_is_over (io->model, NULL, &why);
  if (over || why)
    for (guint i = 0; ending && i < ending->len; i++)
      lines_add (out, "= ", "%s", (const char *)g_ptr_array_index (ending, i));
  else if (state->name)
    lines_add (out, "= ",
               "detached: what runs goes on to the next question; to come back: handrail "
               "attach %s",
               state->name);
  cli_print (out->str);
}

int
run_io_join (const char *folder, const AppOptions *options, GError **error)
{
  g_autoptr (RunIo) io = run_io_new (folder, error);
  if (!io)
    return -1;
  io->alone = TRUE;
  wait_for_history (io);
  int status = app_run (options, open_screen, io, error);
  if (status >= 0)
    say_ending (io);
  return status;
}
