/* Looking through a runner: what it says, in pieces and all at once, and how it ends. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tui/sight.h"

/* Only bounds a hang. */
#define LIMIT_S 30

#define READING(text)                                                                 \
  "{\"live\":\"reading\",\"reading\":{\"key\":\"platform\",\"began\":{\"wall_us\":1," \
  "\"boot_us\":1},\"ended\":{\"wall_us\":2,\"boot_us\":2}," text "}}\n"

typedef struct {
  Sight *sight;
  int runner;
  GString *told;
  gboolean frees; /* within the first hook */
} Bed;

static void
on_saw (Reading *reading, void *data)
{
  Bed *bed = data;
  g_string_append_printf (bed->told, "saw %s;", reading->error ? reading->error : "it");
  reading_free (reading);
  if (bed->frees)
    g_clear_pointer (&bed->sight, sight_free);
}

static void
on_ended (const char *why, void *data)
{
  Bed *bed = data;
  g_string_append_printf (bed->told, "ended: %s;", why);
  if (bed->frees)
    g_clear_pointer (&bed->sight, sight_free);
}

static void
begin (Bed *bed, gboolean frees)
{
  static const SightHooks hooks = { on_saw, on_ended };
  int ends[2];
  char asked[500];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  *bed = (Bed){ .runner = ends[1], .told = g_string_new (NULL), .frees = frees };
  bed->sight = sight_new_on (ends[0], 5 * G_USEC_PER_SEC, &hooks, bed);
  ssize_t got = read (bed->runner, asked, sizeof asked - 1);
  g_assert_cmpint (got, >, 0);
  asked[got] = '\0';
  g_assert_nonnull (strstr (asked, "\"watch\""));
  g_assert_nonnull (strstr (asked, "5000000"));
}

static void
finish (Bed *bed)
{
  sight_free (bed->sight);
  if (bed->runner >= 0)
    close (bed->runner);
  g_string_free (bed->told, TRUE);
}

static void
say (Bed *bed, const char *text)
{
  g_assert_cmpint (write (bed->runner, text, strlen (text)), ==, (ssize_t)strlen (text));
}

static gboolean
on_limit (void *data)
{
  g_test_message ("%s", ((Bed *)data)->told->str);
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

/* Until so much has been told. */
static void
expect (Bed *bed, const char *wanted)
{
  guint limit = g_timeout_add_seconds (LIMIT_S, on_limit, bed);
  while (bed->told->len < strlen (wanted))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
  g_assert_cmpstr (bed->told->str, ==, wanted);
}

static void
test_readings (void)
{
  Bed bed;
  begin (&bed, FALSE);
  say (&bed, READING ("\"body\":{}") READING ("\"error\":\"docker is gone\""));
  expect (&bed, "saw it;saw docker is gone;");
  const char *line = READING ("\"body\":{}");
  for (const char *at = line; *at; at++) {
    char byte[2] = { *at, '\0' };
    say (&bed, byte);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
  }
  expect (&bed, "saw it;saw docker is gone;saw it;");
  close (bed.runner);
  bed.runner = -1;
  expect (&bed,
          "saw it;saw docker is gone;saw it;ended: the runner that looks has ended; "
          "come here again to look anew;");
  finish (&bed);
}

static void
test_refusals (void)
{
  static const char *const rows[][2] = {
    { "{\"refused\":\"no site\",\"status\":1}\n", "ended: no site;" },
    { "{\"refused\":\"no\",\"status\":1,\"problems\":[\"s.yaml:2:1: bad\"]}\n",
      "ended: s.yaml:2:1: bad;" },
    { "nonsense\n", "ended: the runner says what this handrail does not understand; "
                    "install both in the same version;" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bed bed;
    begin (&bed, FALSE);
    say (&bed, rows[i][0]);
    say (&bed, READING ("\"body\":{}")); /* behind the end */
    expect (&bed, rows[i][1]);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    expect (&bed, rows[i][1]);
    finish (&bed);
  }
}

/* Whoever is told may have enough of it, in the middle of what came. */
static void
test_freed_within (void)
{
  static const char *const rows[][2] = {
    { READING ("\"body\":{}") READING ("\"body\":{}"), "saw it;" },
    { "{\"refused\":\"no\",\"status\":1}\n", "ended: no;" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bed bed;
    begin (&bed, TRUE);
    say (&bed, rows[i][0]);
    expect (&bed, rows[i][1]);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
    expect (&bed, rows[i][1]);
    finish (&bed);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sight/readings", test_readings);
  g_test_add_func ("/sight/refusals", test_refusals);
  g_test_add_func ("/sight/freed-within", test_freed_within);
  return g_test_run ();
}
