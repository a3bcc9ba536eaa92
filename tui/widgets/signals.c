#include "tui/widgets/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const int caught[] = {
  SIGWINCH, SIGTSTP, SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGPIPE
};

/* Where the handler writes to: it cannot be passed to it. */
static volatile sig_atomic_t writing_end = -1;
static struct sigaction before[G_N_ELEMENTS (caught)];

static void
on_signal (int number)
{
  int saved = errno;
  char byte = (char)number;
  /* A full pipe holds enough of them already. */
  if (write (writing_end, &byte, 1) < 0)
    errno = saved;
  errno = saved;
}

int
signals_open (void)
{
  int ends[2];
  if (pipe2 (ends, O_CLOEXEC | O_NONBLOCK) < 0)
    return -1;
  writing_end = ends[1];
  for (gsize i = 0; i < G_N_ELEMENTS (caught); i++) {
    struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
    if (caught[i] == SIGPIPE)
      action.sa_handler = SIG_IGN;
    sigaction (caught[i], &action, &before[i]);
    if (before[i].sa_handler == SIG_IGN) /* nohup */
      sigaction (caught[i], &before[i], NULL);
  }
  return ends[0];
}

int
signals_next (int descriptor)
{
  char byte = 0;
  return read (descriptor, &byte, 1) == 1 ? byte : 0;
}

void
signals_close (int descriptor)
{
  for (gsize i = 0; i < G_N_ELEMENTS (caught); i++)
    sigaction (caught[i], &before[i], NULL);
  close (writing_end);
  close (descriptor);
  writing_end = -1;
}
