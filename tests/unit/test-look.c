/* The looker on real programs and sockets, with a platform that is a shell script. */
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/look.h"
#include "core/net/process.h"

#define SECOND_US G_USEC_PER_SEC
#define LIMIT_US (20 * G_USEC_PER_SEC)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* ---- a platform: two stages, then the body -------------------------------- */

static const char *stages[2];

static Command *
stage (const Site *site G_GNUC_UNUSED, guint number,
       const GPtrArray *outputs G_GNUC_UNUSED, GError **error)
{
  if (number >= G_N_ELEMENTS (stages))
    return NULL;
  if (stages[number])
    return command_new (ARGV ("sh", "-c", stages[number]), NULL);
  g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE, "no such stage");
  return NULL;
}

static json_t *
read_outputs (const Site *site G_GNUC_UNUSED, const GPtrArray *outputs, GError **error)
{
  json_t *list = json_array ();
  for (guint i = 0; i < outputs->len; i++) {
    gsize length;
    const char *bytes = g_bytes_get_data (g_ptr_array_index (outputs, i), &length);
    json_array_append_new (list, json_stringn (bytes ? bytes : "", length));
  }
  if (json_array_size (list) == 2 && json_string_length (json_array_get (list, 1)) > 0)
    return json_pack ("{s:o}", "outputs", list);
  json_decref (list);
  g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE, "nothing was printed");
  return NULL;
}

static char *
explain (const Site *site G_GNUC_UNUSED, guint number, int status, const char *errors)
{
  return g_strdup_printf ("stage %u: status %d: %s", number, status, errors);
}

static const PlatformKind platform = {
  .spec = { .name = "script" },
  .interval_us = SECOND_US / 10,
  .limit_us = LIMIT_US,
  .look = stage,
  .read = read_outputs,
  .explain = explain,
};

/* ---- what was seen -------------------------------------------------------- */

typedef struct {
  Looker *looker;
  GPtrArray *readings;
  GPtrArray *requests;
  guint enough; /* readings after which nothing more is watched */
} Watching;

static void
on_saw (Reading *reading, void *data)
{
  Watching *watching = data;
  g_ptr_array_add (watching->readings, reading);
  if (watching->readings->len == watching->enough)
    looker_watch (watching->looker, NULL, 0);
}

static void
watching_init (Watching *watching, gint64 speed, guint enough)
{
  watching->readings = g_ptr_array_new_with_free_func ((GDestroyNotify)reading_free);
  watching->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  watching->enough = enough;
  watching->looker = looker_new (NULL, &platform, NULL, speed, on_saw, watching);
}

static void
watching_finish (Watching *watching)
{
  looker_free (watching->looker);
  g_ptr_array_unref (watching->readings);
  g_ptr_array_unref (watching->requests);
}

static void
watching_until (Watching *watching, guint count)
{
  while (watching->readings->len < count)
    g_main_context_iteration (NULL, TRUE);
}

static const Reading *
watching_reading (const Watching *watching, guint index)
{
  return g_ptr_array_index (watching->readings, index);
}

/* One reading of one request, which is taken over. */
static void
watching_see (Watching *watching, Request *request)
{
  watching_init (watching, 1, 1);
  g_ptr_array_add (watching->requests, request);
  looker_watch (watching->looker, watching->requests, 0);
  g_assert_cmpuint (watching->readings->len, ==, 0);
  watching_until (watching, 1);
}

/* ---- tests ---------------------------------------------------------------- */

static void
test_command (void)
{
  static const struct {
    const char *script;
    const char *body; /* or NULL */
    const char *error;
  } rows[] = {
    { "echo out; echo err >&2; exit 2",
      "{\"status\": 2, \"output\": \"out\\n\", \"cut\": false}", NULL },
    { "kill -15 $$", "{\"signal\": 15, \"output\": \"\", \"cut\": false}", NULL },
    { "printf 'a\\000b\\377'",
      "{\"status\": 0, \"output\": \"a\xEF\xBF\xBD"
      "b\xEF\xBF\xBD\", \"cut\": false}",
      NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Watching watching;
    watching_see (&watching, request_command (ARGV ("sh", "-c", rows[i].script),
                                              SECOND_US, LIMIT_US));
    const Reading *reading = watching_reading (&watching, 0);
    json_t *wanted = json_loads (rows[i].body, 0, NULL);
    g_assert_null (reading->error);
    g_assert_true (json_equal (reading->body, wanted));
    g_assert_cmpint (reading->began.boot_us, <=, reading->ended.boot_us);
    json_decref (wanted);
    watching_finish (&watching);
  }
}

static void
test_command_fails (void)
{
  Watching watching;
  watching_see (&watching,
                request_command (ARGV ("no-such-program"), SECOND_US, LIMIT_US));
  g_assert_nonnull (strstr (watching_reading (&watching, 0)->error, "no-such-program"));
  watching_finish (&watching);
  watching_see (&watching, request_command (ARGV ("sleep", "1000"), SECOND_US, 10000));
  g_assert_cmpstr (watching_reading (&watching, 0)->error, ==,
                   "sleep did not end within 10ms and was ended");
  watching_finish (&watching);
}

static void
test_command_is_cut (void)
{
  Watching watching;
  watching_see (&watching, request_command (ARGV ("sh", "-c", "yes | head -c 70000"),
                                            SECOND_US, LIMIT_US));
  const json_t *body = watching_reading (&watching, 0)->body;
  g_assert_true (json_is_true (json_object_get (body, "cut")));
  g_assert_cmpuint (json_string_length (json_object_get (body, "output")), ==,
                    READING_OUTPUT_BYTES_MAX);
  watching_finish (&watching);
}

/* A listening socket on a port that the kernel chose. */
static int
listen_somewhere (guint *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (const struct sockaddr *)&address, length), ==, 0);
  g_assert_cmpint (listen (listener, 8), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *)&address, &length), ==, 0);
  *port = ntohs (address.sin_port);
  return listener;
}

static void
test_tcp (void)
{
  guint port;
  int listener = listen_somewhere (&port);
  Watching watching;
  watching_see (&watching, request_tcp ("localhost", port, SECOND_US, LIMIT_US));
  const Reading *reading = watching_reading (&watching, 0);
  g_assert_null (reading->error);
  g_assert_true (json_is_number (json_object_get (reading->body, "ms")));
  watching_finish (&watching);
  close (listener);
  watching_see (&watching, request_tcp ("127.0.0.1", port, SECOND_US, LIMIT_US));
  g_assert_nonnull (
      strstr (watching_reading (&watching, 0)->error, "Connection refused"));
  watching_finish (&watching);
  watching_see (&watching, request_tcp ("no-such-host.invalid", 1, SECOND_US, LIMIT_US));
  g_assert_nonnull (
      strstr (watching_reading (&watching, 0)->error, "cannot be resolved"));
  watching_finish (&watching);
}

static void
test_tcp_late (void)
{
  guint port;
  int filler[16], listener = listen_somewhere (&port);
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16)port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  /* When the queue of a socket that accepts nobody is full, nothing answers. */
  g_assert_cmpint (listen (listener, 0), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (filler); i++) {
    filler[i] = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    connect (filler[i], (const struct sockaddr *)&address, sizeof address);
  }
  Watching watching;
  watching_see (&watching, request_tcp ("127.0.0.1", port, SECOND_US, 50000));
  g_assert_nonnull (
      strstr (watching_reading (&watching, 0)->error, "did not answer within 50ms"));
  watching_finish (&watching);
  for (guint i = 0; i < G_N_ELEMENTS (filler); i++)
    close (filler[i]);
  close (listener);
}

static void
test_platform (void)
{
  static const struct {
    const char *stages[2];
    const char *body, *error;
  } rows[] = {
    { { "echo one", "echo two" }, "{\"outputs\": [\"one\\n\", \"two\\n\"]}", NULL },
    { { "echo one", "echo why >&2; exit 4" }, NULL, "stage 1: status 4: why\n" },
    { { "exit 1", "echo two" }, NULL, "stage 0: status 1: " },
    { { "echo one", ":" }, NULL, "nothing was printed" },
    { { NULL, NULL }, NULL, "no such stage" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    Watching watching;
    stages[0] = rows[i].stages[0];
    stages[1] = rows[i].stages[1];
    watching_see (&watching, request_platform (SECOND_US));
    const Reading *reading = watching_reading (&watching, 0);
    json_t *wanted = rows[i].body ? json_loads (rows[i].body, 0, NULL) : NULL;
    g_assert_cmpstr (reading->key, ==, "platform");
    g_assert_cmpstr (reading->error, ==, rows[i].error);
    g_assert_true (wanted ? json_equal (reading->body, wanted) : !reading->body);
    json_decref (wanted);
    watching_finish (&watching);
  }
}

/* Again when the interval has passed since the last one ended; in practice sooner, but
 * never without a rest. */
static void
test_intervals (void)
{
  static const gint64 speeds[] = { 1, 4, 1000 };
  static const gint64 rests_us[] = { 400000, 100000, 20000 };
  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++) {
    Watching watching;
    watching_init (&watching, speeds[i], 3);
    g_ptr_array_add (watching.requests,
                     request_command (ARGV ("true"), 400000, LIMIT_US));
    looker_watch (watching.looker, watching.requests, 0);
    watching_until (&watching, 3);
    for (guint j = 1; j < 3; j++) {
      const Reading *before = watching_reading (&watching, j - 1);
      gint64 rest_us =
          watching_reading (&watching, j)->began.boot_us - before->ended.boot_us;
      g_assert_cmpint (rest_us, >=, rests_us[i]);
    }
    watching_finish (&watching);
  }
}

/* A reading that began too early does not count: another is made at once. */
static void
test_fresh (void)
{
  Watching watching;
  watching_init (&watching, 1, 0);
  g_ptr_array_add (watching.requests,
                   request_command (ARGV ("true"), 1000 * SECOND_US, LIMIT_US));
  looker_watch (watching.looker, watching.requests, 0);
  watching_until (&watching, 1);
  gint64 fresh_after_us = process_now ().boot_us;
  looker_watch (watching.looker, watching.requests, fresh_after_us);
  watching_until (&watching, 2);
  g_assert_cmpint (watching_reading (&watching, 1)->began.boot_us, >=, fresh_after_us);
  watching_finish (&watching);
}

/* One under way that began too early is ended, not waited for. */
static void
test_fresh_while_looking (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "seen", NULL);
  g_autofree char *script =
      g_strdup_printf ("test -e %s && exit 0; touch %s; sleep 1000", file, file);
  Watching watching;
  watching_init (&watching, 1, 0);
  g_ptr_array_add (watching.requests, request_command (ARGV ("sh", "-c", script),
                                                       1000 * SECOND_US, LIMIT_US));
  looker_watch (watching.looker, watching.requests, 0);
  while (!g_file_test (file, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, FALSE);
  looker_watch (watching.looker, watching.requests, process_now ().boot_us);
  watching_until (&watching, 1);
  g_assert_null (watching_reading (&watching, 0)->error);
  watching_finish (&watching);
  g_unlink (file);
  g_rmdir (folder);
}

/* What is no longer watched does not come any more, also when it is under way. */
static void
test_unwatched (void)
{
  Watching watching;
  watching_init (&watching, 1, 0);
  g_ptr_array_add (watching.requests,
                   request_command (ARGV ("sleep", "1000"), 0, LIMIT_US));
  looker_watch (watching.looker, watching.requests, 0);
  g_main_context_iteration (NULL, TRUE);
  g_ptr_array_set_size (watching.requests, 0);
  g_ptr_array_add (watching.requests, request_command (ARGV ("true"), 0, LIMIT_US));
  looker_watch (watching.looker, watching.requests, 0);
  watching_until (&watching, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_null (strstr (watching_reading (&watching, i)->key, "sleep"));
  watching_finish (&watching);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/look/command", test_command);
  g_test_add_func ("/look/command/fails", test_command_fails);
  g_test_add_func ("/look/command/is-cut", test_command_is_cut);
  g_test_add_func ("/look/tcp", test_tcp);
  g_test_add_func ("/look/tcp/late", test_tcp_late);
  g_test_add_func ("/look/platform", test_platform);
  g_test_add_func ("/look/intervals", test_intervals);
  g_test_add_func ("/look/fresh", test_fresh);
  g_test_add_func ("/look/fresh/while-looking", test_fresh_while_looking);
  g_test_add_func ("/look/unwatched", test_unwatched);
  return g_test_run ();
}
