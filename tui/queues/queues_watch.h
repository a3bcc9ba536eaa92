/* queues_watch.h: a site's job queues, watched until somebody ends it. */
#ifndef HANDRAIL_TUI_QUEUES_WATCH_H
#define HANDRAIL_TUI_QUEUES_WATCH_H

#include "tui/cli.h"
#include "tui/queues/queues_lines.h"

/* On the whole screen (screen_queues.h) where there is a terminal for it and neither
 * --plain nor --json was given; else prints a line a sample, the first at once. Ends by
 * SIGINT or SIGTERM, when nobody reads standard output any more, or when there is nothing
 * to watch, having said why. Returns the exit status: CLI_DONE if it ended with the queues
 * near zero. */
int queues_watch (const CliCall *call, const QueuesLinesOptions *options,
                  gint64 interval_us);

#endif
