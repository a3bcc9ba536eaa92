/* start.h: starting handrail-runner, and what it answers. */
#ifndef HANDRAIL_TUI_START_H
#define HANDRAIL_TUI_START_H

#include <glib.h>

typedef enum {
  START_ERROR_RUNNER, /* it cannot be started, or ended without an answer */
} StartError;
#define START_ERROR (start_error_quark ())
GQuark start_error_quark (void);

/* The runner's one line. Either `run` or `refused` is set. */
typedef struct {
  char *run;         /* the run's folder */
  char *refused;     /* a sentence: what is wrong, what to do */
  int status;        /* exit status of a refusal: 1, 2 or 3 */
  GStrv problems;    /* of runbook and site, or NULL */
  char *unfinished;  /* the run of the site that is unfinished, or NULL */
  char *step;        /* where it is, or NULL */
  char *holder;      /* who works on the site now, a sentence, or NULL */
  GStrv differences; /* of runbook and site since the run began, or NULL */
} Started;

void started_free (Started *started);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Started, started_free)

/* Pure. NULL with `error` if the line is not what a runner says. */
Started *started_read (const char *line, gsize length, GError **error);

/* Starts the runner with `arguments` (NULL-terminated, without the program) and
 * "--started-fd N", and waits for its line. */
Started *start_runner (const char *const *arguments, GError **error);

/* The same without waiting: `done` is called once, from the default main context, with what
 * the runner says (its to keep) or an error. NULL with `error` if it cannot be started. */
typedef struct Starting Starting;
typedef void (*StartDone) (Started *started, const GError *error, void *data);
Starting *start_runner_begin (const char *const *arguments, StartDone done, void *data,
                              GError **error);

/* Before `done` was called: it is not called any more, and the runner goes on. Within
 * `done` it may be freed, too. */
void starting_free (Starting *starting);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Starting, starting_free)

/* Starts a runner that looks at the site when it is asked to, as runner/looking.h says,
 * with `settings` (name → text) of --set; returns our end of the line to it, or -1 with
 * `error`. What it says instead of its first answer may be a refusal: started_read(). */
int start_look (const char *site_file, GHashTable *settings, GError **error);

/* The longest line of a runner that looks: a reading of the largest site. */
#define START_LOOK_BYTES_MAX (16 * 1024 * 1024)

/* Starts another program of handrail's with `arguments` and "--started-fd N", and gives all
 * that it says there before it closes that; newly allocated. NULL with `error`. */
char *start_program (const char *program, const char *const *arguments, GError **error);

/* Where the runner is: beside this program, else where it was installed. */
char *start_runner_path (void);

/* The same for the program of practice. */
#define START_PRACTICE "handrail-practice"
char *start_practice_path (void);

#endif
