/* The simulated application's web server: bytes in, bytes out. */
#include "core/practice/web/http.h"
#include "tests/unit/world_bed.h"

#define HEALTHY                                                                 \
  "{\"healthy\":true,\"errors\":{\"db\":null,\"redis\":null,\"sidekiq\":null}," \
  "\"version\":\"v44.0.1\"}"

static void
begin (Bed *bed)
{
  bed_open (bed);
  bed_begin (bed, 7);
  bed_pass (bed, 10);
}

static char *
give (Bed *bed, const char *bytes, gsize piece)
{
  g_autoptr (HttpConnection) connection = http_new (bed->world);
  GString *out = g_string_new (NULL);
  gsize length = strlen (bytes);
  gboolean open = TRUE;
  for (gsize at = 0; at < length && open; at += piece)
    open = http_take (connection, bytes + at, MIN (piece, length - at), out);
  if (!open)
    g_string_append (out, "<closed>");
  return g_string_free (out, FALSE);
}

static char *
body_of (const char *answer)
{
  const char *end = strstr (answer, "\r\n\r\n");
  g_assert_nonnull (end);
  g_autofree char *length = g_strdup_printf ("Content-Length: %zu\r\n", strlen (end + 4));
  g_assert_nonnull (strstr (answer, length));
  return g_strdup (end + 4);
}

static void
test_answers (void)
{
  static const struct {
    const char *request, *status, *body, *has, *has_not;
  } asked[] = {
    { "GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\n", HEALTHY,
      "Content-Type: application/json", "Connection:" },
    { "GET /health?full=1 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", HEALTHY, "", NULL },
    { "GET /health HTTP/1.1\n\n", "HTTP/1.1 200 OK\r\n", HEALTHY, "", NULL },
    { "GET /is_up HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n", "", "", "Content-Type" },
    { "GET /is_up HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "HTTP/1.0 200 OK\r\n", "",
      "Connection: Keep-Alive\r\n", NULL },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n", "", "", NULL },
    { "GET /healthy HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\n", "", "", NULL },
    { "POST /health HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 405 Method Not", "",
      "Allow: GET, HEAD\r\n", NULL },
  };
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++) {
    g_autofree char *answer = give (&bed, asked[i].request, 5);
    g_autofree char *body = body_of (answer);
    g_assert_true (g_str_has_prefix (answer, asked[i].status));
    g_assert_cmpstr (body, ==, asked[i].body);
    g_assert_nonnull (strstr (answer, asked[i].has));
    g_assert_true (!asked[i].has_not || !strstr (answer, asked[i].has_not));
  }
}

/* The length is that of what GET would give. */
static void
test_head (void)
{
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  g_autofree char *answer = give (&bed, "HEAD /health HTTP/1.1\r\n\r\n", 100);
  g_autofree char *length =
      g_strdup_printf ("Content-Length: %zu\r\n\r\n", strlen (HEALTHY));
  g_assert_true (g_str_has_suffix (answer, length));
}

/* It is closed where the request says so, or its version does. */
static void
test_closes (void)
{
  static const char *const closing[] = {
    "GET /is_up HTTP/1.0\r\n\r\n",
    "GET /is_up HTTP/1.1\r\nconnection:  CLOSE \r\n\r\n",
  };
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  for (guint i = 0; i < G_N_ELEMENTS (closing); i++) {
    g_autofree char *answer = give (&bed, closing[i], 100);
    g_assert_true (g_str_has_suffix (answer, "<closed>"));
    g_assert_true (i == 0 || strstr (answer, "Connection: close\r\n"));
  }
}

/* One behind the other, in any pieces; a body is thrown away. */
static void
test_kept (void)
{
  static const char requests[] =
      "POST /is_up HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET / X\n\n"
      "GET /is_up HTTP/1.1\r\n\r\nGET /health HTTP/1.0\r\n\r\n";
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  g_autofree char *at_once = give (&bed, requests, sizeof requests);
  for (gsize piece = 1; piece < sizeof requests; piece++) {
    g_autofree char *in_pieces = give (&bed, requests, piece);
    g_assert_cmpstr (in_pieces, ==, at_once);
  }
  g_assert_nonnull (strstr (at_once, "HTTP/1.1 405"));
  g_assert_nonnull (strstr (at_once, "\r\n\r\nHTTP/1.1 200 OK"));
  g_assert_true (g_str_has_suffix (at_once, HEALTHY "<closed>"));
}

static void
test_broken (void)
{
  g_autofree char *much = g_strnfill (20000, 'a');
  g_autofree char *long_line = g_strconcat ("GET /", much, NULL);
  g_autofree char *many = g_strdup_printf ("GET / HTTP/1.1\r\nA: %s\r\n\r\n", much);
  const char *const broken[] = {
    "hello\r\n\r\n",
    "\r\n\r\n",
    "GET /health\r\n\r\n",
    "GET /health HTTP/2.0\r\n\r\n",
    "GET health HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nno colon\r\n\r\n",
    "GET / HTTP/1.1\r\n folded: x\r\n\r\n",
    "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "GET / HTTP/1.1\r\nContent-Length: 65537\r\n\r\n",
    "GET / HTTP/1.1\r\nContent-Length:\r\n\r\n",
    "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    long_line,
    many,
  };
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autofree char *answer = give (&bed, broken[i], 1000);
    g_assert_cmpstr (answer, ==,
                     "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
                     "Content-Length: 0\r\n\r\n<closed>");
  }
}

static void
stop (Bed *bed, const char *service, guint number)
{
  world_stop (bed->world, bed_container (bed, service, number)->id, 60 * BED_S);
}

/* It says what is wrong; and nothing, once it is down itself. */
static void
test_unhealthy (void)
{
  g_auto (Bed) bed = { 0 };
  begin (&bed);
  stop (&bed, "workers", 1);
  stop (&bed, "workers", 2);
  bed_pass (&bed, 60);
  g_autofree char *health = give (&bed, "GET /health HTTP/1.1\r\n\r\n", 100);
  g_autofree char *body = body_of (health);
  g_assert_true (g_str_has_prefix (health, "HTTP/1.1 200 OK\r\n"));
  json_t *json = json_loads (body, 0, NULL);
  g_assert_true (json_is_false (json_object_get (json, "healthy")));
  const json_t *errors = json_object_get (json, "errors");
  g_assert_true (json_is_string (json_object_get (errors, "sidekiq")));
  g_assert_true (json_is_null (json_object_get (errors, "redis")));
  json_decref (json);
  g_autofree char *up = give (&bed, "GET /is_up HTTP/1.1\r\n\r\n", 100);
  g_assert_true (g_str_has_prefix (up, "HTTP/1.1 500 Internal Server Error\r\n"));
  stop (&bed, "app", 1);
  stop (&bed, "app", 2);
  bed_pass (&bed, 60);
  g_autofree char *down = give (&bed, "GET /health HTTP/1.1\r\n\r\n", 100);
  g_assert_cmpstr (down, ==, "<closed>");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/http/answers", test_answers);
  g_test_add_func ("/practice/http/head", test_head);
  g_test_add_func ("/practice/http/closes", test_closes);
  g_test_add_func ("/practice/http/kept", test_kept);
  g_test_add_func ("/practice/http/broken", test_broken);
  g_test_add_func ("/practice/http/unhealthy", test_unhealthy);
  return g_test_run ();
}
