/* The command line as it is typed: arguments in; status and words out. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/store.h"
#include "tui/cli.h"

/* Files that every call finds in its folder of configuration. */
#define RUNBOOK                                   \
  "handrail: 1\n"                                 \
  "title: Stop it\n"                              \
  "vars:\n"                                       \
  "  window: {type: duration, about: How long}\n" \
  "steps:\n"                                      \
  "  - id: stop-web\n"                            \
  "    title: Stop `web`\n"                       \
  "    why: It has to.\n"                         \
  "    do: {scale: {service: web, to: 0}}\n"      \
  "  - id: stop-db\n"                             \
  "    title: Stop db\n"                          \
  "    when: {service: db}\n"                     \
  "    do: {scale: {service: db, to: 0}}\n"
#define SITE(name, production)                                     \
  "handrail-site: 1\nname: " name "\nproduction: " production "\n" \
  "platform: {compose: {project: p1}}\nservices:\n  web: {replicas: 2}\n"

static const struct {
  const char *path, *text;
} files[] = {
  { "runbooks/stop.yaml", RUNBOOK },
  { "runbooks/outer.yaml", "handrail: 1\ntitle: Outer\nsteps:\n"
                           "  - include: {file: stop.yaml, with: {window: 2m}}\n" },
  { "runbooks/wrong.yaml", "handrail: 1\ntitle: Wrong\nsteps:\n  - id: a\n    titel: A\n"
                           "    ask: {text: What?}\n" },
  { "runbooks/odd-site.yaml", "handrail-site: 1\nnaem: odd\nservices: {}\n" },
  { "runbooks/hostile.yaml",
    "handrail: 1\ntitle: \"A\\e[2J\"\nabout: \"B\\e[2J\"\nvars:\n  x: {type: text, "
    "about: "
    "\"C\\e[2J\\n? x: y\"}\nsteps:\n  - id: a\n    title: A\n    why: \"${x}\"\n    ask: "
    "{text: \"D\\e[2J?\"}\n" },
  { "secret/book.yaml",
    "handrail: 1\ntitle: Secret\nvars:\n  u: {type: text}\nsteps:\n  - id: a\n"
    "    title: A\n    do: {run: [curl, 'https://me:s3cret-a@h/', '${u}', s3cret-b]}\n"
    "    until: {command: {run: [probe, s3cret-c, 'x://y:s3cret-a@z']}}\n"
    "    undo: {run: [echo, s3cret-a]}\n" },
  { "secret/site.yaml",
    "handrail-site: 1\nname: sec\nproduction: false\nplatform: {compose: {project: p1}}\n"
    "services:\n  web: {health: 'https://u:s3cret-b@h/'}\n" },
  { "secret/wrong.yaml",
    "handrail-site: 1\nname: sec\nplatform: {compose: {project: p1, engine: "
    "'http://u:s3cret-d@h'}}\nservices:\n  web: {}\n" },
  { "sites/lab.yaml", SITE ("lab", "false") },
  { "sites/prod.yaml", SITE ("prod", "true") },
  { "themes/plain.yaml", "handrail-theme: 1\nname: plain\nroles: {}\n" },
  { "practice/calm.yaml", "handrail-practice: 1\ntitle: Calm\nabout: Nothing is "
                          "wrong.\nrunbook: stop\nservices: "
                          "{web: {}}\n" },
  { "elsewhere/near.yaml", "handrail-practice: 1\ntitle: Near\nlike: base\n" },
  { "elsewhere/base.yaml", "handrail-practice: 1\ntitle: Base\nlike: calm\n" },
  { "elsewhere/odd.yaml", "handrail-practice: 1\ntitle: Odd\nlike: clam\nqueues:\n  "
                          "default: {hold: 1}\n" },
  { "themes/odd.yaml", "handrail-theme: 1\nname: odd\nroles: {titel: {}}\n" },
};

static const struct {
  const char *name;
  const char *arguments; /* split at spaces */
  int status;
  const char *output; /* must be in it; NULL: nothing is printed there */
  const char *errors;
} calls[] = {
  { "nothing", "", 0, "Commands:", NULL },
  { "help", "--help", 0, "run RUNBOOK", NULL },
  { "version", "--version", 0, "handrail 0.", NULL },
  { "command-help", "run --help", 0, "--dry-run", NULL },
  { "command-help-later", "show stop --help", 0, "--markdown", NULL },
  { "unknown", "chekc a", 2, NULL, "did you mean check?" },
  { "unknown-far", "xyzzy", 2, NULL, "handrail --help" },
  { "unknown-option", "run --form x stop", 2, NULL, "did you mean --from?" },
  { "other-option", "runs --site lab", 2, NULL, "--site" },
  { "option-first", "--site lab", 2, NULL,
    "no option --site before a command; it stands behind run, check, show, doctor and "
    "queues\n" },
  { "option-first-unknown", "--frobnicate", 2, NULL,
    "handrail --help lists the commands\n" },
  { "option-of-others", "--ascii --plain", 2, NULL,
    "Unknown option --plain; it belongs to run, attach, resume, queues and practice\n" },
  { "option-of-another", "runs --seed=7", 2, NULL,
    "Unknown option --seed=7; it belongs to practice\n" },
  { "option-of-none", "--ascii --frobnicate", 2, NULL,
    "Unknown option --frobnicate; handrail --help lists the options\n" },
  { "later", "report stop", 2, NULL, "not in this version" },
  { "too-few", "run", 2, NULL, "usage: handrail run" },
  { "too-many", "run a b", 2, NULL, "usage: handrail run" },
  { "none-taken", "runs a", 2, NULL, "usage: handrail runs [OPTION…]; handrail runs" },
  { "options-first", "--theme light --ascii attach lab", 2, NULL,
    "options stand behind the command: handrail attach lab --ascii --theme light" },
  { "options-first-misspelt", "--ascii atach", 2, NULL, "did you mean attach?" },
  { "practice-list", "practice --list", 0, "calm  ", NULL },
  { "practice-list-about", "practice --list", 0, "      Nothing is wrong.\n", NULL },
  { "practice-list-name", "practice --list calm", 2, NULL, "--list has no use for calm" },
  { "practice-two", "practice --list --debrief", 2, NULL,
    "--list has no use for --debrief" },
  { "practice-end-seed", "practice --end x --seed 1", 2, NULL,
    "--end has no use for --seed" },
  { "practice-no-run", "practice --debrief nosuch", 1, NULL,
    "no run of practice \"nosuch\"; `handrail runs` lists all" },
  { "practice-no-file", "practice CONFIG/none.yaml", 1, NULL, "there is no file /" },
  { "practice-unknown", "practice --scenario clam", 1, NULL, "did you mean calm?" },
  { "practice-fast", "practice --speed 1001", 2, NULL, "a whole number from 1 to 1000" },
  { "practice-seed", "practice --seed x", 2, NULL, "--seed x: give a whole number" },
  { "practice-none", "practice --debrief", 1, NULL, "no practice is kept" },
  { "no-value", "run stop --set window", 2, NULL, "NAME=VALUE" },

  { "check", "check CONFIG/runbooks/stop.yaml", 0, "stop.yaml: no problems", NULL },
  { "check-name", "check stop", 0, "stop.yaml: no problems", NULL },
  { "check-include", "check outer", 0, "outer.yaml: no problems", NULL },
  { "check-site-file", "check CONFIG/sites/lab.yaml", 0, "lab.yaml: no problems", NULL },
  { "check-site-wrong", "check CONFIG/runbooks/odd-site.yaml", 1,
    "odd-site.yaml:2:1: unknown key \"naem\"; did you mean \"name\"?", NULL },
  { "check-theme", "check CONFIG/themes/plain.yaml", 0, "plain.yaml: no problems", NULL },
  { "check-theme-wrong", "check CONFIG/themes/odd.yaml", 1, "odd.yaml:3:9: unknown key",
    NULL },
  { "check-scenario", "check CONFIG/practice/calm.yaml", 0, "calm.yaml: no problems",
    NULL },
  { "check-scenario-like", "check CONFIG/elsewhere/near.yaml", 0,
    "near.yaml: no problems", NULL },
  { "check-scenario-wrong", "check CONFIG/elsewhere/odd.yaml", 1,
    "odd.yaml:5:13: unknown key \"hold\"; did you mean \"holds\"?", NULL },
  { "check-scenario-far", "check CONFIG/elsewhere/odd.yaml", 1, "did you mean calm?",
    NULL },
  { "check-mixed", "check CONFIG/sites/lab.yaml wrong stop", 1, "stop.yaml: no problems",
    NULL },
  { "check-wrong", "check stop wrong", 1, "wrong.yaml:5:", NULL },
  { "check-nearest", "check wrong", 1, "title", NULL },
  { "check-none", "check CONFIG/none.yaml", 1,
    "none.yaml: it cannot be read: there is no such file; check the name\n", NULL },
  { "check-no-name", "check stpo", 1, NULL, "did you mean stop?" },

  { "show", "show stop", 0, "(implied)", NULL },
  { "show-site", "show stop --site lab", 0, "$ docker compose -p p1 stop web", NULL },
  { "show-change", "show stop --site lab", 0, "web: 2 → 0", NULL },
  { "show-not-here", "show stop --site lab", 0, "does not apply here: ", NULL },
  { "show-key", "show stop --site lab", 0, "confirm: y (implied)", NULL },
  { "show-typed", "show stop --site prod", 0, "confirm: prod/web", NULL },
  { "show-paper", "show stop --site lab --markdown", 0, "1. [ ] **Stop \\`web\\`**",
    NULL },
  { "show-fence", "show stop --site lab --markdown", 0,
    "```\n   docker compose -p p1 stop web\n   ```", NULL },
  { "show-wrong", "show wrong", 1, NULL, "wrong.yaml:5:" },
  { "show-no-site", "show stop --site lob", 1, NULL, "did you mean lab?" },

#define SECRET "CONFIG/secret/book.yaml --site CONFIG/secret/site.yaml"
#define SECRET_SET " --set u=http://v:s3cret-c@w"
  { "secret-show", "show " SECRET SECRET_SET, 0,
    "$ curl https://me:***@h/ http://v:***@w ***\n", NULL },
  { "secret-until", "show " SECRET SECRET_SET, 0, "probe", NULL },
  { "secret-variable", "show " SECRET SECRET_SET, 0, "u = http://v:***@w\n", NULL },
  { "secret-undo", "show " SECRET SECRET_SET " --markdown", 0, "   echo ***\n", NULL },
  { "secret-json", "show " SECRET SECRET_SET " --json", 0, "\"http://v:***@w\"", NULL },
  { "secret-dry", "run " SECRET SECRET_SET " --dry-run", 0, "https://me:***@h/", NULL },
  { "secret-check", "check CONFIG/secret/wrong.yaml", 1, "\"http://u:***@h\"", NULL },
  { "secret-wrong", "show stop --site CONFIG/secret/wrong.yaml", 1, NULL,
    "http://u:***@h" },
  { "secret-set", "check stop --site lab --set window=x://y:s3cret-e@z", 1, "***", NULL },
  { "secret-run", "run stop --site lab --set window=x://y:s3cret-f@z", 2, "***", NULL },
  { "secret-doctor", "doctor --site CONFIG/secret/wrong.yaml", 1, "http://u:***@h",
    NULL },
  { "dry-missing", "run stop --site lab --dry-run", 1, "! missing: --set window=VALUE",
    NULL },
  { "dry-unpinned", "run stop --site prod --set window=2m --dry-run", 1,
    "! missing: the identity of prod", NULL },
  { "dry", "run stop --site lab --set window=2m --dry-run", 0, "window = 2m", NULL },
  { "dry-hostile", "run hostile --site lab --dry-run", 1, "! missing: --set x=VALUE",
    NULL },
  { "show-hostile", "show hostile", 1, NULL, "\"title\" holds a control character" },
  { "check-hostile", "check hostile", 1, "\"about\" holds a control character", NULL },
  { "which-site", "run stop", 1, NULL, "lab or prod" },
  { "production-pipe", "run stop --site prod --set window=2m", 3, "! refused: prod is",
    NULL },
  { "runs", "runs", 0, "no runs yet", NULL },
  { "runs-json", "runs --json", 0, "[]", NULL },
  { "state-none", "state", 1, NULL, "handrail: " },
  { "resume-none", "resume nothing", 1, NULL, "nothing" },
};

typedef struct {
  char *folder; /* HOME, with .config below */
  char *config;
} Bed;
static Bed bed; /* made once, before the first test */

static char *
program (void)
{
  return g_test_build_filename (G_TEST_BUILT, "handrail", NULL);
}

/* Runs the program; status and both outputs. Standard input is empty. */
static int
call (const char *const *arguments, char **output, char **errors)
{
  g_autofree char *path = program ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_strv_builder_add (builder, path);
  g_strv_builder_addv (builder, (const char **)(void *)arguments);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  g_auto (GStrv) environment = g_get_environ ();
  environment = g_environ_setenv (environment, "HOME", bed.folder, TRUE);
  environment = g_environ_setenv (environment, "LC_ALL", "C.UTF-8", TRUE);
  environment = g_environ_unsetenv (environment, "XDG_CONFIG_HOME");
  environment = g_environ_unsetenv (environment, "XDG_STATE_HOME");
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_spawn_sync (NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, output, errors,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
expect_in (const char *name, const char *text, const char *wanted)
{
  if (wanted ? !strstr (text, wanted) : *text != '\0')
    g_error ("%s: wanted \"%s\", got \"%s\"", name, wanted ? wanted : "", text);
}

static void
test_call (const void *data)
{
  gsize index = GPOINTER_TO_SIZE (data);
  gboolean of_runs =
      g_regex_match_simple ("^(runs|state|resume)", calls[index].arguments, 0, 0);
  if (of_runs && g_access (STORE_SHARED_ROOT, W_OK) == 0) {
    g_test_skip ("this host has a shared state root, whose runs are not the test's");
    return;
  }
  g_auto (GStrv) words = g_strsplit (calls[index].arguments, " ", -1);
  for (guint i = 0; words[i]; i++) {
    if (!g_str_has_prefix (words[i], "CONFIG/"))
      continue;
    char *path = g_build_filename (bed.config, words[i] + strlen ("CONFIG/"), NULL);
    g_free (words[i]);
    words[i] = path;
  }
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  int status = call ((const char *const *)words, &output, &errors);
  expect_in (calls[index].name, output, calls[index].output);
  expect_in (calls[index].name, errors, calls[index].errors);
  g_assert_null (strchr (output, '\033'));
  g_assert_null (strchr (errors, '\033'));
  g_assert_null (strstr (output, "s3cret"));
  g_assert_null (strstr (errors, "s3cret"));
  g_assert_cmpint (status, ==, calls[index].status);
}

static void
test_show_json (void)
{
  const char *arguments[] = { "show", "stop", "--site", "lab", "--json", NULL };
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_assert_cmpint (call (arguments, &output, &errors), ==, 0);
  json_auto_t *shown = json_loads (output, 0, NULL);
  const char *id = NULL;
  const char *last = NULL;
  gboolean implied = FALSE;
  gboolean applies = TRUE;
  g_assert_cmpint (json_unpack (shown, "{s[{ss s{s[{s[sssss]}]} s{sb}} {sb}]}", "steps",
                                "id", &id, "do", "commands", "argv", &last, &last, &last,
                                &last, &last, "undo", "implied", &implied, "applies",
                                &applies),
                   ==, 0);
  g_assert_cmpstr (id, ==, "stop-web");
  g_assert_cmpstr (last, ==, "stop");
  g_assert_true (implied);
  g_assert_false (applies);
}

/* In a locale without UTF-8 no byte above ASCII comes out. */
static void
test_ascii (void)
{
  g_autofree char *path = program ();
  g_autofree char *quoted = g_shell_quote (path);
  g_autofree char *line =
      g_strdup_printf ("HOME='%s' LC_ALL=C %s show stop --site lab", bed.folder, quoted);
  const char *argv[] = { "/bin/sh", "-c", line, NULL };
  g_autofree char *output = NULL;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                NULL, NULL);
  g_assert_true (g_str_is_ascii (output));
  g_assert_nonnull (strstr (output, "web: 2 -> 0"));
}

/* What is printed on a terminal of so many columns; the exit status goes to *ended. */
static char *
call_on_terminal (const char *const *arguments, unsigned short columns, int *ended)
{
  g_autofree char *path = program ();
  GString *output = g_string_new (NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, path);
  for (guint i = 0; i == 0 || arguments[i - 1]; i++)
    g_ptr_array_add (argv, (gpointer)arguments[i]);
  struct winsize size = { .ws_row = 24, .ws_col = columns };
  char bytes[4096];
  int terminal = -1;
  int status = 0;
  ssize_t got = 0;
  pid_t child = forkpty (&terminal, NULL, NULL, &size);
  if (child == 0) {
    g_setenv ("HOME", bed.folder, TRUE);
    g_setenv ("LC_ALL", "C.UTF-8", TRUE);
    execv (path, (char **)argv->pdata);
    _exit (99);
  }
  while ((got = read (terminal, bytes, sizeof bytes)) > 0)
    g_string_append_len (output, bytes, got);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  *ended = WEXITSTATUS (status);
  close (terminal);
  return g_string_free (output, FALSE);
}

/* On a terminal of 50 columns descriptions are broken before its edge, commands are not. */
static void
test_columns (void)
{
  const char *const arguments[] = { "show", "stop", "--site", "lab", NULL };
  int status = -1;
  g_autofree char *output = call_on_terminal (arguments, 50, &status);
  g_assert_cmpint (status, ==, CLI_DONE);
  g_assert_nonnull (strstr (output,
                            "\r\nCommands are those for the number of instances\r\n"
                            "that the site file says, one where it says\r\n"));
  g_assert_nonnull (strstr (output, "   until: web has none running (implied), within "));
}

/* Before anything is begun or asked, and whether or not the engine is there. */
static void
test_unproved (void)
{
  const char *const arguments[] = { "run",   "stop",      "--site",  "prod",
                                    "--set", "window=2m", "--plain", NULL };
  g_autofree char *runs =
      g_build_filename (bed.folder, ".local/state/handrail/runs", NULL);
  int status = -1;
  g_autofree char *output = call_on_terminal (arguments, 200, &status);
  g_assert_cmpstr (output, ==,
                   "! refused: missing is the identity of prod, without which nothing is "
                   "done to a production site; handrail doctor --site prod --pin writes "
                   "it\r\n");
  g_assert_cmpint (status, ==, CLI_HELD);
  g_assert_false (g_file_test (runs, G_FILE_TEST_EXISTS));
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;
  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *inner = g_build_filename (path, name, NULL);
    remove_tree (inner);
  }
  g_remove (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  bed.folder = g_dir_make_tmp ("cli-XXXXXX", NULL);
  bed.config = g_build_filename (bed.folder, ".config", "handrail", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *path = g_build_filename (bed.config, files[i].path, NULL);
    g_autofree char *folder = g_path_get_dirname (path);
    g_mkdir_with_parents (folder, 0700);
    g_assert_true (g_file_set_contents (path, files[i].text, -1, NULL));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (calls); i++) {
    g_autofree char *name = g_strconcat ("/cli/", calls[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_call);
  }
  g_test_add_func ("/cli/show-json", test_show_json);
  g_test_add_func ("/cli/ascii", test_ascii);
  g_test_add_func ("/cli/columns", test_columns);
  g_test_add_func ("/cli/unproved", test_unproved);
  int status = g_test_run ();
  remove_tree (bed.folder);
  g_free (bed.folder);
  g_free (bed.config);
  return status;
}
