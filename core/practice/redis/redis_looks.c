/* More ways to look at what is in a key: those that people take at a prompt. */
#include "core/practice/redis/redis_inside.h"

#include <string.h>

#include "core/practice/redis/resp_write.h"

/* ---- SSCAN, HSCAN, ZSCAN ------------------------------------------------------------- */

/* What is found so far, as it is answered. */
typedef struct {
  const char *pattern;
  GString *parts;
  gsize count;
} Found;

static void
add (Found *found, const char *name, const json_t *value)
{
  if (found->pattern && !redis_match (found->pattern, name, FALSE))
    return;
  resp_write_text (found->parts, name, -1);
  found->count++;
  if (!value)
    return;
  found->count++;
  if (json_is_number (value))
    redis_value_score (json_number_value (value), found->parts);
  else
    redis_value_answer (value, found->parts);
}

/* A set's members; fields or members, each with its value or score. */
static void
add_all (Found *found, json_t *all)
{
  const char *name;
  json_t *value;
  for (gsize i = 0; i < json_array_size (all); i++)
    add (found, json_string_value (json_array_get (all, i)), NULL);
  json_object_foreach (all, name, value)
  {
    add (found, name, value);
  }
}

/* Everything at once, as of a key that is small; the options of one that is not there do not
 * matter. */
static void
answer_scan_of (RedisClient *client, const GPtrArray *words, const char *type,
                GString *out)
{
  const GString *key = redis_word (words, 1);
  RedisScan scan = { 0 };
  gint64 cursor;
  if (!redis_scan_cursor (redis_word (words, 2), &cursor, out) ||
      !redis_value_may_be (client, key, type, out))
    return;
  json_t *all = redis_value_of (client, key);
  if (!all || redis_scan_options (words, 3, FALSE, &scan, out)) {
    Found found = { scan.pattern, g_string_new (NULL), 0 };
    add_all (&found, all);
    resp_write_list (out, 2);
    resp_write_text (out, "0", -1);
    resp_write_list (out, found.count);
    g_string_append_len (out, found.parts->str, (gssize)found.parts->len);
    g_string_free (found.parts, TRUE);
  }
  json_decref (all);
}

static void
answer_sscan (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_scan_of (client, words, "set", out);
}

static void
answer_hscan (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_scan_of (client, words, "hash", out);
}

static void
answer_zscan (RedisClient *client, const GPtrArray *words, GString *out)
{
  answer_scan_of (client, words, "zset", out);
}

/* ---- one by one ------------------------------------------------------------------------- */

static void
answer_hexists (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1), *field = redis_word (words, 2);
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  resp_write_integer (out, json_object_getn (hash, field->str, field->len) != NULL);
  json_decref (hash);
}

static void
answer_hkeys (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  const char *field;
  json_t *value;
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  resp_write_list (out, json_object_size (hash));
  json_object_foreach (hash, field, value)
  {
    resp_write_text (out, field, -1);
  }
  json_decref (hash);
}

static void
answer_hvals (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  const char *field;
  json_t *value;
  if (!redis_value_may_be (client, key, "hash", out))
    return;
  json_t *hash = redis_value_of (client, key);
  resp_write_list (out, json_object_size (hash));
  json_object_foreach (hash, field, value)
  {
    redis_value_answer (value, out);
  }
  json_decref (hash);
}

static void
answer_zscore (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1), *member = redis_word (words, 2);
  if (!redis_value_may_be (client, key, "zset", out))
    return;
  json_t *sorted = redis_value_of (client, key);
  const json_t *score = json_object_getn (sorted, member->str, member->len);
  if (score)
    redis_value_score (json_number_value (score), out);
  else
    resp_write_nil (out);
  json_decref (sorted);
}

/* Of what is no string it has nothing, without a word. */
static void
answer_mget (RedisClient *client, const GPtrArray *words, GString *out)
{
  resp_write_list (out, words->len - 1);
  for (guint i = 1; i < words->len; i++) {
    const GString *key = redis_word (words, i);
    gboolean text = strcmp (redis_database_type (client, key), "string") == 0;
    json_t *value = text ? redis_value_of (client, key) : NULL;
    redis_value_answer (value, out);
    json_decref (value);
  }
}

static void
answer_strlen (RedisClient *client, const GPtrArray *words, GString *out)
{
  const GString *key = redis_word (words, 1);
  if (!redis_value_may_be (client, key, "string", out))
    return;
  json_t *value = redis_value_of (client, key);
  resp_write_integer (out, (gint64)json_string_length (value));
  json_decref (value);
}

/* A Redis of Debian's settings does not let anybody. */
static void
answer_debug (RedisClient *client, const GPtrArray *words, GString *out)
{
  (void)client, (void)words;
  resp_write_error (
      out, "ERR DEBUG command not allowed. If the enable-debug-command option is set to "
           "\"local\", you can run it from a local connection, otherwise you need to set "
           "this option in the configuration file, and then restart the server.");
}

const RedisCommand redis_look_commands[] = {
  { "debug", 2, 0, answer_debug },
  { "hexists", 3, 3, answer_hexists },
  { "hkeys", 2, 2, answer_hkeys },
  { "hscan", 3, 0, answer_hscan },
  { "hvals", 2, 2, answer_hvals },
  { "mget", 2, 0, answer_mget },
  { "sscan", 3, 0, answer_sscan },
  { "strlen", 2, 2, answer_strlen },
  { "zscan", 3, 0, answer_zscan },
  { "zscore", 3, 3, answer_zscore },
  { 0 },
};
