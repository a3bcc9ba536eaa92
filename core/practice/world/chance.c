#include "core/practice/world/chance.h"

#include <math.h>

#define MINUTE_US (60 * G_USEC_PER_SEC)

/* A double has 53 bits. */
#define FRACTION_BITS 53

void
chance_begin (Chance *chance, guint64 seed, const char *name)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT " %s", seed, name);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  sum[16] = '\0';
  chance->state = g_ascii_strtoull (sum, NULL, 16);
}

guint64
chance_next (Chance *chance)
{
  guint64 mixed = chance->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return mixed ^ (mixed >> 31);
}

gint64
chance_between (Chance *chance, gint64 least, gint64 most)
{
  guint64 drawn = chance_next (chance);
  if (most <= least)
    return least;
  return least + (gint64)(drawn % (guint64)(most - least + 1));
}

gint64
chance_gap_us (Chance *chance, gint64 per_minute)
{
  double fraction = (double)(chance_next (chance) >> (64 - FRACTION_BITS)) /
                    (double)(G_GUINT64_CONSTANT (1) << FRACTION_BITS);
  double gap_us = -log (1 - fraction) * (double)MINUTE_US / (double)per_minute;
  return MAX (1, (gint64)gap_us);
}

char *
chance_hex (Chance *chance, guint digits)
{
  GString *hex = g_string_sized_new (digits + 16);
  while (hex->len < digits)
    g_string_append_printf (hex, "%016" G_GINT64_MODIFIER "x", chance_next (chance));
  g_string_truncate (hex, digits);
  return g_string_free (hex, FALSE);
}
