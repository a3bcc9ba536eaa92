/* run_words.h: what may be typed now, and what it would come to. Pure. */
#ifndef HANDRAIL_TUI_RUN_WORDS_H
#define HANDRAIL_TUI_RUN_WORDS_H

#include "tui/run/run_model.h"

typedef struct {
  char *word;  /* "prod/nginx", "skip REASON" */
  char *means; /* "leave this step out; the journal keeps the reason" */
} RunWord;

/* What answers the question that stands, or the wait: RunWord *, the one that goes on
 * first. Empty where nothing is asked. Newly allocated. */
GPtrArray *run_words (const RunModel *model);

/* What Enter would do with what is typed so far: "stop the run here…"; NULL: nothing, it
 * is not (yet) taken. Newly allocated. */
char *run_words_enter (const RunModel *model, const char *typed);

/* What to type, before the field: "Type prod/nginx", "Your answer". Newly allocated. */
char *run_words_prompt (const RunModel *model);

/* A command of the journal (an object with argv) as it would be typed. Newly allocated. */
char *run_words_command (const json_t *command);

/* All commands of a plan, a line each, for the clipboard; NULL: none. */
char *run_words_commands (const json_t *plan);

/* "12 s", "4 min", "2 h 5 min": how old something is. Newly allocated. */
char *run_words_age (gint64 age_us);

/* "1:24", "1:02:03": how long it has taken. Newly allocated. */
char *run_words_clock (gint64 elapsed_us);

/* What a run is, as it stands reversed in the first line of every screen of it:
 * " PRODUCTION ", " PRACTICE ×10 "; and with room for it what that means. NULL: nothing to
 * be said. Newly allocated. */
char *run_words_banner (const RunState *state, gboolean room);

#endif
