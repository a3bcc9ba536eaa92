/* The shipped scenarios, lived through in the simulated world: each is what its name says,
 * and no job of it goes uncounted. */
#include <string.h>

#include "core/practice/world/world.h"

#define SECONDS(n) ((n) * (gint64)G_USEC_PER_SEC)
#define FOLDER "runbooks/practice"

static GBytes *
read_named (const char *name, void *data, GError **error)
{
  (void)data;
  g_autofree char *file = g_strconcat (name, ".yaml", NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, FOLDER, file, NULL);
  char *text = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  return g_bytes_new_take (text, length);
}

static Scenario *
load (const char *name)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = read_named (name, NULL, &error);
  g_assert_no_error (error);
  Scenario *scenario = scenario_load (name, bytes, read_named, NULL, problems);
  g_assert_nonnull (scenario);
  return scenario;
}

static gint64
count (const World *world, const char *what)
{
  json_t *tally = world_tally (world);
  gint64 number = json_integer_value (json_object_get (tally, what));
  json_decref (tally);
  g_assert_cmpint (number, >=, 0);
  return number;
}

/* A look every ten seconds. */
static void
live (World *world, gint64 seconds)
{
  for (gint64 past = 0; past < seconds; past += 10) {
    world_advance (world, world_now_us (world) + SECONDS (10));
    g_assert_cmpint (count (world, "arrived"), ==,
                     count (world, "done") + count (world, "lost") +
                         count (world, "queued") + count (world, "in_work"));
  }
}

/* Ten minutes of it, then everything is stopped at once, as compose does by default, and
 * started again. */
static void
test_careless (const void *data)
{
  for (guint64 seed = 1; seed <= 5; seed++) {
    g_autoptr (Scenario) scenario = load (data);
    g_autoptr (World) world = world_new (scenario, "lab", seed, SECONDS (1795335122));
    const GPtrArray *containers = world_containers (world);
    g_assert_cmpuint (containers->len, >, 0);
    live (world, 600);
    for (guint i = 0; i < containers->len; i++) {
      const Container *container = containers->pdata[i];
      world_stop (world, container->id, SECONDS (10));
    }
    live (world, 120);
    for (guint i = 0; i < containers->len; i++) {
      const Container *container = containers->pdata[i];
      world_start (world, container->id);
    }
    live (world, 300);
    json_t *told = world_told (world);
    g_assert_cmpuint (json_array_size (told), >=, 4 * containers->len);
    json_decref (told);
  }
}

/* What there is of it after so long, when nobody does anything. */
static const struct {
  const char *name;
  gint64 after_s;
  gint64 queued_least, queued_most, in_work_least, in_work_most;
} looks[] = {
  { "calm", 120, 0, 5, 0, 5 },           { "calm", 600, 0, 5, 0, 5 },
  { "backlog", 0, 500, 2000, 10, 10 },   { "backlog", 120, 700, 1100, 10, 10 },
  { "backlog", 900, 200, 700, 10, 10 }, { "growing", 0, 50, 200, 10, 10 },
  { "growing", 300, 400, 1000, 10, 10 }, { "growing", 600, 800, 2000, 10, 10 },
  { "stuck", 0, 100, 300, 0, 0 },        { "stuck", 600, 300, 700, 0, 0 },
  { "long-job", 10, 0, 5, 1, 5 },        { "long-job", 350, 0, 5, 1, 5 },
  { "long-job", 600, 0, 5, 0, 5 },
};

static void
test_look (const void *data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  for (guint64 seed = 1; seed <= 10; seed++) {
    g_autoptr (Scenario) scenario = load (looks[i].name);
    g_autoptr (World) world = world_new (scenario, "lab", seed, SECONDS (1795335122));
    live (world, looks[i].after_s);
    g_assert_cmpint (count (world, "queued"), >=, looks[i].queued_least);
    g_assert_cmpint (count (world, "queued"), <=, looks[i].queued_most);
    g_assert_cmpint (count (world, "in_work"), >=, looks[i].in_work_least);
    g_assert_cmpint (count (world, "in_work"), <=, looks[i].in_work_most);
    g_assert_cmpint (count (world, "lost"), ==, 0);
  }
}

/* The names of all of them; NULL-terminated. */
static GStrv
list_scenarios (void)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *file;
  g_assert_nonnull (dir);
  while ((file = g_dir_read_name (dir)))
    if (g_str_has_suffix (file, ".yaml")) {
      g_autofree char *name = g_strndup (file, strlen (file) - strlen (".yaml"));
      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_auto (GStrv) names = list_scenarios ();
  g_assert_cmpuint (g_strv_length (names), >=, 12);
  for (guint i = 0; names[i]; i++) {
    g_autofree char *path = g_strconcat ("/world-scenarios/careless/", names[i], NULL);
    g_test_add_data_func (path, names[i], test_careless);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++) {
    g_autofree char *path = g_strdup_printf ("/world-scenarios/%s/%" G_GINT64_FORMAT,
                                             looks[i].name, looks[i].after_s);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_look);
  }
  return g_test_run ();
}
