/* The redis-cli of practice: its command line, what it prints, and what it connects to. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/practice/redis/redis_cli.h"
#include "core/practice/redis/redis_cli_options.h"
#include "core/practice/redis/redis_cli_show.h"
#include "core/practice/redis/redis_words.h"
#include "core/practice/redis/resp.h"
#include "tests/unit/world_bed.h"

/* ---- words ---------------------------------------------------------------------------- */

static void
test_words (void)
{
  static const struct {
    const char *line, *words; /* each in < >; NULL: refused */
  } lines[] = {
    { "", "" },
    { "  a\tb \r\n", "<a><b>" },
    { "a'b c'", "<ab c>" },
    { "\"\" ''", "<><>" },
    { "\"\\n\\x41\\xq\\\"\"", "<\nAxq\">" },
    { "'\\n\\''", "<\\n'>" },
    { "\"a\"b", NULL },
    { "\"a", NULL },
    { "'a\\'", NULL },
    { "\"a\\", NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GPtrArray) words =
        redis_words_split (lines[i].line, strlen (lines[i].line));
    g_autoptr (GString) found = g_string_new (NULL);
    g_assert_true ((words != NULL) == (lines[i].words != NULL));
    for (guint k = 0; words && k < words->len; k++)
      g_string_append_printf (found, "<%s>", ((const GString *)words->pdata[k])->str);
    g_assert_cmpstr (found->str, ==, words ? lines[i].words : "");
  }
}

static void
test_integers (void)
{
  static const char *const good[] = { "0", "-1", "10", "9223372036854775807" };
  static const char *const bad[] = { "",   "-",  "+1",
                                     "01", "-0", "1 ",
                                     " 1", "1x", "9223372036854775808" };
  gint64 number;
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (redis_words_integer (good[i], strlen (good[i]), &number));
    g_assert_cmpint (number, ==, g_ascii_strtoll (good[i], NULL, 10));
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (redis_words_integer (bad[i], strlen (bad[i]), &number));
  g_assert_false (redis_words_integer ("1\0002", 3, &number));
}

/* ---- the command line ------------------------------------------------------------------- */

static RedisCliOptions *
read_line (const char *line, char **problem)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  return redis_cli_options_read ((const char *const *)argv, problem);
}

static void
test_options (void)
{
  g_autofree char *problem = NULL;
  g_autoptr (RedisCliOptions) options =
      read_line ("redis-cli -e -s /F/redis -n 1 --user ops --pass x LLEN -n", &problem);
  g_assert_nonnull (options);
  g_assert_true (options->error_fails && options->warns);
  g_assert_cmpstr (options->socket, ==, "/F/redis");
  g_assert_cmpuint (options->database, ==, 1);
  g_assert_cmpstr (options->user, ==, "ops");
  g_assert_cmpstr (options->password, ==, "x");
  g_assert_cmpuint (options->words->len, ==, 2);
  g_autoptr (RedisCliOptions) silent =
      read_line ("redis-cli -a x --no-auth-warning --no-raw PING", &problem);
  g_assert_false (silent->warns);
  g_assert_cmpint (silent->form, ==, REDIS_CLI_FORMATTED);
  g_autoptr (RedisCliOptions) help = read_line ("redis-cli -h", &problem);
  g_assert_true (help->help);
}

static void
test_refused_options (void)
{
  static const char *const lines[][2] = {
    { "redis-cli -z", "Unrecognized option or bad number of args for: '-z'" },
    { "redis-cli -s", "Unrecognized option or bad number of args for: '-s'" },
    { "redis-cli --json PING", "redis-cli: the simulated redis-cli does not know --json, "
                               "which a real one has; leave it out" },
    { "redis-cli -n 1 --tls",
      "redis-cli: the simulated redis-cli does not know --tls, which "
      "a real one has; leave it out" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *problem = NULL;
    g_assert_null (read_line (lines[i][0], &problem));
    g_assert_cmpstr (problem, ==, lines[i][1]);
  }
}

/* ---- answers ------------------------------------------------------------------------------- */

static gboolean
no_more (GString *bytes, void *data)
{
  (void)bytes;
  (void)data;
  return FALSE;
}

/* One byte a time of what `data` points into. */
static gboolean
one_more (GString *bytes, void *data)
{
  const char **rest = data;
  if (!**rest)
    return FALSE;
  g_string_append_c (bytes, *(*rest)++);
  return TRUE;
}

static const struct {
  const char *bytes, *raw, *formatted;
} shown[] = {
  { "+OK\r\n", "OK", "OK\n" },
  { "-ERR no\r\n", "ERR no\n", "(error) ERR no\n" },
  { ":-5\r\n", "-5", "(integer) -5\n" },
  { "$-1\r\n", "", "(nil)\n" },
  { "*-1\r\n", "", "(nil)\n" },
  { "*0\r\n", "", "(empty array)\n" },
  { "$9\r\na\"\\\n\t\xc3\xa9\x01z\r\n", "a\"\\\n\t\xc3\xa9\x01z",
    "\"a\\\"\\\\\\n\\t\\xc3\\xa9\\x01z\"\n" },
  { "*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n*1\r\n:1\r\n", "0\na\n1",
    "1) \"0\"\n2) 1) \"a\"\n   2) 1) (integer) 1\n" },
  { "*9\r\n*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n*0\r\n:1\r\n", "\n\n\n\n\n\n\n\n1",
    "1) (empty array)\n2) (empty array)\n3) (empty array)\n4) (empty array)\n"
    "5) (empty array)\n6) (empty array)\n7) (empty array)\n8) (empty array)\n"
    "9) (integer) 1\n" },
  { "*10\r\n:1\r\n:2\r\n:3\r\n:4\r\n:5\r\n:6\r\n:7\r\n:8\r\n:9\r\n*1\r\n:0\r\n",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\n0",
    " 1) (integer) 1\n 2) (integer) 2\n 3) (integer) 3\n 4) (integer) 4\n 5) (integer) "
    "5\n"
    " 6) (integer) 6\n 7) (integer) 7\n 8) (integer) 8\n 9) (integer) 9\n"
    "10) 1) (integer) 0\n" },
};

static void
test_shown (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    const char *rest = shown[i].bytes;
    RespReader reader = { g_string_new (NULL), one_more, (void *)&rest };
    g_autoptr (RespReply) reply = resp_read (&reader);
    g_autoptr (GString) raw = g_string_new (NULL), formatted = g_string_new (NULL);
    g_assert_nonnull (reply);
    g_assert_cmpuint (reader.bytes->len, ==, 0);
    g_assert_cmpstr (rest, ==, "");
    redis_cli_show_raw (reply, raw);
    redis_cli_show_formatted (reply, formatted);
    g_assert_cmpstr (raw->str, ==, shown[i].raw);
    g_assert_cmpstr (formatted->str, ==, shown[i].formatted);
    g_string_free (reader.bytes, TRUE);
  }
}

static void
test_no_answers (void)
{
  static const char *const none[] = {
    "",
    "\r\n",
    "+OK",
    "+OK\n",
    "?\r\n",
    ":x\r\n",
    "$5\r\nabc\r\n",
    "$-2\r\n",
    "$99999999999\r\n",
    "*2\r\n:1\r\n",
    "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n",
  };
  for (guint i = 0; i < G_N_ELEMENTS (none); i++) {
    RespReader reader = { g_string_new (none[i]), no_more, NULL };
    g_assert_null (resp_read (&reader));
    g_string_free (reader.bytes, TRUE);
  }
}

/* ---- the program, on a simulated Redis in another process ------------------------------------- */

typedef struct {
  char *folder, *socket;
  pid_t server;
} Served;

static void
serve_one (int connection, Redis *redis)
{
  g_autoptr (RespConnection) one = resp_new (redis);
  char bytes[512];
  gboolean open = TRUE;
  while (open) {
    gssize length = read (connection, bytes, sizeof bytes);
    g_autoptr (GString) out = g_string_new (NULL);
    if (length <= 0)
      return;
    open = resp_take (one, bytes, (gsize)length, out);
    g_assert_cmpint (write (connection, out->str, out->len), ==, (gssize)out->len);
  }
}

/* `answers`: so many connections are taken, then none any more. */
static void
serve (int listener, guint answers)
{
  g_auto (Bed) bed = { 0 };
  bed_open (&bed);
  bed_begin (&bed, 7);
  bed_pass (&bed, 10);
  g_autoptr (Redis) redis = redis_new (bed.world, 1, "redis");
  for (guint i = 0; i < answers; i++) {
    int connection = accept (listener, NULL, NULL);
    if (connection < 0)
      break;
    serve_one (connection, redis);
    close (connection);
  }
}

static void
served_open (Served *place, guint answers)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  place->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  place->socket = g_build_filename (place->folder, REDIS_CLI_SOCKET, NULL);
  g_strlcpy (address.sun_path, place->socket, sizeof address.sun_path);
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (const struct sockaddr *)&address, sizeof address), ==,
                   0);
  g_assert_cmpint (listen (listener, 8), ==, 0);
  place->server = fork ();
  if (place->server == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    serve (listener, answers);
    _exit (0);
  }
  close (listener);
}

static void
served_close (Served *place)
{
  kill (place->server, SIGKILL);
  waitpid (place->server, NULL, 0);
  unlink (place->socket);
  rmdir (place->folder);
  g_free (place->folder);
  g_free (place->socket);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Served, served_close)

typedef struct {
  int status;
  char *out, *err;
} Ran;

static void
ran_clear (Ran *ran)
{
  g_free (ran->out);
  g_free (ran->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ran, ran_clear)

static int
file_of (const char *text)
{
  int descriptor = memfd_create ("stream", MFD_CLOEXEC);
  g_assert_cmpint (write (descriptor, text, strlen (text)), ==, (gssize)strlen (text));
  g_assert_cmpint (lseek (descriptor, 0, SEEK_SET), ==, 0);
  return descriptor;
}

static char *
text_of (int descriptor)
{
  off_t length = lseek (descriptor, 0, SEEK_END);
  char *text = g_malloc0 ((gsize)length + 1);
  g_assert_cmpint (pread (descriptor, text, (gsize)length, 0), ==, length);
  close (descriptor);
  return text;
}

/* Words of the line are separated by one space. */
static Ran
run (const Served *place, const char *line, const char *typed, const char *auth)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);
  const RedisCliStreams streams = { file_of (typed), file_of (""), file_of ("") };
  Ran ran = { redis_cli_run ((const char *const *)argv, place->folder, getpid (), auth,
                             &streams),
              NULL, NULL };
  close (streams.in);
  ran.out = text_of (streams.out);
  ran.err = text_of (streams.err);
  return ran;
}

static void
check (const Served *place, const char *line, const char *typed, int status,
       const char *out, const char *err)
{
  g_auto (Ran) ran = run (place, line, typed, NULL);
  g_assert_cmpstr (ran.err, ==, err);
  g_assert_cmpstr (ran.out, ==, out);
  g_assert_cmpint (ran.status, ==, status);
}

static void
test_commands (void)
{
  g_auto (Served) place = { 0 };
  served_open (&place, 100);
  check (&place, "redis-cli PING", "", 0, "PONG\n", "");
  check (&place, "redis-cli -n 1 SMEMBERS queues", "", 0, "default\nmail\n", "");
  check (&place, "redis-cli --no-raw -n 1 TYPE queues", "", 0, "set\n", "");
  check (&place, "redis-cli --no-raw HMGET a b", "", 0, "1) (nil)\n", "");
  check (&place, "redis-cli INFO modules", "", 0, "# Modules\r\n", "");
  check (&place, "redis-cli --no-raw INFO modules", "", 0, "# Modules\r\n", "");
  check (&place, "redis-cli LLEN", "", 0,
         "ERR wrong number of arguments for 'llen' command\n\n", "");
  check (&place, "redis-cli -e LLEN", "", 1, "",
         "ERR wrong number of arguments for 'llen' command\n");
  check (&place, "redis-cli -n 99 PING", "", 0, "PONG\n",
         "SELECT 99 failed: ERR DB index is out of range\n");
  check (&place, "redis-cli --user ops -a x --no-auth-warning PING", "", 0, "PONG\n",
         "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n");
  check (&place, "redis-cli -e QUIT", "", 0, "OK\n", "");
  check (&place, "redis-cli --version", "", 0, "redis-cli 7.0.15\n", "");
  g_auto (Ran) ran = run (&place, "redis-cli PING", "", "secret");
  g_assert_true (
      g_str_has_prefix (ran.err, "AUTH failed: ERR AUTH <password> called without"));
  g_assert_null (strstr (ran.err, "secret"));
}

static void
test_typed (void)
{
  g_auto (Served) place = { 0 };
  served_open (&place, 100);
  check (&place, "redis-cli",
         "ping\n\n2 ping\nget \"a\n0 ping\nselect 1\nscard queues\nexit\nping", 0,
         "PONG\nPONG\nPONG\nInvalid argument(s)\n"
         "Invalid redis-cli repeat command option value.\nOK\n2\n",
         "");
  check (&place, "redis-cli -e", "llen\nping", 0,
         "ERR wrong number of arguments for 'llen' command\n\nPONG\n", "");
  check (&place, "redis-cli", "help\nping", 0, "PONG\n",
         "The simulated redis-cli does not know help, which a real one has\n");
}

/* The one connection is lost by QUIT in the middle, and made anew in the same database. */
static void
test_lost (void)
{
  g_auto (Served) place = { 0 };
  served_open (&place, 2);
  check (&place, "redis-cli", "select 1\n1 quit\nscard queues\n", 0, "OK\nOK\n2\n", "");
  waitpid (place.server, NULL, 0);
  g_autofree char *refused = g_strdup_printf (
      "Could not connect to Redis at %s: Connection refused\n", place.socket);
  g_autofree char *twice = g_strconcat (refused, refused, NULL);
  check (&place, "redis-cli PING", "", 1, "", refused);
  check (&place, "redis-cli", "ping\n", 0, "", twice);
  place.server = fork ();
  if (place.server == 0)
    _exit (0);
}

/* Whoever listens elsewhere is not so much as connected to. */
static void
test_elsewhere (void)
{
  g_auto (Served) place = { 0 }, other = { 0 };
  served_open (&place, 1);
  served_open (&other, 1);
  g_autofree char *socket = g_strdup_printf ("redis-cli -s %s PING", other.socket);
  g_autofree char *through = g_strdup_printf ("redis-cli -s %s/../%s PING", place.folder,
                                              strrchr (other.socket, '/') + 1);
  const char *const lines[] = { socket, through, "redis-cli -h 127.0.0.1 PING",
                                "redis-cli -p 6379 PING",
                                "redis-cli -h redis.example -p 1 PING" };
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_auto (Ran) ran = run (&place, lines[i], "", NULL);
    g_assert_cmpint (ran.status, ==, 1);
    g_assert_cmpstr (ran.out, ==, "");
    g_assert_true (g_str_has_prefix (ran.err, "Could not connect to Redis at "));
    g_assert_nonnull (strstr (ran.err, "in practice there is the simulated one alone"));
  }
  check (&other, "redis-cli PING", "", 0, "PONG\n", "");
  g_autofree char *own =
      g_strdup_printf ("redis-cli -h nowhere -s %s PING", place.socket);
  check (&place, own, "", 0, "PONG\n", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/redis-cli/words", test_words);
  g_test_add_func ("/practice/redis-cli/integers", test_integers);
  g_test_add_func ("/practice/redis-cli/options", test_options);
  g_test_add_func ("/practice/redis-cli/refused-options", test_refused_options);
  g_test_add_func ("/practice/redis-cli/shown", test_shown);
  g_test_add_func ("/practice/redis-cli/no-answers", test_no_answers);
  g_test_add_func ("/practice/redis-cli/commands", test_commands);
  g_test_add_func ("/practice/redis-cli/typed", test_typed);
  g_test_add_func ("/practice/redis-cli/lost", test_lost);
  g_test_add_func ("/practice/redis-cli/elsewhere", test_elsewhere);
  return g_test_run ();
}
