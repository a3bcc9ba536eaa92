#include "core/practice/world/job_list.h"

/* Room at the front is given up when it is so much and half of everything: moving the
 * rest then costs no more than taking it did. */
#define FRONT_MAX 64

struct JobList {
  GArray *jobs; /* of Job, the oldest first */
  guint first;  /* those before it have been taken */
};

JobList *
job_list_new (void)
{
  JobList *list = g_new0 (JobList, 1);
  list->jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  return list;
}

JobList *
job_list_copy (const JobList *list)
{
  JobList *copy = job_list_new ();
  if (job_list_length (list) > 0)
    g_array_append_vals (copy->jobs, job_list_at (list, -1), job_list_length (list));
  return copy;
}

void
job_list_free (JobList *list)
{
  if (!list)
    return;
  g_array_unref (list->jobs);
  g_free (list);
}

guint
job_list_length (const JobList *list)
{
  return list->jobs->len - list->first;
}

void
job_list_push (JobList *list, const Job *job)
{
  g_array_append_vals (list->jobs, job, 1);
}

void
job_list_give_back (JobList *list, const Job *job)
{
  if (list->first == 0)
    g_array_prepend_vals (list->jobs, job, 1);
  else
    g_array_index (list->jobs, Job, --list->first) = *job;
}

gboolean
job_list_take (JobList *list, Job *job)
{
  if (job_list_length (list) == 0)
    return FALSE;
  *job = g_array_index (list->jobs, Job, list->first++);
  if (list->first == list->jobs->len ||
      (list->first >= FRONT_MAX && list->first > list->jobs->len / 2)) {
    g_array_remove_range (list->jobs, 0, list->first);
    list->first = 0;
  }
  return TRUE;
}

const Job *
job_list_at (const JobList *list, gint64 index)
{
  gint64 length = job_list_length (list);
  gint64 from_newest = index < 0 ? length + index : index;
  if (from_newest < 0 || from_newest >= length)
    return NULL;
  return &g_array_index (list->jobs, Job, list->jobs->len - 1 - (guint)from_newest);
}

guint
job_list_common (const JobList *list, const JobList *other)
{
  g_autoptr (GHashTable) there = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint common = 0;
  for (guint i = 0; i < job_list_length (list); i++)
    g_hash_table_add (there, (void *)&job_list_at (list, i)->id);
  for (guint i = 0; i < job_list_length (other); i++)
    if (g_hash_table_remove (there, &job_list_at (other, i)->id))
      common++;
  return common;
}
