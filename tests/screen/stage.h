/* stage.h: a run played to a viewer on the screen, with the test as its runner.
 *
 * What is played are the stories of tests/unit/data/screen-run (test-screen-run.c says
 * how they are written), of which what comes out is passed over. */
#ifndef HANDRAIL_TESTS_SCREEN_STAGE_H
#define HANDRAIL_TESTS_SCREEN_STAGE_H

#include "tests/screen/harness.h"

typedef struct Stage Stage;

/* A run's folder, whose journal has the first event of the story, and a socket in it. */
Stage *stage_new (const char *story);
void stage_free (Stage *stage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Stage, stage_free)

const char *stage_folder (const Stage *stage);

/* Starts `handrail attach` of it (`more`: options, NULL-terminated, or NULL) and plays the
 * story to it; waits until that is drawn. */
Harness *stage_attach (Stage *stage, int width, int height, const char *const *more,
                       const char *const *environment);

/* Another viewer comes, and is told all that was played, while the one before stays
 * unheard. */
void stage_accept (Stage *stage);

/* Plays lines of a story more; harness_expect() says when they are drawn. */
void stage_play (Stage *stage, const char *lines);

/* Waits until the viewer has said `text`. */
void stage_expect (Stage *stage, const char *text);

/* The runner dies. */
void stage_die (Stage *stage);

#endif
