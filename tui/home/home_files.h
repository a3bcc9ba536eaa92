/* home_files.h: what the rows of runbooks and sites say, read from their files again only
 * when those have changed. */
#ifndef HANDRAIL_TUI_HOME_FILES_H
#define HANDRAIL_TUI_HOME_FILES_H

#include "tui/home/home_rows.h"

/* Of a larger runbook (some hundred steps) only the title and what it is about are read: all
 * of it takes longer than the whole screen. Its plan names its problems. */
#define HOME_FILES_CHECKED_BYTES_MAX 131072

typedef struct HomeFiles HomeFiles;

/* `places` is borrowed. */
HomeFiles *home_files_new (const FindPlaces *places);
void home_files_free (HomeFiles *files);

/* Fills a row of kind HOME_RUNBOOK or HOME_SITE that has its name. */
void home_files_tell (HomeFiles *files, HomeRow *row);

/* Forgets the files that were not told of since this was called last. */
void home_files_sweep (HomeFiles *files);

#endif
