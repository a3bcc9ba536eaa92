#include "tui/home/screen_plan.h"

#include <string.h>

#include "tui/home/plan_page.h"
#include "tui/home/plan_rows.h"
#include "tui/home/screen_launch.h"
#include "tui/place.h"
#include "tui/queues/look_line.h"
#include "tui/start.h"
#include "tui/widgets/filter.h"
#include "tui/widgets/input.h"
#include "tui/widgets/page.h"

/* A plan is read, not acted on: the run itself looks again, and more often. */
#define LOOK_INTERVAL_US (5 * G_USEC_PER_SEC)

/* No reading for so long: what is shown may not be so any more. */
#define STALE_US (4 * LOOK_INTERVAL_US)

#define VALUE_BYTES_MAX 1000

/* From here on the list stands beside what is read, not above it. */
#define BESIDE_WIDTH_MIN 100

typedef struct {
  Screen screen;
  const Home *home;
  PlanModel *model;
  List *list;
  Filter *filter;
  Page *page;
  Input *value;     /* while a variable's is typed; or NULL */
  guint variable;   /* whose it is */
  LookLine *line;   /* or NULL */
  guint looking;    /* source: begins to look when the loop comes round; 0 */
  gboolean reading; /* what is selected has all of the screen */
  PageView view;
  guint paged; /* the row that the page is scrolled in */
} PlanScreen;

/* ---- rows ------------------------------------------------------------------------------ */

static gboolean
is_gap (void *data, guint row)
{
  const PlanScreen *plan = data;
  return plan_rows_kind (plan->model, row) == PLAN_GAP;
}

static char *
text_of (void *data, guint row)
{
  const PlanScreen *plan = data;
  return plan_rows_text (plan->model, row);
}

static void
take_rows (PlanScreen *plan)
{
  list_set_rows (plan->list, plan_rows_count (plan->model), text_of, plan);
}

/* What is selected; PLAN_GAP: nothing. */
static PlanKind
selected_kind (const PlanScreen *plan)
{
  guint row = list_selected (plan->list);
  return row == LIST_NONE ? PLAN_GAP : plan_rows_kind (plan->model, row);
}

/* ---- looking --------------------------------------------------------------------------- */

static void
on_reading (const Reading *reading, void *data)
{
  PlanScreen *plan = data;
  Reading *copy = reading_new (reading->key, reading->began, reading->ended,
                               reading->error, json_incref (reading->body));
  if (plan_model_saw (plan->model, copy))
    app_draw (plan->screen.app);
}

static void
go_blind (PlanScreen *plan, const char *why)
{
  plan_model_blind (plan->model, why);
  app_draw (plan->screen.app);
}

static void
on_refused (const char *why, int status, void *data)
{
  (void)status;
  go_blind (data, why);
}

static void
on_ended (const char *why, void *data)
{
  go_blind (data, why ? why : "the runner that looks has ended; come here anew to look");
}

static void
on_silent (void *data)
{
  go_blind (data, "the runner that looks does not answer");
}

static gboolean
on_looking (void *data)
{
  static const LookHooks hooks = { on_reading, on_refused, on_ended, on_silent };
  PlanScreen *plan = data;
  g_autoptr (GError) error = NULL;
  plan->looking = 0;
  int descriptor = start_look (plan_model_site_file (plan->model),
                               plan_model_settings (plan->model), &error);
  if (descriptor < 0) {
    go_blind (plan, error->message);
    return G_SOURCE_REMOVE;
  }
  plan->line = look_line_new (descriptor, plan_model_mask (plan->model), &hooks, plan);
  look_line_watch_platform (plan->line, LOOK_INTERVAL_US);
  return G_SOURCE_REMOVE;
}

/* Once the plan stands on the screen. */
static void
look (PlanScreen *plan)
{
  if (plan->line || plan->looking || !plan_model_runbook (plan->model) ||
      plan_model_problems (plan->model)->len > 0)
    return;
  plan->looking = g_idle_add (on_looking, plan);
}

static void
stop_looking (PlanScreen *plan)
{
  g_clear_handle_id (&plan->looking, g_source_remove);
  g_clear_pointer (&plan->line, look_line_free);
}

/* ---- drawing the list ------------------------------------------------------------------ */

static HeadStake
stake_of (const PlanScreen *plan)
{
  const Site *site = plan_model_site (plan->model);
  return site && site->production ? HEAD_PRODUCTION : HEAD_USUAL;
}

static void
draw_row (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  const PlanScreen *plan = data;
  (void)selected;
  plan_rows_draw (plan->model, canvas, area_inside (line, 1, 0, 1, 0), row);
}

/* ---- drawing the page ------------------------------------------------------------------ */

static void
fill_page (PlanScreen *plan)
{
  guint row = list_selected (plan->list);
  page_clear (plan->page);
  if (row != plan->paged)
    plan->view.top = 0;
  plan->paged = row;
  switch (selected_kind (plan)) {
  case PLAN_ABOUT:
    plan_page_about (plan->page, plan->model);
    break;
  case PLAN_VARIABLE:
    plan_page_variable (plan->page, plan_rows_variable (plan->model, row));
    break;
  case PLAN_STEP:
    plan_page_step (plan->page, plan->model, plan_rows_step (plan->model, row));
    break;
  case PLAN_GAP:
    break;
  }
}

static void
draw_page (PlanScreen *plan, Canvas *canvas, Area area)
{
  Area text = area_inside (area, 1, 0, 2, 0);
  fill_page (plan);
  const PageView *view = &plan->view;
  page_view_draw (&plan->view, plan->page, canvas, text);
  if (view->lines <= view->rows)
    return;
  list_draw_bar (canvas, area_take_right (&area, 1), (guint64)view->top,
                 (guint64)view->rows, (guint64)view->lines);
}

static void
draw_list_and_page (PlanScreen *plan, Canvas *canvas, Area all, Area area)
{
  Role frame = head_frame (stake_of (plan));
  Area list = area;
  if (area.width >= BESIDE_WIDTH_MIN) {
    list = area_take_left (&area, CLAMP (area.width * 2 / 5, 36, 64));
    canvas_vertical (canvas, all, list.width, 1, all.height - 1, frame);
    area_take_left (&area, 1);
  } else {
    guint height = MIN (plan_rows_count (plan->model), (guint)area.height * 2 / 5);
    list = area_take_top (&area, (int)MAX (height, 3));
    canvas_horizontal (canvas, area_take_top (&area, 1), 0, 0, area.width, frame);
  }
  list_draw (plan->list, canvas, list, TRUE, draw_row, plan);
  draw_page (plan, canvas, area);
}

static void
draw_field (PlanScreen *plan, Canvas *canvas, Area *area)
{
  Area lines = area_take_bottom (area, 2);
  Area inner = area_inside (lines, 1, 1, 1, 0);
  canvas_horizontal (canvas, lines, 0, 0, lines.width, head_frame (stake_of (plan)));
  int x = canvas_printf (canvas, inner, 0, 0, ROLE_QUESTION,
                         "%s = ", plan_rows_variable (plan->model, plan->variable)->name);
  input_draw (plan->value, canvas, inner, x, 0, MIN (inner.width - x, 50), ROLE_INPUT);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  PlanScreen *plan = (PlanScreen *)screen;
  const Runbook *runbook = plan_model_runbook (plan->model);
  const Site *site = plan_model_site (plan->model);
  const char *name =
      runbook && runbook->title ? runbook->title : plan_model_runbook_file (plan->model);
  g_autofree char *title = g_strdup_printf ("Plan: %s", name);
  g_autofree char *words = site ? place_site_words (site) : NULL;
  const Head head = { .title = title,
                      .place = { .text = words, .stake = stake_of (plan) } };
  Area all = area;
  head_draw (canvas, &area, &head);
  if (plan->value)
    draw_field (plan, canvas, &area);
  filter_draw (plan->filter, canvas, &area);
  all.height = area.y + area.height - all.y;
  if (plan->reading)
    draw_page (plan, canvas, area);
  else
    draw_list_and_page (plan, canvas, all, area);
  look (plan);
}

/* ---- acting ---------------------------------------------------------------------------- */

static void
edit (PlanScreen *plan, guint row)
{
  const Variable *variable = plan_rows_variable (plan->model, row);
  plan->variable = row;
  plan->value = input_new (VALUE_BYTES_MAX);
  input_set_text (plan->value, variable->value ? variable->value : "");
}

/* The file may have been mended meanwhile. */
static void
load_again (PlanScreen *plan)
{
  guint row = list_selected (plan->list);
  stop_looking (plan);
  plan_model_load (plan->model);
  take_rows (plan);
  list_select (plan->list, row < plan_rows_count (plan->model) ? row : 0);
}

static void
set_value (PlanScreen *plan)
{
  const char *name = plan_rows_variable (plan->model, plan->variable)->name;
  g_autofree char *problem = plan_model_set (plan->model, name, input_text (plan->value));
  if (problem) {
    app_say (plan->screen.app, problem);
    return;
  }
  g_clear_pointer (&plan->value, input_free);
  take_rows (plan);
}

static gboolean
type (PlanScreen *plan, KeyAction action, const Key *key)
{
  if (action == ACTION_BACK) {
    g_clear_pointer (&plan->value, input_free);
  } else if (key->code == PRESS_ENTER) {
    set_value (plan);
  } else {
    const char *refusal = input_refusal (input_key (plan->value, key));
    if (refusal)
      app_say (plan->screen.app, refusal);
  }
  return TRUE;
}

static void
open_row (PlanScreen *plan)
{
  guint row = list_selected (plan->list);
  PlanKind kind = selected_kind (plan);
  if (kind == PLAN_ABOUT && plan_model_problems (plan->model)->len > 0)
    load_again (plan);
  else if (kind == PLAN_VARIABLE)
    edit (plan, row);
  else
    plan->reading = kind != PLAN_GAP;
}

/* Why it cannot be begun, and to the place where that is mended. */
static void
point_at_what_is_missing (PlanScreen *plan)
{
  const Runbook *runbook = plan_model_runbook (plan->model);
  const Variable *missing = runbook ? runbook_missing (runbook) : NULL;
  plan->reading = FALSE;
  filter_clear (plan->filter);
  list_select (plan->list, 0);
  app_say (plan->screen.app, "It cannot be run yet: the selected line says why");
  guint row = missing ? plan_rows_of (plan->model, missing) : LIST_NONE;
  if (row == LIST_NONE)
    return;
  list_select (plan->list, row);
  edit (plan, row);
  app_say (plan->screen.app, "It cannot be run without this value");
}

static void
begin (PlanScreen *plan)
{
  const Site *site = plan_model_site (plan->model);
  if (!plan_model_is_fit (plan->model)) {
    point_at_what_is_missing (plan);
    return;
  }
  const LaunchRun run = {
    .runbook = plan_model_runbook_file (plan->model),
    .site_file = plan_model_site_file (plan->model),
    .site = site->name,
    .root = plan->home->root,
    .settings = plan_model_settings (plan->model),
  };
  g_autofree char *title =
      g_strdup_printf ("Begin: %s", plan_model_runbook (plan->model)->title);
  g_autofree char *words = place_site_words (site);
  const Head head = { .title = title,
                      .place = { .text = words, .stake = stake_of (plan) } };
  stop_looking (plan);
  app_push (plan->screen.app,
            screen_launch_new (plan->screen.app, &head, launch_run (&run)));
}

static void
copy (PlanScreen *plan)
{
  guint row = list_selected (plan->list);
  g_autofree char *text = NULL;
  if (selected_kind (plan) == PLAN_STEP)
    text = plan_page_commands (plan->model, plan_rows_step (plan->model, row));
  else if (plan_model_runbook (plan->model))
    text = plan_page_shell (plan->model);
  if (text)
    app_copy (plan->screen.app, text);
  else
    app_say (plan->screen.app, "There is no command here to be copied");
}

static gboolean
act_reading (PlanScreen *plan, KeyAction action)
{
  if (action != ACTION_BACK && action != ACTION_QUIT)
    return page_view_act (&plan->view, action);
  plan->reading = FALSE;
  plan->view.top = 0;
  return TRUE;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  PlanScreen *plan = (PlanScreen *)screen;
  const char *remark = NULL;
  if (plan->value)
    return type (plan, action, key);
  if (!plan->reading && filter_act (plan->filter, action, key, &remark)) {
    if (remark)
      app_say (screen->app, remark);
    return TRUE;
  }
  if (action == ACTION_RUN)
    begin (plan);
  else if (action == ACTION_COPY)
    copy (plan);
  else if (plan->reading)
    return act_reading (plan, action);
  else if (action == ACTION_OPEN)
    open_row (plan);
  else
    return list_act (plan->list, action);
  return TRUE;
}

/* ---- the rest of the record ------------------------------------------------------------ */

static gboolean
types (const Screen *screen)
{
  const PlanScreen *plan = (const PlanScreen *)screen;
  return plan->value || filter_types (plan->filter);
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const PlanScreen *plan = (const PlanScreen *)screen;
  gboolean in_list = action == ACTION_OPEN || action == ACTION_FILTER;
  return !in_list || !plan->reading;
}

static gint64
stale_us (const PlanScreen *plan)
{
  gint64 seen_us = plan_model_seen (plan->model).boot_us;
  return seen_us > 0 && !plan_model_trouble (plan->model) ? seen_us + STALE_US : 0;
}

static gint64
wake_us (const Screen *screen, gint64 now_us)
{
  gint64 at_us = stale_us ((const PlanScreen *)screen);
  return at_us > now_us ? at_us : 0;
}

static char *
seen_words (const PlanScreen *plan)
{
  Moment seen = plan_model_seen (plan->model);
  g_autoptr (GDateTime) at =
      g_date_time_new_from_unix_local (seen.wall_us / G_USEC_PER_SEC);
  gint64 at_us = stale_us (plan);
  gboolean stale = plan_model_trouble (plan->model) ||
                   (at_us > 0 && at_us <= app_now_us (plan->screen.app));
  if (stale && seen.boot_us > 0)
    return g_date_time_format (at, "not seen since %H:%M:%S");
  if (stale)
    return g_strdup ("how things stand is not known");
  return g_strdup (seen.boot_us > 0 ? "nothing is begun yet" : "looking");
}

static char *
status (const Screen *screen)
{
  const PlanScreen *plan = (const PlanScreen *)screen;
  char *filtered = filter_status (plan->filter);
  if (filtered)
    return filtered;
  return plan_model_is_fit (plan->model) ? seen_words (plan) : g_strdup ("not ready");
}

static void
plan_screen_free (Screen *screen)
{
  PlanScreen *plan = (PlanScreen *)screen;
  stop_looking (plan);
  filter_free (plan->filter);
  list_free (plan->list);
  page_free (plan->page);
  input_free (plan->value);
  plan_model_free (plan->model);
  g_free (plan);
}

static const ScreenKind plan_kind = {
  .name = "plan",
  .where = KEYS_PLAN | KEYS_LIST,
  .free = plan_screen_free,
  .draw = draw,
  .act = act,
  .types = types,
  .wake_us = wake_us,
  .offers = offers,
  .status = status,
};

Screen *
screen_plan_new (App *app, const Home *home, const char *runbook_file,
                 const char *site_file)
{
  PlanScreen *plan = g_new0 (PlanScreen, 1);
  plan->screen = (Screen){ &plan_kind, app };
  plan->home = home;
  plan->model = plan_model_new (runbook_file, site_file);
  plan->list = list_new ();
  plan->filter = filter_new (plan->list);
  plan->page = page_new ();
  plan_model_load (plan->model);
  list_set_gaps (plan->list, is_gap);
  take_rows (plan);
  return &plan->screen;
}
