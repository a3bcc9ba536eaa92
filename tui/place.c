#include "tui/place.h"

#include "core/runbook/runbook.h"

/* What of the platform's settings names the place: words and texts, no paths. */
static void
add_names (GString *words, const Clause *platform)
{
  gboolean first = TRUE;
  for (const Field *field = platform->kind->fields; field && field->name; field++) {
    const char *text =
        *(char *const *)(const void *)((const char *)platform->settings + field->offset);
    gboolean names = field->type == FIELD_WORD || field->flags & FIELD_REQUIRED;
    if (field->type > FIELD_HOST || !names || !text)
      continue;
    g_string_append_printf (words, "%s%s", first ? " " : "/", text);
    first = FALSE;
  }
}

char *
place_words (const Site *site)
{
  GString *words = g_string_new (site_platform (site));
  if (site->platform->settings)
    add_names (words, site->platform);
  return g_string_free (words, FALSE);
}

char *
place_site_words (const Site *site)
{
  g_autofree char *place = place_words (site);
  return g_strdup_printf ("%s · %s", site->name, place);
}
