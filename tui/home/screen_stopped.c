#include "tui/home/screen_stopped.h"

#include "tui/home/screen_launch.h"
#include "tui/home/stopped_page.h"

typedef struct {
  Screen screen;
  Head head; /* its texts are: */
  char *title, *place;
  char *folder;
  Page *page;
  PageView view;
  StoppedGoesOn goes_on;
  void *data;
} StoppedScreen;

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  StoppedScreen *stopped = (StoppedScreen *)screen;
  head_draw (canvas, &area, &stopped->head);
  area = area_inside (area, 1, 0, 1, 0);
  page_view_draw (&stopped->view, stopped->page, canvas, area);
  int last = MAX (stopped->view.lines - stopped->view.rows, 0);
  if (stopped->view.top <= last)
    return;
  stopped->view.top = last; /* the terminal has grown */
  app_draw (screen->app);
}

static void
go_on (StoppedScreen *stopped)
{
  App *app = stopped->screen.app;
  g_autofree char *title = g_strdup_printf ("Go on: %s", stopped->title);
  Head head = stopped->head;
  head.title = title;
  stopped->goes_on (stopped->data, stopped->folder);
  app_pop (app);
  app_push (app, screen_launch_new (app, &head, launch_resume (stopped->folder)));
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  StoppedScreen *stopped = (StoppedScreen *)screen;
  if (action == ACTION_RUN) {
    go_on (stopped);
    return TRUE;
  }
  if (key->code == PRESS_ENTER) {
    app_say (screen->app, "Enter changes nothing; r goes on with this run");
    return TRUE;
  }
  return page_view_act (&stopped->view, action);
}

static char *
status (const Screen *screen)
{
  const StoppedScreen *stopped = (const StoppedScreen *)screen;
  const PageView *view = &stopped->view;
  gboolean more = view->top + view->rows < view->lines;
  return more ? g_strdup ("more below") : NULL;
}

static void
stopped_free (Screen *screen)
{
  StoppedScreen *stopped = (StoppedScreen *)screen;
  page_free (stopped->page);
  g_free (stopped->title);
  g_free (stopped->place);
  g_free (stopped->folder);
  g_free (stopped);
}

static const ScreenKind stopped_kind = {
  .name = "stopped",
  .where = KEYS_STOPPED | KEYS_LIST,
  .free = stopped_free,
  .draw = draw,
  .act = act,
  .status = status,
};

Screen *
screen_stopped_new (App *app, const StoreRun *run, const char *scenario,
                    StoppedGoesOn goes_on, void *data)
{
  const RunState *state = run->state;
  StoppedScreen *stopped = g_new0 (StoppedScreen, 1);
  stopped->screen = (Screen){ &stopped_kind, app };
  stopped->title = g_strdup (state->title);
  stopped->place = g_strdup (scenario ? scenario : state->site);
  stopped->folder = g_strdup (run->path);
  stopped->head = (Head){ .title = stopped->title,
                          .place = { .text = stopped->place,
                                     .stake = state->practice     ? HEAD_PRACTICE
                                              : state->production ? HEAD_PRODUCTION
                                                                  : HEAD_USUAL } };
  stopped->page = page_new ();
  stopped_page (stopped->page, run, scenario);
  stopped->goes_on = goes_on;
  stopped->data = data;
  return &stopped->screen;
}
