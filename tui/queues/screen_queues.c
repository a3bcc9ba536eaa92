#include "tui/queues/screen_queues.h"

#include <string.h>

#include "core/base/quantity.h"
#include "tui/cli.h"
#include "tui/queues/look_line.h"
#include "tui/queues/queues_panel.h"
#include "tui/start.h"
#include "tui/widgets/app.h"
#include "tui/widgets/head.h"

/* A runner that has ended is started again after this long; while none gives a reading the
 * pause doubles, so that a broken one costs nothing. */
#define PAUSE_S 2
#define PAUSE_MAX_S 60

#define HEAD_LINES 2 /* with the line below it */

/* The chart has a third of the screen at least, and what the table leaves. */
#define CHART_PART 3
#define CHART_LINES_MIN 5
#define CHART_LINES_MAX 12

/* From these widths on the head has room to say what near zero means. */
#define WIDTH_OF_NAME 76
#define WIDTH_OF_MEANING 110

/* What is left of it when the terminal is as it was. */
typedef struct {
  const QueuesSource *source;
  char *refusal; /* why nothing was watched, or NULL */
} Visit;

typedef struct {
  Screen screen;
  Visit *visit;
  const QueuesSource *source;
  QueuesPanel *panel;
  LookLine *line; /* NULL: no runner now */
  guint pause_s;
  guint again; /* source id: when the next one is started */
  Area area;   /* what was drawn last */
  int table;   /* the most lines that the table has needed in it */
} Queues;

/* ---- the runner ------------------------------------------------------------------- */

static void begin (Queues *queues);

static void
fail (Queues *queues, const char *why)
{
  gint64 now_us = app_now_us (queues->screen.app);
  Moment now = { app_wall_us (queues->screen.app), now_us };
  g_autoptr (Reading) reading = reading_new ("queues", now, now, why, NULL);
  queues_panel_take (queues->panel, reading);
  app_draw (queues->screen.app);
}

static gboolean
on_again (void *data)
{
  Queues *queues = data;
  queues->again = 0;
  g_clear_pointer (&queues->line, look_line_free);
  begin (queues);
  return G_SOURCE_REMOVE;
}

static void
begin_again (Queues *queues, const char *why)
{
  g_autofree char *pause =
      quantity_format_duration ((gint64)queues->pause_s * G_USEC_PER_SEC);
  g_autofree char *words =
      g_strdup_printf ("%s; it is started again after %s", why, pause);
  g_clear_handle_id (&queues->again, g_source_remove);
  queues->again = g_timeout_add_seconds (queues->pause_s, on_again, queues);
  queues->pause_s = MIN (2 * queues->pause_s, PAUSE_MAX_S);
  fail (queues, words);
}

/* What has been watched stays to be seen; where there is nothing, one need not stay. */
static void
give_up (Queues *queues, const char *why, int status)
{
  if (!queues_panel_is_empty (queues->panel)) {
    fail (queues, why);
    return;
  }
  queues->visit->refusal = g_strdup (why);
  app_leave (queues->screen.app, status);
}

static void
on_reading (const Reading *reading, void *data)
{
  Queues *queues = data;
  queues->pause_s = PAUSE_S;
  queues_panel_take (queues->panel, reading);
  app_draw (queues->screen.app);
}

static void
on_refused (const char *why, int status, void *data)
{
  give_up (data, why, status);
}

static void
on_ended (const char *why, void *data)
{
  if (why)
    give_up (data, why, CLI_PROBLEMS);
  else
    begin_again (data, "the runner that looks has ended");
}

static void
on_silent (void *data)
{
  begin_again (data, "the runner that looks does not answer");
}

static const LookHooks hooks = { on_reading, on_refused, on_ended, on_silent };

static void
begin (Queues *queues)
{
  const QueuesSource *source = queues->source;
  g_autoptr (GError) error = NULL;
  int descriptor = start_look (source->site->file, source->settings, &error);
  if (descriptor < 0) {
    give_up (queues, error->message, CLI_PROBLEMS);
    return;
  }
  queues->line = look_line_new (descriptor, source->mask, &hooks, queues);
  look_line_watch_queues (queues->line, source->section, source->interval_us);
}

/* ---- the screen -------------------------------------------------------------------- */

static HeadStake
stake_of (const QueuesSource *source)
{
  return source->site->production ? HEAD_PRODUCTION : HEAD_USUAL;
}

/* Where, and on what: production first. Returns where it ends. */
static int
draw_place (const QueuesSource *source, Canvas *canvas, Area head)
{
  int x = 1 + canvas_text (canvas, head, 1, 0, ROLE_TITLE, "Job queues") + 2;
  x = head_draw_banner (canvas, head, x, stake_of (source));
  g_autofree char *place =
      g_strdup_printf ("%s · Redis at %s", source->site->name, source->redis);
  return x + canvas_middle (canvas, head, x, 0, head.width - x, ROLE_TEXT, place);
}

static void
draw_head (const QueuesSource *source, Canvas *canvas, Area head)
{
  Area words = area_inside (head, 0, 0, 1, 0);
  g_autofree char *window = quantity_format_duration (source->window_us);
  g_autofree char *meaning = g_strdup_printf (
      "%sat most %" G_GUINT64_FORMAT "%s for %s",
      head.width >= WIDTH_OF_NAME ? "near zero: " : "", source->at_most,
      head.width >= WIDTH_OF_MEANING ? " queued, nobody busy," : "", window);
  Area place = area_inside (words, 0, 0, canvas_columns (meaning) + 2, 0);
  draw_place (source, canvas, place);
  canvas_right (canvas, words, words.width, 0, ROLE_DIM, meaning);
}

/* The table keeps the most lines that it has needed: a queue that comes or goes does not
 * move the chart. */
static Area
table_area (Queues *queues, Area area)
{
  if (memcmp (&area, &queues->area, sizeof area) != 0)
    queues->table = 0;
  queues->area = area;
  int chart = CLAMP (area.height / CHART_PART, CHART_LINES_MIN, CHART_LINES_MAX);
  area.height -= chart + 1;
  return area;
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  Queues *queues = (Queues *)screen;
  const QueuesSource *source = queues->source;
  Role frame = head_frame (stake_of (source));
  Area head = area_take_top (&area, HEAD_LINES);
  draw_head (source, canvas, head);
  canvas_horizontal (canvas, head, 0, HEAD_LINES - 1, head.width, frame);
  Area table = area_inside (table_area (queues, area), 1, 0, 1, 0);
  int used = queues_panel_draw (queues->panel, canvas, table, QUEUES_PANEL_SELECTS,
                                app_now_us (screen->app));
  queues->table = MAX (queues->table, used);
  area_take_top (&area, queues->table);
  Area line = area_take_top (&area, 1);
  canvas_horizontal (canvas, line, 0, 0, line.width, frame);
  queues_panel_draw_chart (queues->panel, canvas, area_inside (area, 1, 0, 1, 0));
}

static int
leaves (const Screen *screen)
{
  const Queues *queues = (const Queues *)screen;
  gboolean passes = queues_panel_passes (queues->panel, app_now_us (screen->app));
  return passes ? CLI_DONE : CLI_PROBLEMS;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  Queues *queues = (Queues *)screen;
  (void)key;
  if (action != ACTION_QUIT)
    return queues_panel_act (queues->panel, action);
  app_leave (screen->app, leaves (screen));
  return TRUE;
}

static gint64
wake_us (const Screen *screen, gint64 now_us)
{
  return queues_panel_wake_us (((const Queues *)screen)->panel, now_us);
}

static char *
status (const Screen *screen)
{
  const QueuesSource *source = ((const Queues *)screen)->source;
  g_autofree char *interval = quantity_format_duration (source->interval_us);
  return g_strdup_printf ("a look every %s", interval);
}

static void
queues_free (Screen *screen)
{
  Queues *queues = (Queues *)screen;
  g_clear_handle_id (&queues->again, g_source_remove);
  look_line_free (queues->line);
  queues_panel_free (queues->panel);
  g_free (queues);
}

static const ScreenKind queues_kind = {
  .name = "queues",
  .where = KEYS_QUEUES | KEYS_LIST,
  .free = queues_free,
  .draw = draw,
  .act = act,
  .wake_us = wake_us,
  .status = status,
  .leaves = leaves,
};

static Screen *
queues_new (App *app, void *data)
{
  Visit *visit = data;
  const QueuesSource *source = visit->source;
  Queues *queues = g_new0 (Queues, 1);
  queues->screen = (Screen){ &queues_kind, app };
  queues->visit = visit;
  queues->source = source;
  queues->panel = queues_panel_new (source->window_us, source->at_most);
  queues->pause_s = PAUSE_S;
  g_autofree char *title =
      g_strdup_printf ("handrail: job queues of %s", source->site->name);
  app_set_title (app, title);
  queues->again = g_idle_add (on_again, queues); /* the loop can be left when it runs */
  return &queues->screen;
}

int
screen_queues_run (const QueuesSource *source, const AppOptions *options, GError **error)
{
  Visit visit = { .source = source };
  int left = app_run (options, queues_new, &visit, error);
  if (visit.refusal)
    cli_complain ("%s", visit.refusal);
  g_free (visit.refusal);
  return left;
}
