#include "tui/widgets/app.h"

#include <glib-unix.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tui/cli.h"
#include "tui/widgets/foot.h"
#include "tui/widgets/screen_help.h"
#include "tui/widgets/signals.h"
#include "tui/widgets/terminal.h"
#include "tui/widgets/theming.h"

/* What comes from outside is drawn so many times a second at most: more is not seen, and a
 * slow line could not carry it. Keys are answered at once. */
#define FRAME_US (G_USEC_PER_SEC / 30)

/* How long a message stands when no key takes it away. */
#define MESSAGE_US (8 * G_USEC_PER_SEC)

struct App {
  GMainLoop *loop;
  Terminal *terminal;
  Canvas *canvas;
  GPtrArray *screens; /* the last one is in front */
  GPtrArray *gone;    /* popped, to be freed when nothing of theirs runs any more */
  GSource *turn;      /* draws */
  gint64 turn_us;     /* when; -1: not until something happens */
  gboolean changed;   /* there is something to draw */
  gboolean hurried;   /* by a key: at once */
  gboolean forgetting;
  gboolean lean;     /* has given back memory */
  gint64 drawn_us;   /* monotonic, as are all times of sources */
  gint64 message_us; /* when it goes */
  char *message;
  int signals;
  int status;
};

static Screen *
front (const App *app)
{
  return g_ptr_array_index (app->screens, app->screens->len - 1);
}

/* ---- times ---------------------------------------------------------------------- */

static gint64
clock_us (clockid_t clock)
{
  struct timespec now;
  clock_gettime (clock, &now);
  return now.tv_sec * (gint64)G_USEC_PER_SEC + now.tv_nsec / 1000;
}

gint64
app_now_us (const App *app)
{
  (void)app;
  return clock_us (CLOCK_BOOTTIME);
}

gint64
app_wall_us (const App *app)
{
  (void)app;
  return clock_us (CLOCK_REALTIME);
}

/* Says when the next turn is: for what has changed, or the first of what is to come. */
static void
plan_turn (App *app)
{
  gint64 at = -1;
  if (app->screens->len == 0) /* not begun yet */
    return;
  const Screen *screen = front (app);
  if (app->changed) {
    at = app->hurried ? 0 : app->drawn_us + FRAME_US;
  } else {
    gint64 now_us = app_now_us (app);
    gint64 wake_us = screen->kind->wake_us ? screen->kind->wake_us (screen, now_us) : 0;
    if (wake_us > 0)
      at = g_get_monotonic_time () + MAX (wake_us - now_us, 0);
    if (app->message && (at < 0 || app->message_us < at))
      at = app->message_us;
  }
  app->turn_us = at;
}

/* ---- drawing ---------------------------------------------------------------------- */

static void
draw_too_small (App *app, Area area)
{
  canvas_printf (app->canvas, area, 0, 0, ROLE_TEXT,
                 "%d×%d is needed; %d×%d is too small", APP_WIDTH_MIN, APP_HEIGHT_MIN,
                 area.width, area.height);
  canvas_text (app->canvas, area, 0, 1, ROLE_DIM, "^C leaves");
}

static gboolean
is_too_small (const App *app)
{
  Area area = canvas_area (app->canvas);
  return area.width < APP_WIDTH_MIN || area.height < APP_HEIGHT_MIN;
}

static void
draw (App *app)
{
  Screen *screen = front (app);
  Area area = canvas_area (app->canvas);
  canvas_clear (app->canvas);
  if (is_too_small (app)) {
    draw_too_small (app, area);
  } else {
    Area foot = foot_take (app->canvas, &area, app->message);
    screen->kind->draw (screen, app->canvas, area);
    foot_draw (app->canvas, foot, screen, app->message);
  }
  terminal_show (app->terminal, app->canvas);
}

/* Once something stands on the screen: what curses and the readers of files have freed goes
 * back to the system, for as long as somebody watches. */
static void
give_back_memory (App *app)
{
  if (!app->lean)
    malloc_trim (0);
  app->lean = TRUE;
}

static gboolean
on_turn (gpointer data)
{
  App *app = data;
  gint64 now_us = g_get_monotonic_time ();
  if (app->message && now_us >= app->message_us)
    g_clear_pointer (&app->message, g_free);
  app->changed = app->hurried = FALSE;
  app->drawn_us = now_us;
  draw (app);
  give_back_memory (app);
  if (app->forgetting)
    terminal_forget_keys (app->terminal);
  app->forgetting = FALSE;
  plan_turn (app);
  return G_SOURCE_CONTINUE;
}

typedef struct {
  GSource source;
  const App *app;
} Turn;

/* Asked each time that the loop comes round: its time is told to nobody, which would wake the
 * loop once more for each key. */
static gboolean
turn_prepare (GSource *source, gint *timeout_ms)
{
  gint64 at = ((const Turn *)source)->app->turn_us;
  gint64 left_us = at < 0 ? -1 : MAX (at - g_source_get_time (source), 0);
  *timeout_ms = at < 0 ? -1 : (gint)MIN ((left_us + 999) / 1000, G_MAXINT);
  return left_us == 0;
}

static gboolean
turn_check (GSource *source)
{
  gint64 at = ((const Turn *)source)->app->turn_us;
  return at >= 0 && g_source_get_time (source) >= at;
}

static gboolean
turn_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  (void)source;
  return callback (data);
}

static GSourceFuncs turn_source = { turn_prepare, turn_check, turn_dispatch,
                                    NULL,         NULL,       NULL };

/* ---- what a screen may ask for ------------------------------------------------------- */

void
app_draw (App *app)
{
  app->changed = TRUE;
  plan_turn (app);
}

static void
draw_at_once (App *app)
{
  app->hurried = TRUE;
  app_draw (app);
}

void
app_push (App *app, Screen *screen)
{
  g_ptr_array_add (app->screens, screen);
  draw_at_once (app);
}

void
app_pop (App *app)
{
  if (app->screens->len == 1) {
    app_leave (app, CLI_DONE);
    return;
  }
  g_ptr_array_add (app->gone,
                   g_ptr_array_steal_index (app->screens, app->screens->len - 1));
  draw_at_once (app);
}

void
app_leave (App *app, int status)
{
  app->status = status;
  g_main_loop_quit (app->loop);
}

void
app_say (App *app, const char *text)
{
  g_free (app->message);
  app->message = g_strdup (text);
  app->message_us = g_get_monotonic_time () + MESSAGE_US;
  app_draw (app);
}

void
app_copy (App *app, const char *text)
{
  if (terminal_copy (app->terminal, text))
    app_say (app, "Copied, if your terminal takes it (OSC 52)");
  else
    app_say (app, "This terminal has no clipboard that can be reached from here");
}

void
app_bell (App *app)
{
  terminal_bell (app->terminal);
}

void
app_forget_keys (App *app)
{
  app->forgetting = TRUE;
  draw_at_once (app);
}

void
app_set_title (App *app, const char *title)
{
  terminal_set_title (app->terminal, title);
}

gboolean
screen_offers (const Screen *screen, const KeyBinding *binding)
{
  const ScreenKind *kind = screen->kind;
  return keys_binding_holds (binding, kind->where) &&
         (!kind->offers || binding->where & (KEYS_EVERYWHERE | KEYS_LIST) ||
          kind->offers (screen, binding->action));
}

/* ---- keys ---------------------------------------------------------------------------- */

/* Told to end: the frontmost screen that has something to say decides how that counts. */
static void
leave_as_told (App *app)
{
  int status = CLI_PROBLEMS;
  for (guint i = 0; i < app->screens->len; i++) {
    const Screen *screen = g_ptr_array_index (app->screens, i);
    if (screen->kind->leaves)
      status = screen->kind->leaves (screen);
  }
  app_leave (app, status);
}

static void
take_end (App *app, int number)
{
  if (number == SIGHUP)
    app_leave (app, CLI_PROBLEMS);
  else
    leave_as_told (app);
}

/* What came of signals meanwhile is dealt with here, but for those that end us. */
static void
suspend (App *app)
{
  terminal_suspend (app->terminal);
  for (int number; (number = signals_next (app->signals)) > 0;)
    if (number != SIGCONT && number != SIGTSTP && number != SIGWINCH)
      take_end (app, number);
}

/* The terminal may be another size now, and shows something else. */
static void
take_size (App *app)
{
  int width = 0, height = 0;
  terminal_size (app->terminal, &width, &height);
  canvas_resize (app->canvas, width, height);
  draw_at_once (app);
}

static void
act_by_itself (App *app, KeyAction action, const Key *key)
{
  if (action == ACTION_HELP)
    app_push (app, screen_help_new (app, front (app)));
  else if (action == ACTION_QUIT || (action == ACTION_BACK && app->screens->len > 1))
    app_pop (app);
  else if (key->code == PRESS_PASTE)
    app_say (app, "Pasted text is not taken here: type it");
}

static gboolean
act_on_terminal (App *app, KeyAction action)
{
  if (action == ACTION_SUSPEND)
    suspend (app);
  else if (action == ACTION_REDRAW)
    terminal_redraw (app->terminal);
  else
    return FALSE;
  take_size (app);
  return TRUE;
}

/* Whether keys are text. */
static gboolean
types (const App *app)
{
  const Screen *screen = front (app);
  return screen->kind->types && screen->kind->types (screen);
}

static void
take_key (App *app, const Key *key)
{
  Screen *screen = front (app);
  const ScreenKind *kind = screen->kind;
  KeyAction action =
      (types (app) ? keys_action_typing : keys_action) (kind->where, key->code);
  g_clear_pointer (&app->message, g_free);
  draw_at_once (app);
  if (act_on_terminal (app, action))
    return;
  if (is_too_small (app)) { /* nobody acts on what he does not see */
    if (key->code == KEYS_CTRL ('C'))
      leave_as_told (app);
    return;
  }
  if (!kind->act (screen, action, key))
    act_by_itself (app, action, key);
}

static void
free_gone (App *app)
{
  for (guint i = 0; i < app->gone->len; i++) {
    Screen *screen = g_ptr_array_index (app->gone, i);
    screen->kind->free (screen);
  }
  g_ptr_array_set_size (app->gone, 0);
}

static gboolean
on_input (int descriptor, GIOCondition condition, gpointer data)
{
  App *app = data;
  Key key;
  (void)descriptor;
  while (!app->forgetting && g_main_loop_is_running (app->loop) &&
         terminal_key (app->terminal, types (app), &key)) {
    take_key (app, &key);
    free_gone (app);
  }
  if (condition & (G_IO_HUP | G_IO_ERR | G_IO_NVAL))
    app_leave (app, CLI_PROBLEMS);
  return G_SOURCE_CONTINUE;
}

/* ---- signals ---------------------------------------------------------------------------- */

static void
take_signal (App *app, int number)
{
  switch (number) {
  case SIGWINCH:
    terminal_resize (app->terminal);
    break;
  case SIGTSTP:
    suspend (app);
    break;
  case SIGCONT:
    terminal_resume (app->terminal);
    break;
  default:
    take_end (app, number);
    return;
  }
  take_size (app);
}

static gboolean
on_signal (int descriptor, GIOCondition condition, gpointer data)
{
  (void)condition;
  for (int number; (number = signals_next (descriptor)) > 0;)
    take_signal (data, number);
  return G_SOURCE_CONTINUE;
}

/* ---- idle, for tests ----------------------------------------------------------------------- */

/* A poll function of GLib is given nothing of ours. */
static struct {
  int descriptor;
  const App *app;
} idle;

static int
poll_and_tell (GPollFD *descriptors, guint count, int timeout_ms)
{
  struct pollfd *as_poll = (struct pollfd *)(void *)descriptors;
  int ready = poll (as_poll, count, 0);
  if (ready != 0 || timeout_ms == 0)
    return ready;
  if (!idle.app->changed && write (idle.descriptor, "", 1) < 0)
    return -1;
  return poll (as_poll, count, timeout_ms);
}

static void
tell_when_idle (const App *app)
{
  const char *number = getenv ("HANDRAIL_IDLE_FD");
  if (!number || !g_ascii_isdigit (*number))
    return;
  idle.descriptor = atoi (number);
  idle.app = app;
  g_main_context_set_poll_func (NULL, poll_and_tell);
}

/* The program may go on without a screen. */
static void
tell_no_more (void)
{
  if (idle.app)
    g_main_context_set_poll_func (NULL, NULL);
  idle.app = NULL;
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void
app_free (App *app)
{
  while (app->screens->len > 0) {
    guint last = app->screens->len - 1;
    g_ptr_array_add (app->gone, g_ptr_array_steal_index (app->screens, last));
  }
  free_gone (app);
  g_ptr_array_unref (app->screens);
  g_ptr_array_unref (app->gone);
  g_source_destroy (app->turn);
  g_source_unref (app->turn);
  g_main_loop_unref (app->loop);
  canvas_free (app->canvas);
  terminal_close (app->terminal);
  if (app->signals >= 0)
    signals_close (app->signals);
  g_free (app->message);
  g_free (app);
}

static App *
app_new (void)
{
  App *app = g_new0 (App, 1);
  app->loop = g_main_loop_new (NULL, FALSE);
  app->screens = g_ptr_array_new ();
  app->gone = g_ptr_array_new ();
  app->turn_us = -1;
  app->turn = g_source_new (&turn_source, sizeof (Turn));
  ((Turn *)app->turn)->app = app;
  g_source_set_callback (app->turn, on_turn, app, NULL);
  app->signals = signals_open ();
  return app;
}

static void
run (App *app, AppFirst first, void *data)
{
  g_source_attach (app->turn, NULL);
  guint input = g_unix_fd_add (terminal_descriptor (app->terminal),
                               G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, app);
  guint signals = g_unix_fd_add (app->signals, G_IO_IN, on_signal, app);
  g_ptr_array_add (app->screens, first (app, data));
  draw_at_once (app);
  g_main_loop_run (app->loop);
  g_source_remove (input);
  g_source_remove (signals);
}

int
app_run (const AppOptions *options, AppFirst first, void *data, GError **error)
{
  g_autofree char *remark = NULL;
  g_autoptr (Theme) theme = theming_choose (options->theme, &remark);
  App *app = app_new ();
  app->terminal = terminal_open (theme, error);
  int status = -1, width = 0, height = 0;
  if (app->terminal) {
    terminal_size (app->terminal, &width, &height);
    app->canvas =
        canvas_new (width, height, options->ascii || terminal_is_ascii (app->terminal));
    if (!remark)
      remark = g_strdup (options->remark);
    if (!remark)
      remark = terminal_remark (app->terminal);
    if (remark)
      app->message = g_steal_pointer (&remark);
    app->message_us = g_get_monotonic_time () + MESSAGE_US;
    tell_when_idle (app);
    run (app, first, data);
    tell_no_more ();
    status = app->status;
  }
  app_free (app);
  return status;
}
