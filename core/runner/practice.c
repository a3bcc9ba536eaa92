#include "core/runner/practice.h"

#include <string.h>
#include <sys/pidfd.h>
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

static void
add_ports (Confine *confine, const json_t *ports)
{
  size_t index;
  const json_t *port;
  json_array_foreach (ports, index, port)
  {
    json_int_t number = json_integer_value (port);
    if (number >= 1 && number <= G_MAXUINT16)
      confine_add_port (confine, (guint16)number);
  }
}

/* {"pid": N, "ports": [N, …]}, or NULL. */
static json_t *
ask_reach (int line)
{
  g_autofree char *answer = private_line_ask (line, "{\"reach\": true}", ANSWER_MS);
  return answer ? json_loads (answer, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* NULL: nobody plays there. The process is held before it is asked: when it answers with its
 * own number it is the one that is held, and not another that has got the number since. */
static Confine *
confine_of (const char *folder)
{
  pid_t pid = 0;
  g_autofree char *player = player_path ();
  int line = private_line_open (folder, CONTROL, &pid);
  if (line < 0)
    return NULL;
  ConfineBounds bounds = { folder, player, pid, pidfd_open (pid, 0) };
  json_auto_t *reach = ask_reach (line);
  gboolean plays = json_integer_value (json_object_get (reach, "pid")) == pid;
  close (line);
  if (plays && bounds.process >= 0) {
    Confine *confine = confine_new (&bounds);
    add_ports (confine, json_object_get (reach, "ports"));
    return confine;
  }
  if (bounds.process >= 0)
    close (bounds.process);
  return NULL;
}

Confine *
practice_confine (const char *folder, const char *site_file, json_t **refusal)
{
  g_autofree char *own = g_canonicalize_filename (folder, "/");
  g_autofree char *site = g_build_filename (own, SITE_FILE, NULL);
  if (strcmp (site, site_file) != 0) {
    *refusal = refusal_new (REFUSED_RULE,
                            "practice is done on its own site, %s, and on no other; "
                            "leave --site away, or begin a real run with `handrail run`",
                            site);
    return NULL;
  }
  Confine *confine = confine_of (own);
  if (!confine)
    *refusal = refusal_new (REFUSED_USAGE,
                            "the simulated deployment in %s is gone, and this practice "
                            "with it; begin anew with `handrail practice`",
                            own);
  return confine;
}
