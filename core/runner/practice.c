#include "core/runner/practice.h"

#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/runbook/site.h"
#include "core/runner/refusal.h"
#include "core/runner/vocabulary.h"
#include "core/store/store.h"

#define SITE_FILE "site.yaml"
#define CONTROL "control"

/* Whether somebody listens there, who can only be us. */
static gboolean
is_alive (const Confine *confine)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (confine_folder (confine), CONTROL, NULL);
  if (!store_is_private (confine_folder (confine)) ||
      strlen (path) >= sizeof address.sun_path)
    return FALSE;
  strcpy (address.sun_path, path);
  int line = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (line < 0)
    return FALSE;
  gboolean alive = connect (line, (const struct sockaddr *)&address, sizeof address) == 0;
  close (line);
  return alive;
}

Confine *
practice_confine (const char *folder, const char *site_file, json_t **refusal)
{
  g_autoptr (Confine) confine = confine_new (folder);
  g_autofree char *site = g_build_filename (confine_folder (confine), SITE_FILE, NULL);
  if (strcmp (site, site_file) != 0) {
    *refusal = refusal_new (REFUSED_RULE,
                            "practice is done on its own site, %s, and on no other; "
                            "leave --site away, or begin a real run with `handrail run`",
                            site);
    return NULL;
  }
  if (is_alive (confine))
    return g_steal_pointer (&confine);
  *refusal =
      refusal_new (REFUSED_USAGE,
                   "the simulated deployment in %s is gone, and this practice with "
                   "it; begin anew with `handrail practice`",
                   confine_folder (confine));
  return NULL;
}

void
practice_allow (Confine *confine, const char *site_file, GBytes *bytes)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (Site) site = site_load (site_file, bytes, &vocabulary, NULL, problems);
  for (guint i = 0; site && i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    if (service->health)
      confine_add_url (confine, service->health);
  }
}
