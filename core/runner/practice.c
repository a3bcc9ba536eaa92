#include "core/runner/practice.h"

#include <string.h>
#include <unistd.h>

#include "core/runner/refusal.h"
#include "core/store/private_line.h"

#define SITE_FILE "site.yaml"
#define CONTROL "control"

/* What plays deployments; it comes with the runner, and is beside it. */
#define PLAYER "handrail-practice"

/* It has little to do, but the machine may have much. */
#define ANSWER_MS 10000

static char *
player_path (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self ? self : "/");
  return g_build_filename (folder, PLAYER, NULL);
}

/* {"ports": [N, …]}; FALSE: it is something else. */
static gboolean
take_reach (Confine *confine, const char *answer)
{
  json_auto_t *reach = json_loads (answer, JSON_REJECT_DUPLICATES, NULL);
  const json_t *ports = json_object_get (reach, "ports");
  size_t index;
  json_t *port;
  json_array_foreach (ports, index, port)
  {
    json_int_t number = json_integer_value (port);
    if (number < 1 || number > G_MAXUINT16)
      return FALSE;
    confine_add_port (confine, (guint16)number);
  }
  return json_is_array (ports);
}

/* Whether somebody plays there who says how far it reaches. */
static gboolean
ask_reach (Confine *confine)
{
  pid_t pid = 0;
  int line = private_line_open (confine_folder (confine), CONTROL, &pid);
  if (line < 0)
    return FALSE;
  g_autofree char *answer = private_line_ask (line, "{\"reach\": true}", ANSWER_MS);
  close (line);
  confine_set_process (confine, pid);
  return answer && take_reach (confine, answer);
}

Confine *
practice_confine (const char *folder, const char *site_file, json_t **refusal)
{
  g_autofree char *player = player_path ();
  g_autoptr (Confine) confine = confine_new (folder, player);
  g_autofree char *site = g_build_filename (confine_folder (confine), SITE_FILE, NULL);
  if (strcmp (site, site_file) != 0) {
    *refusal = refusal_new (REFUSED_RULE,
                            "practice is done on its own site, %s, and on no other; "
                            "leave --site away, or begin a real run with `handrail run`",
                            site);
    return NULL;
  }
  if (ask_reach (confine))
    return g_steal_pointer (&confine);
  *refusal =
      refusal_new (REFUSED_USAGE,
                   "the simulated deployment in %s is gone, and this practice with "
                   "it; begin anew with `handrail practice`",
                   confine_folder (confine));
  return NULL;
}
