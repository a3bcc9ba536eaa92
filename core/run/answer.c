#include "core/run/answer.h"

#include <string.h>

#include "core/base/text.h"

/* A reason deeper than this is no longer one for people. */
#define REASON_DEPTH_MAX 4

json_t *
answer_object (const json_t *body, char **why)
{
  const char *text = json_string_value (json_object_get (body, "text"));
  json_int_t status = json_integer_value (json_object_get (body, "status"));
  json_t *object = text ? json_loads (text, 0, NULL) : NULL;
  if (json_is_object (object))
    return object;
  json_decref (object);
  if (json_is_true (json_object_get (body, "cut")))
    *why = g_strdup_printf ("answers %" JSON_INTEGER_FORMAT " with more than %d KiB, too "
                            "much to be read as JSON",
                            status, READING_HTTP_BYTES_MAX / 1024);
  else
    *why = g_strdup_printf (
        "answers %" JSON_INTEGER_FORMAT " with what is no JSON object", status);
  return NULL;
}

/* The member whose name is all of `path`, else the one that its dots lead to. */
static const json_t *
find (const json_t *object, const char *path)
{
  const json_t *whole = json_object_get (object, path);
  const char *dot = strchr (path, '.');
  if (whole || !dot)
    return whole;
  g_autofree char *first = g_strndup (path, (gsize)(dot - path));
  return find (json_object_get (object, first), dot + 1);
}

static char *
value_text (const json_t *value)
{
  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  char *dumped =
      json_dumps (value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION (15));
  char *text = g_strdup (dumped);
  free (dumped);
  return text;
}

char *
answer_member (const json_t *object, const char *path)
{
  const json_t *value = find (object, path);
  return value ? value_text (value) : NULL;
}

static void
add_reason (GString *words, const char *name, const json_t *value, guint depth)
{
  const char *key;
  json_t *item;
  size_t index;
  gboolean empty = !value || json_is_null (value) || json_is_false (value) ||
                   (json_is_string (value) && json_string_length (value) == 0);
  if (empty || depth > REASON_DEPTH_MAX)
    return;
  if (json_is_object (value)) {
    json_object_foreach ((json_t *)value, key, item)
        add_reason (words, key, item, depth + 1);
    return;
  }
  if (json_is_array (value)) {
    json_array_foreach (value, index, item) add_reason (words, name, item, depth + 1);
    return;
  }
  g_autofree char *text = value_text (value);
  g_string_append_printf (words, "%s%s%s%s", words->len ? ", " : "", name ? name : "",
                          name ? ": " : "", text);
}

char *
answer_reason (const json_t *object, const char *path)
{
  GString *words = g_string_new (NULL);
  add_reason (words, NULL, find (object, path), 0);
  return g_string_free (words, words->len == 0);
}

char *
answer_version (const json_t *body, char **why)
{
  json_t *object = answer_object (body, why);
  if (!object)
    return NULL;
  g_autofree char *text = answer_member (object, "version");
  g_autofree char *version = text ? text_printable (text, -1) : NULL;
  gboolean named =
      version && *version && !json_is_null (json_object_get (object, "version"));
  json_decref (object);
  if (!named)
    *why = g_strdup ("names no version in its answer");
  else if (g_utf8_strlen (version, -1) > ANSWER_VERSION_CHARACTERS_MAX)
    *why = g_strdup_printf ("names a version of more than %d characters",
                            ANSWER_VERSION_CHARACTERS_MAX);
  else
    return g_steal_pointer (&version);
  return NULL;
}
