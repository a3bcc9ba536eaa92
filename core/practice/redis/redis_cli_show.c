#include "core/practice/redis/redis_cli_show.h"

#include <string.h>

void
redis_cli_show_raw (const RespReply *reply, GString *out)
{
  switch (reply->kind) {
  case RESP_ERROR:
    g_string_append_printf (out, "%s\n", reply->text->str);
    break;
  case RESP_STATUS:
  case RESP_TEXT:
    g_string_append_len (out, reply->text->str, (gssize)reply->text->len);
    break;
  case RESP_INTEGER:
    g_string_append_printf (out, "%" G_GINT64_FORMAT, reply->number);
    break;
  case RESP_NIL:
    break;
  case RESP_LIST:
    for (guint i = 0; i < reply->items->len; i++) {
      if (i > 0)
        g_string_append_c (out, '\n');
      redis_cli_show_raw (reply->items->pdata[i], out);
    }
    break;
  }
}

/* In double quotes, so that it could be typed again. */
static void
add_quoted (const GString *text, GString *out)
{
  static const char meant[] = "\\\"\n\r\t\a\b", letters[] = "\\\"nrtab";
  g_string_append_c (out, '"');
  for (gsize i = 0; i < text->len; i++) {
    char c = text->str[i];
    const char *found = c ? strchr (meant, c) : NULL;
    if (found)
      g_string_append_printf (out, "\\%c", letters[found - meant]);
    else if (g_ascii_isprint (c))
      g_string_append_c (out, c);
    else
      g_string_append_printf (out, "\\x%02x", (guint)(guchar)c);
  }
  g_string_append_c (out, '"');
}

static void add_formatted (const RespReply *reply, gsize indent, GString *out);

/* " 9) " as wide as "10) "; what is in a list stands behind its number. */
static void
add_items (const RespReply *reply, gsize indent, GString *out)
{
  g_autofree char *last = g_strdup_printf ("%u", reply->items->len);
  int width = (int)strlen (last);
  if (reply->items->len == 0)
    g_string_append (out, "(empty array)\n");
  for (guint i = 0; i < reply->items->len; i++) {
    g_string_append_printf (out, "%*s%*u) ", i > 0 ? (int)indent : 0, "", width, i + 1);
    add_formatted (reply->items->pdata[i], indent + (gsize)width + 2, out);
  }
}

static void
add_formatted (const RespReply *reply, gsize indent, GString *out)
{
  switch (reply->kind) {
  case RESP_ERROR:
    g_string_append_printf (out, "(error) %s\n", reply->text->str);
    break;
  case RESP_STATUS:
    g_string_append_printf (out, "%s\n", reply->text->str);
    break;
  case RESP_TEXT:
    add_quoted (reply->text, out);
    g_string_append_c (out, '\n');
    break;
  case RESP_INTEGER:
    g_string_append_printf (out, "(integer) %" G_GINT64_FORMAT "\n", reply->number);
    break;
  case RESP_NIL:
    g_string_append (out, "(nil)\n");
    break;
  case RESP_LIST:
    add_items (reply, indent, out);
    break;
  }
}

void
redis_cli_show_formatted (const RespReply *reply, GString *out)
{
  add_formatted (reply, 0, out);
}
