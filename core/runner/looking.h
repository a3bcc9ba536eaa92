/* looking.h: the runner without a run: looks at a platform when it is asked to. */
#ifndef HANDRAIL_RUNNER_LOOKING_H
#define HANDRAIL_RUNNER_LOOKING_H

#include "core/runner/inputs.h"

/* Answers each line {"say":"look"} on the socket `descriptor` with one line
 * {"live":"reading","reading":…} of a look that began after it came; returns when the
 * other end is closed. */
void looking_run (Inputs *inputs, int descriptor);

#endif
