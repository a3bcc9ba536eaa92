/* story.h: what happened in a run that is over, as lines (lines.h). */
#ifndef HANDRAIL_TUI_STORY_H
#define HANDRAIL_TUI_STORY_H

#include <glib.h>

/* Reads the journal in `folder`; where it is damaged, as far as it goes, and why it goes no
 * further. Newly allocated. */
char *story_tell (const char *folder);

#endif
