/* reader.h: from a tree to structs, by tables of fields. Pure.
 *
 * One Reader goes through one file. It names every mistake and reads on: what
 * could not be read keeps its default. */
#ifndef HANDRAIL_RUNBOOK_READER_H
#define HANDRAIL_RUNBOOK_READER_H

#include "core/base/tree.h"
#include "core/runbook/variables.h"

typedef struct Reader Reader;
struct Reader {
  Problems *problems;
  const Vocabulary *vocabulary;
  const Variables *variables; /* NULL: ${ has no meaning (site files) */
  const Site *site;           /* or NULL */
  gboolean elsewhere;         /* the step does not apply here: its services need not exist */
  GHashTable *optional;       /* services that some step's `when` says a site may lack: a
                                 check of several may name them anywhere; or NULL */
  gboolean implied;           /* reads what a kind implies, not what people wrote */
  gboolean accepts;           /* reads what is required: a check may have an accept word */
  const char *only_platform;  /* the only one on which the step applies, or NULL */
  const char *not_platform;   /* one on which it does not, or NULL */
  GHashTable *implied_texts;  /* text → TreeDocument *: many steps imply the same; or NULL */
  GPtrArray *missing;         /* names of variables without value, owned; or NULL: not counted */

  /* Reads a FIELD_SPECIAL value. */
  void (*special) (Reader *reader, const Field *field, const TreeNode *node,
                   void *settings);
  void *data; /* for `special` */
};

/* Puts the defaults of `table` into zeroed `settings`. */
void reader_set_defaults (Reader *reader, const Field *table, void *settings);

/* Reads the mapping `node` into zeroed `settings`, defaults first. `what` names
 * it in problems ("scale", "the step"). */
void reader_read (Reader *reader, const char *what, const Field *table,
                  const TreeNode *node, void *settings);

/* The same over what `settings` hold: keys that are not there stay as they are. */
void reader_read_over (Reader *reader, const char *what, const Field *table,
                       const TreeNode *node, void *settings);

/* Reads one value. */
void reader_read_value (Reader *reader, const Field *field, const TreeNode *node,
                        void *settings);

/* "unknown key "confrim"; did you mean "confirm"?". `candidates` is NULL-terminated. */
void reader_add_unknown (Reader *reader, Place place, const char *what, const char *word,
                         const char *const *candidates);

/* What a file begins with. */
typedef struct {
  const char *key;       /* "handrail" */
  const char *format;    /* the one that is read: "1" */
  const char *what;      /* "a runbook" */
  const char *other_key; /* "handrail-site": the key of the other kind of file */
  const char *other;     /* "a site" */
} ReaderFormat;

/* FALSE, with a problem, when the file is of another kind or format: reading on would
 * mislead. A missing key is left to the table. */
gboolean reader_check_format (Problems *problems, const TreeNode *root, Place whole,
                              const ReaderFormat *format);

/* The names of the table's rows, NULL-terminated; free the array only. */
const char **reader_names (const Field *table);

/* One action, or one check; NULL if it could not be read. clause.c */
Clause *reader_read_clause (Reader *reader, gboolean action, const TreeNode *node);

/* One check or a list of them; never NULL. */
GPtrArray *reader_read_checks (Reader *reader, const char *name, const TreeNode *node);

/* What a kind implies, from its text: checks, or NULL if it does not read without
 * problems here. `place` is the action's. */
GPtrArray *reader_read_implied (Reader *reader, gboolean action, const char *text,
                                Place place);

#endif
