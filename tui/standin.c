/* Stands in for the panel of queues, which is made elsewhere. */
#include "tui/queues_panel.h"

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
