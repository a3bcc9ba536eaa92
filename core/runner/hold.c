#include "config.h"

#include "core/runner/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/net/process.h"
#include "core/runner/lock.h"
#include "core/runner/naming.h"
#include "core/runner/refusal.h"
#include "core/store/store.h"

#define FOLDER_MODE 0750
#define FOLDER_MODE_SHARED 02770
#define FILE_MODE 0640
#define FILE_MODE_SHARED 0660

void
hold_free (Hold *hold)
{
  if (!hold)
    return;
  int descriptors[] = { hold->folder, hold->lock, hold->site_lock };
  for (guint i = 0; i < G_N_ELEMENTS (descriptors); i++)
    if (descriptors[i] >= 0)
      close (descriptors[i]);
  g_free (hold->root);
  g_free (hold->path);
  g_free (hold->name);
  inputs_free (hold->inputs);
  legacy_free (hold->legacy);
  g_free (hold->from);
  g_ptr_array_unref (hold->warnings);
  journal_file_free (hold->journal);
  state_free (hold->state);
  g_free (hold->boot);
  event_free (hold->first);
  g_free (hold);
}

void
hold_release (Hold *hold)
{
  int *locks[] = { &hold->lock, &hold->site_lock };
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++) {
    if (*locks[i] >= 0)
      close (*locks[i]);
    *locks[i] = -1;
  }
}

guint
hold_folder_mode (const Hold *hold)
{
  return hold->shared ? FOLDER_MODE_SHARED : FOLDER_MODE;
}

guint
hold_kept_mode (const Hold *hold)
{
  return hold->shared ? FILE_MODE_SHARED : FILE_MODE;
}

/* A root that gives its group to what is made in it is a shared one. */
static Hold *
hold_new (const char *root)
{
  struct stat status;
  Hold *hold = g_new0 (Hold, 1);
  hold->folder = hold->lock = hold->site_lock = -1;
  hold->root = g_canonicalize_filename (root, NULL);
  hold->shared = stat (hold->root, &status) == 0 && (status.st_mode & S_ISGID) != 0;
  hold->boot = process_boot_id ();
  hold->warnings = g_ptr_array_new_with_free_func (g_free);
  hold->state = state_new ();
  return hold;
}

Procedure
hold_procedure (const Hold *hold)
{
  const Confine *confine = hold->inputs->confine;
  return (Procedure){ .runbook = hold->inputs->runbook,
                      .site = hold->inputs->site,
                      .legacy = hold->legacy,
                      .from = hold->from,
                      .speed = hold->speed,
                      .practice = hold->practice,
                      .practice_folder = confine ? confine_folder (confine) : NULL };
}

/* ---- locks ---------------------------------------------------------------- */

static json_t *
holder_json (const Hold *hold)
{
  g_autofree char *since = moment_format_wall (process_now ().wall_us);
  return json_pack ("{s:s, s:I, s:I, s:s, s:s, s:s}", "run", hold->name ? hold->name : "",
                    "pid", (json_int_t)getpid (), "uid", (json_int_t)geteuid (), "user",
                    g_get_user_name (), "host", g_get_host_name (), "since", since);
}

static const char *
member (const json_t *object, const char *name)
{
  const char *text = json_string_value (json_object_get (object, name));
  return text && *text ? text : "unknown";
}

/* The sentence for a lock that somebody has; takes over `holder`. */
static json_t *
held_refusal (const char *what, json_t *holder, const char *remedy)
{
  g_autofree char *run = text_printable (member (holder, "run"), -1);
  g_autofree char *user = text_printable (member (holder, "user"), -1);
  g_autofree char *host = text_printable (member (holder, "host"), -1);
  g_autofree char *since = text_printable (member (holder, "since"), -1);
  json_t *refusal = refusal_new (
      REFUSED_RULE,
      "%s is held by %s on %s (process %" JSON_INTEGER_FORMAT ", run %s) since %s; %s",
      what, user, host, json_integer_value (json_object_get (holder, "pid")), run, since,
      remedy);
  if (holder)
    json_object_set_new (refusal, "holder", holder);
  return refusal;
}

/* Takes a lock into *descriptor and signs it. */
static gboolean
hold_lock (Hold *hold, const char *path, const char *what, const char *remedy,
           int *descriptor, json_t **refusal)
{
  g_autoptr (GError) error = NULL;
  json_t *holder = NULL;
  *descriptor = lock_take (path, hold_kept_mode (hold), &holder, &error);
  if (g_error_matches (error, LOCK_ERROR, LOCK_ERROR_HELD)) {
    *refusal = held_refusal (what, holder, remedy);
    return FALSE;
  }
  json_t *own = holder_json (hold);
  if (!error)
    lock_sign (*descriptor, own, &error);
  json_decref (own);
  if (error)
    *refusal = refusal_new (REFUSED_FAILED, "%s", error->message);
  return !error;
}

static gboolean
hold_site (Hold *hold, const char *site, json_t **refusal)
{
  g_autofree char *path = store_site_lock (hold->root, site);
  g_autofree char *what = g_strdup_printf ("the site %s", site);
  return hold_lock (hold, path, what, "attach to that run, or wait until it is over",
                    &hold->site_lock, refusal);
}

static gboolean
hold_run (Hold *hold, json_t **refusal)
{
  g_autofree char *path = g_build_filename (hold->path, STORE_LOCK, NULL);
  return hold_lock (hold, path, "the run",
                    "attach to it instead: `handrail attach` with the run's name",
                    &hold->lock, refusal);
}

/* ---- other runs of the site ----------------------------------------------- */

static gboolean
is_of_site (const StoreRun *run, const char *site, gboolean practice)
{
  return run->state && g_strcmp0 (run->state->site, site) == 0 &&
         run->state->practice == practice;
}

static Legacy *
legacy_of (const StoreRun *run)
{
  json_t *ledger = ledger_to_json (run->state->ledger);
  Legacy *legacy = g_new0 (Legacy, 1);
  legacy->run = g_strdup (run->name);
  legacy->when = moment_format_said (run->state->began.wall_us);
  legacy->ledger = ledger_new ();
  ledger_merge_json (legacy->ledger, ledger);
  json_decref (ledger);
  return legacy;
}

static void
warn_of_damaged (Hold *hold, GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    if (!run->damaged)
      continue;
    g_autofree char *text = g_strdup_printf ("damaged: %s: %s", run->name, run->problem);
    g_ptr_array_add (hold->warnings, mask_apply (hold->inputs->mask, text, -1));
  }
}

/* What the newest run of the site that has recorded counts (its own, or taken over)
 * left unrestored. An older run's counts are never gone back to by themselves: they
 * were taken over, or declined; nor those before a run that cannot be read: these may
 * be what its maintenance left behind. NULL without *refusal: there are none. */
static Legacy *
find_legacy (GPtrArray *runs, const char *site, gboolean practice, const char *but,
             json_t **refusal)
{
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    if (run->damaged && store_name_is_of_site (run->name, site)) {
      *refusal = refusal_new (
          REFUSED_RULE,
          "the journal of %s is damaged (%s): what it recorded cannot be taken over; "
          "look at it, then give --after RUN to choose another, or move the folder away",
          run->name, run->problem);
      return NULL;
    }
    if (!is_of_site (run, site, practice) || g_strcmp0 (run->name, but) == 0)
      continue;
    if (ledger_size (run->state->ledger) > 0)
      return ledger_is_open (run->state->ledger) ? legacy_of (run) : NULL;
  }
  return NULL;
}

/* The run that --after names. */
static Legacy *
named_legacy (const Hold *hold, const char *name, json_t **refusal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StoreRun) run = NULL;
  g_autofree char *path = store_find (hold->root, name, &error);
  if (path)
    run = store_open (path, &error);
  if (!run)
    *refusal = refusal_new (REFUSED_USAGE, "--after %s: %s", name, error->message);
  else if (!run->state)
    *refusal = refusal_new (REFUSED_USAGE, "--after %s: %s", name, run->problem);
  else if (run->state->practice != hold->practice)
    *refusal = refusal_new (REFUSED_RULE,
                            "--after %s: that run was %s, this one is %s; what one "
                            "recorded is never taken over by the other",
                            name, run->state->practice ? "practice" : "real",
                            hold->practice ? "practice" : "real");
  else if (!is_of_site (run, hold->inputs->site->name, hold->practice))
    *refusal = refusal_new (REFUSED_RULE,
                            "--after %s: that run was on the site %s, not on %s; name a "
                            "run of this site",
                            name, run->state->site, hold->inputs->site->name);
  else if (ledger_size (run->state->ledger) == 0)
    *refusal = refusal_new (
        REFUSED_USAGE, "--after %s: that run recorded nothing; name one that did", name);
  else
    return legacy_of (run);
  return NULL;
}

static json_t *
unfinished_refusal (const StoreRun *run)
{
  const StepState *step = state_current (run->state);
  json_t *refusal = refusal_new (
      REFUSED_RULE,
      "the run %s on the site %s is unfinished%s%s; resume it with `handrail "
      "resume %s`, or abandon it",
      run->name, run->state->site, step ? " at the step " : "", step ? step->id : "",
      run->name);
  refusal_add_text (refusal, "unfinished", run->name);
  if (step)
    refusal_add_text (refusal, "step", step->id);
  return refusal;
}

static gboolean
fold (const Event *event, void *data, GError **error)
{
  Hold *hold = data;
  if (event->type == EVENT_RUN_BEGAN && event_json (event, "from"))
    hold->from = g_strdup (event_text (event, "from"));
  return state_apply (hold->state, event, error);
}

/* Gives up the run at `path`: its journal gets its last event. */
static gboolean
abandon (const char *root, const char *path, json_t **refusal)
{
  g_autoptr (Hold) old = hold_new (root);
  g_autoptr (GError) error = NULL;
  old->path = g_strdup (path);
  old->name = g_path_get_basename (path);
  if (!hold_run (old, refusal))
    return FALSE;
  old->folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  old->journal = journal_file_open (old->folder, fold, old, &error);
  g_autoptr (Event) event = event_new (
      EVENT_RUN_ABANDONED,
      json_pack ("{s:I, s:s, s:s}", "uid", (json_int_t)geteuid (), "user",
                 g_get_user_name (), "why", "given up for a new run of the site"));
  event->at = process_now ();
  if (old->journal) {
    g_free (journal_file_add (old->journal, event));
    if (state_apply (old->state, event, &error) &&
        journal_file_sync (old->journal, &error))
      return TRUE;
  }
  *refusal = refusal_new (REFUSED_FAILED, "the run %s cannot be abandoned: %s", old->name,
                          error->message);
  return FALSE;
}

/* No unfinished run of the site but the one that is to be abandoned, and those that
 * were refused before they did anything: these are given up without asking. */
static gboolean
settle_unfinished (const Hold *hold, GPtrArray *runs, const char *abandoned,
                   json_t **refusal)
{
  gboolean found = FALSE;
  for (guint i = 0; i < runs->len; i++) {
    const StoreRun *run = g_ptr_array_index (runs, i);
    if (!is_of_site (run, hold->inputs->site->name, hold->practice) ||
        !state_is_unfinished (run->state))
      continue;
    gboolean named = g_strcmp0 (run->name, abandoned) == 0;
    if (!named && !state_is_harmless (run->state)) {
      *refusal = unfinished_refusal (run);
      return FALSE;
    }
    found = found || named;
    if (!abandon (hold->root, run->path, refusal))
      return FALSE;
  }
  if (abandoned && !found)
    *refusal = refusal_new (REFUSED_USAGE,
                            "--abandon %s: the site has no unfinished run of that name",
                            abandoned);
  return !abandoned || found;
}

/* ---- beginning ------------------------------------------------------------ */

static gboolean
make_folder (const Hold *hold, const char *path, json_t **refusal)
{
  guint mode = hold_folder_mode (hold);
  if (g_mkdir_with_parents (path, (int)mode) == 0) {
    /* The umask takes the group's bits. On a colleague's folder this fails; there the
     * mode is right already. */
    chmod (path, mode);
    return TRUE;
  }
  *refusal = refusal_new (REFUSED_FAILED,
                          "the folder %s cannot be made (%s); correct its owner or its "
                          "permissions",
                          path, g_strerror (errno));
  return FALSE;
}

static gboolean
check_from (const Inputs *inputs, const char *from, json_t **refusal)
{
  if (!from || runbook_step_index (inputs->runbook, from) >= 0)
    return TRUE;
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  for (guint i = 0; i < inputs->runbook->steps->len; i++)
    g_ptr_array_add (ids, ((const Step *)inputs->runbook->steps->pdata[i])->id);
  g_ptr_array_add (ids, NULL);
  const char *near = text_nearest (from, (const char *const *)ids->pdata);
  *refusal =
      refusal_new (REFUSED_USAGE, "--from %s: the runbook has no such step; %s%s%s", from,
                   near ? "did you mean " : "`handrail show` lists them",
                   near ? near : "", near ? "?" : "");
  return FALSE;
}

static Event *
began_event (const Hold *hold, const char *after)
{
  Procedure procedure = hold_procedure (hold);
  procedure.after = after;
  return event_new (EVENT_RUN_BEGAN,
                    next_run_began (&procedure, hold->name, hold->inputs->settings,
                                    PACKAGE_VERSION, g_get_host_name (),
                                    g_get_user_name (), geteuid (), getpid (),
                                    hold->boot));
}

/* Everything that may refuse a run before it has a folder. */
static gboolean
may_begin (Hold *hold, const Order *order, json_t **refusal)
{
  g_autoptr (GError) error = NULL;
  const char *site = hold->inputs->site->name;
  g_autofree char *sites = g_build_filename (hold->root, STORE_SITES, NULL);
  g_autofree char *runs = g_build_filename (hold->root, STORE_RUNS, NULL);
  if (!make_folder (hold, runs, refusal) || !make_folder (hold, sites, refusal) ||
      !hold_site (hold, site, refusal))
    return FALSE;
  g_autoptr (GPtrArray) others = store_list (hold->root, &error);
  if (!others) {
    *refusal = refusal_new (REFUSED_FAILED, "%s", error->message);
    return FALSE;
  }
  warn_of_damaged (hold, others);
  if (settle_unfinished (hold, others, order->abandon, refusal))
    hold->legacy = order->after
                       ? named_legacy (hold, order->after, refusal)
                       : find_legacy (others, site, hold->practice, NULL, refusal);
  if (*refusal && hold->warnings->len > 0)
    refusal_add_list (*refusal, "problems", hold->warnings);
  return !*refusal;
}

Hold *
hold_begin (const Order *order, json_t **refusal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Hold) hold = hold_new (order->root);
  hold->from = g_strdup (order->from);
  hold->practice = order->practice != NULL;
  hold->speed = order->speed;
  const InputsFrom from = { .site_file = order->site,
                            .runbook_file = order->runbook,
                            .settings = order->settings,
                            .practice = order->practice };
  hold->inputs = inputs_load (&from, refusal);
  if (!hold->inputs || !check_from (hold->inputs, order->from, refusal) ||
      !may_begin (hold, order, refusal) || !naming_make_run (hold, refusal) ||
      !hold_run (hold, refusal))
    return NULL;
  /* The site's lock was signed before the run had a name. */
  json_t *own = holder_json (hold);
  gboolean signed_site = lock_sign (hold->site_lock, own, &error);
  json_decref (own);
  if (signed_site &&
      inputs_copy (hold->inputs, hold->folder, hold_kept_mode (hold), &error))
    hold->journal = journal_file_create (hold->folder, hold_kept_mode (hold), &error);
  if (!hold->journal) {
    *refusal = refusal_new (REFUSED_FAILED, "%s", error->message);
    return NULL;
  }
  hold->first = began_event (hold, order->after ? hold->legacy->run : NULL);
  return g_steal_pointer (&hold);
}

/* ---- resuming ------------------------------------------------------------- */

static gboolean
read_journal (Hold *hold, json_t **refusal)
{
  g_autoptr (GError) error = NULL;
  hold->journal = journal_file_open (hold->folder, fold, hold, &error);
  if (!hold->journal)
    *refusal = refusal_new (REFUSED_FAILED, "the run %s cannot be resumed: %s",
                            hold->name, error->message);
  else if (hold->state->number == 0)
    *refusal = refusal_new (REFUSED_FAILED,
                            "the run %s did not begin: nothing was done; begin a new one",
                            hold->name);
  else if (!state_is_unfinished (hold->state))
    *refusal = refusal_new (REFUSED_USAGE, "the run %s is %s; there is nothing to resume",
                            hold->name, run_phase_name (hold->state->phase));
  else if (hold->state->practice != (hold->state->practice_folder != NULL))
    *refusal =
        refusal_new (REFUSED_RULE,
                     "the journal of %s does not say what it practises on: without "
                     "that it is not gone on with; begin anew",
                     hold->name);
  else
    return TRUE;
  return FALSE;
}

static gboolean
accept_differences (Hold *hold, gboolean accepted, json_t **refusal)
{
  Procedure procedure = hold_procedure (hold);
  g_autoptr (GPtrArray) differences = next_differences (&procedure, hold->state);
  if (differences->len > 0 && !accepted) {
    *refusal = refusal_new (REFUSED_RULE,
                            "the files that the run %s began with are not the same any "
                            "more; put them back (inputs/ has copies), or accept the "
                            "differences",
                            hold->name);
    refusal_add_list (*refusal, "differences", differences);
    return FALSE;
  }
  json_t *list = json_array ();
  for (guint i = 0; i < differences->len; i++)
    json_array_append_new (list, json_string (g_ptr_array_index (differences, i)));
  hold->first = event_new (EVENT_RUN_RESUMED,
                           json_pack ("{s:s, s:s, s:I, s:s, s:I, s:s, s:o}", "program",
                                      PACKAGE_VERSION, "host", g_get_host_name (), "uid",
                                      (json_int_t)geteuid (), "user", g_get_user_name (),
                                      "pid", (json_int_t)getpid (), "boot", hold->boot,
                                      "differences", list));
  return TRUE;
}

static gboolean
load_again (Hold *hold, json_t **refusal)
{
  g_autoptr (GHashTable) answers = inputs_table (hold->state->answers);
  const InputsFrom from = { .site_file = hold->state->site_file,
                            .runbook_file = hold->state->runbook_file,
                            .settings = inputs_table (hold->state->settings),
                            .answers = answers,
                            .practice = hold->state->practice_folder };
  hold->practice = hold->state->practice;
  hold->speed = hold->state->speed;
  hold->inputs = inputs_load (&from, refusal);
  return hold->inputs != NULL;
}

/* What the run would have taken over when it began, had it come to that. */
static gboolean
find_legacy_again (Hold *hold, json_t **refusal)
{
  if (hold->state->after) {
    hold->legacy = named_legacy (hold, hold->state->after, refusal);
    return hold->legacy != NULL;
  }
  g_autoptr (GPtrArray) others = store_list (hold->root, NULL);
  if (others)
    hold->legacy = find_legacy (others, hold->state->site, hold->state->practice,
                                hold->name, refusal);
  return !*refusal;
}

Hold *
hold_resume (const Order *order, json_t **refusal)
{
  g_autofree char *path = g_canonicalize_filename (order->run, NULL);
  g_autofree char *runs = g_path_get_dirname (path);
  g_autofree char *root = g_path_get_dirname (runs);
  g_autoptr (Hold) hold = hold_new (root);
  hold->path = g_strdup (path);
  hold->name = g_path_get_basename (path);
  hold->folder = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (hold->folder < 0) {
    *refusal = refusal_new (REFUSED_USAGE, "there is no run in %s (%s)", path,
                            g_strerror (errno));
    return NULL;
  }
  if (!hold_run (hold, refusal) || !read_journal (hold, refusal) ||
      !load_again (hold, refusal) || !accept_differences (hold, order->accept, refusal) ||
      !hold_site (hold, hold->state->site, refusal))
    return NULL;
  if (!hold->state->adoption_settled && !find_legacy_again (hold, refusal))
    return NULL;
  return g_steal_pointer (&hold);
}
