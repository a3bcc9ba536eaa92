/* differences.h: what has changed in the files of a run since it began. */
#ifndef HANDRAIL_TUI_DIFFERENCES_H
#define HANDRAIL_TUI_DIFFERENCES_H

#include "core/store/store.h"

/* Appends the lines that differ between the copies in the run's folder and the files as
 * they are, without secrets, as diff(1) shows them; what is long is cut. Nothing where
 * there is no copy, no file or no diff. */
void differences_add (GString *out, const StoreRun *run);

#endif
