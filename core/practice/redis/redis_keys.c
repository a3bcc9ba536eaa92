/* Commands about keys, whatever is in them. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp_write.h"

#define SIGNALS_SUFFIX "-signals"

/* Redis' own: a time in ms that is added to the wall clock's must fit. */
#define EXPIRE_S_MAX (G_MAXINT64 / 1000 / 2)
#define EXPIRE_US_MAX (G_MAXINT64 / 4)

static void
answer_list (const GPtrArray *names, GString *out)
{
  resp_write_list (out, names->len);
  for (guint i = 0; i < names->len; i++)
    resp_write_text (out, names->pdata[i], -1);
}

/* Those like the pattern and of the type; NULL is any. The names are borrowed. */
static GPtrArray *
choose (const RedisClient *client, GStrv names, const char *pattern, const char *type)
{
  GPtrArray *chosen = g_ptr_array_new ();
  for (char **name = names; *name; name++) {
    const char *is = world_key_type (client->redis->world, *name);
    if ((!pattern || redis_match (pattern, *name, FALSE)) &&
        (!type || g_ascii_strcasecmp (type, is) == 0))
      g_ptr_array_add (chosen, *name);
  }
  return chosen;
}

static void
answer_keys (RedisClient *client, const GPtrArray *words, GString *out)
{
  g_auto (GStrv) names = redis_database_keys (client);
  g_autoptr (GPtrArray) chosen = choose (client, names, redis_word (words, 1)->str, NULL);
  answer_list (chosen, out);
}

gboolean
redis_scan_cursor (const GString *word, gint64 *cursor, GString *out)
{
  if (redis_words_integer (word->str, word->len, cursor))
    return TRUE;
  resp_write_error (out, "ERR invalid cursor");
  return FALSE;
}

/* Of COUNT only whether it is written well: what it asks for is a hint. */
static gboolean
read_scan_option (const GPtrArray *words, guint i, gboolean typed, RedisScan *scan,
                  GString *out)
{
  const GString *value = i + 1 < words->len ? redis_word (words, i + 1) : NULL;
  gint64 count;
  if (value && redis_word_is (words, i, "MATCH"))
    scan->pattern = value->str;
  else if (value && typed && redis_word_is (words, i, "TYPE"))
    scan->type = value->str;
  else if (value && redis_word_is (words, i, "COUNT")) {
    if (!redis_read_integer (value, &count, out))
      return FALSE;
    value = count < 1 ? NULL : value;
  } else
    value = NULL;
  if (!value)
    resp_write_error (out, "ERR syntax error");
  return value != NULL;
}

gboolean
redis_scan_options (const GPtrArray *words, guint from, gboolean typed, RedisScan *scan,
                    GString *out)
{
  *scan = (RedisScan){ 0 };
  for (guint i = from; i < words->len; i += 2)
    if (!read_scan_option (words, i, typed, scan, out))
      return FALSE;
  return TRUE;
}

/* Everything at once, so that the next cursor is always 0. */
static void
answer_scan (RedisClient *client, const GPtrArray *words, GString *out)
{
  RedisScan scan;
  gint64 cursor;
  if (!redis_scan_cursor (redis_word (words, 1), &cursor, out) ||
      !redis_scan_options (words, 2, TRUE, &scan, out))
    return;
  g_auto (GStrv) names = cursor == 0 ? redis_database_keys (client) : g_new0 (char *, 1);
  g_autoptr (GPtrArray) chosen = choose (client, names, scan.pattern, scan.type);
  resp_write_list (out, 2);
  resp_write_text (out, "0", -1);
  answer_list (chosen, out);
}

static void
answer_type (RedisClient *client, const GPtrArray *words, GString *out)
{
  resp_write_status (out, redis_database_type (client, redis_word (words, 1)));
}

static gboolean
is_there (const RedisClient *client, const GString *key)
{
  return strcmp (redis_database_type (client, key), "none") != 0;
}

static void
answer_exists (RedisClient *client, const GPtrArray *words, GString *out)
{
  gint64 count = 0;
  for (guint i = 1; i < words->len; i++)
    count += is_there (client, redis_word (words, i));
  resp_write_integer (out, count);
}

static void
answer_dbsize (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)words;
  g_auto (GStrv) names = redis_database_keys (client);
  resp_write_integer (out, g_strv_length (names));
}

/* -2: there is no such key; -1: it stays. */
static gint64
ttl_ms_of (const RedisClient *client, const GString *key)
{
  if (!is_there (client, key))
    return -2;
  gint64 at_us = world_key_expires_us (client->redis->world, key->str);
  return at_us < 0 ? -1 : MAX (at_us - world_now_us (client->redis->world), 0) / 1000;
}

static void
answer_ttl (RedisClient *client, const GPtrArray *words, GString *out)
{
  gint64 ms = ttl_ms_of (client, redis_word (words, 1));
  resp_write_integer (out, ms < 0 ? ms : (ms + 500) / 1000);
}

static void
answer_pttl (RedisClient *client, const GPtrArray *words, GString *out)
{
  resp_write_integer (out, ttl_ms_of (client, redis_word (words, 1)));
}

static gboolean
are_expire_options (const GPtrArray *words, GString *out)
{
  static const char *const options[] = { "NX", "XX", "GT", "LT" };
  for (guint i = 3; i < words->len; i++) {
    gboolean known = FALSE;
    for (guint k = 0; k < G_N_ELEMENTS (options); k++)
      known = known || redis_word_is (words, i, options[k]);
    if (!known) {
      resp_write_error (out, "ERR Unsupported option %s", redis_word (words, i)->str);
      return FALSE;
    }
  }
  if (words->len > 3)
    resp_write_error (out, "ERR " REDIS_NOT_HERE "does not know the options of EXPIRE");
  return words->len == 3;
}

static void
answer_expire (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  gint64 seconds;
  if (!are_expire_options (words, out) ||
      !redis_read_integer (redis_word (words, 2), &seconds, out))
    return;
  if (ABS (seconds / 2) > EXPIRE_S_MAX / 2) {
    resp_write_error (out, "ERR invalid expire time in 'expire' command");
    return;
  }
  if (!is_there (client, key)) {
    resp_write_integer (out, 0);
    return;
  }
  if (!g_str_has_suffix (key->str, SIGNALS_SUFFIX)) {
    resp_write_error (out, "ERR " REDIS_NOT_HERE "lets only PROCESS-signals expire, the "
                           "lists of signals for workers");
    return;
  }
  g_autofree char *process = g_strndup (key->str, key->len - strlen (SIGNALS_SUFFIX));
  gint64 after_us = MIN (seconds, EXPIRE_US_MAX / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  resp_write_integer (
      out, world_signal_expire (client->redis->world, process, MAX (after_us, 0)));
}

const RedisCommand redis_key_commands[] = {
  { "dbsize", 1, 1, answer_dbsize },
  { "exists", 2, 0, answer_exists },
  { "expire", 3, 0, answer_expire },
  { "keys", 2, 2, answer_keys },
  { "pttl", 2, 2, answer_pttl },
  { "scan", 2, 0, answer_scan },
  { "ttl", 2, 2, answer_ttl },
  { "type", 2, 2, answer_type },
  { 0 },
};
