#include "tui/home/screen_choose.h"

#include "tui/advice.h"
#include "tui/home/screen_plan.h"
#include "tui/home/screen_text.h"
#include "tui/load.h"
#include "tui/place.h"
#include "tui/widgets/filter.h"

#define NAME_COLUMNS 20

typedef struct {
  char *name, *path;
  char *words; /* the title, or where it is */
  gboolean production, broken;
} Choice;

typedef struct {
  Screen screen;
  const Home *home;
  FindType type; /* of what is chosen */
  char *other;   /* the file that stands already */
  char *title;
  gboolean production; /* what stands already is */
  GPtrArray *choices;  /* Choice * */
  List *list;
  Filter *filter;
} Choose;

static void
choice_free (void *data)
{
  Choice *choice = data;
  g_free (choice->name);
  g_free (choice->path);
  g_free (choice->words);
  g_free (choice);
}

/* ---- what there is -------------------------------------------------------------------- */

static void
read_site (Choice *choice)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = load_site (choice->path, NULL, problems);
  choice->broken = !site || problems_count (problems) > 0;
  choice->words = site ? place_site_words (site) : g_strdup ("cannot be read");
  choice->production = site && site->production;
}

static void
read_runbook (Choice *choice)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Runbook) runbook = load_runbook (choice->path, NULL, NULL, problems);
  choice->broken = !runbook || problems_count (problems) > 0;
  choice->words =
      g_strdup (runbook && runbook->title ? runbook->title : "cannot be read");
}

static GPtrArray *
read_choices (const FindPlaces *places, FindType type)
{
  GPtrArray *choices = g_ptr_array_new_with_free_func (choice_free);
  g_auto (GStrv) names = find_names (places, type);
  for (guint i = 0; names[i]; i++) {
    g_autofree char *path = find_file (places, type, names[i], NULL);
    if (!path)
      continue;
    Choice *choice = g_new0 (Choice, 1);
    choice->name = g_strdup (names[i]);
    choice->path = g_canonicalize_filename (path, NULL);
    if (type == FIND_SITE)
      read_site (choice);
    else
      read_runbook (choice);
    g_ptr_array_add (choices, choice);
  }
  return choices;
}

static char *
text_of (void *data, guint row)
{
  const Choose *choose = data;
  const Choice *choice = g_ptr_array_index (choose->choices, row);
  return g_strjoin (" ", choice->name, choice->words,
                    choice->production ? "production" : "", NULL);
}

/* ---- the screen ----------------------------------------------------------------------- */

static void
draw_choice (void *data, Canvas *canvas, Area line, guint row, gboolean unused)
{
  const Choose *choose = data;
  const Choice *choice = g_ptr_array_index (choose->choices, row);
  Area inner = area_inside (line, 1, 0, 1, 0);
  int end = inner.width;
  (void)unused;
  canvas_mark (canvas, inner, 0, 0, choice->broken ? ROLE_BAD : ROLE_TEXT,
               choice->broken ? MARK_FAILED : MARK_NONE);
  canvas_middle (canvas, inner, 2, 0, NAME_COLUMNS, ROLE_TEXT, choice->name);
  canvas_middle (canvas, inner, NAME_COLUMNS + 3, 0, end - NAME_COLUMNS - 17, ROLE_DIM,
                 choice->words);
  if (row == list_selected (choose->list))
    canvas_tint (canvas, line, ROLE_SELECTED);
  if (choice->production)
    head_draw_place (canvas, inner, end, &(HeadPlace){ .stake = HEAD_PRODUCTION }, 0);
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  Choose *choose = (Choose *)screen;
  const Head head = { .title = choose->title,
                      .place = { .stake = choose->production ? HEAD_PRODUCTION
                                                             : HEAD_USUAL } };
  head_draw (canvas, &area, &head);
  Area line = area_inside (area_take_top (&area, 2), 1, 0, 1, 0);
  canvas_text (canvas, line, 0, 0, ROLE_QUESTION,
               choose->type == FIND_SITE
                   ? "On which site? Nothing is begun by choosing."
                   : "Which runbook? Nothing is begun by choosing.");
  filter_draw (choose->filter, canvas, &area);
  list_draw (choose->list, canvas, area, FALSE, draw_choice, choose);
}

static void
open_plan (App *app, const Home *home, FindType type, const char *other,
           const char *chosen)
{
  gboolean site = type == FIND_SITE;
  app_push (app,
            screen_plan_new (app, home, site ? other : chosen, site ? chosen : other));
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  Choose *choose = (Choose *)screen;
  const char *remark = NULL;
  if (filter_act (choose->filter, action, key, &remark)) {
    if (remark)
      app_say (screen->app, remark);
    return TRUE;
  }
  guint row = list_selected (choose->list);
  if (action != ACTION_OPEN)
    return list_act (choose->list, action);
  if (row == LIST_NONE)
    return TRUE;
  const Choice *choice = g_ptr_array_index (choose->choices, row);
  open_plan (screen->app, choose->home, choose->type, choose->other, choice->path);
  return TRUE;
}

static gboolean
types (const Screen *screen)
{
  return filter_types (((const Choose *)screen)->filter);
}

static char *
status (const Screen *screen)
{
  return filter_status (((const Choose *)screen)->filter);
}

static void
choose_free (Screen *screen)
{
  Choose *choose = (Choose *)screen;
  filter_free (choose->filter);
  list_free (choose->list);
  g_ptr_array_unref (choose->choices);
  g_free (choose->other);
  g_free (choose->title);
  g_free (choose);
}

static const ScreenKind choose_kind = {
  .name = "choose",
  .where = KEYS_CHOOSE | KEYS_LIST,
  .free = choose_free,
  .draw = draw,
  .act = act,
  .types = types,
  .status = status,
};

static void
push_list (App *app, const Home *home, FindType type, const char *other,
           const char *title, gboolean production, GPtrArray *choices)
{
  Choose *choose = g_new0 (Choose, 1);
  choose->screen = (Screen){ &choose_kind, app };
  choose->home = home;
  choose->type = type;
  choose->other = g_strdup (other);
  choose->title = g_strdup (title);
  choose->production = production;
  choose->choices = g_ptr_array_ref (choices);
  choose->list = list_new ();
  choose->filter = filter_new (choose->list);
  list_set_rows (choose->list, choices->len, text_of, choose);
  app_push (app, &choose->screen);
}

static void
begin (App *app, const Home *home, FindType type, const char *other, const char *title,
       gboolean production)
{
  g_autoptr (GPtrArray) choices = read_choices (home->places, type);
  const Choice *first = choices->len > 0 ? g_ptr_array_index (choices, 0) : NULL;
  gboolean site = type == FIND_SITE;
  if (choices->len > 1) {
    push_list (app, home, type, other, title, production, choices);
  } else if (first) {
    open_plan (app, home, type, other, first->path);
  } else {
    const Head head = { .title = site ? "A first site" : "A first runbook" };
    char *text = site ? advice_site (home->places) : advice_runbook (home->places);
    app_push (app, screen_text_new (app, &head, text));
  }
}

void
screen_choose_site (App *app, const Home *home, const char *runbook_file,
                    const char *title)
{
  begin (app, home, FIND_SITE, runbook_file, title, FALSE);
}

void
screen_choose_runbook (App *app, const Home *home, const char *site_file,
                       const char *site, gboolean production)
{
  begin (app, home, FIND_RUNBOOK, site_file, site, production);
}
