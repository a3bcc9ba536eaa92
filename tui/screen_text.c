#include "tui/screen_text.h"

#include <string.h>

#include "tui/input.h"
#include "tui/pager.h"

#define SEARCH_BYTES_MAX 120

typedef struct {
  Screen screen;
  char *title, *right;
  gboolean production;
  GBytes *text;
  Pager *pager;
  Input *search; /* while it is typed; or NULL */
} Text;

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  Text *text = (Text *)screen;
  const Head head = { text->title, text->right, text->production };
  head_draw (canvas, &area, &head);
  if (text->search) {
    Area line = area_inside (area_take_bottom (&area, 1), 1, 0, 1, 0);
    int x = canvas_text (canvas, line, 0, 0, ROLE_QUESTION, "Search for ");
    input_draw (text->search, canvas, line, x, 0, MIN (line.width - x, 40), ROLE_INPUT);
  }
  pager_draw (text->pager, canvas, area_inside (area, 1, 0, 0, 0));
}

static gboolean
types (const Screen *screen)
{
  return ((const Text *)screen)->search != NULL;
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
  if (action != ACTION_BACK && key->code != PRESS_ENTER) {
    say (text, input_refusal (input_key (text->search, key)));
    return TRUE;
  }
  g_autoptr (Input) search = g_steal_pointer (&text->search);
  if (action != ACTION_BACK && !pager_search (text->pager, input_text (search)))
    say (text, "Not found");
  return TRUE;
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  Text *text = (Text *)screen;
  if (text->search)
    return type (text, action, key);
  if (action == ACTION_SEARCH) {
    text->search = input_new (SEARCH_BYTES_MAX);
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
  input_free (text->search);
  g_bytes_unref (text->text);
  g_free (text->title);
  g_free (text->right);
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
  text->title = g_strdup (head->title);
  text->right = g_strdup (head->right);
  text->production = head->production;
  text->text = g_bytes_new_take (contents, length);
  text->pager = pager_new (pager_read_bytes, text->text);
  pager_set_size (text->pager, length);
  pager_act (text->pager, ACTION_FIRST);
  return &text->screen;
}
