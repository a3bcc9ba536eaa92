#include "tui/home/screen_home.h"

#include <string.h>

#include "tui/advice.h"
#include "tui/home/folder_watch.h"
#include "tui/home/home_rows.h"
#include "tui/home/screen_choose.h"
#include "tui/home/screen_launch.h"
#include "tui/home/screen_stopped.h"
#include "tui/home/screen_text.h"
#include "tui/practice/practice.h"
#include "tui/story.h"
#include "tui/widgets/filter.h"
#include "tui/widgets/page.h"

#define PART_COLUMNS 12
#define MARK_COLUMNS 2
#define NARROW_COLUMNS 79 /* 80 less a scroll bar */
#define PANE_LINES 4

/* Until all folders are watched that are shown; then what comes later is seen later. */
#define LOOKS_MAX 4

typedef struct {
  Screen screen;
  const Home *home;
  HomeRows *rows;
  List *list;
  Filter *filter;
  FolderWatch *watch;
  guint looking;           /* source: looks anew when the loop comes round; 0 */
  PracticeKept *practised; /* was in front, or is; or NULL */
  gboolean left;           /* another screen was in front: much may have happened */
  const char *part;        /* while it is drawn: of the row above */
  gint64 next_age_us; /* wall clock at which a time that is shown is another; 0: none */
} HomeScreen;

/* ---- what there is -------------------------------------------------------------------- */

static char *
text_of (void *data, guint index)
{
  const HomeScreen *home = data;
  const HomeRow *row = home_rows_get (home->rows, index);
  return g_strjoin (" ", row->part, row->title ? row->title : "",
                    row->name ? row->name : "", row->site ? row->site : "",
                    row->scenario ? row->scenario : "", row->step ? row->step : "",
                    row->state ? row->state : "", row->production ? "production" : "",
                    row->practice ? "practice" : "", NULL);
}

static gboolean
is_gap (void *data, guint index)
{
  const HomeScreen *home = data;
  return home_rows_get (home->rows, index)->kind == HOME_GAP;
}

static const HomeRow *
selected_row (const HomeScreen *home)
{
  guint index = list_selected (home->list);
  return index == LIST_NONE ? NULL : home_rows_get (home->rows, index);
}

/* FALSE if folders are new: what happened there before is not known. */
static gboolean
watches_all (HomeScreen *home)
{
  g_auto (GStrv) folders = home_rows_folders (home->rows);
  return !folder_watch_set (home->watch, (const char *const *)folders);
}

/* Each look may find another unfinished run, but seldom does. */
static void
take_rows (HomeScreen *home)
{
  for (int looks = 1; !watches_all (home) && looks < LOOKS_MAX; looks++)
    home_rows_again (home->rows);
  list_set_rows (home->list, home_rows_count (home->rows), text_of, home);
}

/* The selection stays on what it was on. */
static void
look_again (HomeScreen *home)
{
  const HomeRow *row = selected_row (home);
  HomeKind kind = row ? row->kind : HOME_GAP;
  g_autofree char *name = row ? g_strdup (row->name) : NULL;
  home_rows_again (home->rows);
  take_rows (home);
  guint index = home_rows_find (home->rows, kind, name);
  if (row && index != G_MAXUINT)
    list_select (home->list, index);
  app_draw (home->screen.app);
}

static void
on_changed (void *data)
{
  look_again (data);
}

/* Of a practice that was in front, and is over. */
static void
show_debrief (HomeScreen *home)
{
  App *app = home->screen.app;
  g_autoptr (PracticeKept) kept = g_steal_pointer (&home->practised);
  g_autofree char *title = NULL;
  char *text = kept ? practice_story (kept, &title) : NULL;
  if (!text)
    return;
  const Head head = { .title = title,
                      .place = { .text = kept->scenario, .stake = HEAD_PRACTICE } };
  home->left = TRUE;
  app_push (app, screen_text_new (app, &head, text));
}

static gboolean
on_looking (void *data)
{
  HomeScreen *home = data;
  home->looking = 0;
  show_debrief (home);
  look_again (home);
  return G_SOURCE_REMOVE;
}

/* ---- drawing -------------------------------------------------------------------------- */

/* Columns by the width there is: what is wide shows whole names and dates. */
typedef struct {
  int name, state, when;
} Columns;

static Columns
columns_of (int width)
{
  if (width < NARROW_COLUMNS)
    return (Columns){ 10, 14, 5 };
  return width < 99    ? (Columns){ 14, 15, 11 } /* 100 less a scroll bar */
         : width < 119 ? (Columns){ 18, 18, 11 }
                       : (Columns){ 20, 24, 16 };
}

static gint64
next_midnight_us (GDateTime *now)
{
  g_autoptr (GDateTime) tomorrow = g_date_time_add_days (now, 1);
  g_autoptr (GDateTime) midnight = g_date_time_new_local (
      g_date_time_get_year (tomorrow), g_date_time_get_month (tomorrow),
      g_date_time_get_day_of_month (tomorrow), 0, 0, 0);
  return midnight ? g_date_time_to_unix (midnight) * G_USEC_PER_SEC : 0;
}

static void
wake_at (HomeScreen *home, gint64 wall_us)
{
  if (wall_us > 0 && (home->next_age_us == 0 || wall_us < home->next_age_us))
    home->next_age_us = wall_us;
}

/* When a run began, as far as there is room: "04:10" today, "11-23" on another day. */
static char *
start_of (HomeScreen *home, gint64 began_us, int columns)
{
  g_autoptr (GDateTime) then =
      g_date_time_new_from_unix_local (began_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) now =
      g_date_time_new_from_unix_local (app_wall_us (home->screen.app) / G_USEC_PER_SEC);
  if (!then || !now)
    return g_strdup ("");
  if (columns >= 11)
    return g_date_time_format (then, columns >= 16 ? "%Y-%m-%d %H:%M" : "%m-%d %H:%M");
  gboolean today =
      g_date_time_get_year (then) == g_date_time_get_year (now) &&
      g_date_time_get_day_of_year (then) == g_date_time_get_day_of_year (now);
  if (today)
    wake_at (home, next_midnight_us (now));
  return g_date_time_format (then, today ? "%H:%M" : "%m-%d");
}

/* When it began where it is to be done, when it was over where it is. */
static char *
when_of (HomeScreen *home, const HomeRow *row, int columns)
{
  gint64 next_us = 0;
  if (row->began_us > 0)
    return start_of (home, row->began_us, columns);
  if (row->last_us == 0)
    return g_strdup ("");
  if (row->kind == HOME_OVER && columns >= 10) {
    g_autoptr (GDateTime) then =
        g_date_time_new_from_unix_local (row->last_us / G_USEC_PER_SEC);
    return g_date_time_format (then, columns >= 16 ? "%Y-%m-%d %H:%M" : "%Y-%m-%d");
  }
  char *age = home_rows_age (row->last_us, app_wall_us (home->screen.app), &next_us);
  wake_at (home, next_us);
  return age;
}

/* "5/11 Shut down: Stop the workers": the number first, for it is what is never cut. Where there is
 * no room for all of it the step alone, which says more than the run's title. */
static char *
title_of (const HomeRow *row, int columns)
{
  if (row->number == 0)
    return g_strdup (row->title);
  g_autofree char *all =
      g_strdup_printf ("%u/%u %s: %s", row->number, row->steps, row->title, row->step);
  return canvas_columns (all) <= columns
             ? g_steal_pointer (&all)
             : g_strdup_printf ("%u/%u %s", row->number, row->steps, row->step);
}

static gboolean
is_named_by_itself (const HomeRow *row)
{
  return row->kind == HOME_RUNBOOK || row->kind == HOME_PRACTICE;
}

/* The name that the eye looks for: of the site, in red where that is production. */
static void
draw_name (Canvas *canvas, Area line, const HomeRow *row, int columns, gboolean selected)
{
  g_autofree char *practised =
      row->scenario ? g_strdup_printf ("%s/%s", row->site, row->scenario) : NULL;
  const char *name = practised                  ? practised
                     : row->site                ? row->site
                     : is_named_by_itself (row) ? row->name
                                                : "";
  gboolean practice = row->practice && row->site;
  Role role = practice          ? ROLE_PRACTICE
              : row->production ? ROLE_PRODUCTION
              : selected        ? ROLE_SELECTED
                                : ROLE_TEXT;
  canvas_middle (canvas, line, PART_COLUMNS + MARK_COLUMNS, 0, columns, role, name);
}

static void
draw_row (void *data, Canvas *canvas, Area line, guint index, gboolean unused)
{
  HomeScreen *home = data;
  const HomeRow *row = home_rows_get (home->rows, index);
  gboolean selected = index == list_selected (home->list);
  Columns columns = columns_of (line.width);
  Area inner = area_inside (line, 1, 0, 1, 0);
  (void)unused;
  if (row->kind == HOME_GAP)
    return;
  canvas_mark (canvas, inner, PART_COLUMNS, 0, row->role, row->mark);
  gboolean named = row->site || is_named_by_itself (row);
  int from = PART_COLUMNS + MARK_COLUMNS + (named ? columns.name + 1 : 0);
  int to = row->state ? inner.width - columns.when - columns.state - 2 : inner.width;
  g_autofree char *title = title_of (row, to - from);
  canvas_text (canvas, area_inside (inner, from, 0, inner.width - to, 0), 0, 0,
               row->kind == HOME_ADVICE ? ROLE_DIM : ROLE_TEXT, title);
  if (row->state)
    canvas_middle (canvas, inner, to + 1, 0, columns.state, row->role, row->state);
  g_autofree char *when = when_of (home, row, columns.when);
  canvas_right (canvas, inner, inner.width, 0, ROLE_DIM, when);
  if (selected)
    canvas_tint (canvas, area_inside (line, PART_COLUMNS, 0, 0, 0), ROLE_SELECTED);
  draw_name (canvas, inner, row, columns.name, selected);
  if (row->part != home->part)
    canvas_text (canvas, inner, 0, 0, ROLE_HEADING, row->part);
  home->part = row->part;
}

static void
draw_pane (const HomeScreen *home, Canvas *canvas, Area area)
{
  const HomeRow *row = selected_row (home);
  g_autoptr (Page) page = page_new ();
  canvas_horizontal (canvas, area, 0, 0, area.width, ROLE_FRAME);
  area = area_inside (area, 1, 1, 1, 0);
  area.width = MIN (area.width, 100);
  if (!row) {
    page_add (page, ROLE_DIM, "Nothing has these words. Esc shows all again.");
  } else {
    g_auto (GStrv) parts = g_strsplit (row->about ? row->about : "", "\n", 2);
    page_add (page, ROLE_TEXT, parts[0] ? parts[0] : "");
    if (parts[0] && parts[1])
      page_add (page, ROLE_DIM, parts[1]);
  }
  page_draw (page, canvas, area, 0);
}

/* What was in front may have changed much. */
static void
come_back (HomeScreen *home)
{
  home->left = FALSE;
  app_set_title (home->screen.app, "handrail");
  if (!home->looking)
    home->looking = g_idle_add (on_looking, home);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  HomeScreen *home = (HomeScreen *)screen;
  const char *kept =
      home->home->shared ? "runs are shared on this host" : "runs are kept for you alone";
  const Head head = { .title = "handrail", .place = { .text = kept, .role = ROLE_DIM } };
  head_draw (canvas, &area, &head);
  filter_draw (home->filter, canvas, &area);
  Area pane = area_take_bottom (&area, PANE_LINES + 1);
  home->part = NULL;
  home->next_age_us = 0;
  list_draw (home->list, canvas, area, FALSE, draw_row, home);
  draw_pane (home, canvas, pane);
  if (home->left)
    come_back (home);
  folder_watch_arm (home->watch);
}

/* ---- opening -------------------------------------------------------------------------- */

static void
push (HomeScreen *home, Screen *screen)
{
  home->left = TRUE;
  app_push (home->screen.app, screen);
}

static HeadPlace
place_of (const HomeRow *row, const char *text)
{
  return (HeadPlace){ .text = text,
                      .stake = row->practice     ? HEAD_PRACTICE
                               : row->production ? HEAD_PRODUCTION
                                                 : HEAD_USUAL };
}

/* When what is about to be in front has gone, its debrief is shown, if it is a practice. */
static void
expect_debrief (void *data, const char *folder)
{
  HomeScreen *home = data;
  practice_kept_free (home->practised);
  home->practised = practice_kept_of (folder);
}

/* One that lives is taken part in; of one that has stopped it is shown where it stands. */
static void
open_run (HomeScreen *home, const HomeRow *row)
{
  App *app = home->screen.app;
  g_autoptr (GError) error = NULL;
  if (row->live) {
    expect_debrief (home, row->path);
    home->left = TRUE;
    home_join (app, row->path);
    return;
  }
  g_autoptr (StoreRun) run = store_open (row->path, &error);
  if (run && run->state)
    push (home, screen_stopped_new (app, run, row->scenario, expect_debrief, home));
  else
    app_say (app, run ? run->problem : error->message);
}

/* Its run, in front; the debrief is shown when that has gone (on_looking()). */
static void
open_practice (HomeScreen *home, const HomeRow *row)
{
  App *app = home->screen.app;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) settings =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gboolean again = row->kind == HOME_DOWN;
  const PracticeOrder order = { .scenario = again ? NULL : row->name,
                                .runbook = again ? PRACTICE_STARTS_UP : NULL,
                                .seed = -1,
                                .left_by = again ? row->path : NULL };
  g_autoptr (Practice) practice = practice_begin (home->home->places, &order, &error);
  if (!practice) {
    app_say (app, error->message);
    return;
  }
  g_autofree char *title =
      g_strdup_printf ("Practise: %s", again ? "start up again" : row->title);
  const Head head = { .title = title,
                      .place = { .text = row->name, .stake = HEAD_PRACTICE } };
  push (home, screen_launch_new (app, &head, practice_launch (practice, settings)));
  practice_kept_free (home->practised);
  home->practised = g_steal_pointer (&practice->kept);
}

static void
open_story (HomeScreen *home, const HomeRow *row)
{
  const Head head = { .title = row->title,
                      .place = place_of (row, row->site ? row->site : row->state) };
  push (home, screen_text_new (home->screen.app, &head, story_tell (row->path)));
}

static void
open_advice (HomeScreen *home, const HomeRow *row)
{
  gboolean site = strcmp (row->name, "site") == 0;
  if (!site && strcmp (row->name, "runbook") != 0)
    return;
  const Head head = { .title = site ? "A first site" : "A first runbook" };
  const FindPlaces *places = home->home->places;
  char *text = site ? advice_site (places) : advice_runbook (places);
  push (home, screen_text_new (home->screen.app, &head, text));
}

static void
open_row (HomeScreen *home, const HomeRow *row)
{
  App *app = home->screen.app;
  switch (row->kind) {
  case HOME_UNFINISHED:
    open_run (home, row);
    break;
  case HOME_RUNBOOK:
    home->left = TRUE;
    screen_choose_site (app, home->home, row->path, row->title);
    break;
  case HOME_SITE:
    home->left = TRUE;
    screen_choose_runbook (app, home->home, row->path, row->name, row->production);
    break;
  case HOME_PRACTICE:
  case HOME_DOWN:
    open_practice (home, row);
    break;
  case HOME_OVER:
  case HOME_BROKEN:
    open_story (home, row);
    break;
  case HOME_ADVICE:
    open_advice (home, row);
    break;
  case HOME_GAP:
    break;
  }
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  HomeScreen *home = (HomeScreen *)screen;
  const char *remark = NULL;
  if (filter_act (home->filter, action, key, &remark)) {
    if (remark)
      app_say (screen->app, remark);
    return TRUE;
  }
  const HomeRow *row = selected_row (home);
  if (action != ACTION_OPEN)
    return list_act (home->list, action);
  if (row)
    open_row (home, row);
  return TRUE;
}

static gboolean
types (const Screen *screen)
{
  return filter_types (((const HomeScreen *)screen)->filter);
}

static gint64
wake_us (const Screen *screen, gint64 now_us)
{
  const HomeScreen *home = (const HomeScreen *)screen;
  gint64 left_us = home->next_age_us - app_wall_us (screen->app);
  return home->next_age_us > 0 ? now_us + MAX (left_us, 0) : 0;
}

static char *
status (const Screen *screen)
{
  return filter_status (((const HomeScreen *)screen)->filter);
}

static void
home_free (Screen *screen)
{
  HomeScreen *home = (HomeScreen *)screen;
  g_clear_handle_id (&home->looking, g_source_remove);
  folder_watch_free (home->watch);
  practice_kept_free (home->practised);
  filter_free (home->filter);
  list_free (home->list);
  home_rows_free (home->rows);
  g_free (home);
}

static const ScreenKind home_kind = {
  .name = "home",
  .where = KEYS_HOME | KEYS_LIST,
  .free = home_free,
  .draw = draw,
  .act = act,
  .types = types,
  .wake_us = wake_us,
  .status = status,
};

Screen *
screen_home_new (App *app, const Home *home)
{
  HomeScreen *screen = g_new0 (HomeScreen, 1);
  screen->screen = (Screen){ &home_kind, app };
  screen->home = home;
  screen->rows = home_rows_new (home->root, home->places);
  screen->list = list_new ();
  screen->filter = filter_new (screen->list);
  screen->watch = folder_watch_new (on_changed, screen);
  list_set_gaps (screen->list, is_gap);
  take_rows (screen);
  app_set_title (app, "handrail");
  return &screen->screen;
}
