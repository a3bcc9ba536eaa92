/* plan.c: what an action comes to, and the digest that an answer names. */
#include "core/run/kind.h"

#include <string.h>

G_DEFINE_QUARK (handrail_plan_error, plan_error)

Command *
command_new (const char *const *argv, const char *directory)
{
  Command *command = g_new0 (Command, 1);
  command->argv = g_strdupv ((char **)argv);
  command->directory = g_strdup (directory);
  return command;
}

void
command_free (Command *command)
{
  if (!command)
    return;
  g_strfreev (command->argv);
  g_free (command->directory);
  g_free (command->login);
  g_free (command);
}

Plan *
plan_new (void)
{
  Plan *plan = g_new0 (Plan, 1);
  plan->commands = g_ptr_array_new_with_free_func ((GDestroyNotify)command_free);
  plan->prior = json_object ();
  plan->planned = json_object ();
  return plan;
}

Plan *
plan_new_instruction (const SiteService *service, const char *verb, const char *do_there)
{
  Plan *plan = plan_new ();
  plan->word = g_strdup (service->name);
  plan->change = g_strdup_printf ("%s: %s, not ours", service->name, service->managed);
  plan->instruction =
      g_strdup_printf ("%s is not ours to %s (%s): %s, then say what was done",
                       service->name, verb, service->managed, do_there);
  return plan;
}

void
plan_free (Plan *plan)
{
  if (!plan)
    return;
  g_ptr_array_unref (plan->commands);
  g_free (plan->instruction);
  g_free (plan->change);
  g_free (plan->word);
  g_free (plan->way_back);
  json_decref (plan->prior);
  json_decref (plan->planned);
  g_free (plan);
}

void
plan_add_command (Plan *plan, const char *const *argv, const char *directory)
{
  g_ptr_array_add (plan->commands, command_new (argv, directory));
}

void
plan_add_login (Plan *plan, const char *const *argv, const char *section)
{
  Command *command = command_new (argv, NULL);
  command->login = g_strdup (section);
  g_ptr_array_add (plan->commands, command);
}

/* Each piece goes in with its NUL, a missing one as a byte that no text has, so
 * that no two lists of pieces make the same bytes. */
static void
digest_text (GChecksum *checksum, const char *text)
{
  if (text)
    g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text) + 1);
  else
    g_checksum_update (checksum, (const guchar *)"\xff", 1);
}

static void
digest_target (GChecksum *checksum, const Site *site)
{
  g_autoptr (GList) names = g_hash_table_get_keys (site->identity);
  digest_text (checksum, site->name);
  digest_text (checksum, site_platform (site));
  names = g_list_sort (names, (GCompareFunc)strcmp);
  for (const GList *link = names; link; link = link->next) {
    digest_text (checksum, link->data);
    digest_text (checksum, g_hash_table_lookup (site->identity, link->data));
  }
  digest_text (checksum, NULL);
}

static void
digest_command (GChecksum *checksum, const Command *command)
{
  digest_text (checksum, command->directory);
  if (command->login)
    digest_text (checksum, command->login);
  for (char **argument = command->argv; *argument; argument++)
    digest_text (checksum, *argument);
  digest_text (checksum, NULL);
}

char *
plan_digest (const Plan *plan, const Site *site)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  char *prior = json_dumps (plan->prior, JSON_COMPACT | JSON_SORT_KEYS);
  digest_target (checksum, site);
  for (guint i = 0; i < plan->commands->len; i++)
    digest_command (checksum, plan->commands->pdata[i]);
  digest_text (checksum, NULL);
  digest_text (checksum, plan->instruction);
  digest_text (checksum, prior);
  free (prior); /* malloc()ed by jansson */
  return g_strdup (g_checksum_get_string (checksum));
}

const SiteService *
plan_service (const PlanContext *context, const char *name, GError **error)
{
  const SiteService *service = site_service (context->site, name);
  if (!service)
    g_set_error (error, PLAN_ERROR, PLAN_ERROR_IMPOSSIBLE,
                 "site %s has no service %s; add it to the site file",
                 context->site->name, name);
  return service;
}
