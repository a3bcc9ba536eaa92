/* The screen of a run as data: tests/unit/data/screen-run/NAME.txt (stories.h), drawn into a
 * canvas. What goes in is
 *   :written RUNBOOK SITE        the files that the run began with, before anything else
 *   :use FILE
 *   :event TYPE MEMBERS          an event of the journal
 *   :live MEMBERS                a passing message
 *   :look {SERVICE: RUNNING}     a reading of the platform; :instances BODY: with instances
 *   :late                        no look at the platform has come since then
 *   :queues BODY                 a reading of job queues
 *   :time SECONDS                what time it is since the run began
 *   :keys KEY…                   Enter, Esc, Up, Down, a character each otherwise
 *   :type TEXT                   every character of it    :paste TEXT
 *   :broken [PROBLEM]            the connection is over
 *   :draw WIDTHxHEIGHT           the screen, each line after "|"
 *   :roles WIDTHxHEIGHT          the same with the role of each cell
 *   :ascii                       from now on
 *   :covered   :back             what is opened from now on stays; goes
 *   :opens                       what is opened from now on is drawn, and has the keys
 * and what comes out besides the screen is written as
 *   :sent MESSAGE   :said TEXT   :bell   :forget   :title TEXT   :left STATUS   :copied TEXT
 *   :opened NAME    :wake SECONDS (after a drawing)
 * HANDRAIL_REGENERATE=1 writes the files anew, to be read before they are kept. */
#include <string.h>

#include "tests/unit/stories.h"
#include "tui/load.h"
#include "tui/run/screen_run.h"
#include "tui/widgets/foot.h"

/* When the run began: Monday, 3 o'clock. */
#define WALL_US (G_GINT64_CONSTANT (1795402800) * G_USEC_PER_SEC)
#define BOOT_US (1000 * (gint64)G_USEC_PER_SEC)

struct App {
  RunState *state;
  RunModel *model;
  Screen *screen; /* made when the run has begun */
  gboolean opens; /* the screens that it opens are shown */
  Screen *opened; /* the one in front of it, or NULL */
  GString *out;
  gint64 elapsed_us;
  Reading *looked; /* the last one of the platform, or NULL */
  gboolean ascii;
  gboolean covered; /* a screen that was opened stays, until :back */
  char *message;
};

/* ---- the loop's side ------------------------------------------------------------- */

gint64
app_now_us (const App *app)
{
  return BOOT_US + app->elapsed_us;
}

gint64
app_wall_us (const App *app)
{
  return WALL_US + app->elapsed_us;
}

void
app_push (App *app, Screen *screen)
{
  g_string_append_printf (app->out, ":opened %s\n", screen->kind->name);
  if (app->opens && !app->opened)
    app->opened = screen;
  else
    screen->kind->free (screen);
}

static Screen *
front (const App *app)
{
  return app->opened ? app->opened : app->screen;
}

void
app_pop (App *app)
{
  g_string_append (app->out, ":popped\n");
  if (app->opened)
    app->opened->kind->free (app->opened);
  app->opened = NULL;
}

void
app_draw (App *app)
{
  (void)app;
}

void
app_leave (App *app, int status)
{
  g_string_append_printf (app->out, ":left %d\n", status);
}

void
app_say (App *app, const char *text)
{
  g_string_append_printf (app->out, ":said %s\n", text);
  g_free (app->message);
  app->message = g_strdup (text);
}

void
app_copy (App *app, const char *text)
{
  g_string_append_printf (app->out, ":copied %s\n", text);
}

void
app_bell (App *app)
{
  g_string_append (app->out, ":bell\n");
}

void
app_forget_keys (App *app)
{
  g_string_append (app->out, ":forget\n");
}

void
app_set_title (App *app, const char *title)
{
  g_string_append_printf (app->out, ":title %s\n", title);
}

gboolean
screen_offers (const Screen *screen, const KeyBinding *binding)
{
  const ScreenKind *kind = screen->kind;
  return keys_binding_holds (binding, kind->where) &&
         (!kind->offers || binding->where & (KEYS_EVERYWHERE | KEYS_LIST) ||
          kind->offers (screen, binding->action));
}

static void
on_leave (void *data, int status)
{
  app_leave (data, status);
}

static void
on_freed (void *data)
{
  (void)data;
}

/* ---- what goes in ------------------------------------------------------------------- */

static void
settle (App *app, gboolean news)
{
  static const ScreenRunOwner owner = { .leave = on_leave, .freed = on_freed };
  if (!app->screen && app->state->title)
    app->screen = screen_run_new (app, app->model, &owner, app);
  if (app->screen)
    screen_run_settle (app->screen, news);
}

static void
in_written (App *app, const char *text)
{
  g_auto (GStrv) names = g_strsplit (text, " ", 2);
  g_autofree char *runbook_file = stories_file ("screen-run", names[0]);
  g_autofree char *site_file = stories_file ("screen-run", names[1]);
  g_autoptr (Problems) problems = problems_new ();
  Site *site = load_site (site_file, NULL, problems);
  Runbook *runbook = load_runbook (runbook_file, site, NULL, problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  run_model_set_written (app->model, runbook, site);
}

static void
in_event (App *app, const char *text)
{
  g_autoptr (Event) event = stories_event (text);
  stories_apply (app->state, event, (Moment){ app_wall_us (app), app_now_us (app) });
  settle (app, run_model_event (app->model, event));
}

static void
hear (App *app, json_t *message)
{
  gboolean news = run_model_live (app->model, message, app_now_us (app));
  if (app->screen)
    screen_run_hear (app->screen);
  settle (app, news);
  json_decref (message);
}

static void
in_live (App *app, const char *text)
{
  hear (app, stories_members (text));
}

static Reading *
reading_of_now (App *app, const char *key, json_t *body)
{
  Moment now = { app_wall_us (app), app_now_us (app) };
  return reading_new (key, now, now, NULL, body);
}

static void
hear_reading (App *app, const Reading *reading, gboolean late)
{
  hear (app, json_pack ("{ss so sb}", "live", "reading", "reading",
                        reading_to_json (reading), "late", late));
}

static void
look (App *app, json_t *body)
{
  reading_free (app->looked);
  app->looked = reading_of_now (app, "platform", body);
  hear_reading (app, app->looked, FALSE);
}

static void
in_instances (App *app, const char *text)
{
  look (app, stories_members (text));
}

static void
in_look (App *app, const char *text)
{
  look (app, stories_look (text));
}

static void
in_late (App *app, const char *text G_GNUC_UNUSED)
{
  hear_reading (app, app->looked, TRUE);
}

static void
in_queues (App *app, const char *text)
{
  g_autoptr (Reading) reading =
      reading_of_now (app, "queues redis", stories_members (text));
  hear_reading (app, reading, FALSE);
}

static void
in_time (App *app, const char *text)
{
  app->elapsed_us = (gint64)(g_ascii_strtod (text, NULL) * G_USEC_PER_SEC);
}

static void
in_broken (App *app, const char *text)
{
  run_model_broken (app->model, *text ? text : NULL);
  settle (app, TRUE);
}

/* ---- keys ----------------------------------------------------------------------------- */

static Canvas *drawn (App *app, const char *size);

/* Each is dealt with, then the screen is drawn, as the loop does it. */
static void
press (App *app, Key key)
{
  const ScreenKind *kind = front (app)->kind;
  gboolean types = kind->types && kind->types (front (app));
  KeyAction action = (types ? keys_action_typing : keys_action) (kind->where, key.code);
  g_clear_pointer (&app->message, g_free);
  gboolean taken = kind->act (front (app), action, &key);
  if (!taken && app->opened && (action == ACTION_QUIT || action == ACTION_BACK))
    app_pop (app);
  else if (!taken && key.code < PRESS_NAMED)
    g_string_append_printf (app->out, ":not taken %c\n", (int)key.code);
  if (!app->covered)
    canvas_free (drawn (app, "80x24"));
}

static const struct {
  const char *name;
  guint32 code;
} names[] = {
  { "Enter", PRESS_ENTER },         { "Esc", PRESS_ESCAPE },     { "Up", PRESS_UP },
  { "Down", PRESS_DOWN },           { "PgDn", PRESS_PAGE_DOWN }, { "Tab", PRESS_TAB },
  { "Backspace", PRESS_BACKSPACE }, { "PgUp", PRESS_PAGE_UP },   { "End", PRESS_END },
};

static void
in_keys (App *app, const char *text)
{
  g_auto (GStrv) keys = g_strsplit (text, " ", -1);
  for (guint i = 0; keys[i]; i++) {
    guint32 code = (guint32)keys[i][0];
    for (gsize j = 0; j < G_N_ELEMENTS (names); j++)
      if (strcmp (names[j].name, keys[i]) == 0)
        code = names[j].code;
    press (app, (Key){ code, NULL });
  }
}

static void
in_type (App *app, const char *text)
{
  for (const char *at = text; *at; at = g_utf8_next_char (at))
    press (app, (Key){ g_utf8_get_char (at), NULL });
}

static void
in_paste (App *app, const char *text)
{
  press (app, (Key){ PRESS_PASTE, text });
}

/* ---- what comes out ---------------------------------------------------------------------- */

static Canvas *
drawn (App *app, const char *size)
{
  int width = 0, height = 0;
  g_assert_cmpint (sscanf (size, "%dx%d", &width, &height), ==, 2);
  Canvas *canvas = canvas_new (width, height, app->ascii);
  Area area = canvas_area (canvas);
  Area foot = foot_take (canvas, &area, app->message);
  front (app)->kind->draw (front (app), canvas, area);
  foot_draw (canvas, foot, front (app), app->message);
  return canvas;
}

static void
put_lines (App *app, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] && (lines[i + 1] || *lines[i]); i++)
    g_string_append_printf (app->out, "|%s\n", lines[i]);
}

static void
in_draw (App *app, const char *text)
{
  g_autoptr (Canvas) canvas = drawn (app, text);
  g_autofree char *dump = canvas_dump (canvas);
  put_lines (app, dump);
  const ScreenKind *kind = front (app)->kind;
  gint64 wake_us = kind->wake_us ? kind->wake_us (front (app), app_now_us (app)) : 0;
  if (wake_us > 0)
    g_string_append_printf (app->out, ":wake %g\n",
                            (double)(wake_us - BOOT_US) / G_USEC_PER_SEC);
}

static void
in_roles (App *app, const char *text)
{
  g_autoptr (Canvas) canvas = drawn (app, text);
  g_autofree char *dump = canvas_dump_roles (canvas);
  put_lines (app, dump);
}

static void
in_covered (App *app, const char *text)
{
  (void)text;
  app->covered = TRUE;
}

static void
in_back (App *app, const char *text)
{
  (void)text;
  app->covered = FALSE;
}

static void
in_ascii (App *app, const char *text)
{
  (void)text;
  app->ascii = TRUE;
}

static void
in_opens (App *app, const char *text)
{
  (void)text;
  app->opens = TRUE;
}

static void
take_sent (App *app)
{
  for (json_t *message = NULL; (message = run_model_take_message (app->model));) {
    char *line = json_dumps (message, JSON_COMPACT);
    g_string_append_printf (app->out, ":sent %s\n", line);
    free (line);
    json_decref (message);
  }
}

/* ---- files ----------------------------------------------------------------------------------- */

static const struct Way {
  const char *word;
  void (*put) (App *app, const char *text);
} ways_in[] = {
  { "written", in_written }, { "event", in_event },   { "live", in_live },
  { "look", in_look },       { "queues", in_queues }, { "instances", in_instances },
  { "late", in_late },       { "time", in_time },     { "broken", in_broken },
  { "keys", in_keys },       { "type", in_type },     { "paste", in_paste },
  { "draw", in_draw },       { "roles", in_roles },   { "ascii", in_ascii },
  { "covered", in_covered }, { "back", in_back },     { "opens", in_opens },
};

static const struct Way *
find_way (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ways_in); i++)
    if (strcmp (word, ways_in[i].word) == 0)
      return &ways_in[i];
  return NULL;
}

static gboolean
knows (const char *word)
{
  return find_way (word) != NULL;
}

static void
put (void *data, const char *word, const char *text)
{
  find_way (word)->put (data, text);
  take_sent (data);
}

static void
test_file (const void *data)
{
  App app = { .state = state_new (), .out = g_string_new (NULL) };
  const Story story = { .folder = "screen-run",
                        .knows = knows,
                        .put = put,
                        .data = &app,
                        .out = app.out,
                        .hides = TRUE };
  app.model = run_model_new (app.state, "/var/lib/handrail/runs/r1");
  stories_play (&story, data);
  stories_compare (&story, data);
  if (app.opened)
    app_pop (&app);
  if (app.screen)
    app.screen->kind->free (app.screen);
  run_model_free (app.model);
  state_free (app.state);
  g_string_free (app.out, TRUE);
  reading_free (app.looked);
  g_free (app.message);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  stories_add ("screen-run", test_file);
  return g_test_run ();
}
