#include "tui/widgets/foot.h"

#define GAP 2 /* columns between hints */

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

/* Which hints there is room for: those of help and stopping, then the others in order. */
static void
choose (const Screen *screen, int room, gboolean *chosen)
{
  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; key_bindings[i].action; i++) {
      const KeyBinding *binding = &key_bindings[i];
      gboolean first = binding->action == ACTION_HELP || binding->action == ACTION_STOP ||
                       binding->action == ACTION_QUIT;
      if (first != (pass == 0) || !has_hint (screen, binding))
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

void
foot_draw (Canvas *canvas, Area line, const Screen *screen, const char *message)
{
  const ScreenKind *kind = screen->kind;
  line = area_inside (line, 1, 0, 1, 0);
  g_autofree char *status = !message && kind->status ? kind->status (screen) : NULL;
  const char *text = message ? message : status ? status : "";
  int wanted = *text ? canvas_columns (text) + GAP : 0;
  Hints hints = { canvas, line, line.width };
  if (kind->types && kind->types (screen)) {
    put_hint (&hints, "Esc", kind->escape ? kind->escape : "back");
    put_hint (&hints, "Enter", "done");
  } else
    draw_hints (&hints, screen, line.width - MIN (wanted, line.width * 2 / 3) + GAP);
  Area left = { line.x, line.y, MAX (hints.x, 0), line.height };
  canvas_text (canvas, left, 0, 0, message ? ROLE_MESSAGE : ROLE_DIM, text);
}
