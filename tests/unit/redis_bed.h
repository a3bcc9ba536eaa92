/* redis_bed.h: a redis-server of a test's own, and what a looker sees of it. */
#ifndef HANDRAIL_TESTS_REDIS_BED_H
#define HANDRAIL_TESTS_REDIS_BED_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/net/look.h"
#include "core/net/process.h"
#include "tests/unit/fake_kinds.h"

#define BED_LIMIT_US (20 * G_USEC_PER_SEC)
#define BED_READY "Ready to accept"

/* ---- a server ------------------------------------------------------------- */

typedef struct {
  char *folder, *socket;
  guint port;
  GPid pid;
  int output;
} RedisBed;

static G_GNUC_UNUSED int
bed_listen (guint *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (listener, (const struct sockaddr *)&address, length), ==, 0);
  g_assert_cmpint (listen (listener, 64), ==, 0);
  g_assert_cmpint (getsockname (listener, (struct sockaddr *)&address, &length), ==, 0);
  *port = ntohs (address.sin_port);
  return listener;
}

/* The server goes when the test does, however that ends. */
static void
bed_child (void *data G_GNUC_UNUSED)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Whether the server has come to say `words`; otherwise it has ended. */
static gboolean
bed_says (const RedisBed *bed, const char *words)
{
  g_autoptr (GString) said = g_string_new (NULL);
  char byte;
  while (!strstr (said->str, words)) {
    if (read (bed->output, &byte, 1) <= 0)
      return FALSE;
    g_string_append_c (said, byte);
  }
  return TRUE;
}

/* Starts it, again after bed_kill(). `options`: more of its command line, words separated
 * by spaces; `words`: what it says when it is as far as the test wants it. */
static G_GNUC_UNUSED void
bed_start (RedisBed *bed, const char *options, const char *words)
{
  for (guint tries = 0; tries < 5; tries++) {
    GError *error = NULL;
    if (!bed->folder)
      bed->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
    if (!bed->socket)
      bed->socket = g_build_filename (bed->folder, "redis.sock", NULL);
    if (bed->port == 0)
      close (bed_listen (&bed->port)); /* free a moment ago */
    g_autofree char *line = g_strdup_printf (
        "redis-server --port %u --bind 127.0.0.1 --unixsocket %s --dir %s --loglevel "
        "notice %s",
        strstr (options, "--tls-port 0") ? 0 : bed->port, bed->socket, bed->folder, options);
    g_auto (GStrv) argv = g_strsplit (line, " ", -1);
    g_assert_true (g_spawn_async_with_pipes (
        NULL, argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, bed_child, NULL,
        &bed->pid, NULL, &bed->output, NULL, &error));
    if (bed_says (bed, words))
      return;
    waitpid (bed->pid, NULL, 0);
    close (bed->output);
    bed->port = 0; /* somebody else has taken it */
  }
  g_error ("redis-server does not start with %s", options);
}

static void
bed_kill (RedisBed *bed)
{
  kill (bed->pid, SIGKILL);
  waitpid (bed->pid, NULL, 0);
  close (bed->output);
  bed->pid = 0;
}

static void
bed_stop (RedisBed *bed)
{
  if (bed->pid)
    bed_kill (bed);
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", bed->folder);
  g_assert_cmpint (system (remove), ==, 0);
  g_free (bed->folder);
  g_free (bed->socket);
}

/* Has it carry out a line as redis-cli takes it. */
static G_GNUC_UNUSED void
bed_do (const RedisBed *bed, const char *line)
{
  g_autofree char *command = g_strdup_printf ("redis-cli -s '%s' %s", bed->socket, line);
  g_autofree char *output = NULL, *errors = NULL;
  const char *argv[] = { "sh", "-c", command, NULL };
  int status = -1;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                &errors, &status, NULL);
  if (status != 0 || strstr (output, "ERR"))
    g_error ("%s: %s%s", line, output, errors);
}

/* ---- a looker ------------------------------------------------------------- */

typedef struct {
  Site *site;
  Looker *looker;
  GPtrArray *requests;
  GPtrArray *readings;
} Eyes;

static void
eyes_saw (Reading *reading, void *data)
{
  Eyes *eyes = data;
  g_ptr_array_add (eyes->readings, reading);
}

/* `redis`: what the site file says of it, in flow style. */
static void
eyes_open (Eyes *eyes, const char *redis)
{
  g_autofree char *text = g_strdup_printf ("handrail-site: 1\nname: lab\nplatform: "
                                           "{compose: {project: lab}}\nredis: %s\n",
                                           redis);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (Problems) problems = problems_new ();
  eyes->site = site_load ("lab.yaml", bytes, &fake_vocabulary, NULL, problems);
  g_assert_nonnull (eyes->site);
  g_assert_nonnull (site_redis (eyes->site, "redis"));
  eyes->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  eyes->readings = g_ptr_array_new_with_free_func ((GDestroyNotify)reading_free);
  eyes->looker = looker_new (eyes->site, NULL, NULL, 1, eyes_saw, eyes);
}

static void
eyes_close (Eyes *eyes)
{
  looker_free (eyes->looker);
  g_ptr_array_unref (eyes->requests);
  g_ptr_array_unref (eyes->readings);
  site_free (eyes->site);
}

/* Takes over `request`; from now on it is looked at, too. */
static void
eyes_watch (Eyes *eyes, Request *request)
{
  g_ptr_array_add (eyes->requests, request);
  looker_watch (eyes->looker, eyes->requests, 0);
}

/* The next reading of `key`; until the eyes are closed. */
static const Reading *
eyes_next (Eyes *eyes, const char *key)
{
  guint seen = eyes->readings->len;
  for (;;) {
    g_main_context_iteration (NULL, TRUE);
    for (; seen < eyes->readings->len; seen++) {
      const Reading *reading = g_ptr_array_index (eyes->readings, seen);
      if (strcmp (reading->key, key) == 0)
        return reading;
    }
  }
}

/* One reading of the queues of a Redis that the site names so; takes over nothing. */
static G_GNUC_UNUSED void
eyes_look (Eyes *eyes, const char *redis, gint64 limit_us)
{
  eyes_open (eyes, redis);
  eyes_watch (eyes, request_queues ("redis", G_USEC_PER_SEC / 10, limit_us));
  eyes_next (eyes, "queues redis");
}

static G_GNUC_UNUSED json_int_t
eyes_size (const Reading *reading, guint index)
{
  const json_t *queues = json_object_get (reading->body, "queues");
  return json_integer_value (json_object_get (json_array_get (queues, index), "size"));
}

/* One look at the queues; what the site says of the Redis comes from a format. */
static G_GNUC_UNUSED void G_GNUC_PRINTF (2, 3)
eyes_look_at (Eyes *eyes, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *redis = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  eyes_look (eyes, redis, BED_LIMIT_US);
}

static G_GNUC_UNUSED const Reading *
eyes_first (const Eyes *eyes)
{
  return g_ptr_array_index (eyes->readings, 0);
}

/* The look has seen the three jobs of a queue. Closes the eyes. */
static G_GNUC_UNUSED void
eyes_see_jobs (Eyes *eyes)
{
  g_assert_cmpstr (eyes_first (eyes)->error, ==, NULL);
  g_assert_cmpint (eyes_size (eyes_first (eyes), 0), ==, 3);
  eyes_close (eyes);
}

/* The look has failed with this sentence behind the name. Closes the eyes. */
static G_GNUC_UNUSED void
eyes_hear (Eyes *eyes, const char *sentence)
{
  const char *error = eyes_first (eyes)->error;
  g_assert_null (eyes_first (eyes)->body);
  if (!strstr (error, sentence))
    g_error ("\"%s\" is not in: %s", sentence, error);
  g_assert_null (strstr (error, "s3cret"));
  eyes_close (eyes);
}

/* Three jobs in database 3. */
static G_GNUC_UNUSED void
bed_fill (const RedisBed *bed, const char *login)
{
  g_autofree char *line =
      g_strdup_printf ("%s -n 3 EVAL \"redis.call('SADD', 'queues', 'mail'); "
                       "return redis.call('LPUSH', 'queue:mail', '{}', '{}', '{}')\" 0",
                       login);
  bed_do (bed, line);
}


/* 77 and the reason where one of these programs is missing, else 0. */
static int
bed_skips (const char *const *programs)
{
  for (; *programs; programs++) {
    g_autofree char *path = g_find_program_in_path (*programs);
    if (!path) {
      g_print ("1..0 # SKIP %s is missing (Debian: redis-server redis-tools openssl "
               "python3)\n",
               *programs);
      return 77;
    }
  }
  signal (SIGPIPE, SIG_IGN);
  return 0;
}

#endif
