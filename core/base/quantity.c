#include "core/base/quantity.h"

#include <string.h>

#define DURATION_MAX_US (G_GINT64_CONSTANT (365) * 24 * 3600 * G_USEC_PER_SEC)
#define SIZE_MAX_BYTES (G_GUINT64_CONSTANT (1) << 60)
/* Times a million this is 2^53: beyond it a number has no millionths. */
#define ROUNDED_MAX 9e9
#define COUNT_MAX (G_GUINT64_CONSTANT (1) << 53)

typedef struct {
  const char *name;
  guint64 worth;
} Unit;

/* In falling order. */
static const Unit duration_units[] = {
  { "d", G_GUINT64_CONSTANT (24) * 3600 * G_USEC_PER_SEC },
  { "h", G_GUINT64_CONSTANT (3600) * G_USEC_PER_SEC },
  { "m", G_GUINT64_CONSTANT (60) * G_USEC_PER_SEC },
  { "s", G_USEC_PER_SEC },
  { "ms", 1000 },
};

/* The ones that are written come before others for the same size. */
static const Unit size_units[] = {
  { "EiB", G_GUINT64_CONSTANT (1) << 60 },
  { "PiB", G_GUINT64_CONSTANT (1) << 50 },
  { "TiB", G_GUINT64_CONSTANT (1) << 40 },
  { "GiB", G_GUINT64_CONSTANT (1) << 30 },
  { "MiB", G_GUINT64_CONSTANT (1) << 20 },
  { "KiB", G_GUINT64_CONSTANT (1) << 10 },
  { "PB", G_GUINT64_CONSTANT (1000000000000000) },
  { "TB", G_GUINT64_CONSTANT (1000000000000) },
  { "GB", G_GUINT64_CONSTANT (1000000000) },
  { "MB", G_GUINT64_CONSTANT (1000000) },
  { "kB", G_GUINT64_CONSTANT (1000) },
  { "B", 1 },
  { "KB", G_GUINT64_CONSTANT (1000) },
  { "", 1 },
};

/* The digits at *at, which moves past them. FALSE: no digit, or more than `max`. */
static gboolean
read_number (const char **at, guint64 max, guint64 *number)
{
  const char *start = *at;
  guint64 value = 0;
  for (; g_ascii_isdigit (**at); (*at)++) {
    guint64 digit = (guint64)(**at - '0');
    if (value > (max - digit) / 10)
      return FALSE;
    value = value * 10 + digit;
  }
  *number = value;
  return *at > start;
}

/* The letters at *at as a row of `units`, or -1. */
static gssize
read_unit (const char **at, const Unit *units, gsize count)
{
  const char *start = *at;
  while (g_ascii_isalpha (**at))
    (*at)++;
  gsize length = (gsize)(*at - start);
  for (gsize i = 0; i < count; i++)
    if (strlen (units[i].name) == length && memcmp (units[i].name, start, length) == 0)
      return (gssize)i;
  return -1;
}

gboolean
quantity_parse_duration (const char *text, gint64 *duration_us)
{
  guint64 total = 0;
  gssize before = -1;
  if (strcmp (text, "0") == 0) {
    *duration_us = 0;
    return TRUE;
  }
  do {
    guint64 number;
    if (!read_number (&text, DURATION_MAX_US, &number))
      return FALSE;
    gssize unit = read_unit (&text, duration_units, G_N_ELEMENTS (duration_units));
    if (unit <= before)
      return FALSE;
    if (number > (DURATION_MAX_US - total) / duration_units[unit].worth)
      return FALSE;
    total += number * duration_units[unit].worth;
    before = unit;
  } while (*text);
  *duration_us = (gint64)total;
  return TRUE;
}

char *
quantity_format_duration (gint64 duration_us)
{
  guint64 left = duration_us > 0 ? (guint64)duration_us : 0;
  if (left >= G_USEC_PER_SEC)
    left -= left % G_USEC_PER_SEC;
  GString *out = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (duration_units); i++) {
    const Unit *unit = &duration_units[i];
    if (left >= unit->worth)
      g_string_append_printf (out, "%" G_GUINT64_FORMAT "%s", left / unit->worth,
                              unit->name);
    left %= unit->worth;
  }
  if (out->len == 0)
    g_string_append_c (out, '0');
  return g_string_free (out, FALSE);
}

gboolean
quantity_parse_size (const char *text, guint64 *size_bytes)
{
  guint64 number;
  if (!read_number (&text, SIZE_MAX_BYTES, &number))
    return FALSE;
  gssize unit = read_unit (&text, size_units, G_N_ELEMENTS (size_units));
  if (unit < 0 || *text || number > SIZE_MAX_BYTES / size_units[unit].worth)
    return FALSE;
  *size_bytes = number * size_units[unit].worth;
  return TRUE;
}

/* The unit that leaves the smallest whole number. */
char *
quantity_format_size (guint64 size_bytes)
{
  const Unit *best = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (size_units); i++) {
    const Unit *unit = &size_units[i];
    gboolean whole = size_bytes >= unit->worth && size_bytes % unit->worth == 0;
    if (whole && (!best || unit->worth > best->worth))
      best = unit;
  }
  if (!best)
    return g_strdup ("0B");
  return g_strdup_printf ("%" G_GUINT64_FORMAT "%s", size_bytes / best->worth,
                          best->name);
}

gboolean
quantity_parse_count (const char *text, guint64 *count)
{
  guint64 number;
  if (!read_number (&text, COUNT_MAX, &number) || *text)
    return FALSE;
  *count = number;
  return TRUE;
}

double
quantity_round (double number)
{
  if (!(number > -ROUNDED_MAX && number < ROUNDED_MAX))
    return number;
  return (double)(gint64)(number * 1e6 + (number < 0 ? -0.5 : 0.5)) / 1e6;
}
