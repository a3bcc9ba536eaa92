#include "tui/home/screen_launch.h"

#include <string.h>

#include "tui/load.h"
#include "tui/widgets/input.h"
#include "tui/widgets/page.h"

/* A site's name, with room for what is typed by mistake. */
#define ANSWER_BYTES_MAX 200

typedef struct {
  Screen screen;
  Head head; /* its texts are: */
  char *title, *place;
  Launch *launch;
  Starting *starting; /* or NULL */
  char *trouble;      /* why no runner could be started; or NULL */
  Page *page;
  Input *input; /* while a question stands */
  char *takes;
  PageView view;
  guint next; /* source: goes on when the loop comes round; 0 */
} LaunchScreen;

/* ---- what it says ---------------------------------------------------------------------- */

static void
tell_question (LaunchScreen *screen)
{
  g_autofree char *question = launch_question (screen->launch);
  g_autofree char *details = launch_details (screen->launch);
  g_auto (GStrv) lines = g_strsplit (details, "\n", -1);
  page_add (screen->page, ROLE_QUESTION, question);
  page_add_gap (screen->page);
  for (guint i = 0; lines[i] && *lines[i]; i++)
    page_add (screen->page, ROLE_TEXT, lines[i] + strspn (lines[i], " "));
  g_free (screen->takes);
  screen->takes = launch_takes (screen->launch);
  input_free (screen->input);
  screen->input = input_new (ANSWER_BYTES_MAX);
}

static void
add_masked (Page *page, Mark mark, Role role, const char *text)
{
  g_autofree char *masked = load_masked (NULL, NULL, text);
  page_add_labelled (page, NULL, mark, role, masked);
}

static void
tell_refusal (LaunchScreen *screen)
{
  const Started *started = launch_refusal (screen->launch);
  add_masked (screen->page, MARK_FAILED, ROLE_BAD, started->refused);
  if (started->holder)
    add_masked (screen->page, MARK_NONE, ROLE_TEXT, started->holder);
  for (guint i = 0; started->problems && started->problems[i]; i++)
    add_masked (screen->page, MARK_NONE, ROLE_TEXT, started->problems[i]);
  page_add_gap (screen->page);
  page_add (screen->page, ROLE_DIM, "Nothing has been done. q goes back.");
}

/* ---- going on -------------------------------------------------------------------------- */

static void proceed (LaunchScreen *screen);

static gboolean
on_next (void *data)
{
  LaunchScreen *screen = data;
  screen->next = 0;
  proceed (screen);
  return G_SOURCE_REMOVE;
}

/* Not at once: the callback that we are in is the starting's own. */
static void
proceed_soon (LaunchScreen *screen)
{
  if (!screen->next)
    screen->next = g_idle_add (on_next, screen);
}

static void
on_started (Started *started, const GError *error, void *data)
{
  LaunchScreen *screen = data;
  if (started)
    launch_answered (screen->launch, started);
  else
    screen->trouble = g_strdup (error->message);
  g_clear_pointer (&screen->starting, starting_free);
  proceed_soon (screen);
}

static void
start (LaunchScreen *screen)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) arguments = launch_arguments (screen->launch);
  screen->starting =
      start_runner_begin ((const char *const *)arguments, on_started, screen, &error);
  if (!screen->starting)
    screen->trouble = g_strdup (error->message);
}

static void
join (LaunchScreen *screen)
{
  App *app = screen->screen.app;
  g_autofree char *folder = g_strdup (launch_folder (screen->launch));
  app_pop (app);
  home_join (app, folder);
}

static void
proceed (LaunchScreen *screen)
{
  page_clear (screen->page);
  screen->view.top = 0;
  g_clear_pointer (&screen->input, input_free);
  switch (launch_state (screen->launch)) {
  case LAUNCH_START:
    if (!screen->trouble)
      start (screen);
    break;
  case LAUNCH_ASK:
    tell_question (screen);
    app_forget_keys (screen->screen.app);
    break;
  case LAUNCH_JOIN:
    join (screen);
    return;
  case LAUNCH_LEFT:
    app_pop (screen->screen.app);
    return;
  case LAUNCH_REFUSED:
    tell_refusal (screen);
    break;
  }
  if (screen->trouble)
    page_add_labelled (screen->page, NULL, MARK_FAILED, ROLE_BAD, screen->trouble);
  app_draw (screen->screen.app);
}

/* ---- the screen ------------------------------------------------------------------------ */

static void
draw_field (LaunchScreen *screen, Canvas *canvas, Area *area)
{
  Area lines = area_take_bottom (area, 3);
  canvas_horizontal (canvas, lines, 0, 0, lines.width,
                     head_frame (screen->head.place.stake));
  Area inner = area_inside (lines, 1, 1, 1, 0);
  canvas_printf (canvas, inner, 0, 0, ROLE_DIM, "Type one of   %s", screen->takes);
  int x = canvas_text (canvas, inner, 0, 1, ROLE_QUESTION, "Answer ");
  input_draw (screen->input, canvas, inner, x, 1, MIN (inner.width - x, 50), ROLE_INPUT);
}

static void
draw (Screen *base, Canvas *canvas, Area area)
{
  LaunchScreen *screen = (LaunchScreen *)base;
  head_draw (canvas, &area, &screen->head);
  if (screen->input)
    draw_field (screen, canvas, &area);
  area = area_inside (area, 1, 1, 1, 0);
  page_view_draw (&screen->view, screen->page, canvas, area);
}

static void
answer (LaunchScreen *screen)
{
  const char *text = input_text (screen->input);
  if (*text == '\0')
    return;
  if (launch_take (screen->launch, text))
    proceed_soon (screen);
  else
    app_say (screen->screen.app, "Not taken: type one of the words above the field");
}

/* Home and End are the field's. */
static gboolean
scroll (LaunchScreen *screen, KeyAction action)
{
  return action != ACTION_FIRST && action != ACTION_LAST &&
         page_view_act (&screen->view, action);
}

static gboolean
act (Screen *base, KeyAction action, const Key *key)
{
  LaunchScreen *screen = (LaunchScreen *)base;
  gboolean leaves = action == ACTION_BACK || action == ACTION_QUIT;
  if (scroll (screen, action))
    return TRUE;
  if (screen->starting || screen->next)
    return !leaves; /* nothing comes in front of what is about to go */
  if (!screen->input || action == ACTION_BACK)
    return FALSE;
  if (key->code == PRESS_ENTER) {
    answer (screen);
    return TRUE;
  }
  const char *refusal = input_refusal (input_key (screen->input, key));
  if (refusal)
    app_say (base->app, refusal);
  return TRUE;
}

static gboolean
types (const Screen *base)
{
  return ((const LaunchScreen *)base)->input != NULL;
}

static gboolean
offers (const Screen *base, KeyAction action)
{
  (void)base;
  return action == ACTION_QUIT;
}

static char *
status (const Screen *base)
{
  const LaunchScreen *screen = (const LaunchScreen *)base;
  return screen->starting ? g_strdup ("starting the runner") : NULL;
}

static void
launch_screen_free (Screen *base)
{
  LaunchScreen *screen = (LaunchScreen *)base;
  g_clear_handle_id (&screen->next, g_source_remove);
  starting_free (screen->starting);
  launch_free (screen->launch);
  page_free (screen->page);
  input_free (screen->input);
  g_free (screen->takes);
  g_free (screen->trouble);
  g_free (screen->title);
  g_free (screen->place);
  g_free (screen);
}

static const ScreenKind launch_kind = {
  .name = "begin",
  .where = KEYS_OUTPUT,
  .free = launch_screen_free,
  .draw = draw,
  .act = act,
  .types = types,
  .offers = offers,
  .status = status,
};

Screen *
screen_launch_new (App *app, const Head *head, Launch *launch)
{
  LaunchScreen *screen = g_new0 (LaunchScreen, 1);
  screen->screen = (Screen){ &launch_kind, app };
  screen->head = *head;
  screen->head.title = screen->title = g_strdup (head->title);
  screen->head.place.text = screen->place = g_strdup (head->place.text);
  screen->launch = launch;
  screen->page = page_new ();
  proceed_soon (screen);
  return &screen->screen;
}
