/* harness.h: a program in a terminal of its own, seen through libvterm.
 *
 * The program gets HANDRAIL_IDLE_FD (tui/widgets/app.h) and writes a NUL byte into its own output
 * whenever it has drawn all that has come: in order with what it draws, and of no meaning
 * to a terminal. So a test waits for nothing but that, and for no length of time. */
#ifndef HANDRAIL_TESTS_SCREEN_HARNESS_H
#define HANDRAIL_TESTS_SCREEN_HARNESS_H

#include <glib.h>

typedef struct Harness Harness;

/* Skips the whole program (77) where there is no libvterm; to be called first in main(). */
void harness_require (void);

/* `environment`: "NAME=value", NULL-terminated, beyond a small one with an empty
 * configuration and TERM=xterm-256color; may be NULL. The program is looked for in the build
 * tree, unless its name begins with a slash. */
Harness *harness_start (int width, int height, const char *const *argv,
                        const char *const *environment);

/* Programs are begun by these words from now on, an absolute path first; NULL: by none. */
void harness_under (const char *const *words);

/* Ends the program if it still runs. */
void harness_free (Harness *harness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Harness, harness_free)

/* Waits until everything is drawn. */
void harness_idle (Harness *harness);

/* Types, then waits until it is dealt with. Bytes, as the terminal sends them. */
void harness_type (Harness *harness, const char *bytes);

/* Types and does not wait: for programs that do not say when they are idle. */
void harness_send (Harness *harness, const char *bytes);

/* Waits until the text stands on the screen. */
void harness_expect (Harness *harness, const char *text);

/* Reads on until that descriptor can be read, too: for who is told from there what to do. */
void harness_run (Harness *harness, int descriptor);

typedef enum {
  HARNESS_SHOWN, /* the text stands there */
  HARNESS_LATE,
  HARNESS_ENDED, /* the program, without having shown it */
} HarnessOutcome;

/* Waits until the text stands on the screen, or (`gone`) does not any more, and the program
 * is idle, if it ever says so: keys that come while a question is drawn are forgotten. */
HarnessOutcome harness_wait (Harness *harness, const char *text, gboolean gone,
                             gint64 limit_us);

/* Something else than the program writes on the terminal. */
void harness_scribble (Harness *harness, const char *bytes);

void harness_resize (Harness *harness, int width, int height);
/* To another size and back, before the program can see the first: what the terminal has cut
 * off is gone. */
void harness_resize_briefly (Harness *harness, int width, int height);
/* To what is in the foreground of the terminal: the program, or what a shell has begun. */
void harness_signal (Harness *harness, int number);

/* Waits for its end; gives the status of waitpid(). */
int harness_end (Harness *harness);

/* The screen: a line each, without spaces at the ends. Newly allocated. */
char *harness_text (Harness *harness);

/* The same, with times of day and of waiting as #. Newly allocated. */
char *harness_timeless (Harness *harness);

/* The same with a letter for each way that a cell looks; the commonest is a space. A legend
 * below. Newly allocated. */
char *harness_looks (Harness *harness);

typedef struct {
  char text[32];  /* UTF-8; "" behind a wide one, " " where nothing is */
  int columns;    /* 1, or 2 for a wide one */
  guint32 fg, bg; /* 0xRRGGBB; those of a terminal with light text on black by default */
  gboolean bold, underline;
} HarnessCell;

void harness_size (const Harness *harness, int *width, int *height);
HarnessCell harness_cell (const Harness *harness, int x, int y);
/* As far as it is seen: of a blank one that is its background. */
gboolean harness_looks_same (const HarnessCell *one, const HarnessCell *other);

/* What it has sent since this was called last (without the NULs). Newly allocated. */
char *harness_take_output (Harness *harness);

const char *harness_title (const Harness *harness);
gboolean harness_is_alternate (const Harness *harness);
gboolean harness_has_cursor (const Harness *harness);
int harness_pid (const Harness *harness);

/* Whether the terminal's line discipline is as it was before the program came. */
gboolean harness_modes_are_back (const Harness *harness);

/* The screen is that of tests/screen/data/NAME.txt. With HANDRAIL_SCREENS=write in the
 * environment it is written there instead; read the difference before it is committed. */
void harness_compare (Harness *harness, const char *name);
void harness_compare_looks (Harness *harness, const char *name);

/* The screen is, cell by cell, what the program makes of it when it draws all anew (^L), but
 * for a passing message. */
void harness_compare_redrawn (Harness *harness);

#endif
