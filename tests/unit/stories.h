/* stories.h: what is played to a front end, as data: tests/unit/data/FOLDER/NAME.txt.
 *
 * A line that begins with ":" and a word that is known goes in; ":use FILE" takes those of
 * another file in, unseen; every other line is what must come out. */
#ifndef HANDRAIL_TESTS_STORIES_H
#define HANDRAIL_TESTS_STORIES_H

#include "core/run/event.h"
#include "core/run/state.h"

char *stories_file (const char *folder, const char *name);

typedef struct {
  char *text;    /* with its ":" or "#" */
  gboolean seen; /* of the file itself, not of one that it uses */
} StoryLine;

/* What goes in, and the file's own remarks, in order: StoryLine. Newly allocated. */
GArray *stories_read (const char *folder, const char *name);

typedef struct {
  const char *folder;
  gboolean (*knows) (const char *word);
  /* Appends what comes of it to `out`. */
  void (*put) (void *data, const char *word, const char *text);
  void *data;
  GString *out;
  gboolean hides; /* what comes out of files that are used is left out */
} Story;

/* Plays it; `out` is then what the file should be. */
void stories_play (const Story *story, const char *name);

/* Fails where the file is another; with HANDRAIL_REGENERATE it is written anew. */
void stories_compare (const Story *story, const char *name);

/* A test for each .txt of the folder; its data is the name. */
void stories_add (const char *folder, GTestDataFunc test);

/* ---- what most of them say ------------------------------------------------------------ */

json_t *stories_members (const char *text);

/* "TYPE MEMBERS". Newly allocated. */
Event *stories_event (const char *text);

/* Gives it a number and a time, checks and applies it. */
void stories_apply (RunState *state, Event *event, Moment at);

/* {"web": 2}: the body of a reading of the platform, with as many instances as it says. */
json_t *stories_look (const char *text);

#endif
