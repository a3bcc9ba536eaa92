/* What the commands of a run print: followed while they run, looked through afterwards. */
#include <string.h>

#include "tui/run/outputs.h"
#include "tui/run/pane.h"
#include "tui/run/run_words.h"
#include "tui/run/screens.h"
#include "tui/widgets/list.h"
#include "tui/widgets/pager.h"

/* So long a command may be silent before that is worth a word. */
#define SILENCE_US (10 * G_USEC_PER_SEC)

typedef struct {
  Screen screen;
  RunModel *model;
  Outputs *outputs;
  char *shown;     /* name of the file that is shown, or NULL */
  gboolean chosen; /* by the operator: it stays when another command begins */
  OutputFile file;
  Pager *pager;
  PaneSearch search;
  gboolean sought; /* something has been searched for */
  List *list;      /* of the files, while one is chosen; or NULL */
} OutputScreen;

/* ---- what is read -------------------------------------------------------------- */

static gsize
read_text (void *data, guint64 offset, char *bytes, gsize size)
{
  OutputScreen *output = data;
  if (output->file.descriptor >= 0)
    return pager_read_descriptor (GINT_TO_POINTER (output->file.descriptor), offset,
                                  bytes, size);
  const char *text = run_model_output (output->model);
  gsize length = strlen (text), got = offset < length ? MIN (size, length - offset) : 0;
  memcpy (bytes, text + (got > 0 ? offset : 0), got);
  return got;
}

static const OutputOf *
shown_output (const OutputScreen *output)
{
  return outputs_named (output->outputs, output->shown);
}

static void
show (OutputScreen *output, const OutputOf *of)
{
  g_free (output->shown);
  output->shown = g_strdup (of->name);
  output_file_close (&output->file);
  g_clear_pointer (&output->pager, pager_free);
  output->sought = FALSE;
}

/* Without the file there are the lines that have come through the connection, of the
 * latest command alone. */
static guint64
live_bytes (const OutputScreen *output, const OutputOf *of)
{
  gboolean latest = of == outputs_latest (output->outputs);
  return latest ? strlen (run_model_output (output->model)) : 0;
}

static void
look (OutputScreen *output, const OutputOf *of)
{
  gboolean had = output->file.descriptor >= 0;
  gboolean other =
      output_file_look (&output->file, run_model_folder (output->model), output->shown);
  gboolean has = output->file.descriptor >= 0;
  guint64 bytes = has ? output->file.bytes : live_bytes (output, of);
  if (output->pager && had != has) /* the lines that came, and the file, are two texts */
    g_clear_pointer (&output->pager, pager_free);
  if (!output->pager)
    output->pager = pager_new (read_text, output);
  if (other && had)
    pager_renew (output->pager, bytes);
  else
    pager_set_size (output->pager, bytes);
}

static void
refresh (OutputScreen *output)
{
  outputs_update (output->outputs);
  const OutputOf *latest = outputs_latest (output->outputs);
  if (latest && !output->chosen && g_strcmp0 (output->shown, latest->name) != 0)
    show (output, latest);
  const OutputOf *of = shown_output (output);
  if (of)
    look (output, of);
}

/* ---- the head -------------------------------------------------------------------- */

static char *
title_text (const OutputOf *of)
{
  g_autofree char *number =
      of->count > 1 ? g_strdup_printf (", command %u of %u", of->index + 1, of->count)
                    : g_strdup ("");
  const char *purpose = of->purpose == PURPOSE_UNDO        ? ", its undo"
                        : of->purpose == PURPOSE_OTHERWISE ? ", what was offered"
                                                           : "";
  return g_strdup_printf ("Output: %s%s%s", of->title, purpose, number);
}

/* Boot time of a moment that may be of an earlier boot. */
static gint64
elapsed_us (const OutputScreen *output, const OutputOf *of)
{
  gint64 now_us = app_now_us (output->screen.app);
  if (now_us >= of->began.boot_us)
    return now_us - of->began.boot_us;
  return MAX (app_wall_us (output->screen.app) - of->began.wall_us, 0);
}

/* For how long it has printed nothing; since it began, if it never has. */
static gint64
silent_us (const OutputScreen *output, const OutputOf *of)
{
  gint64 silent = elapsed_us (output, of);
  gint64 heard_us = run_model_output_us (output->model);
  if (heard_us > 0)
    silent = MIN (silent, MAX (app_now_us (output->screen.app) - heard_us, 0));
  if (output->file.descriptor >= 0)
    silent =
        MIN (silent, MAX (app_wall_us (output->screen.app) - output->file.written_us, 0));
  return silent;
}

static char *
standing_text (const OutputScreen *output, const OutputOf *of)
{
  if (of->standing != OUTPUT_RUNNING)
    return g_strdup (of->end);
  g_autofree char *running =
      run_words_clock (elapsed_us (output, of) * run_model_state (output->model)->speed);
  gint64 silent = silent_us (output, of);
  if (silent < SILENCE_US)
    return g_strdup_printf ("running %s", running);
  g_autofree char *quiet = run_words_clock (silent);
  return g_strdup_printf ("last output %s ago, running %s", quiet, running);
}

static Role
standing_role (const OutputOf *of)
{
  static const Role roles[] = { [OUTPUT_RUNNING] = ROLE_WAITING,
                                [OUTPUT_ENDED] = ROLE_GOOD,
                                [OUTPUT_FAILED] = ROLE_BAD,
                                [OUTPUT_LOST] = ROLE_STALE };
  return roles[of->standing];
}

static void
draw_head (const OutputScreen *output, const OutputOf *of, Canvas *canvas, Area *area)
{
  g_autofree char *title = title_text (of);
  g_autofree char *command = g_strconcat ("$ ", of->command, NULL);
  g_autofree char *standing = standing_text (output, of);
  const PaneHead head = { title, command, ROLE_COMMAND, standing, standing_role (of) };
  pane_draw (output->model, canvas, area, &head);
}

/* ---- choosing ---------------------------------------------------------------------- */

static Mark
standing_mark (const OutputOf *of)
{
  static const Mark marks[] = { [OUTPUT_RUNNING] = MARK_CURRENT,
                                [OUTPUT_ENDED] = MARK_DONE,
                                [OUTPUT_FAILED] = MARK_FAILED,
                                [OUTPUT_LOST] = MARK_STALE };
  return marks[of->standing];
}

static void
draw_row (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  const OutputScreen *output = data;
  const OutputOf *of = outputs_at (output->outputs, row);
  (void)selected;
  g_autofree char *began = pane_time (of->began.wall_us);
  line = area_inside (line, 1, 0, 1, 0);
  canvas_text (canvas, line, 0, 0, ROLE_DIM, began);
  canvas_mark (canvas, line, 10, 0, standing_role (of), standing_mark (of));
  int x = line.width;
  if (of->end)
    x = canvas_right (canvas, line, x, 0, ROLE_DIM, of->end);
  canvas_middle (canvas, line, 12, 0, x - 14, ROLE_TEXT, of->title);
}

static void
choose (OutputScreen *output)
{
  guint count = outputs_count (output->outputs);
  if (count < 2) {
    app_say (output->screen.app, count == 1
                                     ? "Only the commands of this step have run so far"
                                     : "No command of this run has begun yet");
    return;
  }
  output->list = list_new ();
  list_set_rows (output->list, count, NULL, NULL);
  for (guint i = 0; i < count; i++)
    if (outputs_at (output->outputs, i) == shown_output (output))
      list_select (output->list, i);
}

static void
draw_choice (OutputScreen *output, Canvas *canvas, Area *area)
{
  const PaneHead head = { "Output of which step?", "Enter shows it", ROLE_DIM, NULL,
                          ROLE_DIM };
  pane_draw (output->model, canvas, area, &head);
  list_set_rows (output->list, outputs_count (output->outputs), NULL, NULL);
  list_draw (output->list, canvas, *area, TRUE, draw_row, output);
}

static gboolean
act_choosing (OutputScreen *output, KeyAction action, const Key *key)
{
  guint row = list_selected (output->list);
  if (list_act (output->list, action))
    return TRUE;
  if (key->code == PRESS_ENTER && row != LIST_NONE) {
    const OutputOf *of = outputs_at (output->outputs, row);
    output->chosen = of != outputs_latest (output->outputs);
    show (output, of);
  } else if (action != ACTION_BACK && action != ACTION_QUIT && action != ACTION_CHOOSE)
    return action != ACTION_HELP;
  g_clear_pointer (&output->list, list_free);
  return TRUE;
}

/* ---- the screen ---------------------------------------------------------------------- */

static void
draw_text (OutputScreen *output, const OutputOf *of, Canvas *canvas, Area area)
{
  const char *problem = output->file.descriptor < 0 ? output->file.problem : NULL;
  gboolean lines = problem && live_bytes (output, of) > 0;
  pane_search_draw (&output->search, canvas, &area);
  if (problem && !lines) {
    pane_draw_nothing (canvas, area, problem);
    return;
  }
  if (lines) {
    Area line = area_inside (area_take_top (&area, 1), 1, 0, 1, 0);
    g_autofree char *text = g_strdup_printf ("%s: its last lines", problem);
    canvas_text (canvas, line, 0, 0, ROLE_STALE, text);
  }
  pager_draw (output->pager, canvas, area_inside (area, 1, 0, 0, 0));
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  OutputScreen *output = (OutputScreen *)screen;
  refresh (output);
  const OutputOf *of = shown_output (output);
  if (output->list) {
    draw_choice (output, canvas, &area);
    return;
  }
  if (!of) {
    const PaneHead head = { "Output", NULL, ROLE_DIM, NULL, ROLE_DIM };
    pane_draw (output->model, canvas, &area, &head);
    pane_draw_nothing (canvas, area, "No command of this run has begun yet.");
    return;
  }
  draw_head (output, of, canvas, &area);
  draw_text (output, of, canvas, area);
}

static void
search (OutputScreen *output, KeyAction action, const Key *key)
{
  g_autofree char *text =
      pane_search_key (&output->search, output->screen.app, action, key);
  if (!text || !*text)
    return;
  output->sought = TRUE;
  if (!pager_search (output->pager, text))
    app_say (output->screen.app, "Not found");
}

static gboolean
act_on_text (OutputScreen *output, KeyAction action)
{
  gboolean taken = pager_act (output->pager, action);
  const char *remark = pager_remark (output->pager);
  if (action == ACTION_FOLLOW)
    output->chosen = FALSE;
  if (remark)
    app_say (output->screen.app, remark);
  return taken;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  OutputScreen *output = (OutputScreen *)screen;
  const OutputOf *of = shown_output (output);
  if (output->list)
    return act_choosing (output, action, key);
  if (output->search.input) {
    search (output, action, key);
    return TRUE;
  }
  if (action == ACTION_CHOOSE)
    choose (output);
  else if (!of || !output->pager)
    return FALSE;
  else if (action == ACTION_SEARCH)
    pane_search_open (&output->search);
  else if (action == ACTION_COPY)
    app_copy (screen->app, of->command);
  else
    return act_on_text (output, action);
  return TRUE;
}

static gboolean
types (const Screen *screen)
{
  return ((const OutputScreen *)screen)->search.input != NULL;
}

/* Seconds are shown while a command runs, and in no other case is there anything to do. */
static gint64
wake_us (const Screen *screen, gint64 now_us)
{
  const OutputScreen *output = (const OutputScreen *)screen;
  const OutputOf *of = shown_output (output);
  gboolean over = run_model_is_over (output->model, NULL, NULL);
  if (!of || of->standing != OUTPUT_RUNNING || output->list || over)
    return 0;
  gint64 since_us = of->began.boot_us;
  return now_us + G_USEC_PER_SEC - (now_us - since_us) % G_USEC_PER_SEC;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const OutputScreen *output = (const OutputScreen *)screen;
  if (output->list)
    return action == ACTION_QUIT;
  switch (action) {
  case ACTION_CHOOSE:
    return outputs_count (output->outputs) > 1;
  case ACTION_SEARCH_NEXT:
  case ACTION_SEARCH_BACK:
    return output->sought;
  case ACTION_FOLLOW:
    return output->pager && (output->chosen || !pager_follows (output->pager));
  default:
    return action == ACTION_QUIT || output->shown;
  }
}

static char *
status (const Screen *screen)
{
  const OutputScreen *output = (const OutputScreen *)screen;
  const OutputOf *of = shown_output (output);
  if (output->list || !of || of->standing != OUTPUT_RUNNING || !output->pager)
    return NULL;
  return g_strdup (pager_follows (output->pager) ? "following" : "not at its end");
}

static void
output_free (Screen *screen)
{
  OutputScreen *output = (OutputScreen *)screen;
  outputs_free (output->outputs);
  output_file_close (&output->file);
  pager_free (output->pager);
  pane_search_close (&output->search);
  list_free (output->list);
  g_free (output->shown);
  g_free (output);
}

static const ScreenKind output_kind = {
  .name = "output",
  .where = KEYS_OUTPUT | KEYS_OTHERS,
  .free = output_free,
  .draw = draw,
  .act = act,
  .types = types,
  .wake_us = wake_us,
  .offers = offers,
  .status = status,
};

Screen *
screen_output_new (App *app, RunModel *model)
{
  OutputScreen *output = g_new0 (OutputScreen, 1);
  output->screen = (Screen){ &output_kind, app };
  output->model = model;
  output->outputs = outputs_new (model);
  output->file.descriptor = -1;
  return &output->screen;
}
