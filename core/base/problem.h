/* problem.h: what is wrong in a file, and where.
 *
 * A reader collects every problem it finds and goes on, so that one pass names
 * them all. The text reads "what is wrong; what would be right". */
#ifndef HANDRAIL_BASE_PROBLEM_H
#define HANDRAIL_BASE_PROBLEM_H

#include <glib.h>

/* A place in a file. `file` is interned (g_intern_string) and never freed;
 * line and column count from 1, columns in characters; 0 means "the whole". */
typedef struct {
  const char *file;
  guint line;
  guint column;
} Place;

typedef struct {
  Place place;
  char *text;
} Problem;

typedef struct Problems Problems;

/* More than this many are counted but not kept: nobody reads the rest. */
#define PROBLEMS_KEPT 200

Problems *problems_new (void);
void problems_free (Problems *problems);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Problems, problems_free)

void problems_add (Problems *problems, Place place, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* How many were found, kept or not. What is said of the same place again, as in a file
 * that is included twice, is one problem. */
guint problems_count (const Problems *problems);

/* Another number after every problems_add(): whether something found a problem. */
guint problems_mark (const Problems *problems);

/* The kept ones by file (in order of first mention), line, column. Owned by
 * `problems`; NULL past the end. */
const Problem *problems_get (Problems *problems, guint index);

/* One problem as "file:line:column: text" (place parts that are 0 left out). */
char *problem_format (const Problem *problem);

/* All kept ones, one a line, and "and N more" where some were not kept. */
char *problems_format (Problems *problems);

#endif
