/* Every widget of the full screen in one program, for the tests of tests/screen/ and for
 * looking at themes: a run as it could be, with made-up numbers. */
#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tui/widgets/app.h"
#include "tui/widgets/chart.h"
#include "tui/widgets/input.h"
#include "tui/widgets/list.h"
#include "tui/widgets/pager.h"

#define SAMPLES 120
#define NAME_COLUMNS 14
#define TREND_COLUMNS 16

/* What the command line asks for. */
static struct {
  char *theme;
  char *name; /* of the first queue */
  char *file; /* for the pager */
  int rows;
  gboolean ascii;
  gboolean production;
} options = { .rows = 12 };

static const GOptionEntry entries[] = {
  { "theme", 0, 0, G_OPTION_ARG_STRING, &options.theme, "Theme", "NAME" },
  { "name", 0, 0, G_OPTION_ARG_FILENAME, &options.name, "Name of a queue", "BYTES" },
  { "file", 0, 0, G_OPTION_ARG_FILENAME, &options.file, "Text to page through", "FILE" },
  { "rows", 0, 0, G_OPTION_ARG_INT, &options.rows, "Steps in the list", "N" },
  { "ascii", 0, 0, G_OPTION_ARG_NONE, &options.ascii, "Only ASCII", NULL },
  { "production", 0, 0, G_OPTION_ARG_NONE, &options.production, "Red", NULL },
  { 0 },
};

static Role
frame_role (void)
{
  return options.production ? ROLE_PRODUCTION_FRAME : ROLE_FRAME;
}

/* ---- the pager -------------------------------------------------------------------------- */

typedef struct {
  Screen screen;
  Pager *pager;
  Input *search; /* or NULL */
  int descriptor;
} Output;

static void
output_draw (Screen *screen, Canvas *canvas, Area area)
{
  Output *output = (Output *)screen;
  Area head = area_take_top (&area, 2);
  canvas_text (canvas, head, 1, 0, ROLE_TITLE, "Output of the step");
  canvas_horizontal (canvas, head, 0, 1, head.width, frame_role ());
  if (output->search) {
    Area line = area_take_bottom (&area, 1);
    int x = canvas_text (canvas, line, 1, 0, ROLE_QUESTION, "Search for ") + 1;
    input_draw (output->search, canvas, line, x, 0, 40, ROLE_INPUT);
  }
  pager_draw (output->pager, canvas, area);
}

static gboolean
output_types (const Screen *screen)
{
  return ((const Output *)screen)->search != NULL;
}

static gboolean
output_type (Output *output, KeyAction action, const Key *key)
{
  if (action == ACTION_BACK || key->code == PRESS_ENTER) {
    if (key->code == PRESS_ENTER &&
        !pager_search (output->pager, input_text (output->search)))
      app_say (output->screen.app, "Not found");
    g_clear_pointer (&output->search, input_free);
    return TRUE;
  }
  const char *refusal = input_refusal (input_key (output->search, key));
  if (refusal)
    app_say (output->screen.app, refusal);
  return TRUE;
}

static gboolean
output_act (Screen *screen, KeyAction action, const Key *key)
{
  Output *output = (Output *)screen;
  if (output->search)
    return output_type (output, action, key);
  if (action == ACTION_SEARCH) {
    output->search = input_new (200);
    return TRUE;
  }
  gboolean taken = pager_act (output->pager, action);
  if (pager_remark (output->pager))
    app_say (screen->app, pager_remark (output->pager));
  return taken;
}

static char *
output_status (const Screen *screen)
{
  const Output *output = (const Output *)screen;
  return g_strdup (pager_follows (output->pager) ? "following" : "");
}

static void
output_free (Screen *screen)
{
  Output *output = (Output *)screen;
  pager_free (output->pager);
  input_free (output->search);
  close (output->descriptor);
  g_free (output);
}

static const ScreenKind output_kind = {
  .name = "output",
  .where = KEYS_OUTPUT,
  .free = output_free,
  .draw = output_draw,
  .act = output_act,
  .types = output_types,
  .status = output_status,
};

static Screen *
output_new (App *app)
{
  Output *output = g_new0 (Output, 1);
  output->screen = (Screen){ &output_kind, app };
  output->descriptor =
      open (options.file ? options.file : "/dev/null", O_RDONLY | O_CLOEXEC);
  output->pager = pager_new (pager_read_descriptor, GINT_TO_POINTER (output->descriptor));
  off_t size = lseek (output->descriptor, 0, SEEK_END);
  pager_set_size (output->pager, size > 0 ? (guint64)size : 0);
  return &output->screen;
}

/* ---- the run ---------------------------------------------------------------------------- */

typedef struct {
  Screen screen;
  List *list;
  Input *note; /* or NULL */
  double falling[SAMPLES], rising[SAMPLES];
} Demo;

static void
draw_step (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  static const char *const titles[] = { "Name the backup",    "Stop the proxy",
                                        "Stop tines-app",     "Quiet tines-sidekiq",
                                        "Stop tines-sidekiq", "Stop command-runner" };
  Mark mark = row < 3 ? MARK_DONE : row == 3 ? MARK_CURRENT : MARK_NONE;
  Role role = row < 3 ? ROLE_GOOD : ROLE_CURRENT;
  (void)data;
  (void)selected;
  canvas_mark (canvas, line, 1, 0, role, mark);
  Area text = area_inside (line, 3, 0, 8, 0);
  canvas_printf (canvas, text, 0, 0, row == 3 ? ROLE_CURRENT : ROLE_TEXT, "%s",
                 titles[row % G_N_ELEMENTS (titles)]);
  g_autofree char *count = g_strdup_printf ("%u→0", row % 7);
  canvas_right (canvas, line, line.width - 1, 0, ROLE_DIM, count);
}

static void
draw_queue (Canvas *canvas, Area line, const char *name, const double *values)
{
  canvas_middle (canvas, line, 1, 0, NAME_COLUMNS, ROLE_TEXT, name);
  g_autofree char *size = g_strdup_printf ("%.0f", values[SAMPLES - 1]);
  canvas_right (canvas, line, NAME_COLUMNS + 7, 0, ROLE_TEXT, size);
  chart_sparkline (canvas, line, NAME_COLUMNS + 9, 0, TREND_COLUMNS, ROLE_CHART, values,
                   SAMPLES, 0);
  canvas_right (canvas, line, NAME_COLUMNS + TREND_COLUMNS + 18, 0, ROLE_DIM, "-3.1/s");
}

static void
draw_queues (const Demo *demo, Canvas *canvas, Area *area)
{
  Area head = area_take_top (area, 1);
  canvas_text (canvas, head, 1, 0, ROLE_HEADING, "queue");
  canvas_right (canvas, head, NAME_COLUMNS + 7, 0, ROLE_HEADING, "size");
  canvas_text (canvas, head, NAME_COLUMNS + 9, 0, ROLE_HEADING, "last 2 min");
  canvas_right (canvas, head, NAME_COLUMNS + TREND_COLUMNS + 18, 0, ROLE_HEADING,
                "trend");
  const char *name = options.name ? options.name : "default";
  draw_queue (canvas, area_take_top (area, 1), name, demo->falling);
  draw_queue (canvas, area_take_top (area, 1), "mailers", demo->rising);
}

static void
draw_verdict (Canvas *canvas, Area *area)
{
  Area line = area_take_top (area, 1);
  canvas_text (canvas, line, 1, 0, ROLE_WAITING,
               "shrinking: near zero in about 2m 15s (1m 50s to 2m 50s)");
  line = area_take_top (area, 1);
  canvas_mark (canvas, line, 1, 0, ROLE_GOOD, MARK_DONE);
  int x = 3 + canvas_text (canvas, line, 3, 0, ROLE_GOOD, "tines-app has none running");
  canvas_mark (canvas, line, x + 3, 0, ROLE_BAD, MARK_FAILED);
  canvas_text (canvas, line, x + 5, 0, ROLE_BAD, "at most 5 queued for 2m");
  line = area_take_top (area, 1);
  canvas_mark (canvas, line, 1, 0, ROLE_STALE, MARK_STALE);
  canvas_text (canvas, line, 3, 0, ROLE_STALE, "redis was seen 40 s ago");
}

static void
draw_step_in_full (const Demo *demo, Canvas *canvas, Area area)
{
  canvas_text (canvas, area_take_top (&area, 1), 1, 0, ROLE_TITLE,
               "Let tines-sidekiq finish what it has begun");
  const char *why =
      "Stopped in the middle of a job, Sidekiq can lose it. Quieted, it takes "
      "no new jobs and finishes its own.";
  int lines =
      canvas_paragraph (canvas, area_inside (area, 1, 0, 1, 0), ROLE_DIM, why, 0, 3);
  area_take_top (&area, MIN (lines, 3) + 1);
  draw_queues (demo, canvas, &area);
  area_take_top (&area, 1);
  draw_verdict (canvas, &area);
  area_take_top (&area, 1);
  int x = 1 + canvas_text (canvas, area, 1, 0, ROLE_COMMAND,
                           "docker compose stop tines-sidekiq");
  canvas_text (canvas, area_take_top (&area, 1), x + 2, 0, ROLE_DIM, "undo: scale to 4");
  area_take_top (&area, 1);
  area.height = MIN (area.height, 12);
  const ChartLabels labels = { 0, "10 min ago", "now" };
  chart_area (canvas, area_inside (area, 1, 0, 1, 0), demo->falling, SAMPLES, &labels);
}

static void
draw_head (Canvas *canvas, Area head)
{
  canvas_text (canvas, head, 1, 0, ROLE_TITLE, "Shut down Tines");
  Role role = options.production ? ROLE_PRODUCTION : ROLE_PRACTICE;
  const char *word = options.production ? " PRODUCTION " : " practice ";
  int x = head.width - 12 - canvas_columns (word);
  canvas_text (canvas, head, x, 0, role, word);
  canvas_right (canvas, head, head.width - 1, 0, ROLE_DIM, "12:04");
}

static void
demo_draw (Screen *screen, Canvas *canvas, Area area)
{
  Demo *demo = (Demo *)screen;
  Area all = area;
  draw_head (canvas, area_take_top (&area, 1));
  int left = area.width < 100 ? 0 : 32;
  canvas_horizontal (canvas, all, 0, 1, all.width, frame_role ());
  canvas_horizontal (canvas, all, 0, all.height - 1, all.width, frame_role ());
  if (left > 0)
    canvas_vertical (canvas, all, left, 1, all.height - 1, frame_role ());
  area = area_inside (area, 0, 1, 0, 1);
  if (demo->note) {
    Area line = area_take_bottom (&area, 1);
    int x = canvas_text (canvas, line, 1, 0, ROLE_QUESTION, "Note ") + 1;
    input_draw (demo->note, canvas, line, x, 0, 50, ROLE_INPUT);
  }
  Area list = area_take_left (&area, left > 0 ? left : 0);
  if (left > 0) {
    list_draw (demo->list, canvas, list, TRUE, draw_step, demo);
    area_take_left (&area, 1);
  }
  draw_step_in_full (demo, canvas, area);
}

static gboolean
demo_types (const Screen *screen)
{
  return ((const Demo *)screen)->note != NULL;
}

static gboolean
demo_type (Demo *demo, KeyAction action, const Key *key)
{
  if (key->code == PRESS_ENTER && *input_text (demo->note)) {
    g_autofree char *text = g_strconcat ("Noted: ", input_text (demo->note), NULL);
    app_say (demo->screen.app, text);
    g_clear_pointer (&demo->note, input_free);
  } else if (action == ACTION_BACK) {
    g_clear_pointer (&demo->note, input_free);
  } else {
    const char *refusal = input_refusal (input_key (demo->note, key));
    if (refusal)
      app_say (demo->screen.app, refusal);
  }
  return TRUE;
}

static gboolean
demo_act (Screen *screen, KeyAction action, const Key *key)
{
  Demo *demo = (Demo *)screen;
  if (demo->note)
    return demo_type (demo, action, key);
  switch (action) {
  case ACTION_OUTPUT:
    app_push (screen->app, output_new (screen->app));
    return TRUE;
  case ACTION_NOTE:
    demo->note = input_new (400);
    app_forget_keys (screen->app);
    return TRUE;
  case ACTION_COPY:
    app_copy (screen->app, "docker compose stop tines-sidekiq");
    return TRUE;
  case ACTION_STOP:
    app_leave (screen->app, 3);
    return TRUE;
  default:
    return list_act (demo->list, action);
  }
}

static char *
demo_status (const Screen *screen)
{
  (void)screen;
  return g_strdup ("waiting for the queues");
}

static gboolean
demo_offers (const Screen *screen, KeyAction action)
{
  (void)screen;
  return action == ACTION_OUTPUT || action == ACTION_NOTE || action == ACTION_COPY ||
         action == ACTION_STOP;
}

static void
demo_free (Screen *screen)
{
  Demo *demo = (Demo *)screen;
  list_free (demo->list);
  input_free (demo->note);
  g_free (demo);
}

static const ScreenKind demo_kind = {
  .name = "run",
  .where = KEYS_RUN | KEYS_LIST,
  .free = demo_free,
  .draw = demo_draw,
  .act = demo_act,
  .types = demo_types,
  .offers = demo_offers,
  .status = demo_status,
};

static Screen *
demo_new (App *app, void *data)
{
  Demo *demo = g_new0 (Demo, 1);
  (void)data;
  demo->screen = (Screen){ &demo_kind, app };
  demo->list = list_new ();
  list_set_rows (demo->list, (guint)options.rows, NULL, NULL);
  for (int i = 0; i < SAMPLES; i++) {
    demo->falling[i] = 412 + 3 * (SAMPLES - 1 - i) + 30 * sin (i / 7.0);
    demo->rising[i] = i > 70 && i < 80 ? (double)NAN : floor (i / 6.0);
  }
  app_set_title (app, "handrail: Shut down Tines");
  return &demo->screen;
}

int
main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "");
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return 2;
  }
  const AppOptions app = { .theme = options.theme, .ascii = options.ascii };
  int status = app_run (&app, demo_new, NULL, &error);
  if (error)
    fprintf (stderr, "%s\n", error->message);
  return status < 0 ? 2 : status;
}
