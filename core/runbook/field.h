/* field.h: one table of fields describes a mapping of a runbook or site file.
 *
 * The same rows drive the reader, its problems, the reference in
 * runbooks/README.md, the JSON schemas for editors and what `show` prints, so
 * that these cannot disagree. A row says where in a C struct the value goes.
 * A table ends with a row whose name is NULL. */
#ifndef HANDRAIL_RUNBOOK_FIELD_H
#define HANDRAIL_RUNBOOK_FIELD_H

#include <glib.h>

typedef enum {
  /* type             C type at `offset`     what the file may hold              */
  FIELD_TEXT,      /* char *                 one line or several, printable      */
  FIELD_WORD,      /* char *                 letters, digits, . _ - (no - first) */
  FIELD_HOST,      /* char *                 host name or address                */
  FIELD_PORT,      /* gint64                 1 to 65535                          */
  FIELD_PATH,      /* char *                 a path; no - first                  */
  FIELD_URL,       /* char *                 scheme://…                          */
  FIELD_REDIS,     /* char *                 redis://… (redis_address.h)         */
  FIELD_COUNT,     /* gint64                 whole number in min..max            */
  FIELD_DURATION,  /* gint64, microseconds   90s 2m 1h30m, in min..max           */
  FIELD_SIZE,      /* gint64, bytes          512MiB, in min..max                 */
  FIELD_YES,       /* gboolean               true or false                       */
  FIELD_CHOICE,    /* int, index             one of `choices`                    */
  FIELD_PATTERN,   /* Pattern *              a regular expression                */
  FIELD_AMOUNT,    /* Amount                 a count, or one of `choices`        */
  FIELD_SERVICE,   /* char *                 a service of the site               */
  FIELD_SERVICES,  /* char ** (GStrv)        one service or a list of them       */
  FIELD_WORDS,     /* char ** (GStrv)        one text or a list of them          */
  FIELD_ARGV,      /* char ** (GStrv)        a list: program and arguments       */
  FIELD_TEXTMAP,   /* GHashTable *           name: text                          */
  FIELD_SCALAR,    /* char *                 any scalar, checked by its reader   */
  FIELD_OBJECT,    /* pointer                a mapping with the table `fields`   */
  FIELD_CLAUSE,    /* Clause *               one action (runbook.h)              */
  FIELD_CLAUSES,   /* GPtrArray of Clause *  one check or a list of them         */
  FIELD_SPECIAL,   /* read by hand           `help` says what; see runbook.c     */
} FieldType;

typedef enum {
  FIELD_REQUIRED = 1 << 0,
  FIELD_LATER = 1 << 1, /* known by name, "not in this version" */
  FIELD_SECRET = 1 << 2, /* its value is masked everywhere */
  FIELD_ACCEPTS = 1 << 3, /* FIELD_CLAUSES: a check may have its accept word beside it */
} FieldFlags;

typedef struct Field Field;
struct Field {
  const char *name;
  FieldType type;
  gsize offset;
  FieldFlags flags;
  gint64 min, max;            /* both 0: no bounds */
  const char *fallback;       /* default, as it would stand in the file */
  const char *const *choices; /* FIELD_CHOICE, FIELD_AMOUNT; FIELD_TEXTMAP: its names;
                                 FIELD_CLAUSE: words that may stand instead */
  const Field *fields;        /* FIELD_OBJECT; FIELD_SPECIAL: of what it holds, if any */
  gsize size;                 /* FIELD_OBJECT: of its struct */
  const char *help;           /* one sentence, without a full stop */
};

/* A number of replicas: said, or known only in the run. */
typedef enum {
  AMOUNT_UNSET,
  AMOUNT_NUMBER,
  AMOUNT_RECORDED, /* what `record` wrote down */
  AMOUNT_PLANNED,  /* what the step's action set out to reach (implied checks only) */
} AmountType;

typedef struct {
  AmountType type;
  gint64 number;
} Amount;

/* A number that was not given and has no default. */
#define FIELD_UNSET G_MININT64

/* What a kind of check or action, or a platform, says of itself to the reader.
 * Kinds carry this as their first member (run/kind.h). */
typedef struct Clause Clause;
typedef struct KindSpec KindSpec;
struct KindSpec {
  const char *name;
  const char *help;      /* one sentence */
  const Field *fields;   /* NULL when `later` */
  gsize size;            /* of the settings struct */
  const char *shorthand; /* the field that a bare scalar or list fills, or NULL */
  gboolean later;        /* known by name, "not in this version" */

  /* Rules that go across fields: NULL, or returns what is wrong in `settings`
   * ("what is wrong; what would be right"), newly allocated, or NULL. */
  char *(*complain) (const void *settings);

  /* Checks: what must hold, in words as verdicts have them, before anything was looked at:
   * "nginx has none running". Newly allocated. NULL: as it is written will do. */
  char *(*words) (const void *settings);

  /* Actions: the checks that `until` has, and the action that `undo` is, when a
   * step does not say so; as runbook text ("service: {name: nginx, running: 0}"),
   * newly allocated, or NULL. */
  char *(*implied_until) (const void *settings);
  char *(*implied_undo) (const void *settings);

  /* The services that this concerns (GStrv owned by `settings`), or NULL. */
  const char *const *(*services) (const void *settings);

  /* The section of the site file that this cannot do without ("redis"), or NULL. */
  const char *(*section) (const void *settings);
};

/* All kinds there are. Each list is NULL-terminated. */
typedef struct {
  const KindSpec *const *checks;
  const KindSpec *const *actions;
  const KindSpec *const *platforms;
} Vocabulary;

/* Frees what the fields of `table` own in `settings`, not the struct itself. */
void field_clear (const Field *table, void *settings);

/* The row of that name, or NULL. */
const Field *field_find (const Field *table, const char *name);

/* "a duration such as 90s or 2m": for problems and the reference. */
const char *field_type_words (const Field *field);

/* "2m to 30m", "at least 1"; NULL without bounds. Newly allocated. */
char *field_bounds_words (const Field *field);

/* "key, type or none"; newly allocated. */
char *field_choice_words (const Field *field);

/* Reads a PORT, COUNT, DURATION or SIZE. NULL if `text` is one within the bounds,
 * with *number set; else the rest of a sentence ("is 99; …"), newly allocated. */
char *field_read_number (const Field *field, const char *text, gint64 *number);

/* NULL if `text` may be the value of this field of letters, else the rest of a
 * sentence, newly allocated. */
char *field_text_problem (const Field *field, const char *text);

#endif
