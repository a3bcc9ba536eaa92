/* timetable.h: what happens in a world, and when. Pure.
 *
 * A thing that something will happen to holds a Due for it, planned or not. What is planned
 * for the same instant happens in the order in which it was planned. */
#ifndef HANDRAIL_PRACTICE_TIMETABLE_H
#define HANDRAIL_PRACTICE_TIMETABLE_H

#include "core/practice/world/world.h"

typedef struct {
  void (*happen) (World *world, void *of); /* with the Due out of the table */
  void *of;
  gint64 at_us;         /* world time */
  guint64 serial;
  GSequenceIter *place; /* NULL: not planned */
} Due;

typedef struct Timetable Timetable;

Timetable *timetable_new (void);
void timetable_free (Timetable *timetable);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Timetable, timetable_free)

/* Plans it, or plans it anew. Borrows `due` until it is taken or cleared. */
void timetable_set (Timetable *timetable, Due *due, gint64 at_us);
void timetable_clear (Timetable *timetable, Due *due);

/* -1: nothing is planned. */
gint64 timetable_next_us (const Timetable *timetable);

/* The next that is planned for `until_us` or before, taken out; or NULL. */
Due *timetable_take (Timetable *timetable, gint64 until_us);

#endif
