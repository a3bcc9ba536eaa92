/* Web addresses, looked at on real servers (http_server.py). */
#include <string.h>
#include <unistd.h>

#include "core/net/look.h"
#include "core/run/reading.h"

#define SECOND_US G_USEC_PER_SEC

/* Only bounds a hang. */
#define LIMIT_US (30 * SECOND_US)

/* ---- the servers ---------------------------------------------------------- */

typedef struct {
  GPid pid;
  int input; /* they end when it is closed */
  json_t *said;
} Servers;

/* FALSE: what they need is not here. */
static gboolean
servers_start (Servers *servers)
{
  g_autofree char *script =
      g_test_build_filename (G_TEST_DIST, "tests", "unit", "http_server.py", NULL);
  g_autofree char *python = g_find_program_in_path ("python3");
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  char *argv[] = { python, script, NULL };
  int output;
  if (!python || !openssl)
    return FALSE;
  g_assert_true (g_spawn_async_with_pipes (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD,
                                           NULL, NULL, &servers->pid, &servers->input,
                                           &output, NULL, NULL));
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (output);
  g_autofree char *line = NULL;
  g_io_channel_set_close_on_unref (channel, TRUE);
  g_assert_cmpint (g_io_channel_read_line (channel, &line, NULL, NULL, NULL), ==,
                   G_IO_STATUS_NORMAL);
  servers->said = json_loads (line, 0, NULL);
  g_assert_nonnull (servers->said);
  return TRUE;
}

static gboolean
on_gone (void *data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
on_child (GPid pid, gint status G_GNUC_UNUSED, gpointer data)
{
  g_spawn_close_pid (pid);
  on_gone (data);
}

static void
servers_stop (Servers *servers)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  close (servers->input);
  g_child_watch_add (servers->pid, on_child, loop);
  g_main_loop_run (loop);
  json_decref (servers->said);
}

/* ---- one look -------------------------------------------------------------- */

/* "https://u:p@localhost:good/x" with the port of that name, and its name in `name`. */
static char *
url_of (const Servers *servers, const char *pattern)
{
  g_auto (GStrv) parts = g_strsplit (pattern, "@@", 3);
  json_t *port = json_object_get (json_object_get (servers->said, "ports"), parts[1]);
  g_assert_true (json_is_integer (port));
  return g_strdup_printf ("%s%d%s", parts[0], (int)json_integer_value (port), parts[2]);
}

static char *
ca_of (const Servers *servers, const char *name)
{
  const char *folder = json_string_value (json_object_get (servers->said, "folder"));
  return name ? g_build_filename (folder, name, NULL) : NULL;
}

static void
on_saw (Reading *reading, void *data)
{
  *(Reading **)data = reading;
}

/* The reading of one look. */
static Reading *
look (const char *url, const char *ca_file, gint64 limit_us)
{
  Reading *seen = NULL;
  Looker *looker = looker_new (NULL, NULL, NULL, 1, on_saw, &seen);
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  g_ptr_array_add (requests, request_http (url, ca_file, 1000 * SECOND_US, limit_us));
  looker_watch (looker, requests, 0);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  looker_free (looker);
  return seen;
}

static Reading *
look_at (const Servers *servers, const char *pattern)
{
  g_autofree char *url = url_of (servers, pattern);
  return look (url, NULL, LIMIT_US);
}

static gint64
number_of (const Reading *reading, const char *member)
{
  return json_integer_value (json_object_get (reading->body, member));
}

static const char *
text_of (const Reading *reading, const char *member)
{
  return json_string_value (json_object_get (reading->body, member));
}

/* ---- tests ------------------------------------------------------------------ */

static void
test_answers (const void *data)
{
  static const struct {
    const char *path;
    gint64 status;
    const char *text, *location;
  } rows[] = {
    { "/503", 503, "<html>busy</html>", NULL },
    { "/redirect", 302, "", "https://else.example/x?y=1" },
    { "/bytes", 200,
      "a\xEF\xBF\xBD"
      "b\xEF\xBF\xBD\xC3\xA9",
      NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *pattern =
        g_strconcat ("http://localhost:@@plain@@", rows[i].path, NULL);
    g_autoptr (Reading) reading = look_at (data, pattern);
    g_assert_cmpstr (reading->error, ==, NULL);
    g_assert_cmpint (number_of (reading, "status"), ==, rows[i].status);
    g_assert_cmpstr (text_of (reading, "text"), ==, rows[i].text);
    g_assert_cmpstr (text_of (reading, "location"), ==, rows[i].location);
    g_assert_true (json_is_false (json_object_get (reading->body, "cut")));
    g_assert_cmpfloat (json_real_value (json_object_get (reading->body, "ms")), >, 0);
  }
}

/* User and password of the address are used; what is in the environment is not. */
static void
test_request (const void *data)
{
  g_setenv ("http_proxy", "http://127.0.0.1:1", TRUE);
  g_setenv ("all_proxy", "http://127.0.0.1:1", TRUE);
  for (guint i = 0; i < 2; i++) { /* the cookie of the first answer does not come back */
    g_autoptr (Reading) reading =
        look_at (data, "http://us%20er:p%40ss@localhost:@@plain@@/what");
    g_assert_cmpstr (reading->error, ==, NULL);
    json_t *asked = json_loads (text_of (reading, "text"), 0, NULL);
    g_autofree char *login = g_base64_encode ((const guchar *)"us er:p@ss", 10);
    g_autofree char *wanted = g_strconcat ("Basic ", login, NULL);
    const char *agent = json_string_value (json_object_get (asked, "User-Agent"));
    g_assert_cmpstr (json_string_value (json_object_get (asked, "Authorization")), ==,
                     wanted);
    g_assert_true (agent && g_str_has_prefix (agent, "handrail/"));
    g_assert_true (json_is_null (json_object_get (asked, "Cookie")));
    json_decref (asked);
  }
  g_unsetenv ("http_proxy");
  g_unsetenv ("all_proxy");
}

static gsize
resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  return (gsize)g_ascii_strtoull (words[1], NULL, 10) * (gsize)sysconf (_SC_PAGESIZE);
}

/* A gigabyte costs what is kept of it. */
static void
test_bounds (const void *data)
{
  static const struct {
    const char *path;
    gboolean cut;
  } rows[] = { { "/full", FALSE }, { "/over", TRUE }, { "/gigabyte", TRUE } };
  gsize before = resident_bytes ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *pattern =
        g_strconcat ("http://localhost:@@plain@@", rows[i].path, NULL);
    g_autoptr (Reading) reading = look_at (data, pattern);
    g_assert_cmpstr (reading->error, ==, NULL);
    g_assert_cmpuint (strlen (text_of (reading, "text")), ==, READING_HTTP_BYTES_MAX);
    g_assert_cmpint (json_is_true (json_object_get (reading->body, "cut")), ==,
                     rows[i].cut);
  }
  g_assert_cmpuint (resident_bytes (), <, before + (16 << 20));
}

static void
test_problems (const void *data)
{
  static const struct {
    const char *url;
    gint64 limit_us;
    const char *error; /* with @ for localhost:PORT */
  } rows[] = {
    { "http://localhost:@@refused@@/", LIMIT_US,
      "@ cannot be connected to (Connection refused)" },
    { "http://no-such-host.invalid:@@plain@@/", LIMIT_US,
      "the name no-such-host.invalid cannot be resolved; correct it or look at this "
      "host's "
      "resolver" },
    { "http://localhost:@@plain@@/never", 50000, "@ did not answer within 50ms" },
    { "http://localhost:@@plain@@/drip", 300000,
      "@ began to answer, and did not end within 300ms" },
    { "http://localhost:@@plain@@/headers", LIMIT_US,
      "@ answers with more than 64 KiB of headers; look at what serves there" },
    { "http://localhost:@@closes@@/", LIMIT_US,
      "@ closed the connection without an answer; if it speaks TLS, write https://" },
    { "http://u:secret@localhost:@@good@@/", LIMIT_US,
      "@ closed the connection without an answer; if it speaks TLS, write https://" },
    { "http://localhost:@@ssh@@/", LIMIT_US,
      "@ answers with something that is no HTTP; correct the port, or write https://" },
    { "http://localhost:@@cut@@/", LIMIT_US,
      "the connection to @ broke in the middle of the answer" },
    { "https://localhost:@@plain@@/", LIMIT_US,
      "@ does not speak TLS; correct the port, or write the address without TLS" },
    { "https://u:secret@localhost:@@ssh@@/", LIMIT_US,
      "@ does not speak TLS; correct the port, or write the address without TLS" },
    { "https://localhost:@@closes@@/", LIMIT_US,
      "@ closed the connection before TLS was agreed on; look at what serves there" },
    { "ftp://u:secret@localhost:@@plain@@/", LIMIT_US,
      "the address is none of the web; write http://HOST/PATH or https://HOST/PATH" },
    { "http://u:secret@local host:@@plain@@/", LIMIT_US,
      "the address is none of the web; write http://HOST/PATH or https://HOST/PATH" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *url = url_of (data, rows[i].url);
    g_autoptr (Reading) reading = look (url, NULL, rows[i].limit_us);
    const char *where = strstr (url, "localhost:");
    g_autofree char *name = where ? g_strndup (where, strcspn (where, "/")) : NULL;
    g_auto (GStrv) parts = g_strsplit (rows[i].error, "@", 2);
    g_autofree char *wanted = g_strjoinv (name ? name : "", parts);
    g_assert_cmpstr (reading->error, ==, wanted);
    g_assert_null (reading->body);
  }
}

static void
test_certificates (const void *data)
{
  static const struct {
    const char *server, *ca_file;
    const char *error; /* after the words that all have, and the name; NULL: good */
  } rows[] = {
    { "good", "ours/ca.pem", NULL },
    { "self", "ours/self.pem", NULL },
    { "name", "ours/ca.pem",
      " is not for the name localhost; use a name that it is for, or have it replaced" },
    { "expired", "ours/ca.pem",
      " has expired; have it renewed, or look at this host's clock" },
    { "early", "ours/ca.pem",
      " is not valid yet; look at this host's clock, or have it replaced" },
    { "good", NULL,
      " is from an authority that is not known here; give the authority's own "
      "certificate as "
      "ca-file" },
    { "self", "ours/ca.pem",
      " is signed by nobody but itself; if it is the right one, give it as ca-file" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *pattern =
        g_strconcat ("https://u:secret@localhost:@@", rows[i].server, "@@/well", NULL);
    g_autofree char *url = url_of (data, pattern);
    g_autofree char *ca_file = ca_of (data, rows[i].ca_file);
    g_autoptr (Reading) reading = look (url, ca_file, LIMIT_US);
    const char *where = strstr (url, "localhost:");
    g_autofree char *name = g_strndup (where, strcspn (where, "/"));
    g_autofree char *wanted =
        rows[i].error ? g_strconcat (READING_CERTIFICATE, name, rows[i].error, NULL)
                      : NULL;
    g_assert_cmpstr (reading->error, ==, wanted);
    g_assert_cmpint (number_of (reading, "status"), ==, rows[i].error ? 0 : 200);
  }
}

/* Whose authority is another one, and certificates that are none. */
static void
test_authorities (const void *data)
{
  g_autofree char *url = url_of (data, "https://localhost:@@other@@/well");
  g_autofree char *ours = ca_of (data, "ours/ca.pem");
  g_autofree char *key = ca_of (data, "ours/ca.key");
  g_autofree char *none = ca_of (data, "no-such-file");
  g_autoptr (Reading) other = look (url, ours, LIMIT_US);
  g_autoptr (Reading) wrong = look (url, key, LIMIT_US);
  g_autoptr (Reading) missing = look (url, none, LIMIT_US);
  g_assert_true (g_str_has_prefix (other->error, READING_CERTIFICATE));
  g_assert_nonnull (strstr (other->error, "is not from an authority in "));
  g_assert_nonnull (strstr (other->error, "ours/ca.pem; name the right ca-file"));
  g_assert_nonnull (strstr (wrong->error, "ca.key cannot be read; correct ca-file"));
  g_assert_nonnull (
      strstr (missing->error, "no-such-file cannot be read; correct ca-file"));
}

/* A server that says nothing holds nothing else up, and can be turned away from. */
static void
test_beside (const void *data)
{
  g_autofree char *never = url_of (data, "http://localhost:@@plain@@/never");
  g_autofree char *well = url_of (data, "http://localhost:@@plain@@/well");
  Reading *seen = NULL;
  Looker *looker = looker_new (NULL, NULL, NULL, 1, on_saw, &seen);
  g_autoptr (GPtrArray) requests =
      g_ptr_array_new_with_free_func ((GDestroyNotify)request_free);
  g_ptr_array_add (requests, request_http (never, NULL, SECOND_US, LIMIT_US));
  g_ptr_array_add (requests, request_http (well, NULL, 1000 * SECOND_US, LIMIT_US));
  looker_watch (looker, requests, 0);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (number_of (seen, "status"), ==, 200);
  reading_free (g_steal_pointer (&seen));
  looker_watch (looker, NULL, 0);
  g_ptr_array_remove_index (requests, 0);
  looker_watch (looker, requests, G_MAXINT64 / 2);
  while (!seen)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (number_of (seen, "status"), ==, 200);
  looker_free (looker);
  reading_free (seen);
}

int
main (int argc, char **argv)
{
  Servers servers;
  g_test_init (&argc, &argv, NULL);
  if (!servers_start (&servers)) {
    g_print ("1..0 # SKIP python3 and openssl are needed\n");
    return 77;
  }
  g_test_add_data_func ("/http/answers", &servers, test_answers);
  g_test_add_data_func ("/http/request", &servers, test_request);
  g_test_add_data_func ("/http/bounds", &servers, test_bounds);
  g_test_add_data_func ("/http/problems", &servers, test_problems);
  g_test_add_data_func ("/http/certificates", &servers, test_certificates);
  g_test_add_data_func ("/http/authorities", &servers, test_authorities);
  g_test_add_data_func ("/http/beside", &servers, test_beside);
  int result = g_test_run ();
  servers_stop (&servers);
  return result;
}
