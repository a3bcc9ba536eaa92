#include "core/run/reading.h"

#include <string.h>

/* The key of a look at the platform: a site has one. */
#define PLATFORM "platform"

static Request *
request_new (RequestType type, gint64 interval_us, gint64 limit_us)
{
  Request *request = g_new0 (Request, 1);
  request->type = type;
  request->interval_us = interval_us;
  request->limit_us = limit_us;
  return request;
}

Request *
request_platform (gint64 interval_us)
{
  Request *request = request_new (REQUEST_PLATFORM, interval_us, 0);
  request->key = g_strdup (PLATFORM);
  return request;
}

Request *
request_tcp (const char *host, guint port, gint64 interval_us, gint64 limit_us)
{
  Request *request = request_new (REQUEST_TCP, interval_us, limit_us);
  gboolean colons = strchr (host, ':') != NULL; /* an IPv6 address */
  request->key = g_strdup_printf (colons ? "tcp [%s]:%u" : "tcp %s:%u", host, port);
  request->host = g_strdup (host);
  request->port = port;
  return request;
}

/* Arguments may hold anything, so each is escaped before they are joined: two
 * different command lines never get the same key. */
static char *
command_key (const char *const *argv)
{
  GString *key = g_string_new ("command");
  for (; *argv; argv++) {
    g_autofree char *escaped = g_strescape (*argv, NULL);
    g_string_append_printf (key, " \"%s\"", escaped);
  }
  return g_string_free (key, FALSE);
}

Request *
request_command (const char *const *argv, gint64 interval_us, gint64 limit_us)
{
  Request *request = request_new (REQUEST_COMMAND, interval_us, limit_us);
  request->key = command_key (argv);
  request->argv = g_strdupv ((char **)argv);
  return request;
}

static Request *
request_of_section (RequestType type, const char *what, const char *section,
                    gint64 interval_us, gint64 limit_us)
{
  Request *request = request_new (type, interval_us, limit_us);
  request->key = g_strdup_printf ("%s %s", what, section);
  request->section = g_strdup (section);
  return request;
}

#define QUEUES "queues"

Request *
request_queues (const char *section, gint64 interval_us, gint64 limit_us)
{
  return request_of_section (REQUEST_QUEUES, QUEUES, section, interval_us, limit_us);
}

Request *
request_redis (const char *section, gint64 interval_us, gint64 limit_us)
{
  return request_of_section (REQUEST_REDIS, "server", section, interval_us, limit_us);
}

/* No URL holds a space, so what comes after one is the file. */
Request *
request_http (const char *url, const char *ca_file, gint64 interval_us, gint64 limit_us)
{
  Request *request = request_new (REQUEST_HTTP, interval_us, limit_us);
  request->key =
      g_strdup_printf ("http %s%s%s", url, ca_file ? " " : "", ca_file ? ca_file : "");
  request->url = g_strdup (url);
  request->ca_file = g_strdup (ca_file);
  return request;
}

Request *
request_copy (const Request *request)
{
  Request *copy = g_new (Request, 1);
  *copy = *request;
  copy->key = g_strdup (request->key);
  copy->host = g_strdup (request->host);
  copy->argv = g_strdupv (request->argv);
  copy->section = g_strdup (request->section);
  copy->url = g_strdup (request->url);
  copy->ca_file = g_strdup (request->ca_file);
  return copy;
}

void
request_free (Request *request)
{
  if (!request)
    return;
  g_free (request->key);
  g_free (request->host);
  g_strfreev (request->argv);
  g_free (request->section);
  g_free (request->url);
  g_free (request->ca_file);
  g_free (request);
}

Reading *
reading_new (const char *key, Moment began, Moment ended, const char *error, json_t *body)
{
  Reading *reading = g_new0 (Reading, 1);
  reading->key = g_strdup (key);
  reading->began = began;
  reading->ended = ended;
  reading->error = g_strdup (error);
  reading->body = body;
  return reading;
}

void
reading_free (Reading *reading)
{
  if (!reading)
    return;
  g_free (reading->key);
  g_free (reading->error);
  json_decref (reading->body);
  g_free (reading);
}

static json_t *
moment_to_json (Moment moment)
{
  return json_pack ("{s:I, s:I}", "wall_us", (json_int_t)moment.wall_us, "boot_us",
                    (json_int_t)moment.boot_us);
}

static gboolean
moment_from_json (const json_t *json, Moment *moment)
{
  const json_t *wall = json_object_get (json, "wall_us");
  const json_t *boot = json_object_get (json, "boot_us");
  if (!json_is_integer (wall) || !json_is_integer (boot))
    return FALSE;
  moment->wall_us = json_integer_value (wall);
  moment->boot_us = json_integer_value (boot);
  return TRUE;
}

gboolean
reading_is_of_platform (const Reading *reading)
{
  return strcmp (reading->key, PLATFORM) == 0;
}

const char *
reading_queues_section (const Reading *reading)
{
  return g_str_has_prefix (reading->key, QUEUES " ") ? reading->key + strlen (QUEUES " ")
                                                     : NULL;
}

json_t *
reading_to_json (const Reading *reading)
{
  json_t *json = json_object ();
  json_object_set_new (json, "key", json_string (reading->key));
  json_object_set_new (json, "began", moment_to_json (reading->began));
  json_object_set_new (json, "ended", moment_to_json (reading->ended));
  if (reading->error)
    json_object_set_new (json, "error", json_string (reading->error));
  if (reading->body)
    json_object_set (json, "body", reading->body);
  return json;
}

Reading *
reading_from_json (const json_t *json)
{
  const char *key = json_string_value (json_object_get (json, "key"));
  const json_t *error = json_object_get (json, "error");
  json_t *body = json_object_get (json, "body");
  Moment began, ended;
  gboolean failed = json_is_string (error);
  if (!key || (error && !failed) || failed == (body != NULL) ||
      !moment_from_json (json_object_get (json, "began"), &began) ||
      !moment_from_json (json_object_get (json, "ended"), &ended))
    return NULL;
  return reading_new (key, began, ended, json_string_value (error), json_incref (body));
}

/* ---- evidence ------------------------------------------------------------- */

typedef struct {
  char *key, *name;
  const EvidenceFold *fold;
  gint64 since_us;
  void *memory;
} Fold;

struct Evidence {
  GHashTable *by_key; /* key → GQueue of Reading *, the oldest at the head */
  GQueue *folds;      /* of Fold *, the one asked for last at the head */
};

static void
readings_free (void *data)
{
  g_queue_free_full (data, (GDestroyNotify)reading_free);
}

static void
fold_free (void *data)
{
  Fold *fold = data;
  fold->fold->finish (fold->memory);
  g_free (fold->key);
  g_free (fold->name);
  g_free (fold);
}

Evidence *
evidence_new (void)
{
  Evidence *evidence = g_new0 (Evidence, 1);
  evidence->by_key =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, readings_free);
  evidence->folds = g_queue_new ();
  return evidence;
}

void
evidence_free (Evidence *evidence)
{
  if (!evidence)
    return;
  g_queue_free_full (evidence->folds, fold_free);
  g_hash_table_unref (evidence->by_key);
  g_free (evidence);
}

static void
fold_take (Fold *fold, const Reading *reading)
{
  if (strcmp (fold->key, reading->key) == 0 && reading->began.boot_us >= fold->since_us)
    fold->fold->take (fold->memory, reading);
}

void
evidence_add (Evidence *evidence, Reading *reading)
{
  GQueue *readings = g_hash_table_lookup (evidence->by_key, reading->key);
  if (!readings) {
    readings = g_queue_new ();
    g_hash_table_insert (evidence->by_key, g_strdup (reading->key), readings);
  }
  g_queue_push_tail (readings, reading);
  for (GList *link = evidence->folds->head; link; link = link->next)
    fold_take (link->data, reading);
  if (readings->length > EVIDENCE_KEPT)
    reading_free (g_queue_pop_head (readings));
}

/* The one of that key, name and kind at the head of the list; or NULL. */
static Fold *
fold_find (const Evidence *evidence, const char *key, const char *name,
           const EvidenceFold *kind)
{
  for (GList *link = evidence->folds->head; link; link = link->next) {
    Fold *fold = link->data;
    if (fold->fold != kind || strcmp (fold->key, key) != 0 ||
        strcmp (fold->name, name) != 0)
      continue;
    g_queue_unlink (evidence->folds, link);
    g_queue_push_head_link (evidence->folds, link);
    return fold;
  }
  return NULL;
}

void *
evidence_fold (const Evidence *evidence, const char *key, const char *name,
               const EvidenceFold *kind, const void *settings, gint64 since_us)
{
  Fold *fold = fold_find (evidence, key, name, kind);
  if (fold && fold->since_us == since_us)
    return fold->memory;
  if (fold)
    fold_free (g_queue_pop_head (evidence->folds));
  fold = g_new0 (Fold, 1);
  fold->key = g_strdup (key);
  fold->name = g_strdup (name);
  fold->fold = kind;
  fold->since_us = since_us;
  fold->memory = kind->begin (settings);
  g_queue_push_head (evidence->folds, fold);
  if (evidence->folds->length > EVIDENCE_FOLDS_MAX)
    fold_free (g_queue_pop_tail (evidence->folds));
  GQueue *readings = g_hash_table_lookup (evidence->by_key, key);
  for (const GList *link = readings ? readings->head : NULL; link; link = link->next)
    fold_take (fold, link->data);
  return fold->memory;
}

const Reading *
evidence_latest (const Evidence *evidence, const char *key)
{
  GQueue *readings = g_hash_table_lookup (evidence->by_key, key);
  return readings ? g_queue_peek_tail (readings) : NULL;
}

static void
add_so_far (GPtrArray *so_far, const GQueue *readings)
{
  const Reading *last = readings->tail->data;
  const GList *from = readings->tail;
  while (from->prev &&
         (reading_queues_section (last) || ((const Reading *)from->data)->error != NULL))
    from = from->prev;
  for (; from; from = from->next) {
    const Reading *reading = from->data;
    if (reading_queues_section (last) || !reading->error || reading == last)
      g_ptr_array_add (so_far, (gpointer)reading);
  }
}

static gint
by_end (gconstpointer a, gconstpointer b)
{
  const Reading *first = *(const Reading *const *)a;
  const Reading *second = *(const Reading *const *)b;
  gint64 apart = first->ended.boot_us - second->ended.boot_us;
  return apart < 0 ? -1 : apart > 0 ? 1 : strcmp (first->key, second->key);
}

GPtrArray *
evidence_so_far (const Evidence *evidence)
{
  GPtrArray *so_far = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer readings;
  g_hash_table_iter_init (&iter, evidence->by_key);
  while (g_hash_table_iter_next (&iter, NULL, &readings))
    add_so_far (so_far, readings);
  g_ptr_array_sort (so_far, by_end);
  return so_far;
}

const Reading *
evidence_first_since (const Evidence *evidence, const char *key, gint64 boot_us)
{
  GQueue *readings = g_hash_table_lookup (evidence->by_key, key);
  for (const GList *link = readings ? readings->head : NULL; link; link = link->next) {
    const Reading *reading = link->data;
    if (!reading->error && reading->began.boot_us >= boot_us)
      return reading;
  }
  return NULL;
}
