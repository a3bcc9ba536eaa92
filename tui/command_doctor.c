#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/run/deployment.h"
#include "core/run/next.h"
#include "tui/commands.h"
#include "tui/find.h"
#include "tui/lines.h"
#include "tui/load.h"
#include "tui/plain/plain_io.h"
#include "tui/probe.h"
#include "tui/redis_findings.h"
#include "tui/session.h"
#include "tui/showing.h"
#include "tui/widgets/app.h"
#include "tui/widgets/terminal.h"
#include "tui/widgets/theming.h"

/* Machine time that a program has for its version, and a site for one look. */
#define PROGRAM_LIMIT_US (10 * G_USEC_PER_SEC)
#define SITE_LIMIT_US (40 * G_USEC_PER_SEC)

typedef enum { OK, WARN, FAIL } Finding;

/* What is looked at, and whether anything failed. */
typedef struct {
  const CliCall *call;
  const Site *site; /* for its secrets, once it is read; or NULL */
  gboolean failed;
} Doctor;

/* "fail  docker: not found; install it". */
static void
report (Doctor *doctor, Finding finding, const char *what, const char *detail,
        const char *remedy)
{
  static const char *const words[] = { "ok    ", "warn  ", "fail  " };
  g_autoptr (GString) out = g_string_new (NULL);
  lines_add (out, words[finding], "%s: %s%s%s", what, detail, remedy ? "; " : "",
             remedy ? remedy : "");
  g_autofree char *masked = load_masked (doctor->site, doctor->call->settings, out->str);
  cli_print (masked);
  doctor->failed |= finding == FAIL;
}

/* ---- this host ------------------------------------------------------------- */

static gboolean
find_tool (Doctor *doctor, const char *name, const char *const *argv, Finding absent,
           const char *remedy)
{
  g_autofree char *why = NULL;
  g_autofree char *version = probe_program (argv, PROGRAM_LIMIT_US, &why);
  if (version)
    report (doctor, OK, name, version, NULL);
  else
    report (doctor, absent, name, why, remedy);
  return version != NULL;
}

static void
look_at_tools (Doctor *doctor)
{
  const char *docker[] = { "docker", "--version", NULL };
  const char *plugin[] = { "docker", "compose", "version", "--short", NULL };
  const char *first[] = { "docker-compose", "version", "--short", NULL };
  find_tool (doctor, "docker", docker, FAIL, "install Docker's command line");
  gboolean second =
      find_tool (doctor, "docker compose", plugin, WARN,
                 "needed where docker compose (version 2) made the containers");
  find_tool (doctor, "docker-compose", first, second ? OK : FAIL,
             second ? "only needed where docker-compose (version 1) made the containers"
                    : "install docker compose or docker-compose");
}

/* What acts on the site's Redis: it has to know -e, which makes it say by its status when
 * the server says no. */
static void
look_at_redis_cli (Doctor *doctor, const Site *site)
{
  const char *argv[] = { "redis-cli", "-e", "--version", NULL };
  if (site_redis (site, "redis") || site_redis (site, "redis-new"))
    find_tool (
        doctor, "redis-cli", argv, FAIL,
        "install redis-tools (6.2 or later), or valkey-tools with a link redis-cli "
        "to valkey-cli: quiet and redis-save need it");
}

static void
look_at_runner (Doctor *doctor)
{
  g_autofree char *path = start_runner_path ();
  if (access (path, X_OK) == 0)
    report (doctor, OK, "runner", path, NULL);
  else
    report (doctor, FAIL, "runner", "not found", "install handrail again, or build it");
}

/* ---- the terminal ---------------------------------------------------------- */

static void
report_terminal (Doctor *doctor, const TerminalLook *look)
{
  gboolean small = look->width < APP_WIDTH_MIN || look->height < APP_HEIGHT_MIN;
  g_autofree char *colours = look->colours > 0
                                 ? g_strdup_printf ("%u colours", look->colours)
                                 : g_strdup ("no colours");
  g_autofree char *detail = g_strdup_printf ("%s, %dx%d, %s", g_getenv ("TERM"),
                                             look->width, look->height, colours);
  g_autofree char *remedy = g_strdup_printf ("too small for the screen: make it %dx%d",
                                             APP_WIDTH_MIN, APP_HEIGHT_MIN);
  report (doctor, small ? WARN : OK, "terminal", detail, small ? remedy : NULL);
  if (look->remark)
    report (doctor, WARN, "terminal", look->remark, "install ncurses-term");
}

static void
report_theme (Doctor *doctor, const TerminalLook *look)
{
  g_autofree char *remark = NULL;
  g_autoptr (Theme) theme = theming_choose (NULL, &remark);
  g_autofree char *detail =
      g_strconcat (theme->name, look->colours > 0 ? "" : ", as attributes alone", NULL);
  if (remark)
    report (doctor, WARN, "theme", remark, NULL);
  report (doctor, OK, "theme", detail, NULL);
}

static void
report_characters (Doctor *doctor, gboolean wide)
{
  if (!plain_io_utf8 ())
    report (doctor, WARN, "characters", "not UTF-8, so names are shown in ASCII",
            "set LC_ALL=C.UTF-8");
  else if (wide)
    report (doctor, WARN, "characters",
            "UTF-8, but lines are two columns wide in this locale, so ASCII is drawn",
            "set LC_ALL=C.UTF-8");
  else
    report (doctor, OK, "characters", "UTF-8", NULL);
}

/* Where it is not for the screen, a run goes in lines. */
static void
look_at_terminal (Doctor *doctor)
{
  g_autoptr (GError) error = NULL;
  TerminalLook look = { 0 };
  if (terminal_look (&look, &error)) {
    report_terminal (doctor, &look);
    report_theme (doctor, &look);
  } else if (isatty (STDIN_FILENO) && isatty (STDOUT_FILENO))
    report (doctor, WARN, "terminal", error->message, NULL);
  else
    report (doctor, WARN, "terminal", "input or output is no terminal",
            "a production site wants one");
  report_characters (doctor, look.ascii);
  g_free (look.remark);
}

/* ---- runbooks, sites and runs ---------------------------------------------- */

static void
look_at_folders (Doctor *doctor)
{
  gboolean shared = FALSE;
  g_autofree char *root = store_root (&shared);
  g_autoptr (FindPlaces) places = find_places ();
  g_auto (GStrv) runbooks = find_names (places, FIND_RUNBOOK);
  g_auto (GStrv) sites = find_names (places, FIND_SITE);
  g_autofree char *runbook_list = text_list ((const char *const *)runbooks, "and");
  g_autofree char *site_list = text_list ((const char *const *)sites, "and");
  g_autofree char *site_folders = text_list ((const char *const *)places->sites, "or");
  g_autofree char *remedy = g_strdup_printf ("write one into %s", site_folders);
  if (shared)
    report (doctor, OK, "runs", root, NULL);
  else if (g_file_test (STORE_SHARED_ROOT, G_FILE_TEST_IS_DIR))
    report (doctor, WARN, "runs", root,
            "you may not write " STORE_SHARED_ROOT "; to share runs: sudo usermod -aG "
            "handrail $USER, then log in again");
  else
    report (doctor, WARN, "runs", root,
            "for you alone; to share them: sudo groupadd -f handrail && sudo install -d "
            "-m 2770 -g handrail " STORE_SHARED_ROOT);
  if (runbooks[0])
    report (doctor, OK, "runbooks", runbook_list, NULL);
  else
    report (doctor, WARN, "runbooks", "none found", "install handrail, or write one");
  if (sites[0])
    report (doctor, OK, "sites", site_list, NULL);
  else
    report (doctor, WARN, "sites", "none found", remedy);
}

static void
look_at_environment (Doctor *doctor)
{
  static const char *const names[] = { "DOCKER_HOST",          "DOCKER_CONTEXT",
                                       "DOCKER_TLS_VERIFY",    "DOCKER_CERT_PATH",
                                       "DOCKER_CONFIG",        "COMPOSE_FILE",
                                       "COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES",
                                       "COMPOSE_ENV_FILES",    NULL };
  for (guint i = 0; names[i]; i++)
    if (g_getenv (names[i]))
      report (doctor, WARN, names[i], "set here, and ignored",
              "what a site needs stands in its file");
}

/* ---- the site -------------------------------------------------------------- */

/* Services bear names that people gave them: "redis", or "runs". */
static void
look_at_services (Doctor *doctor, const Site *site, const json_t *body)
{
  for (guint i = 0; i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    g_autofree char *running =
        g_strdup_printf ("%u running", deployment_running (body, service->name));
    g_autofree char *reason = deployment_reason (body, service->name);
    g_autofree char *what = g_strconcat ("service ", service->name, NULL);
    if (service->managed)
      report (doctor, OK, what, service->managed, "not ours");
    else if (!deployment_service (body, service->name))
      report (doctor, WARN, what, "the platform has no such service",
              "correct its name in the site file, or start it once");
    else
      report (doctor, OK, what, running, reason);
  }
}

static void
look_at_unlisted (Doctor *doctor, const json_t *body)
{
  const char *name;
  json_t *running;
  json_object_foreach ((json_t *)deployment_unlisted (body), name, running)
  {
    g_autofree char *count =
        g_strdup_printf ("%" JSON_INTEGER_FORMAT
                         " running, and not in the site file: nothing here will stop "
                         "it or see it",
                         json_integer_value (running));
    g_autofree char *what = g_strconcat ("service ", name, NULL);
    report (doctor, WARN, what, count,
            "add it under services if it is part of the procedure");
  }
}

/* Where the platform's commands are run. */
static void
look_at_folder (Doctor *doctor, const Site *site, const json_t *body)
{
  const PlatformKind *platform = kind_platform (site);
  for (guint i = 0; platform->log && i < site->services->len; i++) {
    const SiteService *service = g_ptr_array_index (site->services, i);
    g_autoptr (Command) command =
        service->managed ? NULL : platform->log (site, body, service, 1);
    if (!command || !command->directory)
      continue;
    if (!g_file_test (command->directory, G_FILE_TEST_IS_DIR))
      report (doctor, FAIL, "folder", command->directory,
              "commands are run there, and it is not there; correct directory in the "
              "site file");
    return;
  }
}

/* What the target proves to be now: name → text. */
static GHashTable *
seen_identity (const PlatformKind *platform, const json_t *body)
{
  GHashTable *seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; platform->identity_names[i]; i++) {
    const char *name = platform->identity_names[i];
    const char *text = deployment_identity (body, name);
    if (text)
      g_hash_table_insert (seen, g_strdup (name), g_strdup (text));
  }
  return seen;
}

static gboolean
ask_to_pin (const Site *site, const PlatformKind *platform, GHashTable *seen)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; platform->identity_names[i]; i++) {
    const char *name = platform->identity_names[i];
    const char *now = g_hash_table_lookup (seen, name);
    const char *pinned = g_hash_table_lookup (site->identity, name);
    lines_add (out, "  ", "%s: %s → %s", name, pinned ? pinned : "(nothing)",
               now ? now : "(nothing)");
  }
  cli_print (out->str);
  g_autofree char *text = g_strdup_printf ("write this identity into %s", site->file);
  for (;;) {
    g_autofree char *answer = plain_io_ask ("pin", text, "y | stop");
    if (!answer || strcmp (answer, "stop") == 0)
      return FALSE;
    if (strcmp (answer, "y") == 0)
      return TRUE;
    cli_print ("! not taken: type y or stop\n");
  }
}

static void
pin (Doctor *doctor, const Site *site, const PlatformKind *platform, const json_t *body)
{
  g_autoptr (GHashTable) seen = seen_identity (platform, body);
  g_autoptr (GError) error = NULL;
  if (g_hash_table_size (seen) == 0) {
    report (doctor, FAIL, "pin", "the platform shows no identity",
            "start the project once, then pin again");
    return;
  }
  if (!ask_to_pin (site, platform, seen)) {
    report (doctor, FAIL, "pin", "not written", NULL);
    return;
  }
  g_autofree char *text = site_pin (site, seen);
  if (!text)
    report (doctor, FAIL, "pin",
            "the site file's form does not let it be written in place",
            "write what is shown above under identity: in the file by hand");
  else if (probe_replace (site->file, text, &error))
    report (doctor, OK, "pin", site->file, "written");
  else
    report (doctor, FAIL, "pin", error->message, "make the file writable");
}

/* Where the target cannot be looked at it is said all the same: a run is refused for it. */
static void
report_unproved (Doctor *doctor, const Site *site)
{
  g_autofree char *unproved = showing_unproved (site);
  g_autofree char *detail = g_strdup_printf ("missing is %s", unproved);
  if (unproved && !doctor->call->pin)
    report (doctor, FAIL, "identity", detail, NULL);
}

static void
look_at_target (Doctor *doctor, const Site *site)
{
  g_autofree char *why = NULL;
  const PlatformKind *platform = kind_platform (site);
  json_auto_t *body =
      probe_site (site->file, doctor->call->settings, SITE_LIMIT_US, &why);
  if (!body) {
    report (doctor, FAIL, site_platform (site), why, NULL);
    report_unproved (doctor, site);
    return;
  }
  const char *tool = deployment_tool (body);
  g_autofree char *problem = platform_identity_problem (site, platform, body);
  report (doctor, OK, site_platform (site), "it answers", tool);
  if (deployment_empty (body))
    report (doctor, FAIL, "project", deployment_empty (body), NULL);
  else
    look_at_services (doctor, site, body);
  look_at_folder (doctor, site, body);
  look_at_unlisted (doctor, body);
  if (doctor->call->pin)
    pin (doctor, site, platform, body);
  else if (problem)
    report (doctor, FAIL, "identity", problem, NULL);
  else if (g_hash_table_size (site->identity) == 0)
    report (doctor, WARN, "identity", "none in the site file",
            "handrail doctor --site S --pin writes it");
  else
    report (doctor, OK, "identity", "the target is what the site file says", NULL);
}

/* A section "redis" or "redis-new", where the site has it. */
static void
look_at_redis (Doctor *doctor, const Site *site, const char *section)
{
  if (!site_redis (site, section))
    return;
  g_autofree char *why = NULL;
  json_auto_t *body =
      probe_redis (site->file, doctor->call->settings, section, SITE_LIMIT_US, &why);
  if (!body) {
    report (doctor, FAIL, section, why, NULL);
    return;
  }
  g_autofree char *summary = redis_findings_summary (body);
  RedisFinding found[REDIS_FINDINGS_MAX];
  guint count = redis_findings (body, strcmp (section, "redis") == 0, found);
  report (doctor, OK, section, "answers", summary);
  for (guint i = 0; i < count; i++)
    report (doctor, found[i].fails ? FAIL : WARN, section, found[i].what,
            found[i].remedy);
}

static void
look_at_site (Doctor *doctor)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *path = find_file (places, FIND_SITE, doctor->call->site, &error);
  if (!path) {
    report (doctor, FAIL, "site", error->message, NULL);
    return;
  }
  g_autoptr (Site) site = load_site (path, doctor->call->settings, problems);
  doctor->site = site;
  for (guint i = 0; problems_get (problems, i); i++) {
    g_autofree char *text = problem_format (problems_get (problems, i));
    report (doctor, FAIL, "site file", text, NULL);
  }
  if (site && problems_count (problems) == 0) {
    report (doctor, OK, "site file", path, NULL);
    look_at_redis_cli (doctor, site);
    look_at_target (doctor, site);
    look_at_redis (doctor, site, "redis");
    look_at_redis (doctor, site, "redis-new");
  }
  doctor->site = NULL;
}

/* A simulated deployment has nothing of this host's, and nothing to be pinned. */
static gboolean
refuses_practice (const CliCall *call)
{
  g_autoptr (FindPlaces) places = find_places ();
  g_autoptr (Problems) problems = problems_new ();
  g_autofree char *path = find_file (places, FIND_SITE, call->site, NULL);
  g_autoptr (Site) site = path ? load_site (path, call->settings, problems) : NULL;
  g_autofree char *practice = site ? site_practice_problem (site) : NULL;
  if (practice)
    cli_complain ("%s", practice);
  return practice != NULL;
}

static int
run (const CliCall *call)
{
  Doctor doctor = { .call = call };
  if ((call->site || call->pin) && refuses_practice (call))
    return CLI_USAGE;
  look_at_tools (&doctor);
  look_at_runner (&doctor);
  look_at_terminal (&doctor);
  look_at_folders (&doctor);
  look_at_environment (&doctor);
  if (call->site || call->pin)
    look_at_site (&doctor);
  return doctor.failed ? CLI_PROBLEMS : CLI_DONE;
}

const CliCommand command_doctor = {
  .name = "doctor",
  .arguments = "",
  .options = COMMAND_OPTIONS ("site", "set", "pin"),
  .help = "Say what this host and a site have, and what they lack",
  .run = run,
};
