#include "tui/widgets/screen_help.h"

#include "tui/widgets/list.h"

/* Columns of the keys, and the largest width that is read at ease. */
#define KEYS_COLUMNS 22
#define WIDTH_MAX 100

typedef struct {
  Screen screen;
  const Screen *of;
  int top;   /* the first line that is seen */
  int rows;  /* that fit, when it was drawn last */
  int lines; /* that there are */
} Help;

/* Draws a binding from line `y` of the area on, which may lie above it; returns its lines. */
static int
draw_binding (Canvas *canvas, Area area, int y, const KeyBinding *binding)
{
  g_autofree char *names = keys_names (binding);
  Area keys = area_take_left (&area, KEYS_COLUMNS);
  Area text = area_inside (area, 0, MAX (y, 0), 0, 0);
  canvas_text (canvas, keys, 0, y, ROLE_KEY, names);
  return canvas_paragraph (canvas, text, ROLE_TEXT, binding->help, MAX (-y, 0),
                           text.height);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  Help *help = (Help *)screen;
  Area bar = area_take_right (&area, 1);
  area = area_inside (area, 1, 0, 0, 0);
  area.width = MIN (area.width, WIDTH_MAX);
  Area head = area_take_top (&area, 2);
  area_take_top (&bar, 2);
  canvas_printf (canvas, head, 0, 0, ROLE_TITLE, "Keys: %s", help->of->kind->name);
  canvas_horizontal (canvas, head, 0, 1, head.width, ROLE_FRAME);
  help->rows = area.height;
  help->lines = 0;
  for (const KeyBinding *binding = key_bindings; binding->action; binding++)
    if (screen_offers (help->of, binding))
      help->lines += draw_binding (canvas, area, help->lines - help->top, binding);
  list_draw_bar (canvas, bar, (guint64)help->top, (guint64)help->rows,
                 (guint64)help->lines);
}

/* Whether it is all there is. */
static char *
status (const Screen *screen)
{
  const Help *help = (const Help *)screen;
  int seen = MIN (help->rows, help->lines - help->top);
  return seen < help->lines ? g_strdup_printf ("lines %d to %d of %d", help->top + 1,
                                               help->top + seen, help->lines)
                            : NULL;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  Help *help = (Help *)screen;
  int page = MAX (help->rows - 1, 1), last = MAX (help->lines - help->rows, 0);
  (void)key;
  switch (action) {
  case ACTION_UP:
  case ACTION_DOWN:
    help->top += action == ACTION_UP ? -1 : 1;
    break;
  case ACTION_PAGE_UP:
  case ACTION_PAGE_DOWN:
    help->top += action == ACTION_PAGE_UP ? -page : page;
    break;
  case ACTION_FIRST:
  case ACTION_LAST:
    help->top = action == ACTION_FIRST ? 0 : last;
    break;
  case ACTION_HELP:
    app_pop (screen->app);
    break;
  default:
    return FALSE;
  }
  help->top = CLAMP (help->top, 0, last);
  return TRUE;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  (void)screen;
  return action == ACTION_QUIT;
}

static void
help_free (Screen *screen)
{
  g_free (screen);
}

static const ScreenKind help_kind = {
  .name = "help",
  .where = KEYS_OUTPUT,
  .free = help_free,
  .draw = draw,
  .act = act,
  .offers = offers,
  .status = status,
};

Screen *
screen_help_new (App *app, const Screen *of)
{
  Help *help = g_new0 (Help, 1);
  help->screen = (Screen){ &help_kind, app };
  help->of = of;
  return &help->screen;
}
