#include "core/practice/redis/resp_write.h"

#include <stdarg.h>
#include <string.h>

void
resp_write_status (GString *out, const char *text)
{
  g_string_append_printf (out, "+%s\r\n", text);
}

void
resp_write_error (GString *out, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_string_append_printf (out, "-%s\r\n", g_strdelimit (text, "\r\n", ' '));
}

void
resp_write_integer (GString *out, gint64 number)
{
  g_string_append_printf (out, ":%" G_GINT64_FORMAT "\r\n", number);
}

void
resp_write_text (GString *out, const char *text, gssize length)
{
  gsize bytes = length < 0 ? strlen (text) : (gsize)length;
  g_string_append_printf (out, "$%" G_GSIZE_FORMAT "\r\n", bytes);
  g_string_append_len (out, text, (gssize)bytes);
  g_string_append (out, "\r\n");
}

void
resp_write_nil (GString *out)
{
  g_string_append (out, "$-1\r\n");
}

void
resp_write_list (GString *out, gsize count)
{
  g_string_append_printf (out, "*%" G_GSIZE_FORMAT "\r\n", count);
}
