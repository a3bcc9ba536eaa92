#include "core/runner/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/runner/file.h"
#include "core/runner/samples.h"
#include "core/store/store.h"

void
record_log (const Runner *runner, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *masked = mask_apply (runner->hold->inputs->mask, text, -1);
  g_autofree char *wall = moment_format_wall (process_now ().wall_us);
  /* Standard error is the run's runner.log. */
  dprintf (STDERR_FILENO, "%s %s\n", wall, masked);
}

/* ---- by-hand.txt ---------------------------------------------------------- */

/* Written aside and put in its place, so that there is a whole one at any moment. */
static gboolean
replace_file (int folder, const char *name, const char *text, guint mode,
              gboolean lasting)
{
  g_autofree char *aside = g_strconcat (name, ".new", NULL);
  unlinkat (folder, aside, 0);
  int file =
      openat (folder, aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  if (file < 0)
    return FALSE;
  gboolean good = file_write_all (file, text, strlen (text)) &&
                  fchmod (file, mode) == 0 && (!lasting || fsync (file) == 0);
  int failure = good ? 0 : errno;
  if (close (file) != 0 || (good && renameat (folder, aside, folder, name) != 0))
    failure = failure ? failure : errno;
  if (failure)
    unlinkat (folder, aside, 0);
  errno = failure;
  return failure == 0;
}

static gboolean
was_seen (const Runner *runner, const char *key)
{
  const Reading *reading = evidence_latest (runner->evidence, key);
  return reading && reading->body;
}

/* Without a look the exact commands are not known. What an earlier runner wrote has them
 * and is left as it is until there has been one. */
static void
write_byhand (Runner *runner, gboolean lasting)
{
  const Hold *hold = runner->hold;
  g_autoptr (Request) look = request_platform (0);
  runner->byhand_wanted = runner->byhand_lasting = FALSE;
  g_ptr_array_set_size (runner->byhand_unseen, 0);
  if (!was_seen (runner, look->key) && hold->state->resumes > 0 &&
      faccessat (hold->folder, STORE_BYHAND, F_OK, 0) == 0) {
    g_ptr_array_add (runner->byhand_unseen, g_strdup (look->key));
    return;
  }
  g_autofree char *text = byhand_text (&runner->procedure, hold->state, runner->evidence,
                                       process_now (), runner->byhand_unseen);
  g_autofree char *masked = mask_apply (hold->inputs->mask, text, -1);
  if (!replace_file (hold->folder, STORE_BYHAND, masked, hold_kept_mode (hold), lasting))
    record_log (runner, "%s cannot be written: %s", STORE_BYHAND, g_strerror (errno));
}

void
record_byhand (Runner *runner)
{
  write_byhand (runner, TRUE);
}

void
record_byhand_seen (Runner *runner)
{
  for (guint i = 0; i < runner->byhand_unseen->len; i++)
    if (was_seen (runner, runner->byhand_unseen->pdata[i])) {
      write_byhand (runner, FALSE);
      return;
    }
}

/* Said once, and the run goes on: samples are for looking at afterwards. */
void
record_sample (Runner *runner, const Reading *reading)
{
  const Hold *hold = runner->hold;
  g_autoptr (GError) error = NULL;
  if (samples_add (hold->folder, hold_kept_mode (hold), hold->inputs->mask, reading,
                   &error) ||
      runner->samples_lost)
    return;
  runner->samples_lost = TRUE;
  record_log (runner, "%s", error->message);
}

/* ---- events ----------------------------------------------------------------- */

/* After these the operator may be left alone with what is true: by-hand.txt is not only
 * to be there, but to be on disk. */
static gboolean
wants_lasting_byhand (EventType type)
{
  return type == EVENT_RUN_STOPPED || type == EVENT_STEP_FAILED ||
         type == EVENT_RUN_RESUMED || type == EVENT_RUN_FINISHED;
}

/* After these what remains is something else; the program may die at any time. */
static gboolean
wants_byhand (EventType type)
{
  return wants_lasting_byhand (type) || type == EVENT_RUN_BEGAN ||
         type == EVENT_STEP_DONE || type == EVENT_STEP_SKIPPED ||
         type == EVENT_STEP_RECORDED || type == EVENT_LEDGER_ADOPTED ||
         type == EVENT_COMMAND_BEGAN;
}

static void
story_broke (Runner *runner, const Event *event, const char *why)
{
  g_autofree char *text =
      g_strdup_printf ("this is a defect of handrail: the event %s: %s",
                       event_type_name (event->type), why);
  runner_break (runner, text);
}

gboolean
record_event (Runner *runner, Event *taken)
{
  g_autoptr (Event) event = taken;
  g_autoptr (GError) error = NULL;
  if (runner->broken)
    return FALSE;
  event->at = process_now ();
  g_autofree char *problem = event_problem (event);
  if (problem) {
    story_broke (runner, event, problem);
    return FALSE;
  }
  /* What is kept is masked; what goes on here is not: commands come from the events. */
  g_autoptr (Event) kept = event_masked (event, runner->hold->inputs->mask);
  char *line = journal_file_add (runner->hold->journal, kept);
  event->number = kept->number;
  if (!state_apply (runner->hold->state, event, &error)) {
    journal_file_take_back (runner->hold->journal, line);
    g_free (line);
    story_broke (runner, event, error->message);
    return FALSE;
  }
  g_ptr_array_add (runner->unsent, line);
  runner->byhand_wanted = runner->byhand_wanted || wants_byhand (event->type);
  runner->byhand_lasting = runner->byhand_lasting || wants_lasting_byhand (event->type);
  return TRUE;
}

gboolean
record_sync (Runner *runner)
{
  g_autoptr (GError) error = NULL;
  if (runner->broken)
    return FALSE;
  if (!journal_file_sync (runner->hold->journal, &error)) {
    runner_break (runner, error->message);
    return FALSE;
  }
  for (guint i = 0; i < runner->unsent->len; i++)
    server_publish (runner->server, g_ptr_array_index (runner->unsent, i));
  g_ptr_array_set_size (runner->unsent, 0);
  if (runner->byhand_wanted)
    write_byhand (runner, runner->byhand_lasting);
  return TRUE;
}
