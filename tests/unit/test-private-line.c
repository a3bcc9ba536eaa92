/* Who is spoken to in a folder of ours, and who is not. A process of its own listens,
 * and answers with what it was asked. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/private_line.h"

#define NOBODY 65534

/* Only bounds a hang. */
#define LIMIT_MS 60000

typedef struct {
  char *folder;
  pid_t pid; /* of who listens, or 0 */
} World;

static void
world_init (World *world, const void *data G_GNUC_UNUSED)
{
  world->folder = g_dir_make_tmp ("handrail-XXXXXX", NULL);
  world->pid = 0;
}

static void
world_finish (World *world, const void *data G_GNUC_UNUSED)
{
  static const char *const names[] = { "control", "other", "" };
  if (world->pid) {
    kill (world->pid, SIGKILL);
    waitpid (world->pid, NULL, 0);
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (world->folder, names[i], NULL);
    g_remove (path);
  }
  g_free (world->folder);
}

/* Says back what comes at once. */
static void
echo (int listener)
{
  char bytes[4096];
  for (;;) {
    int line = accept (listener, NULL, NULL);
    ssize_t got = line < 0 ? -1 : read (line, bytes, sizeof bytes);
    if (got > 0 && write (line, bytes, (size_t)got) != got)
      _exit (1);
    close (line);
  }
}

/* Begins a process that listens at FOLDER/NAME as user `uid`, or as ours: 0. */
static void
begin (World *world, const char *name, uid_t uid)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *path = g_build_filename (world->folder, name, NULL);
  int ready[2];
  char byte;
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (listener, (const struct sockaddr *)&address, sizeof address), ==,
                   0);
  g_assert_cmpint (pipe (ready), ==, 0);
  world->pid = fork ();
  if (world->pid == 0) {
    prctl (PR_SET_PDEATHSIG, SIGKILL); /* should the test fail, and not come to its end */
    /* Whose it is, is decided by who listens. */
    if ((uid && setuid (uid) != 0) || listen (listener, 4) != 0 ||
        write (ready[1], "r", 1) != 1)
      _exit (1);
    echo (listener);
  }
  close (listener);
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  close (ready[0]);
  close (ready[1]);
}

static void
assert_nobody (const World *world)
{
  g_assert_cmpint (private_line_open (world->folder, "control", NULL), ==, -1);
}

static void
test_ours (World *world, const void *data G_GNUC_UNUSED)
{
  pid_t pid = 0;
  assert_nobody (world);
  begin (world, "control", 0);
  int line = private_line_open (world->folder, "control", &pid);
  g_assert_cmpint (line, >=, 0);
  g_assert_cmpint (pid, ==, world->pid);
  g_autofree char *answer = private_line_ask (line, "the same", LIMIT_MS);
  g_assert_cmpstr (answer, ==, "the same");
  close (line);
}

/* Another user's process, in a folder of ours. */
static void
test_theirs (World *world, const void *data G_GNUC_UNUSED)
{
  if (geteuid () != 0) {
    g_test_skip ("only root can be somebody else");
    return;
  }
  begin (world, "control", NOBODY);
  assert_nobody (world);
}

static void
test_links (World *world, const void *data G_GNUC_UNUSED)
{
  g_autofree char *other = g_build_filename (world->folder, "other", NULL);
  g_autofree char *control = g_build_filename (world->folder, "control", NULL);
  begin (world, "other", 0);
  g_assert_cmpint (symlink (other, control), ==, 0);
  assert_nobody (world);
  g_assert_cmpint (g_unlink (control), ==, 0);
  g_assert_true (g_file_set_contents (control, "no socket", -1, NULL));
  assert_nobody (world);
}

static void
test_folder (World *world, const void *data G_GNUC_UNUSED)
{
  begin (world, "control", 0);
  g_assert_cmpint (g_chmod (world->folder, 0750), ==, 0);
  assert_nobody (world);
  g_assert_cmpint (g_chmod (world->folder, 0700), ==, 0);
  int line = private_line_open (world->folder, "control", NULL);
  g_assert_cmpint (line, >=, 0);
  close (line);
}

#define ADD(name, test) \
  g_test_add ("/store/private-line/" name, World, NULL, world_init, test, world_finish)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ours", test_ours);
  ADD ("theirs", test_theirs);
  ADD ("links", test_links);
  ADD ("folder", test_folder);
  return g_test_run ();
}
