/* The way back from here: what was changed, the last first, and what would undo it. To be
 * read and copied; nothing of it is carried out from here. */
#include <string.h>

#include "tui/lines.h"
#include "tui/run/pane.h"
#include "tui/run/run_head.h"
#include "tui/run/screens.h"
#include "tui/run/way_back.h"
#include "tui/widgets/list.h"
#include "tui/widgets/wrap.h"

#define TEXT_X 3
#define TEXT_INDENT 5 /* of what is broken off */

/* What was seen longer ago is said to be so. */
#define OLD_US (60 * (gint64)G_USEC_PER_SEC)

/* A row on the screen: of which change, and what of it. */
typedef struct {
  guint way; /* index */
  Mark mark;
  Role role;
  char *text; /* NULL: a line that says where one cannot go back behind */
} Row;

typedef struct {
  Screen screen;
  RunModel *model;
  GPtrArray *ways; /* WayBack * */
  GArray *rows;    /* Row */
  int width;       /* that the rows are broken for */
  guint events;    /* that `ways` is made of */
  gint64 seen_us;  /* the deployment, too */
  List *list;
} WayBackScreen;

/* ---- rows ------------------------------------------------------------------------- */

static void
row_clear (void *data)
{
  g_free (((Row *)data)->text);
}

static void
add_row (WayBackScreen *back, guint way, Mark mark, Role role, const char *text)
{
  Row row = { way, mark, role, g_strdup (text) };
  g_array_append_val (back->rows, row);
}

/* Columns for what is broken to fit. */
static int
columns_of (const WayBackScreen *back)
{
  return MAX (back->width - TEXT_X - 2, 20);
}

static void
add_broken (WayBackScreen *back, guint way, Role role, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  lines_add_fitted (out, (guint)columns_of (back), "", TEXT_INDENT, text);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (out->str), "\n", -1);
  for (guint i = 0; lines[i]; i++)
    add_row (back, way, MARK_NONE, role, lines[i]);
}

static void
add_command (WayBackScreen *back, guint way, const char *command)
{
  static const char prompt[] = "   $ ", more[] = "     ";
  g_auto (GStrv) lines = wrap_command (command, columns_of (back) - (int)strlen (prompt));
  for (guint i = 0; lines[i]; i++) {
    g_autofree char *line = g_strconcat (i == 0 ? prompt : more, lines[i], NULL);
    add_row (back, way, MARK_NONE, ROLE_COMMAND, line);
  }
}

static void
add_head (WayBackScreen *back, guint index, const WayBack *way)
{
  static const Mark marks[] = { [WAY_BACK_COMMANDS] = MARK_CURRENT,
                                [WAY_BACK_BY_HAND] = MARK_CURRENT,
                                [WAY_BACK_WORDS] = MARK_STALE,
                                [WAY_BACK_NOTHING] = MARK_DONE,
                                [WAY_BACK_NONE] = MARK_FAILED };
  gboolean none = way->kind == WAY_BACK_NONE;
  g_autofree char *text =
      g_strdup_printf ("%u  %s%s%s%s%s", way->number, way->title, way->done ? " (" : "",
                       way->done ? way->done : "", way->done ? ")" : "",
                       way->running  ? ", its command runs"
                       : way->partly ? ", not done to its end"
                                     : "");
  add_row (back, index, marks[way->kind], none ? ROLE_BAD : ROLE_HEADING, text);
}

static void
add_way (WayBackScreen *back, guint index, const WayBack *way)
{
  static const char *const leads[] = {
    [WAY_BACK_COMMANDS] = "back: ",
    [WAY_BACK_BY_HAND] = "by hand: ",
    [WAY_BACK_WORDS] = "back, the exact command is not known now: ",
    [WAY_BACK_NOTHING] = "nothing to do: ",
    [WAY_BACK_NONE] = "point of no return: ",
  };
  g_autofree char *text =
      g_strconcat ("   ", way->running ? "back, once it has ended: " : leads[way->kind],
                   way->text ? way->text : "", NULL);
  add_head (back, index, way);
  add_broken (back, index, way->kind == WAY_BACK_NONE ? ROLE_BAD : ROLE_DIM, text);
  for (guint i = 0; way->commands && way->commands[i]; i++)
    add_command (back, index, way->commands[i]);
}

static void
make_rows (WayBackScreen *back)
{
  g_array_set_size (back->rows, 0);
  for (guint i = 0; i < back->ways->len; i++) {
    const WayBack *way = g_ptr_array_index (back->ways, i);
    add_way (back, i, way);
    add_row (back, i, MARK_NONE, ROLE_DIM,
             way->kind == WAY_BACK_NONE && i + 1 < back->ways->len ? NULL : "");
  }
}

static gboolean
is_gap (void *data, guint index)
{
  const WayBackScreen *back = data;
  const char *text = g_array_index (back->rows, Row, index).text;
  return !text || !*text;
}

static void
refresh (WayBackScreen *back, int width)
{
  gint64 seen_us = 0;
  run_model_deployment (back->model, &seen_us);
  guint events = run_model_events (back->model)->len;
  gboolean same = back->ways && back->events == events && back->seen_us == seen_us;
  if (same && back->width == width)
    return;
  if (!same) {
    g_clear_pointer (&back->ways, g_ptr_array_unref);
    back->ways = way_back_of (back->model);
  }
  back->events = events;
  back->seen_us = seen_us;
  back->width = width;
  make_rows (back);
  list_set_rows (back->list, back->rows->len, NULL, back);
}

/* ---- drawing ---------------------------------------------------------------------- */

static void
draw_row (void *data, Canvas *canvas, Area line, guint index, gboolean selected)
{
  const WayBackScreen *back = data;
  const Row *row = &g_array_index (back->rows, Row, index);
  (void)selected;
  canvas_mark (canvas, line, 1, 0, row->role, row->mark);
  if (row->text) {
    canvas_text (canvas, area_inside (line, 0, 0, 1, 0), TEXT_X, 0, row->role, row->text);
    return;
  }
  const char *text = " before it: undoing these does not bring back what it did ";
  int columns = canvas_columns (text), x = MAX ((line.width - columns) / 2, TEXT_X);
  canvas_horizontal (canvas, line, TEXT_X, 0, line.width - TEXT_X - 1, ROLE_FRAME);
  canvas_text (canvas, line, x, 0, ROLE_BAD, text);
}

static char *
count_text (const WayBackScreen *back, Role *role)
{
  guint none = 0, open = 0;
  for (guint i = 0; i < back->ways->len; i++) {
    const WayBack *way = g_ptr_array_index (back->ways, i);
    none += way->kind == WAY_BACK_NONE;
    open += way->kind != WAY_BACK_NONE && way->kind != WAY_BACK_NOTHING;
  }
  *role = none > 0 ? ROLE_BAD : ROLE_DIM;
  g_autofree char *points = none == 0 ? g_strdup ("")
                            : none == 1
                                ? g_strdup (", 1 point of no return")
                                : g_strdup_printf (", %u points of no return", none);
  return g_strdup_printf ("%u to undo%s", open, points);
}

/* Commands are those for what was seen last, which may be a while ago. */
static char *
about_text (const WayBackScreen *back)
{
  App *app = back->screen.app;
  gint64 seen_us = 0, now_us = app_now_us (app);
  gboolean old = run_model_deployment (back->model, &seen_us) &&
                 now_us > run_model_fresh_until_us (back->model) &&
                 now_us - seen_us > OLD_US;
  g_autofree char *seen = pane_time (app_wall_us (app) - (now_us - seen_us));
  return g_strdup_printf ("Newest first%s%s; nothing is carried out here",
                          old ? ", as seen at " : "", old ? seen : "");
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  WayBackScreen *back = (WayBackScreen *)screen;
  refresh (back, area.width);
  Role role = ROLE_DIM;
  g_autofree char *count = count_text (back, &role);
  g_autofree char *about = about_text (back);
  const PaneHead head = { "The way back from here", about, ROLE_DIM, count, role };
  pane_draw (back->model, canvas, &area, &head);
  if (back->rows->len == 0)
    pane_draw_nothing (canvas, area,
                       "Nothing has been changed yet: there is nothing to undo.");
  else
    list_draw (back->list, canvas, area, TRUE, draw_row, back);
}

/* ---- acting ----------------------------------------------------------------------- */

/* The commands of the change that is selected; newly allocated, or NULL. */
static char *
commands_selected (const WayBackScreen *back)
{
  guint index = list_selected (back->list);
  const Row *row = index == LIST_NONE ? NULL : &g_array_index (back->rows, Row, index);
  if (!row)
    return NULL;
  const WayBack *way = g_ptr_array_index (back->ways, row->way);
  return way->commands && way->commands[0] ? g_strjoinv ("\n", way->commands) : NULL;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  WayBackScreen *back = (WayBackScreen *)screen;
  (void)key;
  if (action != ACTION_COPY)
    return list_act (back->list, action);
  g_autofree char *commands = commands_selected (back);
  if (commands)
    app_copy (screen->app, commands);
  else
    app_say (screen->app, "This one has no command to copy");
  return TRUE;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const WayBackScreen *back = (const WayBackScreen *)screen;
  return action == ACTION_QUIT ||
         (action == ACTION_COPY && back->rows && back->rows->len > 0);
}

static char *
status (const Screen *screen)
{
  g_autofree char *commands = commands_selected ((const WayBackScreen *)screen);
  return commands ? g_strdup ("y copies the commands of what is selected") : NULL;
}

static void
way_back_screen_free (Screen *screen)
{
  WayBackScreen *back = (WayBackScreen *)screen;
  g_clear_pointer (&back->ways, g_ptr_array_unref);
  g_array_unref (back->rows);
  list_free (back->list);
  g_free (back);
}

static const ScreenKind way_back_kind = {
  .name = "way back",
  .where = KEYS_OUTPUT,
  .free = way_back_screen_free,
  .draw = draw,
  .act = act,
  .offers = offers,
  .status = status,
};

Screen *
screen_way_back_new (App *app, RunModel *model)
{
  WayBackScreen *back = g_new0 (WayBackScreen, 1);
  back->screen = (Screen){ &way_back_kind, app };
  back->model = model;
  back->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (back->rows, row_clear);
  back->list = list_new ();
  list_set_gaps (back->list, is_gap);
  return &back->screen;
}
