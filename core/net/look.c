#include "core/net/look.h"

#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/net/curl.h"
#include "core/net/look_redis.h"
#include "core/net/process.h"

/* A deployment of hundreds of services is under 4 MiB of JSON. */
#define PLATFORM_OUTPUT_BYTES_MAX (16 * 1024 * 1024)
/* A platform that asks for command after command would never come to an end. */
#define PLATFORM_STAGES_MAX 16
/* However fast practice runs, the machine gets this much rest between two looks. At the
 * speeds that tests use (200) a window of two minutes takes 600 ms, in which a trend wants
 * to be seen a dozen times. */
#define REST_US_MIN (20 * G_TIME_SPAN_MILLISECOND)
/* A Redis that failed is asked again after 1, 2, 4, 8 and from then on so many seconds:
 * soon enough to see that it is back, too seldom to be in its way. */
#define BACK_OFF_S_MAX 10

typedef struct {
  Looker *looker;
  Request *request;
  gboolean wanted;
  gboolean under_way;
  Moment began;       /* of the look under way, or of the last one; 0: never */
  gint64 ended_us;    /* of the last one, boot time */
  GPtrArray *outputs; /* REQUEST_PLATFORM: GBytes *, of the stages so far */
  ProcessLook *process;
  CurlConnection *connection;
  CurlFetch *fetch;
  RedisLook *redis;
  guint failures;      /* of looks at Redis, one after the other */
  guint failed_source; /* delivers `failure` */
  char *failure;
} Item;

struct Looker {
  const Site *site;
  const PlatformKind *platform;
  const Confine *confine; /* or NULL */
  gint64 speed;
  LookerSaw saw;
  void *data;
  GHashTable *items; /* key → Item; none is removed before looker_free() */
  gint64 fresh_after_us;
  guint timer;
  CurlLoop *curl;
  RedisLooks *redis;
};

static void look_on (Item *item);
static void schedule (Looker *looker);

/* ---- one look ------------------------------------------------------------- */

static void
item_stop (Item *item)
{
  g_clear_pointer (&item->process, process_look_cancel);
  g_clear_pointer (&item->connection, curl_cancel);
  g_clear_pointer (&item->fetch, curl_fetch_cancel);
  g_clear_pointer (&item->redis, redis_look_cancel);
  g_clear_handle_id (&item->failed_source, g_source_remove);
  g_clear_pointer (&item->failure, g_free);
  g_ptr_array_set_size (item->outputs, 0);
  item->under_way = FALSE;
}

static void
item_free (void *data)
{
  Item *item = data;
  item_stop (item);
  g_ptr_array_unref (item->outputs);
  request_free (item->request);
  g_free (item);
}

/* The end of a look: with a body (taken over) or an error. */
static void
deliver (Item *item, const char *error, json_t *body)
{
  Looker *looker = item->looker;
  Moment now = process_now ();
  Reading *reading = reading_new (item->request->key, item->began, now, error, body);
  item->ended_us = now.boot_us;
  item->process = NULL;
  item->connection = NULL;
  item->fetch = NULL;
  item->redis = NULL;
  item_stop (item);
  looker->saw (reading, looker->data);
  schedule (looker);
}

static gboolean
on_failed (void *data)
{
  Item *item = data;
  g_autofree char *failure = g_steal_pointer (&item->failure);
  item->failed_source = 0;
  deliver (item, failure, NULL);
  return G_SOURCE_REMOVE;
}

/* Delivers from the loop what failed before anything was started. */
static void
fail_later (Item *item, GError *error)
{
  item->failure = g_strdup (error->message);
  item->failed_source = g_idle_add (on_failed, item);
  g_error_free (error);
}

/* Text that JSON can carry and C can read to its end. */
static json_t *
json_of_bytes (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *valid = length > 0 ? g_utf8_make_valid (data, (gssize)length) : NULL;
  if (!valid)
    return json_string ("");
  if (!memchr (valid, '\0', length))
    return json_string (valid);
  GString *text = g_string_new (NULL);
  for (gsize i = 0; i < length; i++)
    data[i] == '\0' ? g_string_append (text, "\xEF\xBF\xBD")
                    : g_string_append_c (text, data[i]);
  g_autofree char *whole = g_utf8_make_valid (text->str, (gssize)text->len);
  g_string_free (text, TRUE);
  return json_string (whole);
}

static char *
late_problem (const char *program, gint64 limit_us)
{
  g_autofree char *limit = quantity_format_duration (limit_us);
  g_autofree char *shown = text_printable (program, -1);
  return g_strdup_printf ("%s did not end within %s and was ended", shown, limit);
}

/* ---- a program ------------------------------------------------------------ */

static void
on_command (const ProcessResult *result, void *data)
{
  Item *item = data;
  if (result->late) {
    g_autofree char *problem =
        late_problem (item->request->argv[0], item->request->limit_us);
    deliver (item, problem, NULL);
    return;
  }
  json_t *body = json_object ();
  if (result->status >= 0)
    json_object_set_new (body, "status", json_integer (result->status));
  else
    json_object_set_new (body, "signal", json_integer (result->signal));
  json_object_set_new (body, "output", json_of_bytes (result->output));
  json_object_set_new (body, "cut", json_boolean (result->cut));
  deliver (item, NULL, body);
}

static void
look_at_command (Item *item)
{
  GError *error = NULL;
  item->process = process_look (
      item->looker->confine, (const char *const *)item->request->argv, NULL,
      READING_OUTPUT_BYTES_MAX, item->request->limit_us, on_command, item, &error);
  if (!item->process)
    fail_later (item, error);
}

/* ---- a connection --------------------------------------------------------- */

static void
on_connected (gint64 took_us, const char *error, void *data)
{
  Item *item = data;
  json_t *body = error ? NULL : json_pack ("{s:f}", "ms", (double)took_us / 1000.0);
  deliver (item, error, body);
}

static CurlLoop *
curl_of (Item *item)
{
  if (!item->looker->curl)
    item->looker->curl = curl_loop_new (item->looker->confine);
  return item->looker->curl;
}

static void
look_at_tcp (Item *item)
{
  GError *error = NULL;
  item->connection =
      curl_connect (curl_of (item), item->request->host, item->request->port,
                    item->request->limit_us, on_connected, item, &error);
  if (!item->connection)
    fail_later (item, error);
}

/* ---- a web address -------------------------------------------------------- */

static void
on_fetched (const CurlAnswer *answer, const char *error, void *data)
{
  Item *item = data;
  json_t *body = NULL;
  if (answer)
    body = json_pack ("{s:I, s:f, s:o, s:b}", "status", (json_int_t)answer->status, "ms",
                      (double)answer->took_us / 1000.0, "text",
                      json_of_bytes (answer->body), "cut", answer->cut);
  if (answer && answer->location)
    json_object_set_new (body, "location", json_string (answer->location));
  deliver (item, error, body);
}

static void
look_at_http (Item *item)
{
  const Request *request = item->request;
  GError *error = NULL;
  item->fetch =
      curl_fetch (curl_of (item), request->url, request->ca_file, READING_HTTP_BYTES_MAX,
                  request->limit_us, on_fetched, item, &error);
  if (!item->fetch)
    fail_later (item, error);
}

/* ---- a Redis -------------------------------------------------------------- */

static void
on_redis (const char *error, json_t *body, void *data)
{
  Item *item = data;
  item->failures = error ? item->failures + 1 : 0;
  deliver (item, error, body);
}

static void
look_at_redis (Item *item)
{
  Looker *looker = item->looker;
  GError *error = NULL;
  if (!looker->redis)
    looker->redis = redis_looks_new (looker->site, looker->confine);
  item->redis = redis_looks_begin (looker->redis, item->request, item->began.wall_us,
                                   on_redis, item, &error);
  if (!item->redis)
    fail_later (item, error);
}

/* Machine time to leave a Redis alone after it has failed. */
static gint64
back_off_us (const Item *item)
{
  if (item->failures == 0)
    return 0;
  guint seconds = 1U << MIN (item->failures - 1, 8);
  return MIN (seconds, BACK_OFF_S_MAX) * G_TIME_SPAN_SECOND;
}

/* ---- the platform --------------------------------------------------------- */

static char *
platform_problem (const Item *item, const ProcessResult *result)
{
  const Looker *looker = item->looker;
  if (result->late)
    return late_problem (looker->platform->spec.name, looker->platform->limit_us);
  if (result->cut)
    return g_strdup_printf ("the platform's answer is longer than %d MiB",
                            PLATFORM_OUTPUT_BYTES_MAX / (1024 * 1024));
  if (result->status == 0)
    return NULL;
  return looker->platform->explain (looker->site, item->outputs->len, result->status,
                                    result->errors);
}

static void
on_stage (const ProcessResult *result, void *data)
{
  Item *item = data;
  g_autofree char *problem = platform_problem (item, result);
  item->process = NULL;
  if (problem) {
    deliver (item, problem, NULL);
    return;
  }
  g_ptr_array_add (item->outputs, g_bytes_ref (result->output));
  look_on (item);
}

/* The next command of the look, or its end. */
static void
look_at_platform (Item *item)
{
  const Looker *looker = item->looker;
  GError *error = NULL;
  g_autoptr (Command) command = NULL;
  if (item->outputs->len >= PLATFORM_STAGES_MAX)
    g_set_error (&error, PROCESS_ERROR, PROCESS_ERROR_START,
                 "the look at %s does not come to an end", looker->platform->spec.name);
  else
    command =
        looker->platform->look (looker->site, item->outputs->len, item->outputs, &error);
  if (command)
    item->process = process_look (looker->confine, (const char *const *)command->argv,
                                  command->directory, PLATFORM_OUTPUT_BYTES_MAX,
                                  looker->platform->limit_us, on_stage, item, &error);
  if (item->process)
    return;
  json_t *body =
      error ? NULL : looker->platform->read (looker->site, item->outputs, &error);
  if (error)
    fail_later (item, error);
  else
    deliver (item, NULL, body);
}

static void
look_on (Item *item)
{
  switch (item->request->type) {
  case REQUEST_PLATFORM:
    look_at_platform (item);
    break;
  case REQUEST_TCP:
    look_at_tcp (item);
    break;
  case REQUEST_COMMAND:
    look_at_command (item);
    break;
  case REQUEST_HTTP:
    look_at_http (item);
    break;
  case REQUEST_QUEUES:
  case REQUEST_REDIS:
    look_at_redis (item);
    break;
  }
}

static void
look_begin (Item *item)
{
  item->began = process_now ();
  item->under_way = TRUE;
  look_on (item);
}

/* ---- when ----------------------------------------------------------------- */

/* Boot time at which `item` is to be looked at again. A look that began too early to
 * count is no look. */
static gint64
due (const Item *item)
{
  const Looker *looker = item->looker;
  if (item->began.boot_us == 0 || item->began.boot_us < looker->fresh_after_us)
    return 0;
  gint64 rest_us = item->request->interval_us / MAX (looker->speed, 1);
  return item->ended_us + MAX (MAX (rest_us, REST_US_MIN), back_off_us (item));
}

static gboolean
on_due (void *data)
{
  Looker *looker = data;
  GHashTableIter iter;
  void *value;
  gint64 now_us = process_now ().boot_us;
  g_autoptr (GPtrArray) ready = g_ptr_array_new ();
  looker->timer = 0;
  g_hash_table_iter_init (&iter, looker->items);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Item *item = value;
    if (item->wanted && !item->under_way && due (item) <= now_us)
      g_ptr_array_add (ready, item);
  }
  for (guint i = 0; i < ready->len; i++)
    look_begin (g_ptr_array_index (ready, i));
  schedule (looker);
  return G_SOURCE_REMOVE;
}

static void
schedule (Looker *looker)
{
  GHashTableIter iter;
  void *value;
  gint64 first_us = G_MAXINT64;
  g_hash_table_iter_init (&iter, looker->items);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Item *item = value;
    if (item->wanted && !item->under_way)
      first_us = MIN (first_us, due (item));
  }
  g_clear_handle_id (&looker->timer, g_source_remove);
  if (first_us == G_MAXINT64)
    return;
  gint64 wait_us = first_us - process_now ().boot_us;
  guint wait_ms = (guint)CLAMP ((wait_us + 999) / 1000, 0, G_MAXINT);
  looker->timer = g_timeout_add (wait_ms, on_due, looker);
}

/* ---- what ----------------------------------------------------------------- */

Looker *
looker_new (const Site *site, const PlatformKind *platform, const Confine *confine,
            gint64 speed, LookerSaw saw, void *data)
{
  Looker *looker = g_new0 (Looker, 1);
  looker->site = site;
  looker->platform = platform;
  looker->confine = confine;
  looker->speed = speed;
  looker->saw = saw;
  looker->data = data;
  looker->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, item_free);
  return looker;
}

void
looker_free (Looker *looker)
{
  if (!looker)
    return;
  g_hash_table_unref (looker->items);
  g_clear_handle_id (&looker->timer, g_source_remove);
  curl_loop_free (looker->curl);
  redis_looks_free (looker->redis);
  g_free (looker);
}

/* Of two that are the same, the more frequent one. */
static void
want (Looker *looker, const Request *request)
{
  Item *item = g_hash_table_lookup (looker->items, request->key);
  if (!item) {
    item = g_new0 (Item, 1);
    item->looker = looker;
    item->outputs = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
    g_hash_table_insert (looker->items, g_strdup (request->key), item);
  }
  if (item->wanted && item->request->interval_us <= request->interval_us)
    return;
  request_free (item->request);
  item->request = request_copy (request);
  item->wanted = TRUE;
}

/* A look that will not do is ended, so that one that does can begin at once. */
static void
drop_useless (Looker *looker)
{
  GHashTableIter iter;
  void *value;
  g_hash_table_iter_init (&iter, looker->items);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Item *item = value;
    if (item->under_way &&
        (!item->wanted || item->began.boot_us < looker->fresh_after_us)) {
      item_stop (item);
      item->began.boot_us = 0;
    }
  }
}

void
looker_watch (Looker *looker, const GPtrArray *requests, gint64 fresh_after_us)
{
  GHashTableIter iter;
  void *value;
  g_hash_table_iter_init (&iter, looker->items);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    ((Item *)value)->wanted = FALSE;
  looker->fresh_after_us = fresh_after_us;
  for (guint i = 0; requests && i < requests->len; i++)
    want (looker, g_ptr_array_index (requests, i));
  drop_useless (looker);
  schedule (looker);
}
