/* The terminal's side of a run from end to end: the real program on a pipe or a terminal,
 * with this test as the runner.
 *
 * A talk is a list of lines, each a letter and what it is about:
 *   s NAME    the runner sends that line (see `sayings`)   x   it closes the connection
 *   w NAME    the runner writes it into the journal only
 *   m TEXT    waits until the runner has got TEXT          o TEXT  until it is printed
 *   n TEXT    types a NUL byte and a line
 *   i TEXT    types a line      r TEXT  types without a line feed
 *   e         ends the pipe     h       closes the terminal      c   nobody reads stdout
 *   k NUMBER  sends a signal    z NUMBER  waits for the end, with that exit status */
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/run/journal.h"
#include "core/store/store.h"

/* Only bounds a hang. */
#define LIMIT_MS 30000

static struct {
  char *folder; /* HOME; bin, .config and runs below */
  char *bin;    /* a handrail whose runner is the test's script */
} place;

/* ---- the runner ------------------------------------------------------------ */

#define STEP "\"step\":\"stop-nginx\""
#define ANSWERED(answer)                                                                 \
  "{\"question\":1,\"kind\":\"confirm\"," STEP ",\"digest\":\"d1\",\"answer\":\"" answer \
  "\",\"viewer\":1,\"uid\":1,\"user\":\"ann\"}"

#define MUCH "much"

/* A name, the event or NULL for a passing message, and the members. */
static const struct {
  const char *name, *event, *members;
} sayings[] = {
  { "began", "run-began",
    "{\"format\":1,\"program\":\"0\",\"run\":\"r1\",\"runbook\":{\"name\":\"a\","
    "\"title\":\"A\",\"file\":\"a\",\"digest\":\"d\"},\"sources\":[],\"site\":{\"name\":"
    "\"lab\",\"file\":\"s\",\"digest\":\"d\",\"platform\":\"compose\",\"production\":"
    "false},\"settings\":{},\"practice\":false,\"host\":\"h\",\"uid\":1,\"user\":\"u\","
    "\"pid\":1,\"boot\":\"b\",\"steps\":[{\"id\":\"stop-nginx\",\"title\":\"Stop\"}]}" },
  { "hello", NULL,
    "{\"live\":\"hello\",\"protocol\":1,\"run\":\"r1\",\"viewer\":1,\"controls\":true}" },
  { "newer", NULL,
    "{\"live\":\"hello\",\"protocol\":2,\"run\":\"r1\",\"viewer\":1,\"controls\":true}" },
  { "came", "viewer-came", "{\"viewer\":1,\"uid\":1,\"user\":\"ann\"}" },
  { "controls", "controls", "{\"viewer\":1,\"how\":\"first\"}" },
  { "taken", "controls", "{\"viewer\":1,\"how\":\"taken\"}" },
  { "other", "controls", "{\"viewer\":2,\"how\":\"taken\"}" },
  { "second", "viewer-came", "{\"viewer\":2,\"uid\":2,\"user\":\"bob\"}" },
  { "caught-up", NULL, "{\"live\":\"caught-up\"}" },
  { "step", "step-began", "{" STEP ",\"title\":\"Stop\"}" },
  { "waiting", NULL, "{\"live\":\"waiting\"," STEP ",\"text\":\"app has 1 running\"}" },
  { "asked", "asked",
    "{\"question\":1,\"kind\":\"confirm\"," STEP ",\"purpose\":\"do\",\"text\":\"stop "
    "it\",\"digest\":\"d1\",\"takes\":\"[y | skip REASON | stop]\"}" },
  { "go", "answered", ANSWERED ("go") },
  { "stop", "answered", ANSWERED ("stop") },
  { "stopped", "run-stopped", "{\"why\":\"ann said stop\",\"held\":true}" },
  { "refused", NULL,
    "{\"live\":\"refused\",\"question\":1,\"text\":\"not taken: type y\"}" },
  { "told", NULL, "{\"live\":\"told\",\"text\":\"bob looks \\u001b[2J on\"}" },
  { "output", NULL,
    "{\"live\":\"output\"," STEP ",\"text\":\"Stopping\\n? stop-nginx: sure [y]\\n\"}" },
  { "command", "command-began",
    "{" STEP ",\"purpose\":\"do\",\"index\":0,\"count\":1,\"argv\":[\"true\"],\"pid\":1,"
    "\"group\":1,\"start\":1,\"boot\":\"b\",\"output\":\"o\"}" },
  { "bye", NULL, "{\"live\":\"bye\",\"text\":\"\"}" },
  { "unknown", NULL, "{\"live\":\"from the future\"}" },
  { "nonsense", NULL, NULL },
  { "much", NULL, MUCH },
};

/* More than a pipe holds, and "the end". */
static char *
much (void)
{
  g_autofree char *filler = g_strnfill (100000, '.');
  return g_strdup_printf ("{\"live\":\"output\"," STEP ",\"text\":\"%s the end\"}\n",
                          filler);
}

static char *
line_of (const char *name, JournalChain *chain)
{
  for (guint i = 0; i < G_N_ELEMENTS (sayings); i++) {
    EventType type = EVENT_NOTE;
    if (strcmp (sayings[i].name, name) != 0)
      continue;
    if (g_strcmp0 (sayings[i].members, MUCH) == 0)
      return much ();
    if (!sayings[i].event)
      return g_strconcat (sayings[i].members ? sayings[i].members : "nonsense", "\n",
                          NULL);
    g_assert_true (event_type_from_name (sayings[i].event, &type));
    g_autoptr (Event) event = event_new (type, json_loads (sayings[i].members, 0, NULL));
    g_autofree char *line = journal_write (chain, event);
    return g_strconcat (line, "\n", NULL);
  }
  g_error ("nothing is called %s", name);
}

/* ---- the program ----------------------------------------------------------- */

typedef struct {
  gboolean terminal;
  pid_t child;
  int input, output; /* the same for a terminal; -1: closed */
  int listener, runner;
  JournalChain chain, written;
  char *folder;
  GString *printed, *got;
  gsize printed_to, got_to; /* what was waited for already */
} Talk;

static int
listen_in (const char *folder)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = STORE_SOCKET };
  g_autofree char *before = g_get_current_dir ();
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (chdir (folder), ==, 0);
  g_assert_cmpint (bind (listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (listener, 1), ==, 0);
  g_assert_cmpint (chdir (before), ==, 0);
  return listener;
}

/* The run's folder has what `attach` looks at before it connects: a journal. */
static void
make_run (Talk *talk, const char *name)
{
  g_autofree char *line = line_of ("began", &talk->written);
  talk->folder = g_build_filename (place.folder, "runs", name, NULL);
  g_autofree char *journal = g_build_filename (talk->folder, STORE_JOURNAL, NULL);
  g_assert_cmpint (g_mkdir_with_parents (talk->folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (journal, line, -1, NULL));
  talk->listener = listen_in (talk->folder);
}

static void
write_down (Talk *talk, const char *name)
{
  g_autofree char *line = line_of (name, &talk->written);
  g_autofree char *journal = g_build_filename (talk->folder, STORE_JOURNAL, NULL);
  int file = open (journal, O_WRONLY | O_APPEND | O_CLOEXEC);
  g_assert_cmpint (write (file, line, strlen (line)), ==, (ssize_t)strlen (line));
  close (file);
}

static void
become_program (const char *folder)
{
  g_autofree char *path = g_build_filename (place.bin, "handrail", NULL);
  g_setenv ("HOME", place.folder, TRUE);
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  signal (SIGPIPE, SIG_DFL);
  if (g_str_has_suffix (folder, "full"))
    g_unix_set_fd_nonblocking (STDOUT_FILENO, TRUE, NULL);
  execl (path, "handrail", "attach", folder, "--plain", NULL);
  _exit (99);
}

static void
start_on_pipes (Talk *talk)
{
  int input[2], output[2];
  g_assert_cmpint (pipe (input), ==, 0);
  g_assert_cmpint (pipe (output), ==, 0);
  fcntl (output[1], F_SETPIPE_SZ, 4096); /* soon full */
  talk->child = fork ();
  if (talk->child == 0) {
    dup2 (input[0], STDIN_FILENO);
    dup2 (output[1], STDOUT_FILENO);
    close (input[1]);
    close (output[0]);
    become_program (talk->folder);
  }
  close (input[0]);
  close (output[1]);
  talk->input = input[1];
  talk->output = output[0];
}

static void
start_on_terminal (Talk *talk)
{
  talk->child = forkpty (&talk->output, NULL, NULL, NULL);
  if (talk->child == 0)
    become_program (talk->folder);
  talk->input = talk->output;
}

static void
begin (Talk *talk, const char *name, gboolean terminal)
{
  *talk = (Talk){ .terminal = terminal,
                  .chain = JOURNAL_CHAIN_INIT,
                  .written = JOURNAL_CHAIN_INIT };
  talk->printed = g_string_new (NULL);
  talk->got = g_string_new (NULL);
  make_run (talk, name);
  if (terminal)
    start_on_terminal (talk);
  else
    start_on_pipes (talk);
  struct pollfd waiting = { talk->listener, POLLIN, 0 };
  g_assert_cmpint (poll (&waiting, 1, LIMIT_MS), ==, 1);
  talk->runner = accept (talk->listener, NULL, NULL);
  g_assert_cmpint (talk->runner, >=, 0);
}

static void
shut (int *descriptor)
{
  if (*descriptor >= 0)
    close (*descriptor);
  *descriptor = -1;
}

static void
finish (Talk *talk)
{
  if (talk->terminal)
    talk->input = -1;
  shut (&talk->input);
  shut (&talk->output);
  shut (&talk->runner);
  shut (&talk->listener);
  g_string_free (talk->printed, TRUE);
  g_string_free (talk->got, TRUE);
  g_free (talk->folder);
}

/* FALSE at its end. */
static gboolean
take_in (int descriptor, GString *into)
{
  char bytes[4096];
  ssize_t got = read (descriptor, bytes, sizeof bytes);
  if (got > 0)
    g_string_append_len (into, bytes, got);
  return got > 0;
}

/* Reads whatever comes until `seen` has `text` after what was seen before. */
static void
wait_for (Talk *talk, const char *what, GString *seen, gsize *seen_to, const char *text)
{
  for (;;) {
    const char *at = strstr (seen->str + *seen_to, text);
    struct pollfd ends[] = { { talk->output, POLLIN, 0 }, { talk->runner, POLLIN, 0 } };
    if (at) {
      *seen_to = (gsize)(at - seen->str) + strlen (text);
      return;
    }
    if ((talk->output < 0 && talk->runner < 0) || poll (ends, 2, LIMIT_MS) <= 0)
      g_error ("%s did not come: \"%s\"; printed \"%s\", sent \"%s\"", what, text,
               talk->printed->str, talk->got->str);
    if (ends[0].revents && !take_in (talk->output, talk->printed)) {
      if (talk->terminal)
        talk->input = -1;
      shut (&talk->output);
    }
    if (ends[1].revents && !take_in (talk->runner, talk->got))
      shut (&talk->runner);
  }
}

static void
type (Talk *talk, const char *text, const char *end)
{
  g_autofree char *bytes = g_strcompress (text);
  g_autofree char *line = g_strconcat (bytes, end, NULL);
  g_assert_cmpint (write (talk->input, line, strlen (line)), ==, (ssize_t)strlen (line));
}

static void
expect_end (Talk *talk, int wanted)
{
  int status = 0;
  /* A terminal's output is to be read, or its writer does not end. */
  struct pollfd end = { talk->output, POLLIN, 0 };
  while (talk->output >= 0 && poll (&end, 1, LIMIT_MS) > 0 &&
         take_in (talk->output, talk->printed))
    ;
  g_assert_cmpint (waitpid (talk->child, &status, 0), ==, talk->child);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != wanted)
    g_error ("ended with %x, not %d; printed \"%s\"", (guint)status, wanted,
             talk->printed->str);
}

static void
play (Talk *talk, const char *line)
{
  const char *rest = line[1] ? line + 2 : "";
  g_autofree char *bytes = NULL;
  switch (line[0]) {
  case 's':
    bytes = line_of (rest, &talk->chain);
    g_assert_cmpint (send (talk->runner, bytes, strlen (bytes), MSG_NOSIGNAL), >, 0);
    return;
  case 'w':
    write_down (talk, rest);
    return;
  case 'm':
    wait_for (talk, "a message", talk->got, &talk->got_to, rest);
    return;
  case 'o':
    wait_for (talk, "output", talk->printed, &talk->printed_to, rest);
    return;
  case 'i':
    type (talk, rest, "\n");
    return;
  case 'r':
    type (talk, rest, "");
    return;
  case 'n':
    g_assert_cmpint (write (talk->input, "\0", 1), ==, 1);
    type (talk, rest, "\n");
    return;
  case 'e':
    shut (&talk->input);
    return;
  case 'h':
    talk->input = -1;
    shut (&talk->output);
    return;
  case 'c':
    shut (&talk->output);
    return;
  case 'x':
    shut (&talk->runner);
    return;
  case 'k':
    g_assert_cmpint (kill (talk->child, (int)g_ascii_strtoll (rest, NULL, 10)), ==, 0);
    return;
  default:
    g_assert_cmpint (line[0], ==, 'z');
    expect_end (talk, (int)g_ascii_strtoll (rest, NULL, 10));
  }
}

/* ---- talks ----------------------------------------------------------------- */

#define BEGUN "s began", "s hello", "s came", "s controls", "s caught-up", "s step"
#define QUESTION "o ? stop-nginx: stop it [y | skip REASON | stop]"
#define ASKED BEGUN, "s asked", QUESTION
#define WRITTEN "w came", "w controls", "w step", "w asked"
#define LINES_MAX 24

static const struct {
  const char *name; /* of a terminal, when it begins with "tty" */
  const char *lines[LINES_MAX];
} talks[] = {
  { "answer",
    { ASKED, "i y",
      "m {\"say\":\"answer\",\"question\":1,\"digest\":\"d1\","
      "\"text\":\"y\"}",
      "s go", "s stopped", "s bye", "z 3" } },
  { "refused",
    { ASKED, "i yes", "m \"text\":\"yes\"", "s refused", "o ! not taken: type y",
      QUESTION, "i y", "m \"text\":\"y\"", "s go", "s bye", "z 1" } },
  { "nul",
    { ASKED, "n y", "o ! not taken: it holds a NUL byte", QUESTION, "i y",
      "m \"text\":\"y\"", "s go", "s bye", "z 1" } },
  { "taken",
    { BEGUN, "s second", "s other", "s asked", QUESTION, "i take", "m \"say\":\"take\"",
      "s taken", QUESTION, "s bye", "z 1" } },
  { "early", { "i y", BEGUN, "s asked", "m \"text\":\"y\"", "s go", "s bye", "z 1" } },
  { "controls-stay-text",
    { BEGUN, "s told", "o = bob looks \\x1B[2J on", "s bye", "z 1" } },
  { "output-asks-nothing",
    { ASKED, "i y", "m \"y\"", "s go", "s command", "s output",
      "o | ? stop-nginx: sure [y]", "s bye", "z 1" } },
  { "unknown-live", { BEGUN, "s unknown", "s asked", QUESTION, "s bye", "z 1" } },
  { "newer-runner", { "s began", "s newer", "o ! the runner speaks protocol 2", "z 1" } },

  /* The end of a pipe, in each state. */
  { "end-before-all",
    { "e", BEGUN, "s asked", "m \"text\":\"stop\"", "s stop", "s stopped", "s bye",
      "z 3" } },
  { "end-at-question",
    { ASKED, "e", "m \"question\":1", "m \"text\":\"stop\"", "s stop", "s stopped",
      "s bye", "z 3" } },
  { "end-without-feed",
    { ASKED, "r y", "e", "m \"text\":\"y\"", "s go", "s bye", "z 1" } },
  { "end-while-waiting",
    { BEGUN, "s waiting", "o ~ stop-nginx: app has 1 running", "e", "m \"question\":0",
      "m \"text\":\"stop\"", "s stopped", "s bye", "z 3" } },
  { "end-in-command",
    { ASKED, "i y", "m \"y\"", "s go", "s command", "e", "s output", "o | Stopping",
      "s bye", "z 1" } },
  { "end-refused",
    { ASKED, "e", "m \"text\":\"stop\"", "s refused", "m \"say\":\"detach\"",
      "o = detached", "z 1" } },
  { "end-looking-on",
    { BEGUN, "s second", "s other", "s asked", QUESTION, "e", "m \"say\":\"detach\"",
      "z 1" } },

  /* The connection. */
  { "broken-at-once", { "x", "o ! the runner died without a word", "z 1" } },
  { "broken",
    { ASKED, "x", "o ! the runner died without a word", "o to go on: handrail resume r1",
      "z 1" } },
  { "broken-but-over",
    { ASKED, "i stop", "m \"text\":\"stop\"", WRITTEN, "w stop", "w stopped", "x",
      "o = stopped, unfinished: ann said stop", "z 3" } },
  { "broken-but-over-at-once",
    { WRITTEN, "w stop", "w stopped", "x", "o = run r1", "o = stopped, unfinished: ann",
      "o handrail resume r1", "z 3" } },
  { "broken-and-not-over",
    { ASKED, WRITTEN, "w stop", "x", "o ! the runner died without a word", "z 1" } },
  { "broken-after-stop", { ASKED, "s stop", "s stopped", "o stop", "x", "z 3" } },
  { "nonsense",
    { BEGUN, "s nonsense", "o ! what the runner sent cannot be followed", "z 1" } },
  { "bye-early", { "s began", "s bye", "z 1" } },

  /* Signals, and nobody who reads. */
  { "hang-up", { ASKED, "k 1", "m \"say\":\"detach\"", "z 1" } },
  { "terminate", { ASKED, "k 15", "m \"say\":\"detach\"", "o = detached", "z 1" } },
  { "interrupt-pipe", { ASKED, "k 2", "m \"say\":\"detach\"", "z 1" } },
  { "nobody-reads", { ASKED, "c", "s told", "m \"say\":\"detach\"", "z 1" } },
  /* Another program may have left the shared descriptor so that it does not wait. */
  { "full",
    { BEGUN, "s much", "s waiting", "o the end", "o ~ stop-nginx", "s bye", "z 1" } },
  { "hang-up-at-once",
    { "s began", "o = run r1", "k 1", "m \"say\":\"detach\"", "z 1" } },

  /* A terminal. */
  { "tty-answer", { ASKED, "i y", "m \"text\":\"y\"", "s go", "s bye", "z 1" } },
  { "tty-end", { ASKED, "r \\004", "m \"say\":\"detach\"", "o = detached", "z 1" } },
  { "tty-end-in-line",
    { ASKED, "r sto\\004", "r \\004", "m \"say\":\"detach\"", "z 1" } },
  { "tty-interrupt",
    { ASKED, "r \\003", "o ! interrupt: type stop to stop", "r \\003",
      "m \"say\":\"detach\"", "z 1" } },
  { "tty-interrupt-stop",
    { ASKED, "r \\003", "o ! interrupt", "i stop", "m \"text\":\"stop\"", "s stop",
      "s stopped", "s bye", "z 3" } },
  { "tty-gone", { ASKED, "h", "m \"say\":\"detach\"", "z 1" } },
  { "tty-nothing-asked",
    { BEGUN, "o > stop-nginx", "i y", "o ! not taken: nothing is asked", "s asked",
      QUESTION, "s bye", "z 1" } },
};

static void
test_talk (const void *data)
{
  gsize index = GPOINTER_TO_SIZE (data);
  const char *name = talks[index].name;
  Talk talk;
  begin (&talk, name, g_str_has_prefix (name, "tty"));
  for (guint i = 0; i < LINES_MAX && talks[index].lines[i]; i++)
    play (&talk, talks[index].lines[i]);
  finish (&talk);
}

/* ---- starting a runner ----------------------------------------------------- */

/* Says the first answer, to one that was asked to give up a run or accept differences
 * the second; and writes down what it was asked. */
#define SCRIPT                                                           \
  "#!/bin/sh\n"                                                          \
  "echo \"$*\" >> \"$HOME/asked\"\n"                                     \
  "case \"$*\" in\n"                                                     \
  "*--abandon* | *--accept*) printf '%s\\n' \"$SECOND_ANSWER\" >&3 ;;\n" \
  "*) printf '%s' \"$FIRST_ANSWER\" >&3 ;;\n"                            \
  "esac\n"
#define UNFINISHED \
  "{\"refused\":\"u\",\"status\":3,\"unfinished\":\"r0\",\"step\":\"stop-app\"}"
#define DIFFERS \
  "{\"refused\":\"d\",\"status\":3,\"differences\":[\"runbook: b\\u001b[m\"]}"
#define NO "{\"refused\":\"no; do that\",\"status\":3}"

static const struct {
  const char *name, *arguments, *first, *second, *input;
  int status;
  const char *output; /* of both */
  const char *asked;  /* what the runner was asked last, or NULL */
} starts[] = {
  { "refused", "run a --site lab", NO, "", "", 3, "! no; do that", "run /" },
  { "problems", "run a --site lab",
    "{\"refused\":\"r\",\"status\":1,\"problems\":[\"a:1\",\"\\u001b[2J\"]}", "", "", 1,
    "! a:1\n! \\x1B[2J\n! r\n", NULL },
  { "held", "run a --site lab",
    "{\"refused\":\"r\",\"status\":3,\"holder\":{\"run\":\"r9\",\"user\":\"bob\"}}", "",
    "", 3, "! bob on this host holds the site", NULL },
  { "holder-not-said", "run a --site lab",
    "{\"refused\":\"r\",\"status\":3,\"holder\":[1]}", "", "", 3, "! r\n", NULL },
  { "silent", "run a --site lab", "", "", "", 1, "ended without saying what happened",
    NULL },
  { "babble", "run a --site lab", "hello", "", "", 1, "ended without saying", NULL },
  { "lies", "run a --site lab", "{\"run\":\"/no/such/run\"}", "", "", 1,
    "no runner answers for run run", NULL },
  { "settings", "run a --site lab --set b=c=d --from one --after r0", NO, "", "", 3,
    "! no", "--set b=c=d --from one --after r0" },

  { "unfinished-stop", "run a --site lab", UNFINISHED, NO, "stop\n", 3,
    "? unfinished: r0 is unfinished at stop-app", NULL },
  { "unfinished-end", "run a --site lab", UNFINISHED, NO, "", 3, "? unfinished", NULL },
  { "unfinished-wrong", "run a --site lab", UNFINISHED, NO, "y\n\nstop\n", 3,
    "! not taken", NULL },
  { "unfinished-abandon", "run a --site lab", UNFINISHED, NO, "lab\n", 3, "! no; do that",
    "--abandon r0" },
  /* A runner that says the same again must not be asked for ever. */
  { "unfinished-twice", "run a --site lab", UNFINISHED, UNFINISHED, "lab\nlab\n", 3,
    "! u\n", "--abandon r0" },
  { "unfinished-resume", "run a --site lab", UNFINISHED, NO, "resume\n", 3, "",
    "resume /" },

  { "resume-stop", "resume RUNS/left", DIFFERS, NO, "stop\n", 3,
    "differs: runbook: b\\x1B[m", NULL },
  { "resume-end", "resume RUNS/left", DIFFERS, NO, "", 3, "? resume: ", NULL },
  { "resume-accept", "resume RUNS/left", DIFFERS, NO, "n\ny\n", 3, "! no; do that",
    "--accept" },
  { "resume-refused", "resume RUNS/left", NO, "", "", 3, "! no; do that", "resume /" },
};

static char *
asked_last (void)
{
  g_autofree char *path = g_build_filename (place.folder, "asked", NULL);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);
  g_unlink (path);
  return g_strdup (lines[g_strv_length (lines) - 1]);
}

/* `input` by way of a file: a pipe would be written to while the program reads. */
static char *
run_program (const char *arguments, const char *input, char **environment, int *status)
{
  g_autofree char *program = g_build_filename (place.bin, "handrail", NULL);
  g_autofree char *typed = g_build_filename (place.folder, "typed", NULL);
  g_autofree char *runs = g_build_filename (place.folder, "runs", NULL);
  g_autoptr (GString) words = g_string_new (arguments);
  g_string_replace (words, "RUNS", runs, 0);
  g_autofree char *line =
      g_strdup_printf ("exec '%s' %s < '%s' 2>&1", program, words->str, typed);
  const char *argv[] = { "/bin/sh", "-c", line, NULL };
  char *output = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_file_set_contents (typed, input, -1, NULL));
  g_spawn_sync (NULL, (char **)argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &output,
                NULL, status, &error);
  g_assert_no_error (error);
  return output;
}

static char **
environment_of (const char *first, const char *second)
{
  char **environment = g_get_environ ();
  environment = g_environ_setenv (environment, "HOME", place.folder, TRUE);
  environment = g_environ_setenv (environment, "LC_ALL", "C.UTF-8", TRUE);
  environment = g_environ_unsetenv (environment, "XDG_CONFIG_HOME");
  environment = g_environ_unsetenv (environment, "XDG_STATE_HOME");
  environment = g_environ_setenv (environment, "FIRST_ANSWER", first, TRUE);
  return g_environ_setenv (environment, "SECOND_ANSWER", second, TRUE);
}

static gboolean
has_own_runs (void)
{
  if (g_access (STORE_SHARED_ROOT, W_OK) != 0)
    return TRUE;
  g_test_skip ("this host has a shared state root, whose runs are not the test's");
  return FALSE;
}

static void
test_start (const void *data)
{
  gsize index = GPOINTER_TO_SIZE (data);
  int status = 0;
  if (!has_own_runs ())
    return;
  g_auto (GStrv) environment = environment_of (starts[index].first, starts[index].second);
  g_autofree char *output =
      run_program (starts[index].arguments, starts[index].input, environment, &status);
  g_autofree char *asked = asked_last ();
  if (!strstr (output, starts[index].output) || strchr (output, '\033'))
    g_error ("wanted \"%s\", got \"%s\"", starts[index].output, output);
  if (starts[index].asked && !strstr (asked, starts[index].asked))
    g_error ("the runner was asked \"%s\"", asked);
  g_assert_cmpint (WEXITSTATUS (status), ==, starts[index].status);
}

static int
begin_on_terminal (struct winsize *size, pid_t *child)
{
  g_autofree char *program = g_build_filename (place.bin, "handrail", NULL);
  int terminal = -1;
  *child = forkpty (&terminal, NULL, NULL, size);
  if (*child == 0) {
    char *argv[] = { program, "run", "a", "--site", "lab", NULL };
    execve (program, argv, environment_of (UNFINISHED, NO));
    _exit (99);
  }
  return terminal;
}

/* What is asked before there is a screen is broken at spaces on an 80-column terminal. */
static void
test_broken (void)
{
  struct winsize size = { .ws_row = 24, .ws_col = 80 };
  g_autoptr (GString) said = g_string_new (NULL);
  pid_t child = 0;
  int status = 0;
  if (!has_own_runs ())
    return;
  int terminal = begin_on_terminal (&size, &child);
  while (!strstr (said->str, "stop]\r\n"))
    g_assert_true (take_in (terminal, said));
  g_assert_cmpint (write (terminal, "stop\n", 5), ==, 5);
  while (take_in (terminal, said))
    continue;
  close (terminal);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (WEXITSTATUS (status), ==, 3);
  g_assert_nonnull (strstr (said->str, "? unfinished: r0 is unfinished at stop-app; "
                                       "resume it, or give it up by typing\r\n  the "
                                       "site's name [resume | lab | stop]\r\n"));
  g_free (asked_last ());
}

/* ---- the place ------------------------------------------------------------- */

static void
put (const char *folder, const char *name, const char *text, gsize length, guint mode)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *above = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (above, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, (gssize)length, NULL));
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

/* The runner is looked for beside the program, so the program is copied. */
static void
make_place (void)
{
  static const char runbook[] = "handrail: 1\ntitle: A\nsteps:\n  - id: one\n    title: "
                                "One\n    ask: {text: What?}\n";
  static const char site[] = "handrail-site: 1\nname: lab\nproduction: false\nplatform: "
                             "{compose: {project: p}}\nservices: {web: {}}\n";
  g_autofree char *built = g_test_build_filename (G_TEST_BUILT, "handrail", NULL);
  g_autofree char *program = NULL;
  gsize length = 0;
  JournalChain chain = JOURNAL_CHAIN_INIT;
  g_autofree char *line = line_of ("began", &chain);
  place.folder = g_dir_make_tmp ("session-XXXXXX", NULL);
  place.bin = g_build_filename (place.folder, "bin", NULL);
  g_assert_true (g_file_get_contents (built, &program, &length, NULL));
  put (place.bin, "handrail", program, length, 0700);
  put (place.bin, "handrail-runner", SCRIPT, strlen (SCRIPT), 0700);
  put (place.folder, ".config/handrail/runbooks/a.yaml", runbook, strlen (runbook), 0600);
  put (place.folder, ".config/handrail/sites/lab.yaml", site, strlen (site), 0600);
  put (place.folder, "runs/left/" STORE_JOURNAL, line, strlen (line), 0600);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
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
  signal (SIGPIPE, SIG_IGN);
  make_place ();
  for (gsize i = 0; i < G_N_ELEMENTS (talks); i++) {
    g_autofree char *name = g_strconcat ("/session/", talks[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_talk);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++) {
    g_autofree char *name = g_strconcat ("/session/start-", starts[i].name, NULL);
    g_test_add_data_func (name, GSIZE_TO_POINTER (i), test_start);
  }
  g_test_add_func ("/session/start-broken", test_broken);
  int status = g_test_run ();
  remove_tree (place.folder);
  g_free (place.folder);
  g_free (place.bin);
  return status;
}
