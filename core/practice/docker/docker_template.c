/* docker_template.c: as much of --format as people use: a template with members in it. */
#include "core/practice/docker/docker_command.h"

#include <string.h>

/* ".A.B" of the object; "." is all of it. NULL if there is no such member. */
static const json_t *
member_of (const json_t *object, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path + 1, ".", -1);
  for (char **name = names; *name && object; name++)
    if (**name)
      object = json_object_get (object, *name);
  return object;
}

/* As Go's templates print a value; only plain ones. */
static char *
plain (const json_t *value)
{
  if (json_is_string (value))
    return g_strdup (json_string_value (value));
  if (json_is_integer (value))
    return g_strdup_printf ("%" JSON_INTEGER_FORMAT, json_integer_value (value));
  if (json_is_boolean (value))
    return g_strdup (json_is_true (value) ? "true" : "false");
  return json_is_null (value) ? g_strdup ("<no value>") : NULL;
}

static char *
label (const json_t *labels, const char *action)
{
  g_auto (GStrv) parts = g_strsplit (action, "\"", 3);
  if (!labels || g_strv_length (parts) != 3)
    return NULL;
  const char *text = json_string_value (json_object_get (labels, parts[1]));
  return g_strdup (text ? text : "");
}

/* What stands between {{ and }}. */
static char *
act (const char *action, const json_t *object, const json_t *labels)
{
  if (g_str_has_prefix (action, "json .")) {
    const json_t *member = member_of (object, action + strlen ("json "));
    char *text = member ? json_dumps (member, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *copy = g_strdup (text);
    free (text);
    return copy;
  }
  if (g_str_has_prefix (action, ".Label "))
    return label (labels, action);
  gboolean simple = *action == '.' && !strpbrk (action, " |()\"'");
  return simple ? plain (member_of (object, action)) : NULL;
}

char *
docker_template_render (const char *text, const json_t *object, const json_t *labels,
                        char **problem)
{
  GString *out = g_string_new (NULL);
  const char *open;
  while ((open = strstr (text, "{{"))) {
    const char *close = strstr (open, "}}");
    g_autofree char *action =
        close ? g_strndup (open + 2, (gsize)(close - open - 2)) : NULL;
    g_autofree char *value = action ? act (g_strstrip (action), object, labels) : NULL;
    if (!value) {
      *problem = g_strdup (open);
      g_string_free (out, TRUE);
      return NULL;
    }
    g_string_append_len (out, text, open - text);
    g_string_append (out, value);
    text = close + 2;
  }
  g_string_append (out, text);
  return g_string_free (out, FALSE);
}
