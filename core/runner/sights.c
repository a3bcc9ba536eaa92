#include "core/runner/sights.h"

#include "core/run/deployment.h"
#include "core/run/wire.h"

#define LATE_INTERVALS 3

/* Practice looks many times a second, but the machine takes its time. */
#define LATE_MIN_US ((gint64)G_USEC_PER_SEC)

struct Sights {
  gint64 late_after_us;
  SightsTell tell;
  void *data;
  Reading *last; /* or NULL: none has been taken */
  Reading *good; /* the last one that saw something, or NULL */
  gboolean held; /* the last one has not been told */
  gint64 told_us;
  gboolean late;
  guint late_source;
};

Sights *
sights_new (gint64 interval_us, SightsTell tell, void *data)
{
  Sights *sights = g_new0 (Sights, 1);
  sights->late_after_us = MAX (LATE_INTERVALS * interval_us, LATE_MIN_US);
  sights->tell = tell;
  sights->data = data;
  return sights;
}

void
sights_free (Sights *sights)
{
  if (!sights)
    return;
  g_clear_handle_id (&sights->late_source, g_source_remove);
  reading_free (sights->last);
  reading_free (sights->good);
  g_free (sights);
}

static Reading *
copy (const Reading *reading)
{
  return reading_new (reading->key, reading->began, reading->ended, reading->error,
                      json_incref (reading->body));
}

static gboolean
says_the_same (const Reading *one, const Reading *other)
{
  return g_strcmp0 (one->error, other->error) == 0 &&
         deployment_is_same (one->body, other->body);
}

static gboolean
on_late (void *data)
{
  Sights *sights = data;
  sights->late_source = 0;
  sights->late = TRUE;
  sights->tell (sights->good, TRUE, sights->data);
  return G_SOURCE_REMOVE;
}

static void
keep_good (Sights *sights, const Reading *reading)
{
  reading_free (sights->good);
  sights->good = copy (reading);
  sights->late = FALSE;
  g_clear_handle_id (&sights->late_source, g_source_remove);
  sights->late_source = g_timeout_add (
      (guint)(sights->late_after_us / G_TIME_SPAN_MILLISECOND), on_late, sights);
}

void
sights_take (Sights *sights, const Reading *reading)
{
  gboolean late = sights->late;
  gboolean news = !sights->last || !says_the_same (sights->last, reading);
  gboolean due = reading->ended.boot_us - sights->told_us >= WIRE_REPEAT_US;
  if (news && sights->held)
    sights->tell (sights->last, FALSE, sights->data);
  reading_free (sights->last);
  sights->last = copy (reading);
  if (!reading->error)
    keep_good (sights, reading);
  sights->held = !news && !due && !(late && !reading->error);
  if (sights->held)
    return;
  sights->told_us = reading->ended.boot_us;
  sights->tell (reading, FALSE, sights->data);
}

gboolean
sights_are_late (const Sights *sights)
{
  return sights->late;
}
