#include "core/net/redis_link.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/net/curl.h"
#include "core/net/secret.h"
#include "core/runbook/redis_address.h"

/* What one read takes; libcurl gives no more at a time over TLS than a record of 16 KiB. */
#define RECEIVE_BYTES 131072
/* When time is up while connecting, libcurl gets this long to say what it waited for. */
#define OPENING_GRACE_MS 50

typedef enum { LINK_CLOSED, LINK_OPENING, LINK_LOGIN, LINK_READY } LinkState;

struct RedisLink {
  RedisAddress *address; /* NULL: `wrong` says why */
  char *wrong;
  char *name;
  char *user, *password_file, *ca_file;
  CurlLoop *curl;
  CurlStream *stream;
  LinkState state;
  RedisReader *reader;
  RedisCommands *login; /* while logging in */
  gboolean with_auth;   /* the first of `login` is AUTH */
  const char *out;      /* what is being sent, and how much of it is left */
  gsize out_left;
  GQueue *waiting; /* RedisExchange *; the head is the one under way */
  GQueue *failed;  /* RedisExchange *, about to be told */
  guint wake;      /* goes on with the next one */
  char *buffer;
};

struct RedisExchange {
  RedisLink *link;
  const RedisCommands *commands;
  gint64 limit_us, deadline_us;
  RedisAnswered answered;
  void *data;
  gboolean sent;
  guint timer;   /* until time is up */
  GError *error; /* once it has failed */
  guint telling; /* delivers `error` */
};

static void link_go (RedisLink *link);

/* ---- how an exchange ends -------------------------------------------------- */

static void
exchange_free (void *data)
{
  RedisExchange *exchange = data;
  g_clear_handle_id (&exchange->timer, g_source_remove);
  g_clear_handle_id (&exchange->telling, g_source_remove);
  g_clear_error (&exchange->error);
  g_free (exchange);
}

static void
link_close (RedisLink *link)
{
  g_clear_pointer (&link->stream, curl_stream_close);
  g_clear_pointer (&link->login, redis_commands_free);
  link->state = LINK_CLOSED;
  link->out_left = 0;
}

static gboolean
on_wake (void *data)
{
  RedisLink *link = data;
  link->wake = 0;
  link_go (link);
  return G_SOURCE_REMOVE;
}

static void
link_wake (RedisLink *link)
{
  if (!link->wake && !g_queue_is_empty (link->waiting))
    link->wake = g_idle_add (on_wake, link);
}

static gboolean
on_failed (void *data)
{
  RedisExchange *exchange = data;
  g_autoptr (GError) error = g_steal_pointer (&exchange->error);
  RedisAnswered answered = exchange->answered;
  void *callers = exchange->data;
  exchange->telling = 0;
  g_queue_remove (exchange->link->failed, exchange);
  exchange_free (exchange);
  answered (NULL, error, callers); /* which may have freed the link */
  return G_SOURCE_REMOVE;
}

/* Takes over `error`, which is told from the loop: a failure may be found while the caller
 * asks, or deep inside libcurl. */
static void
exchange_fail (RedisExchange *exchange, GError *error)
{
  RedisLink *link = exchange->link;
  if (exchange == g_queue_peek_head (link->waiting))
    link_close (link);
  g_queue_remove (link->waiting, exchange);
  g_queue_push_tail (link->failed, exchange);
  g_clear_handle_id (&exchange->timer, g_source_remove);
  exchange->error = error;
  exchange->telling = g_idle_add (on_failed, exchange);
  link_wake (link);
}

/* The same for the one under way; without one, the connection is closed and no more. */
static void
link_fail (RedisLink *link, GError *error)
{
  RedisExchange *exchange = g_queue_peek_head (link->waiting);
  if (exchange && (exchange->sent || link->state != LINK_READY)) {
    exchange_fail (exchange, error);
    return;
  }
  g_error_free (error);
  link_close (link);
  link_wake (link);
}

static gboolean
on_late (void *data)
{
  RedisExchange *exchange = data;
  const RedisLink *link = exchange->link;
  gint64 over_us = g_get_monotonic_time () - exchange->deadline_us;
  exchange->timer = 0;
  if (link->state == LINK_OPENING && over_us < OPENING_GRACE_MS * 1000) {
    exchange->timer = g_timeout_add (OPENING_GRACE_MS, on_late, exchange);
    return G_SOURCE_REMOVE;
  }
  g_autofree char *limit = quantity_format_duration (exchange->limit_us);
  exchange_fail (exchange, g_error_new (REDIS_TROUBLE, REDIS_TROUBLE_LATE,
                                        "%s did not answer within %s; see whether it is "
                                        "stuck, or its host or the way there is slow",
                                        link->name, limit));
  return G_SOURCE_REMOVE;
}

/* ---- sending and receiving ------------------------------------------------- */

static void
link_lost (RedisLink *link)
{
  const RedisReply *first = redis_reader_first (link->reader);
  GError *error = NULL;
  if (first)
    redis_reply_explain (first, link->name, "answer", &error);
  else
    g_set_error (&error, REDIS_TROUBLE, REDIS_TROUBLE_REACH,
                 "%s closed the connection%s; see whether it was restarted, or whether "
                 "something between here and there cuts it%s",
                 link->name, link->state == LINK_READY ? " in the middle" : "",
                 link->address->tls ? "" : " (if it speaks TLS, write rediss://)");
  link_fail (link, error);
}

static void
link_flush (RedisLink *link)
{
  while (link->out_left > 0) {
    gssize sent = curl_stream_send (link->stream, link->out, link->out_left);
    if (sent < 0) {
      link_lost (link);
      return;
    }
    link->out += sent;
    link->out_left -= (gsize)sent;
    if (link->out_left > 0)
      return; /* goes on when there is room */
  }
}

static void
link_send (RedisLink *link, const RedisCommands *commands)
{
  redis_reader_begin (link->reader, redis_commands_count (commands));
  link->out = redis_commands_bytes (commands, &link->out_left);
  link_flush (link);
}

static void
link_answer (RedisLink *link, const RedisReply *replies)
{
  RedisExchange *exchange = g_queue_pop_head (link->waiting);
  RedisAnswered answered = exchange->answered;
  void *data = exchange->data;
  exchange_free (exchange);
  link_wake (link);
  answered (replies, NULL, data); /* which may have freed the link */
}

/* ---- logging in ------------------------------------------------------------ */

/* Sets link->login, of no command where nothing is to be said. */
static gboolean
link_make_login (RedisLink *link, GError **error)
{
  const RedisAddress *address = link->address;
  const char *user = link->user ? link->user : address->user;
  g_autoptr (GError) problem = NULL;
  g_autofree char *password = link->password_file
                                  ? secret_read_file (link->password_file, &problem)
                                  : g_strdup (address->password);
  if (problem) {
    g_set_error_literal (error, REDIS_TROUBLE, REDIS_TROUBLE_SETUP, problem->message);
    return FALSE;
  }
  link->login = redis_commands_new ();
  link->with_auth = password != NULL;
  if (password && user)
    redis_commands_add_words (link->login, "AUTH", user, password, NULL);
  else if (password)
    redis_commands_add_words (link->login, "AUTH", password, NULL);
  if (address->database > 0) {
    g_autofree char *database = g_strdup_printf ("%u", address->database);
    redis_commands_add_words (link->login, "SELECT", database, NULL);
  }
  return TRUE;
}

/* A server that does not know AUTH repeats the password: its words are not shown. */
static void
explain_auth (const RedisLink *link, const RedisReply *reply, GError **error)
{
  const char *text = redis_reply_text (reply, NULL);
  const char *says = "does not take the login; see whether AUTH is allowed there";
  if (redis_reply_is_error (reply, "WRONGPASS") || strstr (text, "invalid password"))
    says = "does not accept the user or the password; correct what the site file names";
  else if (strstr (text, "no password is set") || strstr (text, "without any password"))
    says = "wants no password; take it out of the site file, or have one set there";
  g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED, "%s %s", link->name, says);
}

static void
link_logged_in (RedisLink *link, const RedisReply *replies)
{
  GError *error = NULL;
  guint count = redis_reply_count (replies);
  for (guint i = 0; i < count && !error; i++) {
    const RedisReply *reply = redis_reply_nth (replies, i);
    if (redis_reply_type (reply) != REDIS_ERROR)
      continue;
    if (i == 0 && link->with_auth)
      explain_auth (link, reply, &error);
    else if (strstr (redis_reply_text (reply, NULL), "out of range"))
      g_set_error (&error, REDIS_TROUBLE, REDIS_TROUBLE_REFUSED,
                   "%s: there is no database %u; correct it in the site file", link->name,
                   link->address->database);
    else
      redis_reply_explain (reply, link->name, "select the database", &error);
  }
  g_clear_pointer (&link->login, redis_commands_free);
  if (error) {
    link_fail (link, error);
    return;
  }
  link->state = LINK_READY;
  link_go (link);
}

/* ---- the connection -------------------------------------------------------- */

static void
on_opened (const char *problem, void *data)
{
  RedisLink *link = data;
  if (problem) {
    link_fail (link, g_error_new (REDIS_TROUBLE, REDIS_TROUBLE_REACH, "%s", problem));
    return;
  }
  link->state = LINK_LOGIN;
  if (redis_commands_count (link->login) > 0) {
    link_send (link, link->login);
    return;
  }
  g_clear_pointer (&link->login, redis_commands_free);
  link->state = LINK_READY;
  link_go (link);
}

static gboolean
expects_replies (const RedisLink *link)
{
  const RedisExchange *exchange = g_queue_peek_head (link->waiting);
  return link->state == LINK_LOGIN || (exchange && exchange->sent);
}

/* Replies to what has not been sent as a whole are none to it; and whoever owns the
 * commands may free them with the last reply. */
static gboolean
is_early (const RedisLink *link, const RedisReply *replies, GError **error)
{
  if (!replies || link->out_left == 0)
    return FALSE;
  g_set_error (error, REDIS_TROUBLE, REDIS_TROUBLE_NONSENSE,
               "answers before it has been asked; see what serves there");
  return TRUE;
}

/* What came: FALSE when there is nothing more to do with the link, or it is gone. */
static gboolean
link_take (RedisLink *link, gsize length)
{
  GError *error = NULL;
  if (!expects_replies (link)) { /* a server that speaks unasked is out of step */
    link_close (link);
    return FALSE;
  }
  const RedisReply *replies =
      redis_reader_feed (link->reader, link->buffer, length, &error);
  if (error || is_early (link, replies, &error)) {
    g_prefix_error (&error, "%s ", link->name);
    link_fail (link, error);
    return FALSE;
  }
  if (!replies)
    return TRUE;
  if (link->state == LINK_LOGIN)
    link_logged_in (link, replies);
  else
    link_answer (link, replies);
  return FALSE;
}

static void
on_ready (void *data)
{
  RedisLink *link = data;
  gssize got;
  link_flush (link);
  do {
    if (!link->stream)
      return;
    got = curl_stream_receive (link->stream, link->buffer, RECEIVE_BYTES);
    if (got < 0)
      link_lost (link);
  } while (got > 0 && link_take (link, (gsize)got));
}

static const CurlStreamEvents events = { .opened = on_opened, .ready = on_ready };

static void
link_open (RedisLink *link, RedisExchange *exchange)
{
  GError *error = NULL;
  gint64 left_us = exchange->deadline_us - g_get_monotonic_time ();
  /* Rounded up: libcurl's sentence names it. */
  left_us = MAX (left_us + 999, 1000) / 1000 * 1000;
  if (!link->address) {
    g_set_error (&error, REDIS_TROUBLE, REDIS_TROUBLE_SETUP, "%s %s", link->name,
                 link->wrong);
  } else if (link_make_login (link, &error)) {
    CurlPlace place = { .host = link->address->host,
                        .port = link->address->port,
                        .socket = link->address->socket,
                        .tls = link->address->tls,
                        .ca_file = link->ca_file };
    link->stream = curl_stream_open (link->curl, &place, left_us, &events, link, &error);
  }
  if (link->stream)
    link->state = LINK_OPENING;
  else
    exchange_fail (exchange, error);
}

/* Does what comes next for the first in line. */
static void
link_go (RedisLink *link)
{
  RedisExchange *exchange = g_queue_peek_head (link->waiting);
  if (!exchange || exchange->sent)
    return;
  if (link->state == LINK_CLOSED) {
    link_open (link, exchange);
  } else if (link->state == LINK_READY) {
    exchange->sent = TRUE;
    link_send (link, exchange->commands);
  }
}

/* ---- from outside ---------------------------------------------------------- */

/* "~/x" is in the home folder. NULL stays NULL. */
static char *
path_at_home (const char *path)
{
  if (path && g_str_has_prefix (path, "~/"))
    return g_build_filename (g_get_home_dir (), path + 2, NULL);
  return g_strdup (path);
}

RedisLink *
redis_link_new (const SiteRedis *settings, const Confine *confine)
{
  RedisLink *link = g_new0 (RedisLink, 1);
  link->wrong = redis_address_read (settings->url, &link->address);
  link->name = link->address ? redis_address_format (link->address)
                             : g_strdup ("the url of the site's Redis");
  link->user = g_strdup (settings->user);
  link->password_file = g_strdup (settings->password_file);
  link->ca_file = path_at_home (settings->ca_file);
  link->curl = curl_loop_new (confine);
  link->reader = redis_reader_new ();
  link->waiting = g_queue_new ();
  link->failed = g_queue_new ();
  link->buffer = g_malloc (RECEIVE_BYTES);
  return link;
}

void
redis_link_free (RedisLink *link)
{
  if (!link)
    return;
  link_close (link);
  g_queue_free_full (link->waiting, exchange_free);
  g_queue_free_full (link->failed, exchange_free);
  g_clear_handle_id (&link->wake, g_source_remove);
  curl_loop_free (link->curl);
  redis_reader_free (link->reader);
  redis_address_free (link->address);
  g_free (link->wrong);
  g_free (link->name);
  g_free (link->user);
  g_free (link->password_file);
  g_free (link->ca_file);
  g_free (link->buffer);
  g_free (link);
}

const char *
redis_link_name (const RedisLink *link)
{
  return link->name;
}

RedisExchange *
redis_link_ask (RedisLink *link, const RedisCommands *commands, gint64 begun_us,
                gint64 limit_us, RedisAnswered answered, void *data)
{
  RedisExchange *exchange = g_new0 (RedisExchange, 1);
  gint64 left_us = begun_us + limit_us - g_get_monotonic_time ();
  exchange->link = link;
  exchange->commands = commands;
  exchange->limit_us = limit_us;
  exchange->deadline_us = begun_us + limit_us;
  exchange->answered = answered;
  exchange->data = data;
  exchange->timer =
      g_timeout_add ((guint)CLAMP (left_us / 1000, 1, G_MAXINT), on_late, exchange);
  g_queue_push_tail (link->waiting, exchange);
  link_go (link);
  return exchange;
}

void
redis_link_renew (RedisLink *link)
{
  const RedisExchange *exchange = g_queue_peek_head (link->waiting);
  if (link->state == LINK_READY && !(exchange && exchange->sent))
    link_close (link);
}

void
redis_exchange_cancel (RedisExchange *exchange)
{
  if (!exchange)
    return;
  RedisLink *link = exchange->link;
  if (exchange->sent && exchange == g_queue_peek_head (link->waiting))
    link_close (link);
  g_queue_remove (link->waiting, exchange);
  g_queue_remove (link->failed, exchange);
  exchange_free (exchange);
  link_wake (link);
}
