#include "tui/widgets/restore.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a handler of signals reads cannot be passed to it: it has to stand here. */
static char reset[RESTORE_BYTES_MAX];
static gsize reset_length;
static struct termios reset_modes;
static volatile sig_atomic_t armed;

/* A stack that has run over cannot hold the handler of its own end. */
#define STACK_BYTES 32768
static char handler_stack[STACK_BYTES];

static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };

/* What does not end a program by itself, or cannot be caught; all else does. */
static const int harmless[] = { SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
                                SIGCONT, SIGCHLD, SIGURG,  SIGWINCH };

/* Only what may be called in a handler of signals (signal-safety(7)). */
static void
give_back (void)
{
  if (!armed)
    return;
  armed = 0;
  gsize put = 0;
  while (put < reset_length) {
    ssize_t now = write (STDOUT_FILENO, reset + put, reset_length - put);
    if (now <= 0)
      break;
    put += (gsize)now;
  }
  tcsetattr (STDIN_FILENO, TCSANOW, &reset_modes);
}

/* The action is the default again (SA_RESETHAND), and takes place after this. */
static void
on_end (int number)
{
  give_back ();
  raise (number);
}

static gboolean
is_among (int number, const int *numbers, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (numbers[i] == number)
      return TRUE;
  return FALSE;
}

/* Whether it would end the program, and nobody else has to do with it: a crash that
 * somebody catches is one all the same. */
static gboolean
ends_us (int number)
{
  struct sigaction now;
  if (is_among (number, crashes, G_N_ELEMENTS (crashes)))
    return TRUE;
  return !is_among (number, harmless, G_N_ELEMENTS (harmless)) &&
         sigaction (number, NULL, &now) == 0 && now.sa_handler == SIG_DFL;
}

static void
listen (void)
{
  stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
  struct sigaction action = { .sa_handler = on_end,
                              .sa_flags = (int)SA_RESETHAND | SA_ONSTACK };
  sigaltstack (&stack, NULL);
  for (int number = 1; number <= SIGRTMAX; number++)
    if (ends_us (number))
      sigaction (number, &action, NULL);
  atexit (give_back);
}

void
restore_arm (const char *bytes, gsize length, const struct termios *modes)
{
  static gboolean listening;
  reset_length = MIN (length, sizeof reset);
  memcpy (reset, bytes, reset_length);
  reset_modes = *modes;
  armed = 1;
  if (!listening)
    listen ();
  listening = TRUE;
}

void
restore_disarm (void)
{
  armed = 0;
}
