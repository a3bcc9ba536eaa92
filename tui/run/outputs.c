#include "tui/run/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/quantity.h"
#include "core/store/store.h"
#include "tui/run/run_words.h"

struct Outputs {
  const RunModel *model;
  guint seen;       /* events taken in */
  GPtrArray *files; /* OutputOf * */
  GHashTable *by_name;
  OutputOf *latest;
};

static void
output_of_free (OutputOf *output)
{
  g_free (output->name);
  g_free (output->step);
  g_free (output->title);
  g_free (output->command);
  g_free (output->end);
  g_free (output);
}

Outputs *
outputs_new (const RunModel *model)
{
  Outputs *outputs = g_new0 (Outputs, 1);
  outputs->model = model;
  outputs->files = g_ptr_array_new_with_free_func ((GDestroyNotify)output_of_free);
  outputs->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  outputs_update (outputs);
  return outputs;
}

void
outputs_free (Outputs *outputs)
{
  if (!outputs)
    return;
  g_hash_table_unref (outputs->by_name);
  g_ptr_array_unref (outputs->files);
  g_free (outputs);
}

/* ---- events ------------------------------------------------------------------ */

static OutputOf *
file_of (Outputs *outputs, const char *name, const char *step)
{
  OutputOf *output = g_hash_table_lookup (outputs->by_name, name);
  if (output)
    return output;
  const StepState *known = state_step (run_model_state (outputs->model), step);
  output = g_new0 (OutputOf, 1);
  output->name = g_strdup (name);
  output->step = g_strdup (step);
  output->title = g_strdup (known ? known->title : step);
  g_ptr_array_add (outputs->files, output);
  g_hash_table_insert (outputs->by_name, output->name, output);
  return output;
}

static void
take_began (Outputs *outputs, const Event *event)
{
  OutputOf *output =
      file_of (outputs, event_text (event, "output"), event_text (event, "step"));
  g_free (output->command);
  output->command = run_words_command (event->data);
  purpose_from_name (event_text (event, "purpose"), &output->purpose);
  output->index = (guint)event_number (event, "index");
  output->count = (guint)event_number (event, "count");
  output->began = event->at;
  output->standing = OUTPUT_RUNNING;
  g_clear_pointer (&output->end, g_free);
  outputs->latest = output;
}

static void
take_ended (OutputOf *output, const Event *event, gint64 speed)
{
  gint64 status = event_number (event, "status");
  g_autofree char *took =
      quantity_format_duration (event_number (event, "took_us") * speed);
  g_free (output->end);
  output->standing = status == 0 ? OUTPUT_ENDED : OUTPUT_FAILED;
  if (event_json (event, "problem"))
    output->end = g_strdup ("could not be run");
  else if (status == 0)
    output->end = g_strdup_printf ("ended well after %s", took);
  else if (status > 0)
    output->end = g_strdup_printf ("ended with status %d after %s", (int)status, took);
  else
    output->end = g_strdup_printf ("died of signal %d after %s",
                                   (int)event_number (event, "signal"), took);
}

static void
take_lost (OutputOf *output, const Event *event)
{
  g_clear_pointer (&output->end, g_free);
  output->standing = event_flag (event, "alive") ? OUTPUT_RUNNING : OUTPUT_LOST;
  if (output->standing == OUTPUT_LOST)
    output->end = g_strdup ("is gone; nobody saw how it ended");
}

void
outputs_update (Outputs *outputs)
{
  const GPtrArray *events = run_model_events (outputs->model);
  for (; outputs->seen < events->len; outputs->seen++) {
    const Event *event = g_ptr_array_index (events, outputs->seen);
    if (event->type == EVENT_COMMAND_BEGAN)
      take_began (outputs, event);
    else if (event->type == EVENT_COMMAND_ENDED && outputs->latest)
      take_ended (outputs->latest, event, run_model_state (outputs->model)->speed);
    else if (event->type == EVENT_COMMAND_LOST && outputs->latest)
      take_lost (outputs->latest, event);
  }
}

guint
outputs_count (const Outputs *outputs)
{
  return outputs->files->len;
}

const OutputOf *
outputs_at (const Outputs *outputs, guint index)
{
  return g_ptr_array_index (outputs->files, index);
}

const OutputOf *
outputs_latest (const Outputs *outputs)
{
  return outputs->latest;
}

const OutputOf *
outputs_named (const Outputs *outputs, const char *name)
{
  return name ? g_hash_table_lookup (outputs->by_name, name) : NULL;
}

/* ---- files ------------------------------------------------------------------- */

/* The journal is not ours alone: nothing but a file of the folder meant for it. */
static gboolean
is_fit (const char *name)
{
  const char *file =
      g_str_has_prefix (name, STORE_OUTPUT "/") ? strchr (name, '/') + 1 : "";
  return *file && *file != '.' && !strchr (file, '/');
}

void
output_file_close (OutputFile *file)
{
  if (file->descriptor >= 0)
    close (file->descriptor);
  g_free (file->problem);
  *file = (OutputFile){ .descriptor = -1 };
}

static char *
explain (int folder, const char *name, int error)
{
  struct stat status;
  gboolean other = error == EACCES && fstatat (folder, name, &status, 0) == 0;
  const struct passwd *owner = other ? getpwuid (status.st_uid) : NULL;
  if (other)
    return g_strdup_printf ("The file is %s's alone while the command runs",
                            owner ? owner->pw_name : "another user");
  return g_strdup_printf ("The file %s cannot be read (%s)", name, g_strerror (error));
}

static int
open_in (int folder, const char *name)
{
  struct stat status;
  int file = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file >= 0 && (fstat (file, &status) != 0 || !S_ISREG (status.st_mode))) {
    close (file);
    errno = EINVAL;
    return -1;
  }
  return file;
}

static gboolean
is_same (int descriptor, const struct stat *now)
{
  struct stat held;
  return descriptor >= 0 && fstat (descriptor, &held) == 0 &&
         held.st_ino == now->st_ino && held.st_dev == now->st_dev;
}

static gboolean
reopen (OutputFile *file, int folder, const char *name)
{
  output_file_close (file);
  file->descriptor = open_in (folder, name);
  if (file->descriptor < 0)
    file->problem = explain (folder, name, errno);
  return file->descriptor >= 0;
}

static void
measure (OutputFile *file)
{
  struct stat status;
  if (file->descriptor < 0 || fstat (file->descriptor, &status) != 0)
    return;
  file->bytes = status.st_size > 0 ? (guint64)status.st_size : 0;
  file->written_us = status.st_mtim.tv_sec * (gint64)G_USEC_PER_SEC;
}

gboolean
output_file_look (OutputFile *file, const char *folder, const char *name)
{
  struct stat now;
  int at = is_fit (name) ? open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  if (at < 0) {
    output_file_close (file);
    file->problem = g_strdup ("The run's folder cannot be read");
    return FALSE;
  }
  gboolean same = fstatat (at, name, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
                  is_same (file->descriptor, &now);
  gboolean other = !same && reopen (file, at, name);
  close (at);
  measure (file);
  return other;
}
