/* moment.h: an instant on both of the clocks that handrail keeps.
 *
 * Nothing pure reads a clock: `now` is an argument everywhere. `boot_us` is
 * CLOCK_BOOTTIME, which goes on while a machine sleeps, and is what intervals
 * are measured on; `wall_us` is CLOCK_REALTIME, for people and across reboots.
 * Both in microseconds. */
#ifndef HANDRAIL_BASE_MOMENT_H
#define HANDRAIL_BASE_MOMENT_H

#include <glib.h>

typedef struct {
  gint64 wall_us;
  gint64 boot_us;
} Moment;

/* "2026-11-23T03:25:26.128000Z", always UTC and this length. */
char *moment_format_wall (gint64 wall_us);

/* The same for people: "2026-11-23 03:25:26 UTC". */
char *moment_format_said (gint64 wall_us);

/* Reads what moment_format_wall() writes and RFC 3339 with up to nine digits of
 * fraction (Docker's). FALSE, with *wall_us untouched, for anything else. */
gboolean moment_parse_wall (const char *text, gint64 *wall_us);

#endif
