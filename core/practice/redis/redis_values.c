/* Commands about what is in a key; and LPUSH, which gives a worker a signal. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/resp_write.h"

#define SIGNALS_SUFFIX "-signals"

/* TSTP, TERM, TTIN: longer ones are no signals. */
#define SIGNAL_CHARACTERS_MAX 8

gboolean
redis_value_may_be (const RedisClient *client, const GString *key, const char *type,
                    GString *out)
{
  const char *is = redis_database_type (client, key);
  if (strcmp (is, type) == 0 || strcmp (is, "none") == 0)
    return TRUE;
  resp_write_error (out,
                    "WRONGTYPE Operation against a key holding the wrong kind of value");
  return FALSE;
}

json_t *
redis_value_of (const RedisClient *client, const GString *key)
{
  return strcmp (redis_database_type (client, key), "none") == 0
             ? NULL
             : world_key (client->redis->world, key->str);
}

static guint
length_of (const RedisClient *client, const GString *key)
{
  return strcmp (redis_database_type (client, key), "none") == 0
             ? 0
             : world_key_length (client->redis->world, key->str);
}

void
redis_value_answer (const json_t *json, GString *out)
{
  if (json)
    resp_write_text (out, json_string_value (json), (gssize)json_string_length (json));
  else
    resp_write_nil (out);
}

void
redis_value_score (double score, GString *out)
{
  g_autofree char *text = g_strdup_printf ("%.17g", score);
  resp_write_text (out, text, -1);
}

static void
answer_length (const RedisClient *client, const GPtrArray *words, const char *type,
               GString *out)
{
  const GString *key = redis_word (words, 1);
  if (redis_value_may_be (client, key, type, out))
    resp_write_integer (out, length_of (client, key));
}

/* ---- strings and sets --------------------------------------------------------------- */

static void
answer_get (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  if (!redis_value_may_be (client, key, "string", out))
    return;
  json_t *value = redis_value_of (client, key);
  redis_value_answer (value, out);
  json_decref (value);
}

static void
answer_scard (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_length (client, words, "set", out);
}

static void
answer_smembers (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  if (!redis_value_may_be (client, key, "set", out))
    return;
  json_t *members = redis_value_of (client, key);
  resp_write_list (out, json_array_size (members));
  for (gsize i = 0; i < json_array_size (members); i++)
    redis_value_answer (json_array_get (members, i), out);
  json_decref (members);
}

static void
answer_sismember (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1), *member = redis_word (words, 2);
  if (!redis_value_may_be (client, key, "set", out))
    return;
  json_t *members = redis_value_of (client, key);
  gboolean is = FALSE;
  for (gsize i = 0; i < json_array_size (members) && !is; i++) {
    const json_t *one = json_array_get (members, i);
    is = json_string_length (one) == member->len &&
         memcmp (json_string_value (one), member->str, member->len) == 0;
  }
  json_decref (members);
  resp_write_integer (out, is);
}

/* ---- lists ---------------------------------------------------------------------------- */

static void
answer_llen (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_length (client, words, "list", out);
}

static void
answer_at (const RedisClient *client, const GString *key, gint64 index, GString *out)
{
  json_t *value = world_list_at (client->redis->world, key->str, index);
  redis_value_answer (value, out);
  json_decref (value);
}

static void
answer_lindex (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  gint64 index;
  if (!redis_value_may_be (client, key, "list", out))
    return;
  if (length_of (client, key) == 0)
    resp_write_nil (out);
  else if (redis_read_integer (redis_word (words, 2), &index, out))
    answer_at (client, key, index, out);
}

typedef struct {
  gint64 first, count;
} Range;

/* From the first to the last, both of which may count from the end, of so many. */
static Range
range_of (gint64 first, gint64 last, gint64 length)
{
  first = MAX (first < 0 ? length + first : first, 0);
  last = MIN (last < 0 ? length + last : last, length - 1);
  return (Range){ first, first > last ? 0 : last - first + 1 };
}

static gboolean
read_range (const GPtrArray *words, gint64 *first, gint64 *last, GString *out)
{
  return redis_read_integer (redis_word (words, 2), first, out) &&
         redis_read_integer (redis_word (words, 3), last, out);
}

static void
answer_lrange (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  gint64 first, last;
  if (!read_range (words, &first, &last, out) ||
      !redis_value_may_be (client, key, "list", out))
    return;
  Range range = range_of (first, last, length_of (client, key));
  resp_write_list (out, (gsize)range.count);
  for (gint64 i = 0; i < range.count; i++)
    answer_at (client, key, range.first + i, out);
}

static gboolean
is_signal (const GString *word)
{
  return word->len > 0 && word->len <= SIGNAL_CHARACTERS_MAX &&
         strspn (word->str, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == word->len;
}

static gboolean
are_signals (const RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  gboolean good = client->database == client->redis->database &&
                  g_utf8_validate (key->str, (gssize)key->len, NULL) &&
                  g_str_has_suffix (key->str, SIGNALS_SUFFIX);
  for (guint i = 2; i < words->len; i++)
    good = good && is_signal (redis_word (words, i));
  if (!good)
    resp_write_error (out,
                      "ERR " REDIS_NOT_HERE "takes nothing but signals for workers: "
                      "LPUSH PROCESS-signals TSTP, in database %u",
                      client->redis->database);
  return good;
}

static void
answer_lpush (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  guint length = 0;
  if (!redis_value_may_be (client, key, "list", out) || !are_signals (client, words, out))
    return;
  g_autofree char *process = g_strndup (key->str, key->len - strlen (SIGNALS_SUFFIX));
  for (guint i = 2; i < words->len; i++)
    length = world_signal (client->redis->world, process, redis_word (words, i)->str);
  if (length > 0)
    resp_write_integer (out, length);
  else
    resp_write_error (out, "ERR " REDIS_NOT_HERE "keeps signals for no more workers than "
                           "it has now");
}

/* ---- hashes ----------------------------------------------------------------------------- */

static const json_t *
field_of (const json_t *hash, const GString *field)
{
  return json_object_getn (hash, field->str, field->len);
}

static void
answer_hget (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  redis_value_answer (field_of (hash, redis_word (words, 2)), out);
  json_decref (hash);
}

static void
answer_hmget (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  resp_write_list (out, words->len - 2);
  for (guint i = 2; i < words->len; i++)
    redis_value_answer (field_of (hash, redis_word (words, i)), out);
  json_decref (hash);
}

static void
answer_hgetall (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  const char *field;
  json_t *value;
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  resp_write_list (out, 2 * json_object_size (hash));
  json_object_foreach (hash, field, value)
  {
    resp_write_text (out, field, -1);
    redis_value_answer (value, out);
  }
  json_decref (hash);
}

static void
answer_hlen (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_length (client, words, "hash", out);
}

/* ---- sorted sets ------------------------------------------------------------------------ */

static void
answer_zcard (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_length (client, words, "zset", out);
}

typedef struct {
  const char *member;
  double score;
} Ranked;

static int
compare_ranked (const void *one, const void *other)
{
  const Ranked *a = one, *b = other;
  return a->score < b->score   ? -1
         : a->score > b->score ? 1
                               : strcmp (a->member, b->member);
}

/* The members borrow from it. */
static GArray *
rank (json_t *sorted)
{
  GArray *ranked = g_array_new (FALSE, FALSE, sizeof (Ranked));
  const char *member;
  json_t *score;
  json_object_foreach (sorted, member, score)
  {
    Ranked one = { member, json_number_value (score) };
    g_array_append_val (ranked, one);
  }
  g_array_sort (ranked, compare_ranked);
  return ranked;
}

static gboolean
read_with_scores (const GPtrArray *words, gboolean *scores, GString *out)
{
  static const char *const others[] = { "BYSCORE", "BYLEX", "REV", "LIMIT" };
  *scores = FALSE;
  for (guint i = 4; i < words->len; i++) {
    gboolean known = redis_word_is (words, i, "WITHSCORES");
    *scores = *scores || known;
    for (guint k = 0; k < G_N_ELEMENTS (others); k++)
      if (redis_word_is (words, i, others[k])) {
        resp_write_error (out, "ERR " REDIS_NOT_HERE "does not know ZRANGE with %s",
                          others[k]);
        return FALSE;
      }
    if (!known) {
      resp_write_error (out, "ERR syntax error");
      return FALSE;
    }
  }
  return TRUE;
}

static void
answer_zrange (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  gint64 first, last;
  gboolean scores;
  if (!read_with_scores (words, &scores, out) ||
      !read_range (words, &first, &last, out) ||
      !redis_value_may_be (client, key, "zset", out))
    return;
  json_t *sorted = redis_value_of (client, key);
  g_autoptr (GArray) ranked = rank (sorted);
  Range range = range_of (first, last, ranked->len);
  resp_write_list (out, (gsize)range.count * (scores ? 2 : 1));
  for (gint64 i = 0; i < range.count; i++) {
    const Ranked *one = &g_array_index (ranked, Ranked, range.first + i);
    resp_write_text (out, one->member, -1);
    if (scores)
      redis_value_score (one->score, out);
  }
  json_decref (sorted);
}

const RedisCommand redis_value_commands[] = {
  { "get", 2, 2, answer_get },
  { "hget", 3, 3, answer_hget },
  { "hgetall", 2, 2, answer_hgetall },
  { "hlen", 2, 2, answer_hlen },
  { "hmget", 3, 0, answer_hmget },
  { "lindex", 3, 3, answer_lindex },
  { "llen", 2, 2, answer_llen },
  { "lpush", 3, 0, answer_lpush },
  { "lrange", 4, 4, answer_lrange },
  { "scard", 2, 2, answer_scard },
  { "sismember", 3, 3, answer_sismember },
  { "smembers", 2, 2, answer_smembers },
  { "zcard", 2, 2, answer_zcard },
  { "zrange", 4, 0, answer_zrange },
  { 0 },
};
