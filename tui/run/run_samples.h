/* run_samples.h: the job queues as they were before what has been told, from the file that the
 * runner keeps of them (samples.h of the runner). It holds what was seen before somebody came,
 * and also before a runner was restarted; where it cannot be read, nothing was seen. */
#ifndef HANDRAIL_TUI_RUN_SAMPLES_H
#define HANDRAIL_TUI_RUN_SAMPLES_H

#include "core/run/reading.h"

/* So many bytes of the file are read, its last ones. A sample of ten queues has 1 KB, and the
 * longest window 900 of them; of a hundred queues it is some ten minutes. */
#define RUN_SAMPLES_BYTES_MAX (4 * 1024 * 1024)

/* Calls `take` with each sample that came before `first` and not more than `span_us` (machine
 * time) before it, the oldest first, as a reading of the same key. Its boot time is that of
 * `first` less what the clock on the wall says lies between. */
void run_samples_before (const char *folder, const Reading *first, gint64 span_us,
                         void (*take) (const Reading *reading, void *data), void *data);

#endif
