#include "tui/home/screen_text.h"

#include <string.h>

#include "tui/run/pane.h"
#include "tui/widgets/pager.h"

typedef struct {
  Screen screen;
  Head head; /* its texts are: */
  char *title, *place;
  GBytes *text;
  Pager *pager;
  PaneSearch search;
} Text;

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  Text *text = (Text *)screen;
  head_draw (canvas, &area, &text->head);
  pane_search_draw (&text->search, canvas, &area);
  pager_draw (text->pager, canvas, area_inside (area, 1, 0, 0, 0));
}

static gboolean
types (const Screen *screen)
{
  return ((const Text *)screen)->search.input != NULL;
}

static void
say (Text *text, const char *remark)
{
  if (remark)
    app_say (text->screen.app, remark);
}

static gboolean
type (Text *text, KeyAction action, const Key *key)
{
  g_autofree char *wanted =
      pane_search_key (&text->search, text->screen.app, action, key);
  if (wanted && !pager_search (text->pager, wanted))
    say (text, "Not found");
  return TRUE;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  Text *text = (Text *)screen;
  if (text->search.input)
    return type (text, action, key);
  if (action == ACTION_SEARCH) {
    pane_search_open (&text->search);
    return TRUE;
  }
  gboolean taken = pager_act (text->pager, action);
  say (text, taken ? pager_remark (text->pager) : NULL);
  return taken;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  (void)screen;
  return action == ACTION_SEARCH || action == ACTION_SEARCH_NEXT ||
         action == ACTION_SEARCH_BACK || action == ACTION_QUIT;
}

static void
text_free (Screen *screen)
{
  Text *text = (Text *)screen;
  pager_free (text->pager);
  pane_search_close (&text->search);
  g_bytes_unref (text->text);
  g_free (text->title);
  g_free (text->place);
  g_free (text);
}

static const ScreenKind text_kind = {
  .name = "text",
  .where = KEYS_OUTPUT,
  .free = text_free,
  .draw = draw,
  .act = act,
  .types = types,
  .offers = offers,
};

Screen *
screen_text_new (App *app, const Head *head, char *contents)
{
  Text *text = g_new0 (Text, 1);
  gsize length = strlen (contents);
  text->screen = (Screen){ &text_kind, app };
  text->head = *head;
  text->head.title = text->title = g_strdup (head->title);
  text->head.place.text = text->place = g_strdup (head->place.text);
  text->text = g_bytes_new_take (contents, length);
  text->pager = pager_new (pager_read_bytes, text->text);
  pager_set_size (text->pager, length);
  pager_act (text->pager, ACTION_FIRST);
  return &text->screen;
}
