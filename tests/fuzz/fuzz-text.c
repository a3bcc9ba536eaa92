#include <string.h>

#include "core/base/mask.h"
#include "core/base/moment.h"
#include "core/base/pattern.h"
#include "core/base/quantity.h"
#include "core/base/text.h"

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

static void
check_printable (const char *text, gboolean one_line)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at; at = g_utf8_next_char (at))
    g_assert_true (!g_unichar_iscntrl (g_utf8_get_char (at)) ||
                   (*at == '\n' && !one_line));
}

static void
check_words (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 8);
  const char *const *list = (const char *const *)words;
  g_autofree char *cut = text_cut_middle (text, 5);
  g_assert_cmpint (g_utf8_strlen (cut, -1), <=, 5);
  g_autofree char *command = text_command (list);
  check_printable (command, TRUE);
  g_autofree char *spoken = text_list (list, "and");
  check_printable (spoken, TRUE);
  const char *nearest = words[0] ? text_nearest (words[0], list + 1) : NULL;
  g_assert_true (!nearest || g_strv_contains (list + 1, nearest));
}

/* What is read as a number is written so that it reads back the same. */
static void
check_quantities (const char *text)
{
  gint64 duration_us, wall_us;
  guint64 size, again;
  if (quantity_parse_duration (text, &duration_us)) {
    g_assert_cmpint (duration_us, >=, 0);
    g_autofree char *written = quantity_format_duration (duration_us);
    gint64 again_us = -1;
    g_assert_true (quantity_parse_duration (written, &again_us));
  }
  if (quantity_parse_size (text, &size)) {
    g_autofree char *written = quantity_format_size (size);
    g_assert_true (quantity_parse_size (written, &again) && again == size);
  }
  quantity_parse_count (text, &size);
  if (moment_parse_wall (text, &wall_us)) {
    g_autofree char *written = moment_format_wall (wall_us);
    g_assert_cmpuint (strlen (written), ==, strlen ("2026-11-23T03:25:26.128000Z"));
  }
}

/* The first line is a pattern and a secret, the rest what they are looked for in. */
static void
check_search (const char *first, const char *rest, gsize length)
{
  gboolean found;
  g_autoptr (Pattern) pattern = pattern_new (first, NULL);
  if (pattern)
    pattern_search (pattern, rest, length, &found, NULL);
  g_autoptr (Mask) mask = mask_new ();
  mask_add (mask, first);
  mask_add_urls (mask, rest);
  g_autofree char *masked = mask_apply (mask, rest, (gssize)length);
  g_assert_nonnull (masked);
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  const char *text = (const char *)bytes;
  g_autofree char *line = text_printable (text, (gssize)length);
  g_autofree char *lines = text_printable_lines (text, (gssize)length);
  check_printable (line, TRUE);
  check_printable (lines, FALSE);
  check_words (line);
  g_autofree char *whole = g_strndup (text, length);
  check_quantities (whole);
  char *feed = strchr (whole, '\n');
  if (feed) {
    *feed = '\0';
    check_quantities (whole);
    check_search (whole, feed + 1, strlen (feed + 1));
  }
  return 0;
}
