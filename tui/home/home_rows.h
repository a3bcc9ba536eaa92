/* home_rows.h: what there is to be done: unfinished runs, runbooks, sites, practice, runs
 * that are over. Reads the disk in home_rows_new() and home_rows_again() alone. */
#ifndef HANDRAIL_TUI_HOME_ROWS_H
#define HANDRAIL_TUI_HOME_ROWS_H

#include "tui/find.h"
#include "tui/widgets/canvas.h"

typedef enum {
  HOME_UNFINISHED,
  HOME_DOWN, /* a practised run that is over, and has left its deployment down */
  HOME_RUNBOOK,
  HOME_SITE,
  HOME_PRACTICE, /* a scenario */
  HOME_OVER,   /* a run that is */
  HOME_BROKEN, /* a run whose journal is damaged or missing */
  HOME_ADVICE, /* there is none of these yet: what to do */
  HOME_GAP,    /* between the parts */
} HomeKind;

typedef struct {
  HomeKind kind;
  const char *part; /* "Unfinished", "Runbooks", …; static */
  char *name;       /* of the run's folder, the runbook, the site, the scenario */
  char *path;       /* the run's folder, or the file */
  char *site;       /* of a run or a site, else NULL */
  char *scenario;   /* of a practised run that is to be done, else NULL */
  char *title;      /* what the row says */
  char *step;       /* at which a run stands; or NULL: none */
  guint number, steps; /* of that step, and how many there are; 0: no step */
  char *state;      /* a word or two: "works on", "stopped", "done"; or NULL */
  char *about;      /* all of it, in sentences: for the row that is selected */
  Mark mark;
  Role role; /* of mark and state */
  gboolean production, practice;
  gboolean live;  /* HOME_UNFINISHED: a runner holds it */
  gint64 began_us; /* wall clock, of a run that is to be done; else 0 */
  gint64 last_us; /* wall clock: when it last went on, or was over; 0: no time */
} HomeRow;

/* For whatever keeps rows: a copy of what it says, and what another one says told by this
 * one, which has kind and part already. */
HomeRow *home_row_copy (const HomeRow *row);
void home_row_tell_as (HomeRow *row, const HomeRow *other);
void home_row_free (HomeRow *row);

/* As many runs that are over are listed; `handrail runs` lists all. */
#define HOME_OVER_MAX 100

typedef struct HomeRows HomeRows;

/* `places` is borrowed. */
HomeRows *home_rows_new (const char *root, const FindPlaces *places);
void home_rows_free (HomeRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HomeRows, home_rows_free)

/* Looks anew; journals that have not grown and files that have not changed are not read
 * again. Rows of before are gone. */
void home_rows_again (HomeRows *rows);

guint home_rows_count (const HomeRows *rows);
const HomeRow *home_rows_get (const HomeRows *rows, guint index);
guint home_rows_count_of (const HomeRows *rows, HomeKind kind);

/* The row of that kind and name, or G_MAXUINT. */
guint home_rows_find (const HomeRows *rows, HomeKind kind, const char *name);

/* Folders in which something happens when these rows change; newly allocated. */
GStrv home_rows_folders (const HomeRows *rows);

/* How long ago, in one unit: "40s" is "0m", "12m", "5h", "3d"; newly allocated. Sets
 * *next_us (may be NULL) to the wall clock at which it is another one. */
char *home_rows_age (gint64 then_us, gint64 now_us, gint64 *next_us);

#endif
