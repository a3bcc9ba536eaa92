/* Who takes part in the run, who has the controls; to take them, and to give them. */
#include <string.h>

#include "tui/run/pane.h"
#include "tui/run/run_head.h"
#include "tui/run/screens.h"
#include "tui/widgets/list.h"

/* Columns: mark, name, number, since. */
#define NAME_X 3
#define NAME_COLUMNS 20
#define NAME_COLUMNS_MIN 7 /* the others keep theirs */
#define NUMBER_COLUMNS 10
#define TIMES_COLUMNS 16 /* "since 13:19:15" */
#define PART_COLUMNS 22  /* "you, with the controls" */

#define WORD_BYTES_MAX 40
#define FIELD_COLUMNS 12

typedef struct {
  Screen screen;
  RunModel *model;
  List *list;
  guint events;      /* that `times` has taken in */
  GHashTable *times; /* viewer → Times * */
  Input *input;      /* the word that agrees; NULL: nothing is asked */
  guint give;        /* to which viewer; 0: take them */
} PeopleScreen;

typedef struct {
  gint64 came_us, left_us; /* wall time; 0: has not */
} Times;

static const ViewerState *
viewer_at (const PeopleScreen *people, guint row)
{
  const GPtrArray *viewers = run_model_state (people->model)->viewers;
  return row < viewers->len ? g_ptr_array_index (viewers, row) : NULL;
}

static const ViewerState *
viewer_numbered (const PeopleScreen *people, guint number)
{
  const GPtrArray *viewers = run_model_state (people->model)->viewers;
  for (guint i = 0; i < viewers->len; i++) {
    const ViewerState *viewer = g_ptr_array_index (viewers, i);
    if (viewer->viewer == number)
      return viewer;
  }
  return NULL;
}

/* ---- since when --------------------------------------------------------------------- */

static Times *
times_of (const PeopleScreen *people, guint viewer)
{
  Times *times = g_hash_table_lookup (people->times, GUINT_TO_POINTER (viewer));
  if (times)
    return times;
  times = g_new0 (Times, 1);
  g_hash_table_insert (people->times, GUINT_TO_POINTER (viewer), times);
  return times;
}

/* A run that is resumed has lost all who were there. */
static void
take_resumed (PeopleScreen *people, gint64 wall_us)
{
  GHashTableIter iter;
  gpointer value = NULL;
  g_hash_table_iter_init (&iter, people->times);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Times *times = value;
    times->left_us = times->left_us ? times->left_us : wall_us;
  }
}

static void
update (PeopleScreen *people)
{
  const GPtrArray *events = run_model_events (people->model);
  for (; people->events < events->len; people->events++) {
    const Event *event = g_ptr_array_index (events, people->events);
    guint viewer = (guint)event_number (event, "viewer");
    if (event->type == EVENT_VIEWER_CAME)
      *times_of (people, viewer) = (Times){ event->at.wall_us, 0 };
    else if (event->type == EVENT_VIEWER_LEFT)
      times_of (people, viewer)->left_us = event->at.wall_us;
    else if (event->type == EVENT_RUN_RESUMED)
      take_resumed (people, event->at.wall_us);
  }
  list_set_rows (people->list, run_model_state (people->model)->viewers->len, NULL, NULL);
}

static char *
times_text (const PeopleScreen *people, const ViewerState *viewer)
{
  const Times *times = times_of (people, viewer->viewer);
  g_autofree char *came = pane_time (times->came_us);
  g_autofree char *left = pane_time (times->left_us);
  if (!viewer->here && times->left_us)
    return g_strdup_printf ("%s to %s", came, left);
  return g_strdup_printf ("since %s", came);
}

/* ---- drawing ------------------------------------------------------------------------ */

static void
draw_row (void *data, Canvas *canvas, Area line, guint row, gboolean selected)
{
  const PeopleScreen *people = data;
  const ViewerState *viewer = viewer_at (people, row);
  const RunState *state = run_model_state (people->model);
  gboolean leads = state->controls == viewer->viewer;
  gboolean ours = viewer->viewer == run_model_viewer (people->model);
  Role role = leads ? ROLE_CURRENT : viewer->here ? ROLE_TEXT : ROLE_DIM;
  g_autofree char *times = times_text (people, viewer);
  (void)selected;
  line = area_inside (line, 0, 0, 1, 0);
  canvas_mark (canvas, line, 1, 0, role, leads ? MARK_CURRENT : MARK_NONE);
  int others = NAME_X + 1 + NUMBER_COLUMNS + TIMES_COLUMNS + PART_COLUMNS;
  int name = CLAMP (line.width - others, NAME_COLUMNS_MIN, NAME_COLUMNS);
  canvas_middle (canvas, line, NAME_X, 0, name, role, viewer->user);
  int x = NAME_X + name + 1;
  canvas_printf (canvas, line, x, 0, ROLE_DIM, "viewer %u", viewer->viewer);
  x += NUMBER_COLUMNS;
  x += MAX (canvas_text (canvas, line, x, 0, ROLE_DIM, times) + 2, TIMES_COLUMNS);
  canvas_text (canvas, line, x, 0, role,
               leads && ours ? "you, with the controls"
               : leads       ? "has the controls"
               : ours        ? "you"
                             : "");
}

/* What is asked, and the field for the word that agrees. */
static void
draw_asking (PeopleScreen *people, Canvas *canvas, Area *area)
{
  Area foot = area_take_bottom (area, 2);
  const ViewerState *to = viewer_numbered (people, people->give);
  g_autofree char *from = run_model_controller (people->model);
  g_autofree char *text =
      to ? g_strdup_printf ("Give the controls to %s (viewer %u)? Type give", to->user,
                            to->viewer)
         : g_strdup_printf ("Take the controls (%s has them)? Type take", from);
  canvas_horizontal (canvas, foot, 0, 0, foot.width, run_head_frame (people->model));
  foot = area_inside (foot, 1, 1, 1, 0);
  Area field = area_take_right (&foot, FIELD_COLUMNS + 1);
  int x = MIN (canvas_text (canvas, foot, 0, 0, ROLE_QUESTION, text), foot.width) + 1;
  field.x = foot.x + x;
  input_draw (people->input, canvas, field, 0, 0, FIELD_COLUMNS, ROLE_INPUT);
}

static guint
count_here (const RunState *state)
{
  guint here = 0;
  for (guint i = 0; i < state->viewers->len; i++)
    here += ((const ViewerState *)g_ptr_array_index (state->viewers, i))->here ? 1 : 0;
  return here;
}

static void
draw (Screen *screen, Canvas *canvas, Area area)
{
  PeopleScreen *people = (PeopleScreen *)screen;
  update (people);
  g_autofree char *who = run_model_controller (people->model);
  gboolean ours = run_model_has_controls (people->model);
  g_autofree char *about =
      ours ? g_strdup ("You have the controls: your answers count")
           : g_strdup_printf ("You look on: %s has the controls", who);
  g_autofree char *here =
      g_strdup_printf ("%u here now", count_here (run_model_state (people->model)));
  const PaneHead head = { "Who takes part", about, ours ? ROLE_DIM : ROLE_WAITING, here,
                          ROLE_DIM };
  pane_draw (people->model, canvas, &area, &head);
  if (people->input)
    draw_asking (people, canvas, &area);
  list_draw (people->list, canvas, area, TRUE, draw_row, people);
}

/* ---- taking and giving ---------------------------------------------------------------- */

/* Whether the one who is selected could be given the controls. */
static const ViewerState *
receiver (const PeopleScreen *people)
{
  const ViewerState *viewer = viewer_at (people, list_selected (people->list));
  gboolean fit =
      viewer && viewer->here && viewer->viewer != run_model_viewer (people->model);
  return fit ? viewer : NULL;
}

static void
ask (PeopleScreen *people)
{
  App *app = people->screen.app;
  gboolean ours = run_model_has_controls (people->model);
  const ViewerState *to = ours ? receiver (people) : NULL;
  if (run_model_is_over (people->model, NULL, NULL))
    app_say (app, "The connection to the run is over");
  else if (ours && !to)
    app_say (app, count_here (run_model_state (people->model)) > 1
                      ? "Select who is to have the controls, somebody who is here"
                      : "Nobody else is here to have the controls");
  else {
    people->give = to ? to->viewer : 0;
    people->input = input_new (WORD_BYTES_MAX);
    app_forget_keys (app);
  }
}

/* Somebody else may have been quicker, or the other one has left meanwhile. */
static void
agree (PeopleScreen *people)
{
  const ViewerState *to = viewer_numbered (people, people->give);
  gboolean ours = run_model_has_controls (people->model);
  gboolean gives = people->give != 0;
  if (gives != ours || (gives && !(to && to->here)))
    app_say (people->screen.app, "That has changed meanwhile; nothing was done");
  else if (gives)
    run_model_give (people->model, people->give);
  else
    run_model_take (people->model);
  g_clear_pointer (&people->input, input_free);
}

static void
type (PeopleScreen *people, KeyAction action, const Key *key)
{
  const char *wanted = people->give ? "give" : "take";
  const char *typed = input_text (people->input);
  const char *refusal = NULL;
  if (action == ACTION_BACK)
    g_clear_pointer (&people->input, input_free);
  else if (key->code != PRESS_ENTER)
    refusal = input_refusal (input_key (people->input, key));
  else if (strcmp (typed, wanted) == 0)
    agree (people);
  else if (*typed)
    refusal = people->give ? "Type give, or Esc to keep the controls"
                           : "Type take, or Esc to leave the controls where they are";
  if (refusal)
    app_say (people->screen.app, refusal);
}

static gboolean
act (Screen *screen, KeyAction action, const Key *key)
{
  PeopleScreen *people = (PeopleScreen *)screen;
  if (people->input)
    type (people, action, key);
  else if (action == ACTION_TAKE)
    ask (people);
  else
    return list_act (people->list, action);
  return TRUE;
}

static gboolean
types (const Screen *screen)
{
  return ((const PeopleScreen *)screen)->input != NULL;
}

static gboolean
offers (const Screen *screen, KeyAction action)
{
  const PeopleScreen *people = (const PeopleScreen *)screen;
  if (action != ACTION_TAKE)
    return action == ACTION_QUIT;
  return !run_model_is_over (people->model, NULL, NULL) &&
         (!run_model_has_controls (people->model) || receiver (people));
}

static void
people_free (Screen *screen)
{
  PeopleScreen *people = (PeopleScreen *)screen;
  g_hash_table_unref (people->times);
  list_free (people->list);
  input_free (people->input);
  g_free (people);
}

static const ScreenKind people_kind = {
  .name = "people",
  .where = KEYS_PEOPLE | KEYS_LIST,
  .free = people_free,
  .draw = draw,
  .act = act,
  .types = types,
  .offers = offers,
};

Screen *
screen_people_new (App *app, RunModel *model)
{
  PeopleScreen *people = g_new0 (PeopleScreen, 1);
  people->screen = (Screen){ &people_kind, app };
  people->model = model;
  people->list = list_new ();
  people->times = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return &people->screen;
}
