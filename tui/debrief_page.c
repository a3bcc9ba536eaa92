#include "tui/debrief_page.h"

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "tui/lines.h"

void
debrief_page_add (DebriefPage *page, guint indent, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *line = text_printable (text, -1);
  lines_add_fitted (page->out, page->columns, "", indent, line);
}

void
debrief_page_heading (DebriefPage *page, const char *heading)
{
  g_string_append_printf (page->out, "\n%s\n", heading);
}

char *
debrief_page_duration (gint64 us)
{
  gint64 whole_us = us - us % G_USEC_PER_SEC;
  return whole_us > 0 ? quantity_format_duration (whole_us) : g_strdup ("0s");
}

char *
debrief_page_clock (gint64 wall_us)
{
  g_autoptr (GDateTime) at = g_date_time_new_from_unix_local (wall_us / G_USEC_PER_SEC);
  return at ? g_date_time_format (at, "%H:%M:%S") : g_strdup ("?");
}

char *
debrief_page_when (DebriefTime at, const char *step)
{
  g_autofree char *when = debrief_page_duration (at.at_us);
  gboolean named = step && *step;
  return g_strdup_printf ("at %s%s%s", when, named ? ", in " : "", named ? step : "");
}
