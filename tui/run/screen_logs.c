/* A service's last log lines: the command that shows them is run beside the run, as the
 * operator would in another terminal, and what it prints is looked through here. */
#include <string.h>
#include <unistd.h>

#include "tui/run/child.h"
#include "tui/run/logs.h"
#include "tui/run/pane.h"
#include "tui/run/screens.h"
#include "tui/start.h"
#include "tui/widgets/list.h"
#include "tui/widgets/pager.h"

/* Some platforms fetch logs from far away. */
#define LIMIT_US (30 * (gint64)G_USEC_PER_SEC)

typedef struct {
  Screen screen;
  RunModel *model;
  GPtrArray *logs; /* LogOf *, as they were when this was opened or chosen from */
  guint shown;     /* among them */
  Child *child;    /* NULL: not run */
  gint64 asked_us; /* wall time */
  char *problem;   /* why it is not run; or NULL */
  Pager *pager;
  PaneSearch search;
  gboolean sought; /* something has been searched for */
  List *list;      /* of the services, while one is chosen; or NULL */
} LogsScreen;

static const LogOf *
shown_log (const LogsScreen *logs)
{
  return logs->shown < logs->logs->len ? g_ptr_array_index (logs->logs, logs->shown)
                                       : NULL;
}

/* ---- running ------------------------------------------------------------------- */

static gsize
read_text (void *data, guint64 offset, char *bytes, gsize size)
{
  const LogsScreen *logs = data;
  gsize length = 0;
  const char *text = logs->child ? child_output (logs->child, &length) : "";
  gsize got = offset < length ? MIN (size, length - (gsize)offset) : 0;
  memcpy (bytes, text + (got > 0 ? offset : 0), got);
  return got;
}

static void
on_news (void *data)
{
  LogsScreen *logs = data;
  gsize length = 0;
  child_output (logs->child, &length);
  pager_set_size (logs->pager, length);
  app_draw (logs->screen.app);
}

/* What a journal says is run is not run in the name of who looks at it, unless it is of
 * the same user. */
static gboolean
may_run (const LogsScreen *logs, const LogOf *log)
{
  return log->ours || run_model_state (logs->model)->uid == (gint64)geteuid ();
}

static void
run (LogsScreen *logs)
{
  const LogOf *log = shown_log (logs);
  const char *practice = run_model_state (logs->model)->practice_folder;
  g_autofree char *bin = practice ? g_build_filename (practice, "bin", NULL) : NULL;
  g_autofree char *program = start_practice_path ();
  const ChildBounds bounds = { bin, program };
  g_autoptr (GError) error = NULL;
  g_clear_pointer (&logs->child, child_free);
  g_clear_pointer (&logs->problem, g_free);
  g_clear_pointer (&logs->pager, pager_free);
  logs->pager = pager_new (read_text, logs);
  logs->sought = FALSE;
  logs->asked_us = app_wall_us (logs->screen.app);
  if (log && may_run (logs, log))
    logs->child = child_new (bin ? &bounds : NULL, (const char *const *)log->argv,
                             log->directory, LIMIT_US, on_news, logs, &error);
  if (error)
    logs->problem = g_strdup_printf ("%s could not be run (%s). Install it, or run the "
                                     "command where it is: y copies it.",
                                     log->argv[0] ? log->argv[0] : "it", error->message);
  else if (log && !logs->child)
    logs->problem = g_strdup ("This command comes from a run of another user, and what "
                              "the site is made of has not been seen here yet. Read it, "
                              "and run it in another terminal: y copies it.");
}

/* ---- drawing -------------------------------------------------------------------- */

static char *
standing_text (const LogsScreen *logs, Role *role)
{
  g_autofree char *asked = pane_time (logs->asked_us);
  *role = ROLE_DIM;
  if (!logs->child)
    return NULL;
  if (child_is_running (logs->child)) {
    *role = ROLE_WAITING;
    return g_strdup ("fetching");
  }
  g_autofree char *trouble = child_trouble (logs->child);
  if (!trouble)
    return g_strdup_printf ("as of %s", asked);
  *role = ROLE_BAD;
  return g_strdup_printf ("%s, at %s", trouble, asked);
}

static void
draw_head (const LogsScreen *logs, const LogOf *log, Canvas *canvas, Area *area)
{
  Role role = ROLE_DIM;
  g_autofree char *standing = standing_text (logs, &role);
  g_autofree char *title = g_strdup_printf (
      "Log: %s", log->service ? log->service : "what the question names");
  g_autofree char *command = g_strconcat ("$ ", log->text, NULL);
  const PaneHead head = { title, command, ROLE_COMMAND, standing, role };
  pane_draw (logs->model, canvas, area, &head);
}

static void
draw_nothing_known (const LogsScreen *logs, Canvas *canvas, Area area)
{
  const PaneHead head = { "Log", NULL, ROLE_DIM, NULL, ROLE_DIM };
  pane_draw (logs->model, canvas, &area, &head);
  pane_draw_nothing (canvas, area,
                     "How to see a log is not known yet: the services of the site have "
                     "not been looked at. r tries again.");
}

static void
draw_text (LogsScreen *logs, Canvas *canvas, Area area)
{
  gsize length = 0;
  pane_search_draw (&logs->search, canvas, &area);
  if (logs->child)
    child_output (logs->child, &length);
  if (logs->problem)
    pane_draw_nothing (canvas, area, logs->problem);
  else if (length == 0 && logs->child && !child_is_running (logs->child))
    pane_draw_nothing (canvas, area, "It has logged nothing.");
  else
    pager_draw (logs->pager, canvas, area_inside (area, 1, 0, 0, 0));
}

static void
draw_row (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  const LogsScreen *logs = data;
  const LogOf *log = g_ptr_array_index (logs->logs, row);
  (void)selected;
  line = area_inside (line, 1, 0, 1, 0);
  canvas_mark (canvas, line, 0, 0, ROLE_CURRENT, log->at_hand ? MARK_CURRENT : MARK_NONE);
  canvas_middle (canvas, line, 2, 0, line.width - 2, ROLE_TEXT,
                 log->service ? log->service : log->text);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  LogsScreen *logs = (LogsScreen *)screen;
  const LogOf *log = shown_log (logs);
  if (logs->list) {
    const PaneHead head = { "Log of which service?", "Enter shows it", ROLE_DIM, NULL,
                            ROLE_DIM };
    pane_draw (logs->model, canvas, &area, &head);
    list_draw (logs->list, canvas, area, TRUE, draw_row, logs);
  } else if (!log) {
    draw_nothing_known (logs, canvas, area);
  } else {
    draw_head (logs, log, canvas, &area);
    draw_text (logs, canvas, area);
  }
}

/* ---- acting --------------------------------------------------------------------- */

static void
choose (LogsScreen *logs)
{
  g_clear_pointer (&logs->list, list_free);
  logs->list = list_new ();
  list_set_rows (logs->list, logs->logs->len, NULL, NULL);
  list_select (logs->list, logs->shown);
}

static gboolean
act_choosing (LogsScreen *logs, KeyAction action, const Key *key)
{
  guint row = list_selected (logs->list);
  if (list_act (logs->list, action))
    return TRUE;
  gboolean leaves =
      action == ACTION_BACK || action == ACTION_QUIT || action == ACTION_CHOOSE;
  if (leaves && !logs->child && !logs->problem) /* nothing was shown before either */
    return FALSE;
  if (key->code != PRESS_ENTER && !leaves)
    return action != ACTION_HELP;
  g_clear_pointer (&logs->list, list_free);
  if (!leaves && row != LIST_NONE) {
    logs->shown = row;
    run (logs);
  }
  return TRUE;
}

/* Begins with the service that the step at hand is about, if there is one. */
static void
begin (LogsScreen *logs)
{
  g_clear_pointer (&logs->logs, g_ptr_array_unref);
  logs->logs = logs_of (logs->model);
  logs->shown = 0;
  const LogOf *first = shown_log (logs);
  if (first && !first->at_hand)
    choose (logs);
  else
    run (logs);
}

static void
search (LogsScreen *logs, KeyAction action, const Key *key)
{
  g_autofree char *text = pane_search_key (&logs->search, logs->screen.app, action, key);
  if (!text || !*text)
    return;
  logs->sought = TRUE;
  if (!pager_search (logs->pager, text))
    app_say (logs->screen.app, "Not found");
}

static gboolean
act_on_text (LogsScreen *logs, KeyAction action)
{
  gboolean taken = pager_act (logs->pager, action);
  if (pager_remark (logs->pager))
    app_say (logs->screen.app, pager_remark (logs->pager));
  return taken;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  LogsScreen *logs = (LogsScreen *)screen;
  const LogOf *log = shown_log (logs);
  if (logs->list)
    return act_choosing (logs, action, key);
  if (logs->search.input)
    search (logs, action, key);
  else if (action == ACTION_AGAIN && !logs->child) /* more may be known now */
    begin (logs);
  else if (action == ACTION_AGAIN)
    run (logs);
  else if (action == ACTION_CHOOSE && logs->logs->len > 1)
    choose (logs);
  else if (action == ACTION_COPY && log)
    app_copy (screen->app, log->text);
  else if (action == ACTION_SEARCH && log)
    pane_search_open (&logs->search);
  else
    return log && act_on_text (logs, action);
  return TRUE;
}

static gboolean
types (const Screen *screen)
{
  return ((const LogsScreen *)screen)->search.input != NULL;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const LogsScreen *logs = (const LogsScreen *)screen;
  if (action == ACTION_QUIT)
    return TRUE;
  if (logs->list || action == ACTION_FOLLOW || (action == ACTION_SEARCH && !logs->child))
    return FALSE;
  if (action == ACTION_SEARCH_NEXT || action == ACTION_SEARCH_BACK)
    return logs->sought;
  if (action == ACTION_AGAIN)
    return !logs->child || !child_is_running (logs->child);
  return action == ACTION_CHOOSE ? logs->logs->len > 1 : shown_log (logs) != NULL;
}

static void
logs_free (Screen *screen)
{
  LogsScreen *logs = (LogsScreen *)screen;
  child_free (logs->child);
  pager_free (logs->pager);
  pane_search_close (&logs->search);
  list_free (logs->list);
  g_ptr_array_unref (logs->logs);
  g_free (logs->problem);
  g_free (logs);
}

static const ScreenKind logs_kind = {
  .name = "log",
  .where = KEYS_OUTPUT | KEYS_OTHERS | KEYS_LOGS,
  .free = logs_free,
  .draw = draw,
  .act = act,
  .types = types,
  .offers = offers,
};

Screen *
screen_logs_new (App *app, RunModel *model)
{
  LogsScreen *logs = g_new0 (LogsScreen, 1);
  logs->screen = (Screen){ &logs_kind, app };
  logs->model = model;
  begin (logs);
  return &logs->screen;
}
