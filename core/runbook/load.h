/* load.h: one runbook on its way from its files to the model. Pure; for load.c and the
 * files beside it alone. */
#ifndef HANDRAIL_RUNBOOK_LOAD_H
#define HANDRAIL_RUNBOOK_LOAD_H

#include "core/runbook/reader.h"

/* The keys of a runbook file that are read into a struct. */
typedef struct {
  gint64 format;
  char *title;
  char *about;
} RunbookHead;

/* One load: what its files have in common. */
typedef struct {
  const RunbookOptions *options;
  Problems *problems;
  Runbook *runbook;
  GHashTable *ids;           /* id → Step * */
  GHashTable *sources;       /* name → RunbookSource * */
  GHashTable *implied_texts; /* for Reader */
  guint files;               /* read so far, each include counted anew */
  gsize bytes;
  gboolean full; /* too many steps, said once */
} Load;

/* One file being read. */
typedef struct File File;
struct File {
  Load *load;
  const File *parent; /* the including one, or NULL */
  const char *name;
  Place place;          /* of the include; of the file for the outermost */
  GHashTable *with;     /* name → Given *, or NULL */
  GPtrArray *except;    /* char *; or NULL */
  GHashTable *left_out; /* those of `except` that were met */
  Variables *variables;
};

/* A value that an include gives: NULL text when it waits for an answer. */
typedef struct {
  char *text;
  Place place;
} Given;

/* Reads a file and the ones that it includes. head->format is RUNBOOK_FORMAT if it was
 * one. */
void load_file (File *file, RunbookHead *head);

/* `vars`: include and command line give values. variables_read.c */
void variables_read (File *file, const TreeNode *node);

/* Those that an `ask` of the steps fills and nobody declares. */
void variables_declare_asked (File *file, const TreeNode *steps);

/* The mapping `node` under `include` of the list's `item`: its steps follow the ones read
 * so far. include.c */
void include_read (File *file, Reader *reader, const TreeNode *item,
                   const TreeNode *node);

#endif
