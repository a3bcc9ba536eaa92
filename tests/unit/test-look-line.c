/* Looking through a runner: what it says, in pieces and all at once, and how it ends. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tui/queues/look_line.h"

/* Only bounds a hang. */
#define LIMIT_S 30

#define READING(text)                                                                 \
  "{\"live\":\"reading\",\"reading\":{\"key\":\"platform\",\"began\":{\"wall_us\":1," \
  "\"boot_us\":1},\"ended\":{\"wall_us\":2,\"boot_us\":2}," text "}}\n"

typedef struct {
  LookLine *line;
  Mask *mask;
  int runner;
  GString *told;
} Bed;

static void
on_reading (const Reading *reading, void *data)
{
  Bed *bed = data;
  g_string_append_printf (bed->told, "saw %s;", reading->error ? reading->error : "it");
}

static void
on_refused (const char *why, int status, void *data)
{
  Bed *bed = data;
  g_string_append_printf (bed->told, "refused %d: %s;", status, why);
}

static void
on_ended (const char *why, void *data)
{
  Bed *bed = data;
  g_string_append_printf (bed->told, "ended: %s;", why ? why : "by itself");
}

static void
on_silent (void *data)
{
  (void)data;
  g_assert_not_reached ();
}

static void
begin (Bed *bed)
{
  static const LookHooks hooks = { on_reading, on_refused, on_ended, on_silent };
  int ends[2];
  char asked[500];
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  *bed = (Bed){ .runner = ends[1], .told = g_string_new (NULL), .mask = mask_new () };
  mask_add (bed->mask, "hunter22");
  bed->line = look_line_new (ends[0], bed->mask, &hooks, bed);
  look_line_watch_platform (bed->line, 5 * G_USEC_PER_SEC);
  ssize_t got = read (bed->runner, asked, sizeof asked - 1);
  g_assert_cmpint (got, >, 0);
  asked[got] = '\0';
  json_auto_t *question = json_loads (asked, 0, NULL);
  json_auto_t *wanted = json_pack ("{ss ss si}", "say", "watch", "what", "platform",
                                   "interval_us", 5000000);
  g_assert_true (json_equal (question, wanted));
}

static void
finish (Bed *bed)
{
  look_line_free (bed->line);
  mask_free (bed->mask);
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
  begin (&bed);
  say (&bed, READING ("\"body\":{}") READING ("\"error\":\"hunter22 is gone\""));
  expect (&bed, "saw it;saw *** is gone;");
  const char *line = READING ("\"body\":{}");
  for (const char *at = line; *at; at++) {
    char byte[2] = { *at, '\0' };
    say (&bed, byte);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
  }
  expect (&bed, "saw it;saw *** is gone;saw it;");
  close (bed.runner);
  bed.runner = -1;
  expect (&bed, "saw it;saw *** is gone;saw it;ended: by itself;");
  finish (&bed);
}

static void
test_refusals (void)
{
  static const char *const rows[][2] = {
    { "{\"refused\":\"no site\",\"status\":1}\n", "refused 1: no site;" },
    { "{\"refused\":\"no\",\"status\":1,\"problems\":[\"s.yaml:2:1: bad\"]}\n",
      "refused 1: no\ns.yaml:2:1: bad;" },
    { "nonsense\n", "ended: the runner says what this handrail does not understand; "
                    "install both in the same version;" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    Bed bed;
    begin (&bed);
    say (&bed, rows[i][0]);
    say (&bed, READING ("\"body\":{}")); /* behind the end */
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
  g_test_add_func ("/look-line/readings", test_readings);
  g_test_add_func ("/look-line/refusals", test_refusals);
  return g_test_run ();
}
