#include "core/net/redis_set.h"

#include <string.h>

#include "core/base/text.h"

struct RedisSet {
  gsize size;
  GDestroyNotify clear;
  GPtrArray *members; /* RedisMember *, in the order of the last reply */
  GHashTable *known;  /* the same, which it owns */
};

char *
redis_name (const char *bytes, gsize length)
{
  GString *name = g_string_sized_new (length);
  while (length > 0) {
    const char *bad = bytes;
    g_utf8_validate_len (bytes, length, &bad);
    g_string_append_len (name, bytes, bad - bytes);
    length -= (gsize)(bad - bytes);
    bytes = bad;
    if (length > 0) {
      g_string_append_printf (name, "\\x%02X", (guint8)*bytes);
      bytes++;
      length--;
    }
  }
  char *cut = text_cut_middle (name->str, REDIS_NAME_CHARACTERS_MAX);
  g_string_free (name, TRUE);
  return cut;
}

static guint
member_hash (const void *key)
{
  const RedisMember *member = key;
  guint hash = 5381;
  for (gsize i = 0; i < member->length; i++)
    hash = hash * 33 + (guint8)member->bytes[i];
  return hash;
}

static gboolean
member_equal (const void *one, const void *other)
{
  const RedisMember *a = one, *b = other;
  return a->length == b->length && memcmp (a->bytes, b->bytes, a->length) == 0;
}

static void
member_free (RedisSet *set, RedisMember *member)
{
  if (set->clear)
    set->clear (member);
  json_decref (member->name);
  g_free (member->bytes);
  g_free (member);
}

static RedisMember *
member_new (const RedisSet *set, const char *bytes, gsize length)
{
  RedisMember *member = g_malloc0 (set->size);
  g_autofree char *name = redis_name (bytes, length);
  member->bytes = g_malloc (length + 1);
  memcpy (member->bytes, bytes, length);
  member->bytes[length] = '\0';
  member->length = length;
  member->name = json_string_nocheck (name);
  member->is_new = TRUE;
  return member;
}

RedisSet *
redis_set_new (gsize size, GDestroyNotify clear)
{
  RedisSet *set = g_new0 (RedisSet, 1);
  set->size = size;
  set->clear = clear;
  set->members = g_ptr_array_new ();
  set->known = g_hash_table_new (member_hash, member_equal);
  return set;
}

void
redis_set_free (RedisSet *set)
{
  if (!set)
    return;
  for (guint i = 0; i < set->members->len; i++)
    member_free (set, g_ptr_array_index (set->members, i));
  g_ptr_array_unref (set->members);
  g_hash_table_unref (set->known);
  g_free (set);
}

/* Whether the server lists just what it listed last. */
static gboolean
is_same (const RedisSet *set, const RedisReply *list)
{
  guint count = redis_reply_count (list);
  if (count != set->members->len)
    return FALSE;
  for (guint i = 0; i < count; i++) {
    gsize length;
    const char *bytes = redis_reply_text (redis_reply_nth (list, i), &length);
    const RedisMember *member = g_ptr_array_index (set->members, i);
    if (member->length != length || memcmp (member->bytes, bytes, length) != 0)
      return FALSE;
  }
  return TRUE;
}

gboolean
redis_set_update (RedisSet *set, const RedisReply *list)
{
  for (guint i = 0; i < set->members->len; i++)
    ((RedisMember *)g_ptr_array_index (set->members, i))->is_new = FALSE;
  if (is_same (set, list))
    return FALSE;
  GHashTable *before = set->known;
  set->known = g_hash_table_new (member_hash, member_equal);
  g_ptr_array_set_size (set->members, 0);
  for (guint i = 0; i < redis_reply_count (list); i++) {
    const RedisReply *reply = redis_reply_nth (list, i);
    RedisMember wanted = { 0 };
    wanted.bytes = (char *)redis_reply_text (reply, &wanted.length);
    if (redis_reply_type (reply) != REDIS_TEXT ||
        g_hash_table_contains (set->known, &wanted))
      continue;
    RedisMember *member = g_hash_table_lookup (before, &wanted);
    if (member)
      g_hash_table_remove (before, member);
    else
      member = member_new (set, wanted.bytes, wanted.length);
    g_hash_table_add (set->known, member);
    g_ptr_array_add (set->members, member);
  }
  GHashTableIter iter;
  void *gone;
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &gone, NULL))
    member_free (set, gone);
  g_hash_table_unref (before);
  return TRUE;
}

guint
redis_set_size (const RedisSet *set)
{
  return set->members->len;
}

void *
redis_set_at (const RedisSet *set, guint index)
{
  return g_ptr_array_index (set->members, index);
}

void *
redis_set_find (const RedisSet *set, const char *bytes, gsize length)
{
  const RedisMember wanted = { .bytes = (char *)bytes, .length = length };
  return g_hash_table_lookup (set->known, &wanted);
}
