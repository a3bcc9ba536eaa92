#include <fcntl.h>
#include <unistd.h>

#include "tui/cli.h"

/* Started with one of them closed (>&-), the next socket would be standard output. */
static void
open_standard (void)
{
  int file;
  do
    file = open ("/dev/null", O_RDWR);
  while (file >= 0 && file <= STDERR_FILENO);
  if (file > STDERR_FILENO)
    close (file);
}

int
main (int argc, char **argv)
{
  open_standard ();
  return cli_main (argc, argv);
}
