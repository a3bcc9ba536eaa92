#include "core/base/moment.h"

#include <string.h>
#include <time.h>

/* 0001-01-01T00:00:00Z and the last microsecond of 9999: what four digits hold. */
#define WALL_MIN_S G_GINT64_CONSTANT (-62135596800)
#define WALL_MAX_S G_GINT64_CONSTANT (253402300799)

/* GLib counts days from 0001-01-01, which is 1. */
#define JULIAN_1970 719163

#define FRACTION_DIGITS_MAX 9
#define FRACTION_DIGITS_KEPT 6

char *
moment_format_wall (gint64 wall_us)
{
  gint64 seconds = wall_us / G_USEC_PER_SEC, microseconds = wall_us % G_USEC_PER_SEC;
  if (microseconds < 0) {
    microseconds += G_USEC_PER_SEC;
    seconds--;
  }
  time_t time = (time_t)CLAMP (seconds, WALL_MIN_S, WALL_MAX_S);
  struct tm day;
  gmtime_r (&time, &day);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", day.tm_year + 1900,
                          day.tm_mon + 1, day.tm_mday, day.tm_hour, day.tm_min,
                          day.tm_sec, (int)microseconds);
}

char *
moment_format_said (gint64 wall_us)
{
  g_autofree char *wall = moment_format_wall (wall_us);
  return g_strdup_printf ("%.10s %.8s UTC", wall, wall + strlen ("2026-11-23T"));
}

/* `text` against a shape in which '0' stands for any digit; FALSE also when it is
 * shorter. */
static gboolean
has_shape (const char *text, const char *shape)
{
  for (; *shape; shape++, text++)
    if (*shape == '0' ? !g_ascii_isdigit (*text) : g_ascii_toupper (*text) != *shape)
      return FALSE;
  return TRUE;
}

static int
number_at (const char *text, gsize length)
{
  int number = 0;
  for (gsize i = 0; i < length; i++)
    number = number * 10 + (text[i] - '0');
  return number;
}

/* Seconds since 1970 from text of the right shape. */
static gboolean
parse_seconds (const char *text, gint64 *seconds)
{
  int year = number_at (text, 4), month = number_at (text + 5, 2);
  int day = number_at (text + 8, 2), hour = number_at (text + 11, 2);
  int minute = number_at (text + 14, 2), second = number_at (text + 17, 2);
  if (!g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year) ||
      hour > 23 || minute > 59 || second > 60)
    return FALSE;
  GDate date;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  gint64 days = (gint64)g_date_get_julian (&date) - JULIAN_1970;
  *seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  return TRUE;
}

/* ".128" at *at, which moves past it; nothing there is a fraction of 0. */
static gboolean
parse_fraction (const char **at, gint64 *microseconds)
{
  *microseconds = 0;
  if (**at != '.')
    return TRUE;
  const char *digits = ++*at;
  while (g_ascii_isdigit (**at))
    (*at)++;
  gsize count = (gsize)(*at - digits);
  for (gsize i = 0; i < FRACTION_DIGITS_KEPT; i++)
    *microseconds = *microseconds * 10 + (i < count ? digits[i] - '0' : 0);
  return count > 0 && count <= FRACTION_DIGITS_MAX;
}

/* "Z" or "+01:30", and nothing after it. */
static gboolean
parse_zone (const char *text, gint64 *east_seconds)
{
  *east_seconds = 0;
  if (has_shape (text, "Z"))
    return text[1] == '\0';
  if (*text != '+' && *text != '-')
    return FALSE;
  if (!has_shape (text + 1, "00:00") || text[6] != '\0')
    return FALSE;
  int hours = number_at (text + 1, 2), minutes = number_at (text + 4, 2);
  *east_seconds = (*text == '-' ? -60 : 60) * (hours * 60 + minutes);
  return hours <= 23 && minutes <= 59;
}

gboolean
moment_parse_wall (const char *text, gint64 *wall_us)
{
  gint64 seconds, microseconds, east_seconds;
  if (!has_shape (text, "0000-00-00T00:00:00") || !parse_seconds (text, &seconds))
    return FALSE;
  text += strlen ("0000-00-00T00:00:00");
  if (!parse_fraction (&text, &microseconds) || !parse_zone (text, &east_seconds))
    return FALSE;
  *wall_us = (seconds - east_seconds) * G_USEC_PER_SEC + microseconds;
  return TRUE;
}
