#include "tui/run/run_commands.h"
#include "tui/widgets/wrap.h"

/* What a page of so many columns and rows shows, opened at a line. */
static char *
seen (const char *const *commands, int columns, int rows, guint line)
{
  g_autoptr (RunCommands) made = run_commands_new ();
  g_autoptr (Canvas) canvas = canvas_new (columns, rows, FALSE);
  int least = 0;
  for (guint i = 0; commands[i]; i++)
    run_commands_add (made, commands[i]);
  run_commands_break (made, columns, &least);
  run_commands_page (made, rows, line);
  run_commands_draw (made, canvas, canvas_area (canvas));
  return canvas_dump (canvas);
}

static void
test_break (void)
{
  static const struct {
    const char *command, *wanted;
  } rows[] = {
    { "kubectl get pods", "$ kubectl get pods\n" },
    { "kubectl get pods -A", "$ kubectl get pods \\\n    -A\n" },
    { "kubectl scale x", "$ kubectl scale x\n" },
    /* What is broken in itself goes on without a backslash, after a slash if it can. */
    { "cat /etc/handrail/sites/prod.yaml -n",
      "$ cat \\\n    /etc/handrail/\n    sites/\n    prod.yaml -n\n" },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "$ aaaaaaaaaaaaaaaaaa\n    aaaaaaaaaaaa\n" },
    /* A blank in quotes is none where a line could go on. */
    { "echo 'a b c d e f g h' x", "$ echo \\\n    'a b c d e f g h\n    ' x\n" },
    { "echo $'it\\'s a b' xy", "$ echo \\\n    $'it\\'s a b' xy\n" },
    { "echo 'a'\\''b c' dd ee", "$ echo 'a'\\''b c' \\\n    dd ee\n" },
    { "日本語 日本語 日本語", "$ 日本語 日本語 \\\n    日本語\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    const char *const commands[] = { rows[i].command, NULL };
    guint lines = 0;
    for (const char *at = rows[i].wanted; *at; at++)
      lines += *at == '\n';
    g_autofree char *found = seen (commands, 20, (int)lines, 0);
    g_assert_cmpstr (found, ==, rows[i].wanted);
  }
}

/* Lines that end with a backslash and the one after are the command itself again. */
static void
test_nothing_is_lost (void)
{
  static const char *const command =
      "pg_dump --file /srv/dumps/a.dump --dbname $'host=db\\tx' --format custom -v";
  const char *const commands[] = { command, NULL };
  g_autofree char *wanted = g_strconcat ("$ ", command, NULL);
  for (int columns = 14; columns < 90; columns++) {
    g_autofree char *found = seen (commands, columns, 20, 0);
    g_autofree char *shown = g_strchomp (g_strdup (found));
    g_auto (GStrv) blanks = g_strsplit (shown, " \\\n    ", -1);
    g_autofree char *joined = g_strjoinv (" ", blanks);
    g_auto (GStrv) broken = g_strsplit (joined, "\n    ", -1);
    g_autofree char *whole = g_strjoinv ("", broken);
    g_assert_cmpstr (whole, ==, wanted);
  }
}

static void
test_pages (void)
{
  static const char *const commands[] = { "one", "two of the longer ones", "three",
                                          NULL };
  static const struct {
    int rows;
    guint line;
    const char *wanted;
  } pages[] = {
    { 4, 0, "$ one\n$ two of the \\\n    longer ones\n$ three\n" },
    { 3, 0, "$ one\n\ncommand 1 of 3; PgD…\n" },
    { 3, 1, "$ two of the \\\n    longer ones\ncommand 2 of 3; PgU…\n" },
    { 3, 2, "$ two of the \\\n    longer ones\ncommand 2 of 3; PgU…\n" },
    { 3, 3, "$ three\n\ncommand 3 of 3; PgU…\n" },
    { 2, 1, "$ two of the \\\npart of command 2 o…\n" },
    { 2, 99, "$ three\ncommand 3 of 3; PgU…\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autofree char *found = seen (commands, 20, pages[i].rows, pages[i].line);
    g_assert_cmpstr (found, ==, pages[i].wanted);
  }
}

/* All lines are seen by turning pages, and turning ends at both ends. */
static void
test_turns (void)
{
  g_autoptr (RunCommands) made = run_commands_new ();
  guint up = 9, down = 9;
  int least = 0;
  g_assert_cmpint (run_commands_break (made, 20, &least), ==, 0);
  g_assert_false (run_commands_turns (made, &up, &down));
  for (guint i = 0; i < 5; i++)
    run_commands_add (made, "kubectl get pods -A");
  g_assert_cmpint (run_commands_break (made, 20, &least), ==, 10);
  g_assert_cmpint (least, ==, 3);
  run_commands_page (made, 10, 0);
  g_assert_false (run_commands_turns (made, &up, &down));
  run_commands_page (made, 6, 0);
  g_assert_true (run_commands_turns (made, &up, &down));
  g_assert_cmpuint (up, ==, 0);
  g_assert_cmpuint (down, ==, 4);
  run_commands_page (made, 6, 9);
  g_assert_true (run_commands_turns (made, &up, &down));
  g_assert_cmpuint (up, ==, 4);
  g_assert_cmpuint (down, ==, 8);
}

static void
test_path (void)
{
  static const char *const go_on = "To go on: handrail resume 20261125T2210-shutdown";
  g_autofree char *command = wrap_path (go_on, 36);
  g_assert_cmpstr (command, ==, "To go on:\nhandrail resume \n20261125T2210-shutdown");
  g_autofree char *folder = wrap_path ("in /var/lib/handrail/practice", 20);
  g_assert_cmpstr (folder, ==, "in /var/lib/\nhandrail/practice");
  static const struct {
    int columns;
    const char *wanted;
  } rows[] = {
    { 50, "By hand: /var/lib/handrail/runs/r1/by-hand.txt" },
    { 40, "By hand:\n/var/lib/handrail/runs/r1/by-hand.txt" },
    { 30, "By hand:\n/var/lib/handrail/runs/r1/\nby-hand.txt" },
    { 20, "By hand:\n/var/lib/handrail/\nruns/r1/by-hand.txt" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *found =
        wrap_path ("By hand: /var/lib/handrail/runs/r1/by-hand.txt", rows[i].columns);
    g_assert_cmpstr (found, ==, rows[i].wanted);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-commands/break", test_break);
  g_test_add_func ("/run-commands/nothing-is-lost", test_nothing_is_lost);
  g_test_add_func ("/run-commands/pages", test_pages);
  g_test_add_func ("/run-commands/turns", test_turns);
  g_test_add_func ("/run-commands/path", test_path);
  return g_test_run ();
}
