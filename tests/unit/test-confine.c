/* What practice reaches, and what it does not: the rules, and looks at real sockets and
 * programs under them. */
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/net/look.h"
#include "core/net/process.h"
#include "core/net/redis_link.h"

#define LIMIT_US (20 * G_USEC_PER_SEC)
#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Bounds whose deployment is played by process `pid`, and whose program is a shell: that may
 * be called by the names that F/bin has for it. */
static Confine *
bounds (const char *folder, pid_t pid)
{
  const ConfineBounds all = { folder, "/bin/sh", pid, pidfd_open (pid, 0) };
  g_assert_cmpint (all.process, >=, 0);
  return confine_new (&all);
}

/* ---- the rules -------------------------------------------------------------- */

static gboolean
allows (const Confine *confine, const char *address, guint16 port)
{
  struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons (port) };
  struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons (port) };
  struct sockaddr_un path = { .sun_family = AF_UNIX };
  const gsize head = offsetof (struct sockaddr_un, sun_path);
  if (inet_pton (AF_INET, address, &four.sin_addr) == 1)
    return confine_allows (confine, (const struct sockaddr *)&four, sizeof four);
  if (inet_pton (AF_INET6, address, &six.sin6_addr) == 1)
    return confine_allows (confine, (const struct sockaddr *)&six, sizeof six);
  /* "@x": an abstract name. */
  strcpy (path.sun_path, address);
  if (address[0] == '@')
    path.sun_path[0] = '\0';
  return confine_allows (confine, (const struct sockaddr *)&path,
                         (socklen_t)(head + strlen (address)));
}

static const struct {
  const char *address;
  guint16 port;
  gboolean wanted;
} addresses[] = {
  { "127.0.0.1", 3000, TRUE },
  { "127.8.9.10", 3000, TRUE },
  { "::1", 3000, TRUE },
  { "127.0.0.1", 6379, FALSE },
  { "::1", 6379, FALSE },
  { "128.0.0.1", 3000, FALSE },
  { "192.0.2.1", 3000, FALSE },
  { "0.0.0.0", 3000, FALSE },
  { "::", 3000, FALSE },
  { "::ffff:127.0.0.1", 3000, FALSE },
  { "2001:db8::1", 3000, FALSE },
  { "/w/f/redis", 0, TRUE },
  { "/w/f/a/redis", 0, TRUE },
  { "/w/f/../redis", 0, FALSE },
  { "/w/f/a/../redis", 0, FALSE },
  { "/w/fu/redis", 0, FALSE },
  { "/w/f", 0, FALSE },
  { "/w/f/", 0, FALSE },
  { "/var/run/docker.sock", 0, FALSE },
  { "w/f/redis", 0, FALSE },
  { "@/w/f/redis", 0, FALSE },
  { "", 0, FALSE },
};

static void
test_addresses (void)
{
  g_autoptr (Confine) confine = bounds ("/w/f", getpid ());
  confine_add_port (confine, 3000);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_test_message ("%s %u", addresses[i].address, addresses[i].port);
    g_assert_cmpint (allows (confine, addresses[i].address, addresses[i].port), ==,
                     addresses[i].wanted);
    g_assert_true (allows (NULL, addresses[i].address, addresses[i].port));
  }
  struct sockaddr other = { .sa_family = AF_PACKET };
  g_assert_false (confine_allows (confine, &other, sizeof other));
}

static void
test_hosts (void)
{
  static const struct {
    const char *host;
    gboolean wanted;
  } rows[] = {
    { "localhost", TRUE },
    { "LOCALHOST", TRUE },
    { "127.0.0.1", TRUE },
    { "[::1]", TRUE },
    { "::1", TRUE },
    { "example.com", FALSE },
    { "127.0.0.1.nip.io", FALSE },
    { "localhost.example.com", FALSE },
    { "10.0.0.1", FALSE },
    { "", FALSE },
  };
  g_autoptr (Confine) confine = bounds ("/w/f", getpid ());
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", rows[i].host);
    g_assert_cmpint (confine_check_host (confine, rows[i].host, &error), ==,
                     rows[i].wanted);
    g_assert_true (rows[i].wanted ||
                   g_error_matches (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE));
    g_assert_true (confine_check_host (NULL, rows[i].host, NULL));
  }
}

/* ---- looks under them --------------------------------------------------------- */

typedef struct {
  char *folder;
  Confine *confine;
} Bed;

static char *
path_in (const Bed *bed, const char *name)
{
  return g_build_filename (bed->folder, name, NULL);
}

static void
make_link (const Bed *bed, const char *name, const char *to)
{
  g_autofree char *path = path_in (bed, name);
  g_assert_cmpint (symlink (to, path), ==, 0);
}

static void
bed_open (Bed *bed)
{
  bed->folder = g_dir_make_tmp ("handrail-confine-XXXXXX", NULL);
  bed->confine = bounds (bed->folder, getpid ());
  g_autofree char *bin = path_in (bed, "bin");
  g_assert_cmpint (g_mkdir (bin, 0700), ==, 0);
  make_link (bed, "bin/hello", "/bin/sh");
}

static void
bed_close (Bed *bed)
{
  static const char *const names[] = { "bin/hello", "bin/other", "bin",
                                       "outside",   "inside/at", "inside",
                                       "redis",     "linked",    "" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = path_in (bed, names[i]);
    g_remove (path);
  }
  confine_free (bed->confine);
  g_free (bed->folder);
}

static void
on_saw (Reading *reading, void *data)
{
  *(Reading **)data = reading;
}

/* The reading of one look; takes over `request`. */
static Reading *
look (const Bed *bed, Request *request)
{
  Reading *seen = NULL;
  Looker *looker = looker_new (NULL, NULL, bed->confine, 1, on_saw, &seen);
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  g_ptr_array_add (requests, request);
  looker_watch (looker, requests, 0);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  looker_free (looker);
  return seen;
}

static void
assert_outside (Reading *reading, const char *words)
{
  g_test_message ("%s", reading->error ? reading->error : "no error");
  g_assert_nonnull (reading->error);
  g_assert_nonnull (strstr (reading->error, words));
  reading_free (reading);
}

static Reading *
say_who (const Bed *bed, const char *name)
{
  return look (bed, request_command (ARGV (name, "-c", "echo \"$0 by $PATH\""), LIMIT_US,
                                     LIMIT_US));
}

static void
test_programs (void)
{
  Bed bed;
  bed_open (&bed);
  Reading *hello = say_who (&bed, "hello");
  g_autofree char *wanted =
      g_strdup_printf ("%s/bin/hello by %s/bin\n", bed.folder, bed.folder);
  g_assert_cmpstr (json_string_value (json_object_get (hello->body, "output")), ==,
                   wanted);
  reading_free (hello);
  /* What is run is not what F/bin leads to by then. */
  g_autofree char *argv0 = NULL;
  g_autofree char *file = confine_program (bed.confine, "hello", &argv0, NULL);
  g_autofree char *named = path_in (&bed, "bin/hello");
  g_assert_cmpstr (file, ==, "/bin/sh");
  g_assert_cmpstr (argv0, ==, named);
  assert_outside (say_who (&bed, "sh"), "there is no program sh in practice");
  assert_outside (say_who (&bed, "/bin/sh"), "in practice programs come from");
  assert_outside (say_who (&bed, "../bin/hello"), "in practice programs come from");
  bed_close (&bed);
}

/* What has been put into F/bin is not run, whatever it is. */
static void
test_links (void)
{
  static const char text[] = "#!/bin/sh\nexit 0\n";
  Bed bed;
  bed_open (&bed);
  g_autofree char *other = path_in (&bed, "bin/other");
  make_link (&bed, "bin/other", "/bin/true");
  assert_outside (say_who (&bed, "other"), "is not the program of practice");
  g_remove (other);
  make_link (&bed, "bin/other", "/nonexistent");
  assert_outside (say_who (&bed, "other"), "is not the program of practice");
  g_remove (other);
  g_assert_true (
      g_file_set_contents_full (other, text, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
  assert_outside (say_who (&bed, "other"), "is not the program of practice");
  bed_close (&bed);
}

/* The same for what changes things: its marker is never made. */
static void
test_actions (void)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  bed_open (&bed);
  g_autofree char *marker = g_build_filename (bed.folder, "outside", NULL);
  g_assert_null (process_prepare (bed.confine, ARGV ("touch", marker), NULL, NULL,
                                  STDERR_FILENO, &error));
  g_assert_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE);
  g_clear_error (&error);
  g_assert_null (process_prepare (bed.confine, ARGV ("/bin/touch", marker), NULL, NULL,
                                  STDERR_FILENO, &error));
  g_assert_error (error, CONFINE_ERROR, CONFINE_ERROR_OUTSIDE);
  g_assert_false (g_file_test (marker, G_FILE_TEST_EXISTS));
  bed_close (&bed);
}

static int
listen_on (const struct sockaddr *address, socklen_t length, guint *port)
{
  struct sockaddr_in bound;
  socklen_t size = sizeof bound;
  int listener =
      socket (address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, address, length), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  if (port) {
    g_assert_cmpint (getsockname (listener, (struct sockaddr *)&bound, &size), ==, 0);
    *port = ntohs (bound.sin_port);
  }
  return listener;
}

static void
assert_nobody_came (int listener)
{
  g_assert_cmpint (accept (listener, NULL, NULL), ==, -1);
}

static Request *
web (guint port)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  return request_http (url, NULL, LIMIT_US, LIMIT_US);
}

/* Another port of this host may be a real service: only its own are asked. */
static void
test_ports (void)
{
  Bed bed;
  guint port = 0;
  struct sockaddr_in here = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  bed_open (&bed);
  int listener = listen_on ((const struct sockaddr *)&here, sizeof here, &port);
  assert_outside (look (&bed, request_tcp ("127.0.0.1", port, LIMIT_US, LIMIT_US)),
                  "is not asked: practice reaches nothing beyond");
  assert_outside (look (&bed, web (port)),
                  "is not asked: practice reaches nothing beyond");
  assert_nobody_came (listener);
  confine_add_port (bed.confine, (guint16)port);
  Reading *reading = look (&bed, request_tcp ("127.0.0.1", port, LIMIT_US, LIMIT_US));
  g_assert_null (reading->error);
  reading_free (reading);
  close (listener);
  bed_close (&bed);
}

static void
test_names (void)
{
  Bed bed;
  bed_open (&bed);
  assert_outside (look (&bed, request_tcp ("example.com", 80, LIMIT_US, LIMIT_US)),
                  "example.com is not asked: practice reaches nothing beyond");
  assert_outside (look (&bed, request_tcp ("192.0.2.1", 80, LIMIT_US, LIMIT_US)),
                  "192.0.2.1 is not asked");
  assert_outside (
      look (&bed, request_http ("http://example.com/", NULL, LIMIT_US, LIMIT_US)),
      "example.com is not asked");
  bed_close (&bed);
}

static void
on_answered (const RedisReply *replies, const GError *error, void *data)
{
  g_assert_null (replies);
  *(char **)data = g_strdup (error->message);
}

/* What a Redis at this path answers, or why it is not asked. Newly allocated. */
static char *
ask_redis (const Bed *bed, const char *path)
{
  g_autofree char *url = g_strdup_printf ("unix://%s", path);
  const SiteRedis settings = { .url = url };
  char *problem = NULL;
  RedisLink *link = redis_link_new (&settings, bed->confine);
  g_autoptr (RedisCommands) commands = redis_commands_new ();
  redis_commands_add_words (commands, "PING", NULL);
  redis_link_ask (link, commands, g_get_monotonic_time (), LIMIT_US, on_answered,
                  &problem);
  while (!problem)
    g_main_context_iteration (NULL, TRUE);
  redis_link_free (link);
  g_test_message ("%s: %s", path, problem);
  return problem;
}

static int
listen_at (const char *path)
{
  struct sockaddr_un there = { .sun_family = AF_UNIX };
  g_strlcpy (there.sun_path, path, sizeof there.sun_path);
  return listen_on ((const struct sockaddr *)&there, sizeof there, NULL);
}

static void
assert_redis_refused (const Bed *bed, const char *path, const char *words)
{
  g_autofree char *problem = ask_redis (bed, path);
  g_assert_nonnull (strstr (problem, words));
}

/* A Redis of this host that is not the simulation's: by its path, through a link to it, and
 * through a folder that is one. */
static void
test_sockets (void)
{
  Bed bed;
  g_autofree char *outside = g_dir_make_tmp ("handrail-outside-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (outside, "at", NULL);
  bed_open (&bed);
  g_autofree char *link = path_in (&bed, "redis");
  g_autofree char *through = path_in (&bed, "linked/at");
  int listener = listen_at (path);
  make_link (&bed, "redis", path);
  make_link (&bed, "linked", outside);
  assert_redis_refused (&bed, path, "practice reaches no socket outside");
  assert_redis_refused (&bed, link, "there is a link in it now");
  assert_redis_refused (&bed, through, "there is a link in it now");
  g_assert_false (allows (bed.confine, link, 0));
  g_assert_false (allows (bed.confine, through, 0));
  assert_nobody_came (listener);
  close (listener);
  g_remove (path);
  g_remove (outside);
  bed_close (&bed);
}

/* Another process that listens there, until `*input` is closed. It ends well when somebody
 * came, and left without a word. */
static pid_t
listen_elsewhere (const char *path, int *input)
{
  int ends[2], ready[2];
  char byte;
  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (pipe (ready), ==, 0);
  pid_t pid = fork ();
  if (pid == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL); /* should the test fail, and not come to its end */
    close (ends[1]);
    int listener = listen_at (path);
    gboolean asked = write (ready[1], "r", 1) != 1 || read (ends[0], &byte, 1) != 0;
    int line = accept (listener, NULL, NULL);
    _exit (asked || line < 0 || read (line, &byte, 1) != 0);
  }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (ready[1]);
  close (ends[0]);
  *input = ends[1];
  return pid;
}

/* A hard link to another's socket is no link to be seen: who listens is looked at. */
static void
test_peer (void)
{
  Bed bed;
  int input = -1, status = 0;
  bed_open (&bed);
  g_autofree char *path = path_in (&bed, "redis");
  pid_t other = listen_elsewhere (path, &input);
  assert_redis_refused (&bed, path, "practice reaches nothing beyond");
  close (input);
  g_assert_cmpint (waitpid (other, &status, 0), ==, other);
  g_assert_cmpint (status, ==, 0);
  g_remove (path);
  int listener = listen_at (path);
  int own = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un there = { .sun_family = AF_UNIX };
  g_strlcpy (there.sun_path, path, sizeof there.sun_path);
  g_assert_cmpint (connect (own, (const struct sockaddr *)&there, sizeof there), ==, 0);
  g_assert_true (confine_allows_peer (bed.confine, own));
  close (own);
  close (listener);
  bed_close (&bed);
}

/* Nothing is reached once its process has ended: the port may be another's by now. */
static void
test_gone (void)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  bed_open (&bed);
  confine_free (bed.confine);
  pid_t world = fork ();
  if (world == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    pause ();
    _exit (0);
  }
  bed.confine = bounds (bed.folder, world);
  confine_add_port (bed.confine, 3000);
  g_assert_true (allows (bed.confine, "127.0.0.1", 3000));
  g_assert_false (confine_is_gone (bed.confine, NULL));
  kill (world, SIGKILL);
  g_assert_cmpint (waitpid (world, NULL, 0), ==, world);
  g_assert_true (confine_is_gone (bed.confine, &error));
  g_assert_error (error, CONFINE_ERROR, CONFINE_ERROR_GONE);
  g_assert_false (allows (bed.confine, "127.0.0.1", 3000));
  g_autofree char *redis = path_in (&bed, "redis");
  assert_redis_refused (&bed, redis, "the simulated deployment is gone");
  assert_outside (say_who (&bed, "hello"), "the simulated deployment is gone");
  assert_outside (look (&bed, request_tcp ("127.0.0.1", 3000, LIMIT_US, LIMIT_US)),
                  "the simulated deployment is gone");
  bed_close (&bed);
}

/* Its process may still be there: nobody finds what it stands in. */
static void
test_folder_gone (void)
{
  Bed bed;
  g_autoptr (GError) error = NULL;
  bed_open (&bed);
  confine_add_port (bed.confine, 3000);
  g_autofree char *away = g_strconcat (bed.folder, "-away", NULL);
  g_assert_false (confine_is_gone (bed.confine, NULL));
  g_assert_cmpint (g_rename (bed.folder, away), ==, 0);
  g_assert_true (confine_is_gone (bed.confine, &error));
  g_assert_error (error, CONFINE_ERROR, CONFINE_ERROR_GONE);
  g_assert_false (allows (bed.confine, "127.0.0.1", 3000));
  assert_outside (say_who (&bed, "hello"), "the simulated deployment is gone");
  g_assert_cmpint (g_rename (away, bed.folder), ==, 0);
  bed_close (&bed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/confine/addresses", test_addresses);
  g_test_add_func ("/confine/hosts", test_hosts);
  g_test_add_func ("/confine/programs", test_programs);
  g_test_add_func ("/confine/links", test_links);
  g_test_add_func ("/confine/actions", test_actions);
  g_test_add_func ("/confine/ports", test_ports);
  g_test_add_func ("/confine/names", test_names);
  g_test_add_func ("/confine/sockets", test_sockets);
  g_test_add_func ("/confine/peer", test_peer);
  g_test_add_func ("/confine/gone", test_gone);
  g_test_add_func ("/confine/folder-gone", test_folder_gone);
  return g_test_run ();
}
