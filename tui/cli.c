#include "tui/cli.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "config.h"
#include "core/base/text.h"
#include "tui/commands.h"
#include "tui/lines.h"
#include "tui/plain/plain_io.h"

/* A narrower terminal says nothing sensible about its width. */
#define COLUMNS_MIN 20

/* ---- options --------------------------------------------------------------- */

/* Where an option's value goes while GLib parses: --set comes many times. */
typedef struct {
  CliCall call;
  char **set;
  char **rest;
} Parsed;

static const struct {
  const char *name;
  GOptionArg type;
  gsize offset;
  const char *help;
  const char *value; /* its word in the help, or NULL */
} option_rows[] = {
  { "site", G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (Parsed, call.site),
    "Apply it to the site SITE: a name, or a file", "SITE" },
  { "set", G_OPTION_ARG_FILENAME_ARRAY, G_STRUCT_OFFSET (Parsed, set),
    "Give a variable, or a value of the site, its value", "NAME=VALUE" },
  { "from", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.from),
    "Begin at the step STEP; those before it are left out", "STEP" },
  { "after", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.after),
    "Take over the recorded counts of the run RUN", "RUN" },
  { "replay", G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (Parsed, call.replay),
    "Judge the samples of FILE, one a line; - is standard input", "FILE" },
  { "window", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.window),
    "Judge over this time: 30s to 30m, 2m by itself", "DURATION" },
  { "at-most", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.at_most),
    "So many jobs count as near zero: 5 by itself", "N" },
  { "interval", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.interval),
    "Look so often: 1s to 1m, 2s by itself", "DURATION" },
  { "scenario", G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (Parsed, call.scenario),
    "What happens in practice: a name that --list shows, or a file", "NAME" },
  { "speed", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.speed),
    "Practise so many times as fast as it would really go: 1 to 1000, 10 by itself",
    "N" },
  { "seed", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.seed),
    "What is left to chance in practice: the same number gives the same again", "N" },
  { "list", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.list),
    "Say which scenarios there are", NULL },
  { "debrief", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.debrief),
    "Print the debrief of an earlier practice: of the run RUNBOOK, or of the newest",
    NULL },
  { "end", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.end),
    "End the simulated deployment that is left: of the run RUNBOOK, or all nobody is at",
    NULL },
  { "dry-run", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.dry_run),
    "Only show what would be done, and what is missing", NULL },
  { "plain", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.plain),
    "Talk in lines, not on a screen", NULL },
  { "ascii", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.ascii),
    "Draw the screen with ASCII alone", NULL },
  { "theme", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (Parsed, call.theme),
    "Draw the screen in the colours of NAME: dark, light, contrast, mono, or your own",
    "NAME" },
  { "json", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.json), "Print JSON", NULL },
  { "markdown", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.markdown),
    "Print a page for paper, to be followed without this tool", NULL },
  { "pin", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (Parsed, call.pin),
    "Write what the site proves to be into its file, after asking", NULL },
};

/* GLib's table for one command; values go into `parsed`. */
static GArray *
entries_of (const CliCommand *command, Parsed *parsed)
{
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));
  for (gsize i = 0; i < G_N_ELEMENTS (option_rows); i++) {
    if (!g_strv_contains (command->options, option_rows[i].name))
      continue;
    GOptionEntry entry = {
      .long_name = option_rows[i].name,
      .arg = option_rows[i].type,
      .arg_data = G_STRUCT_MEMBER_P (parsed, option_rows[i].offset),
      .description = option_rows[i].help,
      .arg_description = option_rows[i].value,
    };
    g_array_append_val (entries, entry);
  }
  GOptionEntry rest = { G_OPTION_REMAINING, 0,    0,   G_OPTION_ARG_FILENAME_ARRAY,
                        &parsed->rest,      NULL, NULL };
  g_array_append_val (entries, rest);
  return entries;
}

static void
parsed_clear (Parsed *parsed)
{
  g_free (parsed->call.site);
  g_free (parsed->call.from);
  g_free (parsed->call.after);
  g_free (parsed->call.replay);
  g_free (parsed->call.window);
  g_free (parsed->call.at_most);
  g_free (parsed->call.interval);
  g_free (parsed->call.scenario);
  g_free (parsed->call.speed);
  g_free (parsed->call.seed);
  g_free (parsed->call.theme);
  g_strfreev (parsed->call.arguments);
  g_strfreev (parsed->set);
  g_strfreev (parsed->rest);
  if (parsed->call.settings)
    g_hash_table_unref (parsed->call.settings);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parsed, parsed_clear)

/* ---- words ----------------------------------------------------------------- */

void
cli_complain (const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strchomp (g_strdup_vprintf (format, arguments));
  va_end (arguments);
  g_autofree char *printable = text_printable_lines (text, -1);
  g_autofree char *ascii = plain_io_utf8 () ? NULL : lines_ascii (printable);
  fprintf (stderr, "handrail: %s\n", ascii ? ascii : printable);
}

static void
print_to (FILE *file, const char *text)
{
  g_autofree char *ascii = plain_io_utf8 () ? NULL : lines_ascii (text);
  fputs (ascii ? ascii : text, file);
  fflush (file);
}

void
cli_print (const char *text)
{
  print_to (stdout, text);
}

void
cli_print_result (const CliCall *call, const char *text)
{
  print_to (call->results ? call->results : stdout, text);
}

FILE *
cli_open_results (void)
{
  int kept = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  FILE *results = kept >= 0 ? fdopen (kept, "w") : NULL;
  fflush (stdout);
  if (results && dup2 (STDERR_FILENO, STDOUT_FILENO) >= 0)
    return results;
  if (results)
    fclose (results);
  else if (kept >= 0)
    close (kept);
  return NULL;
}

gboolean
cli_close_results (FILE *results)
{
  gboolean failed = ferror (results) != 0;
  return fclose (results) == 0 && !failed;
}

guint
cli_columns (void)
{
  struct winsize size = { 0 };
  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ||
      size.ws_col < COLUMNS_MIN)
    return 0;
  return size.ws_col - 1u;
}

gboolean
cli_is_full_screen (const CliCall *call)
{
  const char *terminal = g_getenv ("TERM");
  return !call->plain && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO) && terminal &&
         *terminal && strcmp (terminal, "dumb") != 0;
}

static void
print_help (void)
{
  g_autoptr (GString) out = g_string_new (
      "handrail walks an operator through a maintenance procedure written as a runbook.\n"
      "\nUsage:\n"
      "  handrail [--theme NAME] [--ascii]    On a terminal: choose what to do on a "
      "screen\n"
      "  handrail COMMAND [OPTION…] [ARGUMENT…]\n\nCommands:\n");
  for (guint i = 0; cli_commands[i]; i++) {
    const CliCommand *command = cli_commands[i];
    if (!command->run)
      continue;
    g_autofree char *call = g_strdup_printf ("%s %s", command->name, command->arguments);
    int pad = (int)MAX (20 - g_utf8_strlen (call, -1), 0);
    g_string_append_printf (out, "  %s%*s %s\n", call, pad, "", command->help);
  }
  g_string_append (
      out, "\nOptions:\n"
           "  --help               This; after a command: its own options\n"
           "  --version            The version\n"
           "\nExit status: 0 done, 1 not completed or problems found, 2 wrong "
           "usage, 3 held or\nrefused by a safety rule. The manual: man handrail\n");
  cli_print (out->str);
}

static void
print_version (void)
{
  cli_print ("handrail " PACKAGE_VERSION "\n");
}

/* ---- commands -------------------------------------------------------------- */

static const CliCommand *
command_named (const char *name)
{
  for (guint i = 0; cli_commands[i]; i++)
    if (strcmp (cli_commands[i]->name, name) == 0)
      return cli_commands[i];
  return NULL;
}

static int
unknown_command (const char *name)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  for (guint i = 0; cli_commands[i]; i++)
    g_ptr_array_add (names, (gpointer)cli_commands[i]->name);
  g_ptr_array_add (names, NULL);
  const char *nearest = text_nearest (name, (const char *const *)names->pdata);
  if (nearest)
    cli_complain ("there is no command %s; did you mean %s?", name, nearest);
  else
    cli_complain ("there is no command %s; handrail --help lists them", name);
  return CLI_USAGE;
}

/* FALSE with a complaint if one of them is no NAME=VALUE. */
static gboolean
read_settings (Parsed *parsed)
{
  parsed->call.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; parsed->set && parsed->set[i]; i++) {
    const char *equals = strchr (parsed->set[i], '=');
    if (!g_utf8_validate (parsed->set[i], -1, NULL)) {
      cli_complain ("--set %s: it must be UTF-8 text", parsed->set[i]);
      return FALSE;
    }
    if (!equals || equals == parsed->set[i]) {
      cli_complain ("--set %s: it must be NAME=VALUE", parsed->set[i]);
      return FALSE;
    }
    char *name = g_strndup (parsed->set[i], (gsize)(equals - parsed->set[i]));
    g_hash_table_replace (parsed->call.settings, name, g_strdup (equals + 1));
  }
  return TRUE;
}

/* Without a command's name, there were options of the screen before one: how it is right. */
static void
complain_about_order (const CliCall *call)
{
  if (!command_named (call->arguments[0])) {
    unknown_command (call->arguments[0]);
    return;
  }
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  for (guint i = 0; call->arguments[i]; i++)
    g_ptr_array_add (words, call->arguments[i]);
  if (call->ascii)
    g_ptr_array_add (words, (gpointer) "--ascii");
  if (call->theme)
    g_ptr_array_add (words, (gpointer) "--theme");
  if (call->theme)
    g_ptr_array_add (words, call->theme);
  g_ptr_array_add (words, NULL);
  g_autofree char *right = text_command ((const char *const *)words->pdata);
  cli_complain ("options stand behind the command: handrail %s", right);
}

static gboolean
read_arguments (const CliCommand *command, Parsed *parsed)
{
  parsed->call.arguments =
      parsed->rest ? g_steal_pointer (&parsed->rest) : g_new0 (char *, 1);
  guint count = g_strv_length (parsed->call.arguments);
  if (count >= command->arguments_min && count <= command->arguments_max)
    return TRUE;
  if (command == &command_home)
    complain_about_order (&parsed->call);
  else
    cli_complain ("usage: handrail %s [OPTION…]%s%s; handrail %s --help says more",
                  command->name, *command->arguments ? " " : "", command->arguments,
                  command->name);
  return FALSE;
}

/* "run, attach and resume": the commands that take the option, without its dashes and with or
 * without a value; NULL: none does. Newly allocated. */
static char *
takers_of (const char *option)
{
  g_autofree char *name = g_strndup (option, strcspn (option, "="));
  g_autoptr (GPtrArray) takers = g_ptr_array_new ();
  for (guint i = 0; cli_commands[i]; i++)
    if (cli_commands[i]->options && g_strv_contains (cli_commands[i]->options, name))
      g_ptr_array_add (takers, (gpointer)cli_commands[i]->name);
  if (takers->len == 0)
    return NULL;
  g_ptr_array_add (takers, NULL);
  return text_list ((const char *const *)takers->pdata, "and");
}

/* GLib says "Unknown option --frm"; say which one was meant, or whose it is. */
static void
complain_about_option (const CliCommand *command, const GError *error)
{
  const char *dashes = strstr (error->message, " --");
  gboolean unknown =
      g_error_matches (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) && dashes;
  g_autofree char *takers = unknown ? takers_of (dashes + 3) : NULL;
  const char *nearest =
      unknown && !takers ? text_nearest (dashes + 3, command->options) : NULL;
  if (takers)
    cli_complain ("%s; it belongs to %s", error->message, takers);
  else if (nearest)
    cli_complain ("%s; did you mean --%s?", error->message, nearest);
  else
    cli_complain ("%s; handrail %s%s--help lists the options", error->message,
                  command->name, *command->name ? " " : "");
}

/* What stands before a command's name is no option of any. */
static void
complain_about_place (const char *option)
{
  const char *name = option + strspn (option, "-");
  g_autofree char *takers = takers_of (name);
  if (takers)
    cli_complain ("there is no option %s before a command; it stands behind %s", option,
                  takers);
  else
    cli_complain ("there is no option %s before a command; handrail --help lists the "
                  "commands",
                  option);
}

static gboolean
asks_for_help (int argc, char **argv)
{
  for (int i = 1; i < argc && strcmp (argv[i], "--") != 0; i++)
    if (strcmp (argv[i], "--help") == 0 || strcmp (argv[i], "-h") == 0)
      return TRUE;
  return FALSE;
}

static int
run_command (const CliCommand *command, int argc, char **argv)
{
  if (!command->run) {
    cli_complain ("%s is not in this version", command->name);
    return CLI_USAGE;
  }
  g_auto (Parsed) parsed = { 0 };
  g_autoptr (GArray) entries = entries_of (command, &parsed);
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autofree char *program = g_strconcat ("handrail ", command->name, NULL);
  g_autofree char *summary = g_strconcat (command->help, ".", NULL);
  g_set_prgname (program);
  g_option_context_add_main_entries (context, (GOptionEntry *)(void *)entries->data,
                                     NULL);
  g_option_context_set_summary (context, summary);
  g_option_context_set_help_enabled (context, FALSE);
  if (asks_for_help (argc, argv)) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    cli_print (help);
    return CLI_DONE;
  }
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    complain_about_option (command, error);
    return CLI_USAGE;
  }
  if (!read_arguments (command, &parsed) || !read_settings (&parsed))
    return CLI_USAGE;
  return command->run (&parsed.call);
}

/* Without a command: nothing else on a terminal, or only what concerns the screen. */
static gboolean
is_home (int argc, char **argv)
{
  const CliCall alone = { 0 };
  if (argc < 2)
    return cli_is_full_screen (&alone);
  g_autofree char *name = g_strndup (argv[1], strcspn (argv[1], "="));
  return g_str_has_prefix (name, "--") &&
         g_strv_contains (command_home.options, name + strlen ("--"));
}

int
cli_main (int argc, char **argv)
{
  setlocale (LC_CTYPE, "");
  if (is_home (argc, argv))
    return run_command (&command_home, argc, argv);
  const char *first = argc > 1 ? argv[1] : "--help";
  if (strcmp (first, "--help") == 0 || strcmp (first, "-h") == 0 ||
      strcmp (first, "help") == 0) {
    print_help ();
    return CLI_DONE;
  }
  if (strcmp (first, "--version") == 0) {
    print_version ();
    return CLI_DONE;
  }
  if (first[0] == '-') {
    complain_about_place (first);
    return CLI_USAGE;
  }
  const CliCommand *command = command_named (first);
  int status =
      command ? run_command (command, argc - 1, argv + 1) : unknown_command (first);
  /* A full disk must not leave half a runbook that looks whole. */
  if (ferror (stdout) && status == CLI_DONE) {
    cli_complain ("standard output could not be written; make room, then try again");
    return CLI_PROBLEMS;
  }
  return status;
}
