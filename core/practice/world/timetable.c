#include "core/practice/world/timetable.h"

struct Timetable {
  GSequence *dues; /* Due *, borrowed, the next one first */
  guint64 serial;
};

Timetable *
timetable_new (void)
{
  Timetable *timetable = g_new0 (Timetable, 1);
  timetable->dues = g_sequence_new (NULL);
  return timetable;
}

void
timetable_free (Timetable *timetable)
{
  if (!timetable)
    return;
  g_sequence_free (timetable->dues);
  g_free (timetable);
}

static int
compare (const void *a, const void *b, void *data)
{
  const Due *one = a, *other = b;
  (void)data;
  if (one->at_us != other->at_us)
    return one->at_us < other->at_us ? -1 : 1;
  return one->serial < other->serial ? -1 : one->serial > other->serial;
}

void
timetable_set (Timetable *timetable, Due *due, gint64 at_us)
{
  timetable_clear (timetable, due);
  due->at_us = at_us;
  due->serial = timetable->serial++;
  due->place = g_sequence_insert_sorted (timetable->dues, due, compare, NULL);
}

void
timetable_clear (Timetable *timetable, Due *due)
{
  (void)timetable;
  if (due->place)
    g_sequence_remove (g_steal_pointer (&due->place));
}

static Due *
first_of (const Timetable *timetable)
{
  GSequenceIter *first = g_sequence_get_begin_iter (timetable->dues);
  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

gint64
timetable_next_us (const Timetable *timetable)
{
  const Due *due = first_of (timetable);
  return due ? due->at_us : -1;
}

Due *
timetable_take (Timetable *timetable, gint64 until_us)
{
  Due *due = first_of (timetable);
  if (!due || due->at_us > until_us)
    return NULL;
  timetable_clear (timetable, due);
  return due;
}
