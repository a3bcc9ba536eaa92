#include "tui/widgets/foot.h"

#define GAP 2 /* columns between hints */

/* A message that is longer takes the screen from what it is about. */
#define MESSAGE_LINES_MAX 3

/* Hints that fit, found from the right end: the one for help first. */
typedef struct {
  Canvas *canvas;
  Area line;
  int x; /* where the next one ends */
} Hints;

static int
hint_columns (const char *name, const char *word)
{
  return canvas_columns (name) + 1 + canvas_columns (word);
}

static void
put_hint (Hints *hints, const char *name, const char *word)
{
  hints->x -= hint_columns (name, word);
  int at = hints->x;
  at += canvas_text (hints->canvas, hints->line, at, 0, ROLE_KEY, name) + 1;
  canvas_text (hints->canvas, hints->line, at, 0, ROLE_DIM, word);
  hints->x -= GAP;
}

static int
columns_of_binding (const KeyBinding *binding)
{
  g_autofree char *name = keys_name (binding->keys[0]);
  return hint_columns (name, binding->hint) + GAP;
}

static gboolean
has_hint (const Screen *screen, const KeyBinding *binding)
{
  return binding->hint && screen_offers (screen, binding);
}

static gboolean
can_stop (const Screen *screen)
{
  for (guint i = 0; key_bindings[i].action; i++)
    if (key_bindings[i].action == ACTION_STOP && has_hint (screen, &key_bindings[i]))
      return TRUE;
  return FALSE;
}

/* Which is kept longest where there is little room: help, then how to leave. */
static int
rank (const KeyBinding *binding, gboolean stops)
{
  KeyAction leaving = stops ? ACTION_STOP : ACTION_DETACH;
  return binding->action == ACTION_HELP                                 ? 0
         : binding->action == leaving || binding->action == ACTION_QUIT ? 1
                                                                        : 2;
}

/* Which hints there is room for: those of help and leaving, then the others in order. */
static void
choose (const Screen *screen, int room, gboolean *chosen)
{
  gboolean stops = can_stop (screen);
  for (int pass = 0; pass <= 2; pass++)
    for (guint i = 0; key_bindings[i].action; i++) {
      const KeyBinding *binding = &key_bindings[i];
      if (rank (binding, stops) != pass || !has_hint (screen, binding))
        continue;
      int columns = columns_of_binding (binding);
      chosen[i] = columns <= room;
      room -= chosen[i] ? columns : 0;
    }
}

static guint
count_bindings (void)
{
  guint count = 0;
  while (key_bindings[count].action)
    count++;
  return count;
}

static void
draw_hints (Hints *hints, const Screen *screen, int room)
{
  guint count = count_bindings ();
  g_autofree gboolean *chosen = g_new0 (gboolean, count);
  choose (screen, room, chosen);
  for (guint i = count; i-- > 0;)
    if (chosen[i]) {
      g_autofree char *name = keys_name (key_bindings[i].keys[0]);
      put_hint (hints, name, key_bindings[i].hint);
    }
}

/* While keys are text: what ends that. `room`: as for draw_hints(). */
static void
draw_ends (Hints *hints, const ScreenKind *kind, int room)
{
  const char *const ends[][2] = { { "Esc", kind->escape ? kind->escape : "back" },
                                  { "Enter", "done" } };
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    room -= hint_columns (ends[i][0], ends[i][1]) + GAP;
    if (room >= 0)
      put_hint (hints, ends[i][0], ends[i][1]);
  }
}

/* Hints at the right end of the line, in so many columns; gives what is left of it. */
static Area
draw_keys (Canvas *canvas, Area line, const Screen *screen, int room)
{
  const ScreenKind *kind = screen->kind;
  Hints hints = { canvas, line, line.width };
  if (kind->types && kind->types (screen))
    draw_ends (&hints, kind, room + GAP);
  else
    draw_hints (&hints, screen, room + GAP);
  return (Area){ line.x, line.y, MAX (hints.x, 0), line.height };
}

/* Hints may take a third of what a screen says of itself. */
static void
draw_status (Canvas *canvas, Area line, const Screen *screen)
{
  const ScreenKind *kind = screen->kind;
  g_autofree char *status = kind->status ? kind->status (screen) : NULL;
  gboolean types = kind->types && kind->types (screen);
  int wanted = status && *status && !types ? canvas_columns (status) + GAP : 0;
  Area left =
      draw_keys (canvas, line, screen, line.width - MIN (wanted, line.width * 2 / 3));
  canvas_text (canvas, left, 0, 0, ROLE_DIM, status ? status : "");
}

/* Columns of a line up to the last one on which something stands. */
static int
columns_used (const Canvas *canvas, Area line)
{
  int used = line.width;
  while (used > 0 && canvas_cell (canvas, line.x + used - 1, line.y)->text[0] == ' ')
    used--;
  return used;
}

/* A message has the room that it needs; hints get what is left of its last line. */
static void
draw_message (Canvas *canvas, Area lines, const Screen *screen, const char *message)
{
  int rows = canvas_paragraph (canvas, lines, ROLE_MESSAGE, message, 0, lines.height);
  gboolean cut = rows > lines.height;
  Area last = area_take_bottom (&lines, 1);
  if (cut)
    canvas_cut (canvas, last, 0, ROLE_MESSAGE);
  int used = columns_used (canvas, last);
  draw_keys (canvas, last, screen, last.width - used - (used > 0 ? GAP : 0));
}

Area
foot_take (Canvas *canvas, Area *area, const char *message)
{
  Area inside = area_inside (*area, 1, 0, 1, 0);
  int rows = message ? canvas_paragraph (canvas, inside, ROLE_MESSAGE, message, 0, 0) : 1;
  return area_take_bottom (area, CLAMP (rows, 1, MESSAGE_LINES_MAX));
}

void
foot_draw (Canvas *canvas, Area lines, const Screen *screen, const char *message)
{
  lines = area_inside (lines, 1, 0, 1, 0);
  if (message)
    draw_message (canvas, lines, screen, message);
  else
    draw_status (canvas, lines, screen);
}
