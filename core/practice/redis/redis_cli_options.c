#include "core/practice/redis/redis_cli_options.h"

#include <string.h>

#include "core/practice/redis/redis_words.h"

const char redis_cli_options_help[] =
    "redis-cli of a practice\n"
    "\n"
    "Usage: redis-cli [OPTIONS] [cmd [arg [arg ...]]]\n"
    "  -s <socket>        Server socket (default: that of the simulated Redis).\n"
    "  -n <db>            Database number.\n"
    "  -a <password>      Password to use when connecting to the server.\n"
    "  --pass <password>  The same.\n"
    "  --user <username>  Used to send ACL style 'AUTH username pass'. Needs -a.\n"
    "  -e                 Return exit error code when command execution fails.\n"
    "  --raw              Use raw formatting for replies (default when STDOUT is not a "
    "tty).\n"
    "  --no-raw           Force formatted output even when STDOUT is not a tty.\n"
    "  --no-auth-warning  Don't show warning message when using password on command\n"
    "                     line interface.\n"
    "  --help             Output this help and exit.\n"
    "  --version          Output version and exit.\n"
    "\n"
    "What else a real one has is not known here.\n";

/* What a real one has besides, each between two spaces, so that it is told from a slip of
 * the fingers. */
static const char unsimulated[] =
    " -3 -D -X -c -d -i -r -u -x --askpass --bigkeys --cacert --cacertdir --cert "
    "--cluster --csv --eval --functions-rdb --hotkeys --insecure "
    "--intrinsic-latency --json --key --latency --latency-dist --latency-history "
    "--ldb --ldb-sync-mode --lru-test --memkeys --memkeys-samples --pattern --pipe "
    "--pipe-timeout --quoted-input --quoted-json --quoted-pattern --rdb --replica "
    "--scan --show-pushes --slave --sni --stat --tls --tls-ciphers "
    "--tls-ciphersuites --verbose ";

static void
set_text (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

/* TRUE: it is one that a value follows, and has been taken. */
static gboolean
take_valued (RedisCliOptions *options, const char *name, const char *value)
{
  gboolean password = strcmp (name, "-a") == 0 || strcmp (name, "--pass") == 0;
  if (strcmp (name, "-s") == 0)
    set_text (&options->socket, value);
  else if (strcmp (name, "-h") == 0)
    set_text (&options->host, value);
  else if (strcmp (name, "-p") == 0)
    set_text (&options->port, value);
  else if (strcmp (name, "-n") == 0)
    options->database = (guint)CLAMP (g_ascii_strtoll (value, NULL, 10), 0, G_MAXINT32);
  else if (strcmp (name, "--user") == 0)
    set_text (&options->user, value);
  else if (password) {
    set_text (&options->password, value);
    options->warns = TRUE;
  } else
    return FALSE;
  return TRUE;
}

static gboolean
take_flag (RedisCliOptions *options, const char *name, gboolean *silent)
{
  if (strcmp (name, "-e") == 0)
    options->error_fails = TRUE;
  else if (strcmp (name, "--raw") == 0)
    options->form = REDIS_CLI_RAW;
  else if (strcmp (name, "--no-raw") == 0)
    options->form = REDIS_CLI_FORMATTED;
  else if (strcmp (name, "--no-auth-warning") == 0)
    *silent = TRUE;
  else if (strcmp (name, "--help") == 0)
    options->help = TRUE;
  else if (strcmp (name, "--version") == 0 || strcmp (name, "-v") == 0)
    options->version = TRUE;
  else
    return strcmp (name, "-2") == 0;
  return TRUE;
}

static char *
problem_of (const char *name)
{
  g_autofree char *between = g_strconcat (" ", name, " ", NULL);
  if (!strchr (name, ' ') && strstr (unsimulated, between))
    return g_strdup_printf (
        "redis-cli: the simulated redis-cli does not know %s, which a "
        "real one has; leave it out",
        name);
  return g_strdup_printf ("Unrecognized option or bad number of args for: '%s'", name);
}

RedisCliOptions *
redis_cli_options_read (const char *const *argv, char **problem)
{
  g_autoptr (RedisCliOptions) options = g_new0 (RedisCliOptions, 1);
  gboolean silent = FALSE;
  options->words = redis_words_new ();
  guint i = 1;
  for (; argv[i] && argv[i][0] == '-' && !options->help && !options->version; i++) {
    if (take_flag (options, argv[i], &silent))
      continue;
    if (strcmp (argv[i], "-h") == 0 && !argv[i + 1]) {
      options->help = TRUE;
      continue;
    }
    if (!argv[i + 1] || !take_valued (options, argv[i], argv[i + 1])) {
      *problem = problem_of (argv[i]);
      return NULL;
    }
    i++;
  }
  for (; argv[i]; i++)
    g_ptr_array_add (options->words, g_string_new (argv[i]));
  options->warns = options->warns && !silent;
  return g_steal_pointer (&options);
}

void
redis_cli_options_free (RedisCliOptions *options)
{
  if (!options)
    return;
  g_free (options->socket);
  g_free (options->host);
  g_free (options->port);
  g_free (options->user);
  g_free (options->password);
  g_ptr_array_unref (options->words);
  g_free (options);
}
