/* folder_watch.h: says when something in some folders has changed: inotify(7), so that
 * nobody wakes up to find that nothing has. On the default main context. */
#ifndef HANDRAIL_TUI_FOLDER_WATCH_H
#define HANDRAIL_TUI_FOLDER_WATCH_H

#include <glib.h>

/* It is quiet for so long after it has called: a journal grows in bursts. */
#define FOLDER_WATCH_QUIET_US (2 * G_USEC_PER_SEC)

typedef struct FolderWatch FolderWatch;

/* `changed` is called from the loop, once; then folder_watch_arm() makes it possible again.
 * What happens meanwhile is not lost. NULL where the system has no more of these: then
 * nobody is told. */
typedef void (*FolderWatchChanged) (void *data);
FolderWatch *folder_watch_new (FolderWatchChanged changed, void *data);
void folder_watch_free (FolderWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FolderWatch, folder_watch_free)

/* From now on these (NULL-terminated) and no others; those that are not there are left out.
 * TRUE if there are new ones among them: what happened there before is not known, so look. */
gboolean folder_watch_set (FolderWatch *watch, const char *const *folders);

/* Listens; does nothing when it listens already, or `watch` is NULL. */
void folder_watch_arm (FolderWatch *watch);

#endif
