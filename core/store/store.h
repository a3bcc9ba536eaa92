/* store.h: the run folders on disk.
 *
 *   ROOT/runs/<time>-<runbook>-<site>/    one run: the files named below
 *   ROOT/sites/<site>.lock                who works on that site now
 *
 * Both programs read them here; the runner alone writes. Nothing here waits for
 * another process. */
#ifndef HANDRAIL_STORE_STORE_H
#define HANDRAIL_STORE_STORE_H

#include "core/run/journal.h"
#include "core/run/state.h"

/* In the root. */
#define STORE_RUNS "runs"
#define STORE_SITES "sites"
#define STORE_SITE_LOCK_SUFFIX ".lock"

/* In a run's folder. */
#define STORE_JOURNAL "journal.jsonl"
#define STORE_SAMPLES "samples.jsonl"
#define STORE_SAMPLES_BEFORE "samples-1.jsonl" /* those before, once it was full */
#define STORE_OUTPUT "output"                  /* a folder: <step>.log */
#define STORE_INPUTS "inputs" /* a folder: runbook, includes and site file, masked */
#define STORE_BYHAND "by-hand.txt"
#define STORE_SOCKET "socket"
#define STORE_LOCK "lock"
#define STORE_RUNNER_LOG "runner.log"

/* Where everybody on this host may see the runs, when it exists. */
#define STORE_SHARED_ROOT "/var/lib/handrail"

/* A larger journal is no journal: it is read into memory as a whole. */
#define STORE_JOURNAL_BYTES_MAX (1024 * 1024 * 1024)

typedef enum {
  STORE_ERROR_NONE,      /* there is no such run */
  STORE_ERROR_AMBIGUOUS, /* the message names the runs that it may mean */
  STORE_ERROR_READ,      /* a folder or file cannot be read */
} StoreError;
#define STORE_ERROR (store_error_quark ())
GQuark store_error_quark (void);

/* STORE_SHARED_ROOT where it exists and is writable by us, else
 * $XDG_STATE_HOME/handrail (~/.local/state/handrail). Sets *shared (may be NULL).
 * Newly allocated; the folder need not exist. */
char *store_root (gboolean *shared);

/* The same rule with `shared_root` in place of STORE_SHARED_ROOT. */
char *store_root_beside (const char *shared_root, gboolean *shared);

/* Whether `path` is a folder, no link, of our own that nobody else can enter: what is
 * below it was put there by us. A folder that was removed may have been made anew by
 * somebody else, where everybody may. */
gboolean store_is_private (const char *path);

typedef struct {
  char *name;
  char *path;
  RunState *state;  /* NULL with a problem */
  gboolean live;    /* a runner holds it now */
  char *problem;    /* a sentence: the journal is damaged or cannot be read; or NULL */
  gboolean damaged; /* with a problem: something was written there once */
} StoreRun;

void store_run_free (StoreRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StoreRun, store_run_free)

/* Every run (StoreRun *), newest first. A root without runs is an empty list; NULL
 * with `error` if it cannot be read. */
GPtrArray *store_list (const char *root, GError **error);

/* The names of all run folders, newest first; the same otherwise. */
GPtrArray *store_names (const char *root, GError **error);

/* Puts runs (StoreRun *) of several roots into one order, newest first. */
void store_sort (GPtrArray *runs);

/* One run, folded. NULL with `error` if there is no such folder; a damaged journal
 * is a run with a problem. */
StoreRun *store_open (const char *path, GError **error);

/* Whether a run of that name is on `site`, as far as the name says so: one of a site
 * whose name ends with "-" and this name passes, too. For runs without a state. */
gboolean store_name_is_of_site (const char *name, const char *site);

/* Whether a run of that name is in any of the roots that stand in one folder with `root`,
 * itself included. */
gboolean store_name_is_beside (const char *root, const char *name);

/* The folder that is meant: a name, a unique part of one, or a path to a folder.
 * A NULL name: the newest unfinished run. Newly allocated. */
char *store_find (const char *root, const char *name, GError **error);

/* The same of `name`, which is not NULL, in any of the roots (char *), of which there is one
 * at least: a whole name goes before a part of another. */
char *store_find_among (const GPtrArray *roots, const char *name, GError **error);

/* Whether some process holds that folder's lock. */
gboolean store_is_live (const char *path);

/* The lock file of a site. Newly allocated. */
char *store_site_lock (const char *root, const char *site);

#endif
