#include "core/runner/practice.h"

#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "core/runner/refusal.h"
#include "core/store/store_world.h"

#define SITE_FILE "site.yaml"

/* What the simulated deployment and its programs are. */
#define PROGRAM "handrail-practice"

/* Beside this program; or where it is installed. */
static char *
program_path (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self ? g_path_get_dirname (self) : NULL;
  g_autofree char *beside = folder ? g_build_filename (folder, PROGRAM, NULL) : NULL;
  if (beside && g_file_test (beside, G_FILE_TEST_IS_EXECUTABLE))
    return g_steal_pointer (&beside);
  return g_build_filename (LIBEXECDIR, PROGRAM, NULL);
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

/* The process is held before it is asked: when it answers with its own number it is the one
 * that is held, and not another that has got the number since. */
static Confine *
confine_of (const char *folder)
{
  pid_t pid = 0;
  g_autofree char *program = program_path ();
  int line = store_world_connect (folder, &pid);
  int process = line >= 0 ? pidfd_open (pid, 0) : -1;
  json_auto_t *hello = store_world_ask (line, json_pack ("{s:b}", "hello", 1));
  if (process >= 0 && json_integer_value (json_object_get (hello, "pid")) == pid) {
    const ConfineBounds bounds = { folder, program, pid, process };
    Confine *confine = confine_new (&bounds);
    add_ports (confine, json_object_get (hello, "ports"));
    return confine;
  }
  if (process >= 0)
    close (process);
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
