/* Stands in for screens and the panel of queues that are made elsewhere. */
#include "tui/queues_panel.h"
#include "tui/screens.h"

struct QueuesPanel {
  int readings;
};

QueuesPanel *
queues_panel_new (gint64 window_us, guint64 at_most)
{
  (void)window_us;
  (void)at_most;
  return g_new0 (QueuesPanel, 1);
}

void
queues_panel_free (QueuesPanel *panel)
{
  g_free (panel);
}

void
queues_panel_take (QueuesPanel *panel, const Reading *reading)
{
  (void)reading;
  panel->readings++;
}

gboolean
queues_panel_is_empty (const QueuesPanel *panel)
{
  return panel->readings == 0;
}

gint64
queues_panel_wake_us (const QueuesPanel *panel, gint64 now_us)
{
  (void)panel;
  (void)now_us;
  return 0;
}

int
queues_panel_draw (QueuesPanel *panel, Canvas *canvas, Area area, gboolean selects,
                   gint64 now_us)
{
  (void)selects;
  (void)now_us;
  canvas_printf (canvas, area, 1, 0, ROLE_TEXT, "queues: %d readings", panel->readings);
  return 1;
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  (void)screen;
  canvas_text (canvas, area, 1, 0, ROLE_DIM, "made elsewhere");
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  (void)screen;
  (void)action;
  (void)key;
  return FALSE;
}

static const ScreenKind kind = {
  .name = "stand-in",
  .where = KEYS_OUTPUT,
  .free = (void (*) (Screen *))g_free,
  .draw = draw,
  .act = act,
};

#define STANDIN(name)                      \
  Screen *name (App *app, RunModel *model) \
  {                                        \
    Screen *screen = g_new0 (Screen, 1);   \
    (void)model;                           \
    *screen = (Screen){ &kind, app };      \
    return screen;                         \
  }
STANDIN (screen_people_new)
