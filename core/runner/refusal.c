#include "core/runner/refusal.h"

/* JSON text must be UTF-8; a file's name need not be. */
static json_t *
text_json (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  return json_string (valid);
}

json_t *
refusal_new (int status, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return json_pack ("{s:o, s:i}", "refused", text_json (text), "status", status);
}

void
refusal_add_text (json_t *refusal, const char *member, const char *text)
{
  json_object_set_new (refusal, member, text_json (text));
}

void
refusal_add_list (json_t *refusal, const char *member, const GPtrArray *texts)
{
  json_t *list = json_array ();
  for (guint i = 0; i < texts->len; i++)
    json_array_append_new (list, text_json (g_ptr_array_index (texts, i)));
  json_object_set_new (refusal, member, list);
}
