#include "core/practice/web/http.h"

#include <string.h>

/* Of a request's line and its headers: puma's own limit for all headers together is more,
 * but who asks for these two paths sends a few hundred bytes. */
#define HEAD_BYTES_MAX (16 * 1024)

/* A body is of no use here, and is thrown away as it comes; one that is longer is not
 * waited for. */
#define BODY_BYTES_MAX (64 * 1024)

struct HttpConnection {
  World *world;
  GString *bytes; /* what has come of a head */
  gsize body;     /* bytes of a body yet to be thrown away */
};

/* What a head says. */
typedef struct {
  char *method, *path;
  gboolean is_1_1, goes_on;
  gint64 body;
} Request;

static void
request_clear (Request *request)
{
  g_free (request->method);
  g_free (request->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Request, request_clear)

typedef struct {
  guint status;
  const char *phrase;
  const char *header; /* one more, with its end, or NULL */
  char *body;         /* JSON, or NULL */
} Answer;

HttpConnection *
http_new (World *world)
{
  HttpConnection *connection = g_new0 (HttpConnection, 1);
  connection->world = world;
  connection->bytes = g_string_new (NULL);
  return connection;
}

void
http_free (HttpConnection *connection)
{
  if (!connection)
    return;
  g_string_free (connection->bytes, TRUE);
  g_free (connection);
}

/* ---- reading a head ------------------------------------------------------------------ */

/* "GET /health HTTP/1.1"; what stands behind "?" is nothing to the application. */
static gboolean
read_first_line (const char *line, Request *request)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  if (g_strv_length (words) != 3 || !*words[0] || words[1][0] != '/')
    return FALSE;
  request->is_1_1 = strcmp (words[2], "HTTP/1.1") == 0;
  if (!request->is_1_1 && strcmp (words[2], "HTTP/1.0") != 0)
    return FALSE;
  request->goes_on = request->is_1_1;
  request->method = g_strdup (words[0]);
  request->path = g_strndup (words[1], strcspn (words[1], "?"));
  return TRUE;
}

static gboolean
read_body_length (const char *value, Request *request)
{
  return strlen (value) == strspn (value, "0123456789") &&
         g_ascii_string_to_signed (value, 10, 0, BODY_BYTES_MAX, &request->body, NULL);
}

static gboolean
read_header (char *line, Request *request)
{
  char *colon = strchr (line, ':');
  if (!colon || colon == line || g_ascii_isspace (line[0]))
    return FALSE;
  *colon = '\0';
  const char *value = g_strstrip (colon + 1);
  if (g_ascii_strcasecmp (line, "Content-Length") == 0)
    return read_body_length (value, request);
  if (g_ascii_strcasecmp (line, "Transfer-Encoding") == 0)
    return FALSE;
  if (g_ascii_strcasecmp (line, "Connection") == 0)
    request->goes_on = request->is_1_1 ? g_ascii_strcasecmp (value, "close") != 0
                                       : g_ascii_strcasecmp (value, "keep-alive") == 0;
  return TRUE;
}

/* `head` without the empty line at its end. */
static gboolean
read_head (const char *head, gsize length, Request *request)
{
  g_autofree char *text = g_strndup (head, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  if (length == 0 || strlen (text) != length)
    return FALSE;
  for (guint i = 0; lines[i]; i++) {
    gsize end = strlen (lines[i]);
    if (end > 0 && lines[i][end - 1] == '\r')
      lines[i][end - 1] = '\0';
    if (i == 0 ? !read_first_line (lines[i], request) : !read_header (lines[i], request))
      return FALSE;
  }
  return TRUE;
}

/* ---- answering ------------------------------------------------------------------------ */

static gboolean
asks_to_see (const Request *request)
{
  return strcmp (request->method, "GET") == 0 || strcmp (request->method, "HEAD") == 0;
}

/* Takes over the reference. */
static Answer
answer_of (const Request *request, json_t *health)
{
  gboolean healthy = json_is_true (json_object_get (health, "healthy"));
  Answer answer = { 404, "Not Found", NULL, NULL };
  gboolean is_health = strcmp (request->path, "/health") == 0;
  gboolean is_up = strcmp (request->path, "/is_up") == 0;
  if ((is_health || is_up) && !asks_to_see (request))
    answer = (Answer){ 405, "Method Not Allowed", "Allow: GET, HEAD\r\n", NULL };
  else if (is_health)
    answer = (Answer){ 200, "OK", "Content-Type: application/json; charset=utf-8\r\n",
                       json_dumps (health, JSON_COMPACT) };
  else if (is_up)
    answer = healthy ? (Answer){ 200, "OK", NULL, NULL }
                     : (Answer){ 500, "Internal Server Error", NULL, NULL };
  json_decref (health);
  return answer;
}

/* As puma does: what is the rule of the version is not said. */
static const char *
connection_header (const Request *request)
{
  if (request->goes_on == request->is_1_1)
    return "";
  return request->goes_on ? "Connection: Keep-Alive\r\n" : "Connection: close\r\n";
}

static void
write_answer (const Request *request, const Answer *answer, GString *out)
{
  const char *body = answer->body ? answer->body : "";
  g_string_append_printf (out, "HTTP/1.%d %u %s\r\n%sCache-Control: no-cache\r\n%s",
                          request->is_1_1, answer->status, answer->phrase,
                          answer->header ? answer->header : "",
                          connection_header (request));
  g_string_append_printf (out, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                          strlen (body),
                          g_strcmp0 (request->method, "HEAD") == 0 ? "" : body);
}

static void
refuse (GString *out)
{
  static const char bad[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
                            "Content-Length: 0\r\n\r\n";
  g_string_append (out, bad);
}

static gboolean
answer_head (HttpConnection *connection, gsize length, GString *out)
{
  g_auto (Request) request = { 0 };
  if (!read_head (connection->bytes->str, length, &request)) {
    refuse (out);
    return FALSE;
  }
  json_t *health = world_health (connection->world);
  if (!health)
    return FALSE;
  Answer answer = answer_of (&request, health);
  write_answer (&request, &answer, out);
  g_free (answer.body);
  connection->body = (gsize)request.body;
  return request.goes_on;
}

/* ---- bytes ------------------------------------------------------------------------------ */

/* Where the empty line behind the head ends, 0: it has not come. *head: how long the head
 * before it is. Lines end with "\r\n" or "\n". */
static gsize
find_end (const GString *bytes, gsize *head)
{
  const char *begin = bytes->str, *end = begin + bytes->len;
  for (const char *feed = memchr (begin, '\n', bytes->len); feed;
       feed = memchr (feed + 1, '\n', (gsize)(end - feed - 1))) {
    const char *next = feed + 1;
    if (next < end && *next == '\r')
      next++;
    if (next < end && *next == '\n') {
      *head = (gsize)(feed - begin);
      return (gsize)(next - begin) + 1;
    }
  }
  return 0;
}

static void
skip_body (HttpConnection *connection)
{
  gsize skipped = MIN (connection->body, connection->bytes->len);
  g_string_erase (connection->bytes, 0, (gssize)skipped);
  connection->body -= skipped;
}

gboolean
http_take (HttpConnection *connection, const char *bytes, gsize length, GString *out)
{
  gsize head, end;
  g_string_append_len (connection->bytes, bytes, (gssize)length);
  for (;;) {
    skip_body (connection);
    end = find_end (connection->bytes, &head);
    if ((end ? end : connection->bytes->len) > HEAD_BYTES_MAX) {
      refuse (out);
      return FALSE;
    }
    if (!end)
      return TRUE;
    if (!answer_head (connection, head, out))
      return FALSE;
    g_string_erase (connection->bytes, 0, (gssize)end);
  }
}
