/* job_list.h: the jobs that wait in a queue, as a list of Redis. Pure.
 *
 * New ones come in at one end (LPUSH), the oldest leave at the other (BRPOP) and may come
 * back there (RPUSH). */
#ifndef HANDRAIL_PRACTICE_JOB_LIST_H
#define HANDRAIL_PRACTICE_JOB_LIST_H

#include <glib.h>

typedef struct {
  guint64 id;        /* drawn; no two are alike */
  gint64 created_us; /* world time; before 0: before the world began */
  gint64 enqueued_us;
  gint64 length_us;  /* how long a worker has it in hand */
  guint queue;       /* index in the scenario */
} Job;

typedef struct JobList JobList;

JobList *job_list_new (void);
JobList *job_list_copy (const JobList *list);
void job_list_free (JobList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (JobList, job_list_free)

guint job_list_length (const JobList *list);
void job_list_push (JobList *list, const Job *job);      /* the newest */
void job_list_give_back (JobList *list, const Job *job); /* the oldest */
gboolean job_list_take (JobList *list, Job *job);        /* the oldest; FALSE: empty */

/* As LINDEX: 0 is the newest, -1 the oldest. NULL: there is none. Good until the list
 * changes. */
const Job *job_list_at (const JobList *list, gint64 index);

/* How many of `other` are in `list` too. */
guint job_list_common (const JobList *list, const JobList *other);

#endif
