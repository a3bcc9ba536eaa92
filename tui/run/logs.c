#include "tui/run/logs.h"

#include <string.h>

#include "core/base/text.h"
#include "core/run/next.h"

/* More than fits on a screen: what came first is often the reason. */
#define LOG_LINES 200

static void
log_of_free (LogOf *log)
{
  g_free (log->service);
  g_strfreev (log->argv);
  g_free (log->directory);
  g_free (log->text);
  g_free (log);
}

/* Takes over `argv`. */
static void
add (GPtrArray *logs, const char *service, GStrv argv, const char *directory)
{
  LogOf *log = g_new0 (LogOf, 1);
  log->service = g_strdup (service);
  log->argv = argv;
  log->directory = g_strdup (directory);
  log->text = text_command ((const char *const *)argv);
  g_ptr_array_add (logs, log);
}

/* ---- from the site ------------------------------------------------------------- */

static gboolean
is_about (const Clause *clause, const char *service)
{
  const KindSpec *kind = clause ? clause->kind : NULL;
  const char *const *names = kind && kind->services && clause->settings
                                 ? kind->services (clause->settings)
                                 : NULL;
  return names && g_strv_contains (names, service);
}

static gboolean
any_is_about (const GPtrArray *clauses, const char *service)
{
  for (guint i = 0; i < clauses->len; i++)
    if (is_about (g_ptr_array_index (clauses, i), service))
      return TRUE;
  return FALSE;
}

static gboolean
is_at_hand (const Step *step, const char *service)
{
  return step &&
         (is_about (step->action, service) || any_is_about (step->until, service) ||
          any_is_about (step->require, service));
}

static void
add_services (const RunModel *model, GPtrArray *logs, gboolean at_hand)
{
  const Site *site = run_model_site (model);
  const PlatformKind *platform = site ? kind_platform (site) : NULL;
  const json_t *deployment = run_model_deployment (model, NULL);
  const Step *step = run_model_written (model, run_model_state (model)->current);
  if (!platform || !platform->log || !deployment)
    return;
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    if (service->managed || is_at_hand (step, service->name) != at_hand)
      continue;
    g_autoptr (Command) command = platform->log (site, deployment, service, LOG_LINES);
    if (!command)
      continue;
    add (logs, service->name, g_strdupv (command->argv), command->directory);
    LogOf *log = g_ptr_array_index (logs, logs->len - 1);
    log->at_hand = at_hand;
    log->ours = TRUE;
  }
}

/* ---- from the question ----------------------------------------------------------- */

static GStrv
argv_of (const json_t *command)
{
  const json_t *argv = json_object_get (command, "argv");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  for (gsize i = 0; i < json_array_size (argv); i++) {
    const char *word = json_string_value (json_array_get (argv, i));
    g_strv_builder_add (builder, word ? word : "");
  }
  return g_strv_builder_end (builder);
}

static void
add_asked (const RunModel *model, GPtrArray *logs)
{
  const Question *question = run_model_state (model)->question;
  const json_t *commands = question ? json_object_get (question->details, "logs") : NULL;
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    add (logs, NULL, argv_of (command),
         json_string_value (json_object_get (command, "directory")));
    ((LogOf *)g_ptr_array_index (logs, logs->len - 1))->at_hand = TRUE;
  }
}

GPtrArray *
logs_of (const RunModel *model)
{
  GPtrArray *logs = g_ptr_array_new_with_free_func ((GDestroyNotify)log_of_free);
  add_services (model, logs, TRUE);
  add_services (model, logs, FALSE);
  if (logs->len == 0)
    add_asked (model, logs);
  return logs;
}
