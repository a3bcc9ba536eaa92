#include "tui/widgets/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tui/widgets/pen.h"

/* Most frames of a large terminal fit in; a larger one makes it grow. */
#define FRAME_BYTES 4096

struct Frame {
  FILE *stream;
  int paper; /* a file in memory */
  Pen *pen;  /* NULL: what curses writes is what is sent */
  GString *read, *sent;
};

void
frame_say (const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t put = write (STDOUT_FILENO, bytes, length);
    struct pollfd room = { STDOUT_FILENO, POLLOUT, 0 };
    if (put < 0 && errno == EAGAIN)
      poll (&room, 1, -1);
    else if (put < 0 && errno != EINTR)
      return;
    bytes += MAX (put, 0);
    length -= (gsize)MAX (put, 0);
  }
}

void
frame_free (Frame *frame)
{
  if (!frame)
    return;
  if (frame->stream)
    fclose (frame->stream);
  if (frame->paper >= 0)
    close (frame->paper);
  pen_free (frame->pen);
  g_string_free (frame->read, TRUE);
  g_string_free (frame->sent, TRUE);
  g_free (frame);
}

Frame *
frame_new (gboolean plain)
{
  Frame *frame = g_new0 (Frame, 1);
  int terminal = fcntl (STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  frame->stream = terminal >= 0 ? fdopen (terminal, "w") : NULL;
  frame->paper = memfd_create ("frame", MFD_CLOEXEC);
  frame->pen = plain ? NULL : pen_new ();
  frame->read = g_string_sized_new (FRAME_BYTES);
  frame->sent = g_string_sized_new (FRAME_BYTES);
  if (frame->stream && frame->paper >= 0)
    return frame;
  int reason = errno;
  frame_free (frame);
  errno = reason;
  return NULL;
}

FILE *
frame_stream (const Frame *frame)
{
  return frame->stream;
}

void
frame_begin (Frame *frame)
{
  dup3 (frame->paper, fileno (frame->stream), O_CLOEXEC);
}

/* What stands on the paper, which is empty afterwards. */
static void
read_paper (Frame *frame)
{
  off_t length = lseek (frame->paper, 0, SEEK_CUR);
  g_string_set_size (frame->read, (gsize)MAX (length, 0));
  ssize_t got = pread (frame->paper, frame->read->str, frame->read->len, 0);
  g_string_set_size (frame->read, (gsize)MAX (got, 0));
  lseek (frame->paper, 0, SEEK_SET);
}

void
frame_end (Frame *frame)
{
  dup3 (STDOUT_FILENO, fileno (frame->stream), O_CLOEXEC);
  read_paper (frame);
  const GString *sent = frame->read;
  if (frame->pen) {
    g_string_truncate (frame->sent, 0);
    pen_take (frame->pen, frame->read->str, frame->read->len, frame->sent);
    sent = frame->sent;
  }
  frame_say (sent->str, sent->len);
}

void
frame_settle (Frame *frame)
{
  if (!frame->pen)
    return;
  g_string_truncate (frame->sent, 0);
  pen_settle (frame->pen, frame->sent);
  frame_say (frame->sent->str, frame->sent->len);
}

void
frame_forget (Frame *frame)
{
  if (frame->pen)
    pen_forget (frame->pen);
}
