/* The screen of a run as data: tests/unit/data/screen-run/NAME.txt, drawn into a canvas.
 *
 * A line that begins with ":" goes in, every other one is what must come out for it:
 *   :written RUNBOOK SITE        the files that the run began with, before anything else
 *   :use FILE                    takes the lines of another file in, unseen
 *   :event TYPE MEMBERS          an event of the journal
 *   :live MEMBERS                a passing message
 *   :look {SERVICE: RUNNING}     a reading of the platform; :instances BODY: with instances
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

#include "core/run/event.h"
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

static char *
data_file (const char *name)
{
  return g_test_build_filename (G_TEST_DIST, "tests", "unit", "data", "screen-run", name,
                                NULL);
}

static json_t *
read_members (const char *text)
{
  json_error_t error;
  json_t *members = json_loads (text, 0, &error);
  if (!members)
    g_error ("%s: %s", text, error.text);
  return members;
}

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
  g_autofree char *runbook_file = data_file (names[0]);
  g_autofree char *site_file = data_file (names[1]);
  g_autoptr (Problems) problems = problems_new ();
  Site *site = load_site (site_file, NULL, problems);
  Runbook *runbook = load_runbook (runbook_file, site, NULL, problems);
  g_assert_cmpuint (problems_count (problems), ==, 0);
  run_model_set_written (app->model, runbook, site);
}

static void
in_event (App *app, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", 2);
  EventType type = EVENT_NOTE;
  g_assert_true (event_type_from_name (parts[0], &type));
  g_autoptr (Event) event = event_new (type, parts[1] ? read_members (parts[1]) : NULL);
  event->number = app->state->number + 1;
  event->at = (Moment){ app_wall_us (app), app_now_us (app) };
  g_autofree char *problem = event_problem (event);
  g_assert_cmpstr (problem, ==, NULL);
  g_autoptr (GError) error = NULL;
  state_apply (app->state, event, &error);
  g_assert_no_error (error);
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
  hear (app, read_members (text));
}

static void
in_reading (App *app, const char *key, json_t *body)
{
  Moment now = { app_wall_us (app), app_now_us (app) };
  g_autoptr (Reading) reading = reading_new (key, now, now, NULL, body);
  hear (app,
        json_pack ("{ss so}", "live", "reading", "reading", reading_to_json (reading)));
}

static void
in_instances (App *app, const char *text)
{
  in_reading (app, "platform", read_members (text));
}

/* {"web": 2}: with as many instances as it says. */
static void
in_look (App *app, const char *text)
{
  json_auto_t *counts = read_members (text);
  json_t *services = json_object ();
  const char *service = NULL;
  json_t *count = NULL;
  json_object_foreach (counts, service, count)
  {
    json_t *instances = json_array ();
    for (json_int_t i = 1; i <= json_integer_value (count); i++) {
      g_autofree char *name = g_strdup_printf ("tines-%s-%d", service, (int)i);
      json_array_append_new (instances, json_pack ("{ss ss ss sb sb}", "id", name, "name",
                                                   name, "state", "running", "running",
                                                   TRUE, "settled", TRUE));
    }
    json_object_set_new (services, service, json_pack ("{so}", "instances", instances));
  }
  in_reading (app, "platform", json_pack ("{so}", "services", services));
}

static void
in_queues (App *app, const char *text)
{
  in_reading (app, "queues redis", read_members (text));
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
  { "Backspace", PRESS_BACKSPACE },
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
  Area line = area_take_bottom (&area, 1);
  front (app)->kind->draw (front (app), canvas, area);
  foot_draw (canvas, line, front (app), app->message);
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

static const struct {
  const char *word;
  void (*put) (App *app, const char *text);
} ways_in[] = {
  { "written", in_written }, { "event", in_event },   { "live", in_live },
  { "look", in_look },       { "queues", in_queues }, { "instances", in_instances },
  { "time", in_time },       { "broken", in_broken }, { "keys", in_keys },
  { "type", in_type },       { "paste", in_paste },   { "draw", in_draw },
  { "roles", in_roles },     { "ascii", in_ascii },   { "covered", in_covered },
  { "back", in_back },       { "opens", in_opens },
};

static void play (App *app, const char *name, gboolean seen);

static void
put_in (App *app, const char *line, gboolean seen)
{
  g_auto (GStrv) parts = g_strsplit (line + 1, " ", 2);
  const char *rest = parts[1] ? parts[1] : "";
  if (strcmp (parts[0], "use") == 0) {
    if (seen)
      g_string_append_printf (app->out, "%s\n", line);
    play (app, rest, FALSE);
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (ways_in); i++) {
    if (strcmp (parts[0], ways_in[i].word) != 0)
      continue;
    if (seen)
      g_string_append_printf (app->out, "%s\n", line);
    gsize before = app->out->len;
    ways_in[i].put (app, rest);
    take_sent (app);
    if (!seen)
      g_string_truncate (app->out, before);
    return;
  }
}

static void
play (App *app, const char *name, gboolean seen)
{
  g_autofree char *path = data_file (name);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i]; i++) {
    if (lines[i][0] == '#' && seen)
      g_string_append_printf (app->out, "%s\n", lines[i]);
    if (lines[i][0] == ':')
      put_in (app, lines[i], seen);
  }
}

static void
test_file (const void *data)
{
  const char *name = data;
  App app = { .state = state_new (), .out = g_string_new (NULL) };
  app.model = run_model_new (app.state, "/var/lib/handrail/runs/r1");
  play (&app, name, TRUE);
  g_autofree char *path = data_file (name);
  if (g_getenv ("HANDRAIL_REGENERATE")) {
    g_assert_true (g_file_set_contents (path, app.out->str, -1, NULL));
  } else {
    g_autofree char *wanted = NULL;
    g_assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
    if (strcmp (wanted, app.out->str) != 0)
      g_error ("%s: what came out is\n%s", name, app.out->str);
  }
  if (app.opened)
    app_pop (&app);
  if (app.screen)
    app.screen->kind->free (app.screen);
  run_model_free (app.model);
  state_free (app.state);
  g_string_free (app.out, TRUE);
  g_free (app.message);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_autofree char *folder = data_file (".");
  g_autoptr (GDir) listed = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = NULL; (name = g_dir_read_name (listed));)
    if (g_str_has_suffix (name, ".txt"))
      g_ptr_array_add (files, g_strdup (name));
  g_assert_cmpuint (files->len, >, 10);
  for (guint i = 0; i < files->len; i++) {
    g_autofree char *path =
        g_strconcat ("/screen-run/", (char *)g_ptr_array_index (files, i), NULL);
    g_test_add_data_func (path, g_ptr_array_index (files, i), test_file);
  }
  return g_test_run ();
}
