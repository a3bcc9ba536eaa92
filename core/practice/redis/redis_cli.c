#include "core/practice/redis/redis_cli.h"

#include <string.h>
#include <unistd.h>

#include "core/practice/redis/redis.h"
#include "core/practice/redis/redis_cli_link.h"
#include "core/practice/redis/redis_cli_options.h"
#include "core/practice/redis/redis_cli_show.h"
#include "core/practice/redis/redis_words.h"

/* Redis' own for a line of words. */
#define LINE_BYTES_MAX (64 * 1024)

typedef struct {
  const RedisCliStreams *streams;
  gboolean formatted;
  RedisCliLink link;
  GString *typed; /* what has been read of standard input */
} Cli;

/* ---- one command ------------------------------------------------------------------------- */

static gboolean
says (const GPtrArray *words, guint index, const char *text)
{
  const GString *word = words->pdata[index];
  return g_ascii_strcasecmp (word->str, text) == 0;
}

/* INFO is text for people already. */
static void
print (const Cli *cli, const GPtrArray *words, const RespReply *reply)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean is_text = says (words, 0, "info");
  if (cli->formatted && !is_text)
    redis_cli_show_formatted (reply, out);
  else
    redis_cli_show_raw (reply, out);
  if (!cli->formatted && !is_text)
    g_string_append_c (out, '\n');
  redis_cli_write (cli->streams->out, out->str, out->len);
}

/* So that a connection made anew, and the prompt, are of the same. */
static void
remember_database (Cli *cli, const GPtrArray *words, const RespReply *reply)
{
  if (words->len == 2 && says (words, 0, "select") && reply->kind == RESP_STATUS) {
    const GString *number = words->pdata[1];
    cli->link.database = (guint)g_ascii_strtoull (number->str, NULL, 10);
  }
}

/* What a real Redis would have done, and this one has not: no script may take it for done,
 * though the original ends with 0 after an error. */
static gboolean
is_not_here (const RespReply *reply)
{
  return reply->kind == RESP_ERROR && strstr (reply->text->str, REDIS_NOT_HERE);
}

static gboolean
do_command (Cli *cli, const GPtrArray *words, gboolean error_fails)
{
  g_autoptr (RespReply) reply = redis_cli_link_ask (&cli->link, words);
  if (!reply)
    return FALSE;
  remember_database (cli, words, reply);
  if (error_fails && reply->kind == RESP_ERROR) {
    redis_cli_say (cli->streams->err, "%s\n", reply->text->str);
    return FALSE;
  }
  print (cli, words, reply);
  return !is_not_here (reply);
}

/* ---- lines of standard input ------------------------------------------------------------- */

/* The next line, newly allocated; NULL at the end. One that is too long comes in pieces. */
static char *
take_line (Cli *cli, gsize *length)
{
  GString *typed = cli->typed;
  const char *feed;
  gsize seen = 0;
  while (!(feed = memchr (typed->str + seen, '\n', typed->len - seen))) {
    seen = typed->len;
    if (seen > LINE_BYTES_MAX || !redis_cli_read (cli->streams->in, typed))
      break;
  }
  if (typed->len == 0)
    return NULL;
  *length = feed ? (gsize)(feed - typed->str) + 1 : typed->len;
  char *line = g_strndup (typed->str, *length);
  g_string_erase (typed, 0, (gssize)*length);
  return line;
}

static void
prompt (const Cli *cli)
{
  g_autofree char *database =
      cli->link.database ? g_strdup_printf ("[%u]", cli->link.database) : g_strdup ("");
  if (!isatty (cli->streams->in))
    return;
  if (cli->link.connection < 0)
    redis_cli_say (cli->streams->out, "not connected> ");
  else
    redis_cli_say (cli->streams->out, "redis %s%s> ", cli->link.socket, database);
}

/* "3 PING" is PING three times. FALSE: that is no number of times. */
static gboolean
take_times (GPtrArray *words, gint64 *times)
{
  const GString *first = words->pdata[0];
  *times = 1;
  if (words->len > 1 && redis_words_integer (first->str, first->len, times))
    g_ptr_array_remove_index (words, 0);
  return *times > 0;
}

static gboolean
is_own (const GPtrArray *words)
{
  static const char *const own[] = { "?", "clear", "connect", "help", "restart" };
  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (says (words, 0, own[i]))
      return TRUE;
  return FALSE;
}

/* FALSE: no more lines are wanted. */
static gboolean
do_line (Cli *cli, const char *line, gsize length)
{
  gint64 times;
  g_autoptr (GPtrArray) words = redis_words_split (line, length);
  if (words && words->len == 0)
    return TRUE;
  if (words && (says (words, 0, "quit") || says (words, 0, "exit")))
    return FALSE;
  if (!words)
    redis_cli_say (cli->streams->out, "Invalid argument(s)\n");
  else if (is_own (words))
    redis_cli_say (cli->streams->err,
                   "The simulated redis-cli does not know %s, which a real one has\n",
                   ((const GString *)words->pdata[0])->str);
  else if (!take_times (words, &times))
    redis_cli_say (cli->streams->out, "Invalid redis-cli repeat command option value.\n");
  else
    while (times-- > 0 && do_command (cli, words, FALSE))
      continue;
  return TRUE;
}

static void
do_lines (Cli *cli)
{
  gsize length;
  for (;;) {
    prompt (cli);
    g_autofree char *line = take_line (cli, &length);
    if (!line || !do_line (cli, line, length))
      return;
  }
}

/* ---- the program --------------------------------------------------------------------------- */

/* Newly allocated; NULL: what is named is not the simulation's. */
static char *
socket_of (const RedisCliOptions *options, const char *folder)
{
  g_autofree char *own = g_canonicalize_filename (folder, NULL);
  if (!options->socket)
    return options->host || options->port
               ? NULL
               : g_build_filename (own, REDIS_CLI_SOCKET, NULL);
  g_autofree char *named = g_canonicalize_filename (options->socket, NULL);
  g_autofree char *of = g_path_get_dirname (named);
  return strcmp (of, own) == 0 ? g_steal_pointer (&named) : NULL;
}

static int
refuse_place (const RedisCliOptions *options, const char *folder, int err)
{
  const char *host = options->host ? options->host : "127.0.0.1";
  const char *port = options->port ? options->port : "6379";
  g_autofree char *place = options->socket ? g_strdup (options->socket)
                                           : g_strdup_printf ("%s:%s", host, port);
  redis_cli_say (
      err,
      "Could not connect to Redis at %s: in practice there is the simulated one "
      "alone, at %s/%s; leave -h, -p and -s out\n",
      place, folder, REDIS_CLI_SOCKET);
  return 1;
}

/* Takes the socket's path over. */
static int
run (const RedisCliOptions *options, char *socket, pid_t world, const char *auth,
     const RedisCliStreams *streams)
{
  Cli cli = { .streams = streams, .typed = g_string_new (NULL) };
  redis_cli_link_init (&cli.link, socket);
  cli.link.world = world;
  cli.link.shown = options->socket ? options->socket : socket;
  cli.link.user = options->user;
  cli.link.auth = options->password ? options->password : auth;
  cli.link.database = options->database;
  cli.link.err = streams->err;
  cli.formatted = options->form == REDIS_CLI_AS_FITS
                      ? isatty (streams->out)
                      : options->form == REDIS_CLI_FORMATTED;
  gboolean good = redis_cli_link_open (&cli.link);
  if (options->words->len > 0)
    good = good && do_command (&cli, options->words, options->error_fails);
  else {
    do_lines (&cli);
    good = TRUE;
  }
  redis_cli_link_finish (&cli.link);
  g_string_free (cli.typed, TRUE);
  return good ? 0 : 1;
}

int
redis_cli_run (const char *const *argv, const char *folder, pid_t world, const char *auth,
               const RedisCliStreams *streams)
{
  g_autofree char *problem = NULL;
  g_autoptr (RedisCliOptions) options = redis_cli_options_read (argv, &problem);
  if (!options) {
    redis_cli_say (streams->err, "%s\n", problem);
    return 1;
  }
  if (options->help || options->version) {
    redis_cli_say (streams->out, "%s",
                   options->help ? redis_cli_options_help
                                 : "redis-cli " REDIS_VERSION "\n");
    return 0;
  }
  if (options->warns)
    redis_cli_say (streams->err, "Warning: Using a password with '-a' or '-u' option on "
                                 "the command line interface may not be safe.\n");
  char *socket = socket_of (options, folder);
  return socket ? run (options, socket, world, auth, streams)
                : refuse_place (options, folder, streams->err);
}
