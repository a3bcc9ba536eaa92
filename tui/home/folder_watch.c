#include "tui/home/folder_watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/inotify.h>
#include <unistd.h>

/* A lock that is let go is a file that was open for writing and is closed. */
#define EVENTS                                                                        \
  (IN_CREATE | IN_DELETE | IN_MODIFY | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | \
   IN_DELETE_SELF | IN_MOVE_SELF)

struct FolderWatch {
  int descriptor;
  GHashTable *watched; /* path → number */
  FolderWatchChanged changed;
  void *data;
  guint listens; /* source ids; 0 */
  guint waits;
  gint64 called_us; /* monotonic; 0: never */
};

FolderWatch *
folder_watch_new (FolderWatchChanged changed, void *data)
{
  int descriptor = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0)
    return NULL;
  FolderWatch *watch = g_new0 (FolderWatch, 1);
  watch->descriptor = descriptor;
  watch->watched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  watch->changed = changed;
  watch->data = data;
  return watch;
}

void
folder_watch_free (FolderWatch *watch)
{
  if (!watch)
    return;
  g_clear_handle_id (&watch->listens, g_source_remove);
  g_clear_handle_id (&watch->waits, g_source_remove);
  g_hash_table_unref (watch->watched);
  close (watch->descriptor);
  g_free (watch);
}

gboolean
folder_watch_set (FolderWatch *watch, const char *const *folders)
{
  GHashTableIter each;
  void *path = NULL;
  void *number = NULL;
  gboolean new = FALSE;
  if (!watch)
    return FALSE;
  g_hash_table_iter_init (&each, watch->watched);
  while (g_hash_table_iter_next (&each, &path, &number))
    if (!g_strv_contains (folders, path)) {
      inotify_rm_watch (watch->descriptor, GPOINTER_TO_INT (number));
      g_hash_table_iter_remove (&each);
    }
  /* Those that are watched already too: another one of that name may be there now. */
  for (guint i = 0; folders[i]; i++) {
    int added = inotify_add_watch (watch->descriptor, folders[i], EVENTS | IN_ONLYDIR);
    if (added >= 0 && g_hash_table_replace (watch->watched, g_strdup (folders[i]),
                                            GINT_TO_POINTER (added)))
      new = TRUE;
  }
  return new;
}

/* Which folder it was is of no interest: all of them are looked at. FALSE: nothing but that
 * a folder is not watched any more. */
static gboolean
take_events (FolderWatch *watch)
{
  char bytes[4096] __attribute__ ((aligned (__alignof__(struct inotify_event))));
  gboolean changed = FALSE;
  ssize_t got = 0;
  while ((got = read (watch->descriptor, bytes, sizeof bytes)) > 0 ||
         (got < 0 && errno == EINTR))
    for (const char *at = bytes; got > 0 && at < bytes + got;) {
      const struct inotify_event *event = (const void *)at;
      changed = changed || !(event->mask & IN_IGNORED);
      at += sizeof *event + event->len;
    }
  return changed;
}

static gboolean
on_event (int descriptor, GIOCondition condition, void *data)
{
  FolderWatch *watch = data;
  (void)descriptor;
  (void)condition;
  if (!take_events (watch))
    return G_SOURCE_CONTINUE;
  watch->listens = 0;
  watch->called_us = g_get_monotonic_time ();
  watch->changed (watch->data); /* which may free it */
  return G_SOURCE_REMOVE;
}

static void
listen (FolderWatch *watch)
{
  watch->listens = g_unix_fd_add (watch->descriptor, G_IO_IN, on_event, watch);
}

static gboolean
on_quiet_over (void *data)
{
  FolderWatch *watch = data;
  watch->waits = 0;
  listen (watch);
  return G_SOURCE_REMOVE;
}

/* A clock of its own only where something has happened already. */
void
folder_watch_arm (FolderWatch *watch)
{
  if (!watch || watch->listens || watch->waits)
    return;
  gint64 left_us = watch->called_us + FOLDER_WATCH_QUIET_US - g_get_monotonic_time ();
  if (watch->called_us > 0 && left_us > 0)
    watch->waits = g_timeout_add ((guint)(left_us / 1000 + 1), on_quiet_over, watch);
  else
    listen (watch);
}
