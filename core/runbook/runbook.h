/* runbook.h: what a runbook says, bound to a site and to variables.
 *
 * Loading is pure: the bytes of each file come from a function that is passed
 * in. A runbook is constant once loaded. Load it anew when an answer gives a
 * variable its value: ids and order of steps do not depend on variables. */
#ifndef HANDRAIL_RUNBOOK_RUNBOOK_H
#define HANDRAIL_RUNBOOK_RUNBOOK_H

#include <jansson.h>

#include "core/base/pattern.h"
#include "core/runbook/site.h"

#define RUNBOOK_FORMAT 1

/* Bounds, with room above anything kept by people. */
#define RUNBOOK_STEPS_MAX 10000
#define RUNBOOK_INCLUDE_DEPTH_MAX 8
#define RUNBOOK_SOURCES_MAX 100
#define RUNBOOK_TEXT_CHARACTERS_MAX 4000

/* One check or action as written: its kind and the settings struct that the
 * kind's fields describe. */
struct Clause {
  const KindSpec *kind;
  void *settings;
  Place place;
  gboolean implied;  /* not written, follows from the action */
  char *accept;      /* of a check under require: the word that goes on without it; or NULL */
  GStrv missing;     /* variables without a value (yet) that it uses; or NULL */
  GPtrArray *by_platform; /* PlatformClause *, when chosen by platform and no
                             site was given; then kind and settings are NULL */
};

typedef struct {
  const KindSpec *platform;
  Clause *clause;
} PlatformClause;

/* What an accept word is at most, in bytes. */
#define CLAUSE_ACCEPT_BYTES_MAX 64

/* What answers questions and what is taken everywhere while a run is talked with:
 * these are no accept words. NULL-terminated. */
extern const char *const clause_answer_words[];

void clause_free (Clause *clause);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Clause, clause_free)

/* As it would stand in a runbook, on one line: "scale: {service: nginx, to: 0}".
 * Fields that have their default value are left out. */
char *clause_format (const Clause *clause);

/* The same for people: what a check wants in words ("nginx has none running"); as above
 * where its kind has none, or a variable has no value yet. */
char *clause_words (const Clause *clause);

/* As written, {"scale": {"service": "nginx", "to": 0}}; a new reference. */
json_t *clause_json (const Clause *clause);

typedef enum { CONFIRM_KEY, CONFIRM_TYPE, CONFIRM_NONE } Confirm;

typedef enum {
  RECORD_COUNTS = 1 << 0,  /* running instances of every service */
  RECORD_IMAGES = 1 << 1,  /* their image ids */
  RECORD_VERSION = 1 << 2, /* the product's own version, where the site says how to ask */
} RecordFlags;

/* When a step applies; a mapping is "and". */
typedef struct When When;
struct When {
  char *service;
  char *platform;
  GHashTable *variables; /* name → value, or NULL */
  When *not_this;        /* or NULL */
};

typedef struct {
  char *text;
  Pattern *match; /* or NULL: any text */
  char *form;     /* what that asks for, in words; or NULL */
  char *into;     /* the variable it fills, or NULL */
} Ask;

typedef struct {
  char *offer;
  Clause *action;
} Otherwise;

typedef struct {
  char *id;    /* unique: letters, digits and - */
  char *title;
  char *why;   /* or NULL */
  When *when;  /* or NULL */
  gboolean applies; /* `when` holds here; TRUE where no site was given */
  char *applies_not; /* why not ("prod has no service nginx"), or NULL */
  RecordFlags record;
  GPtrArray *require;   /* Clause *, never NULL */
  Ask *ask;             /* or NULL */
  int confirm;          /* Confirm */
  gboolean confirm_said;
  Clause *action;       /* `do`, or NULL */
  GPtrArray *during;    /* Clause *, never NULL */
  GPtrArray *until;     /* Clause *, never NULL; implied ones included */
  Otherwise *otherwise; /* or NULL */
  Clause *undo;         /* or NULL; implied one included */
  /* What undo and otherwise imply that they bring about, as `until` has it for the
     action: Clause *, or NULL. */
  GPtrArray *undo_until;
  GPtrArray *otherwise_until;
  gint64 timeout_us;    /* of `until` */
  Place place;
} Step;

typedef enum {
  VARIABLE_TEXT, VARIABLE_HOST, VARIABLE_PORT, VARIABLE_PATH, VARIABLE_WORD,
  VARIABLE_COUNT, VARIABLE_DURATION, VARIABLE_SIZE
} VariableType;

typedef struct {
  char *name;
  int type;        /* VariableType */
  char *fallback;  /* default, or NULL */
  char *min, *max; /* or NULL */
  char *about;     /* or NULL */
  char *value;     /* what holds here: set, answered or default; or NULL */
  gboolean asked;  /* some step's `ask` fills it */
  gboolean settable; /* --set of that name gives it its value */
  Place place;
} Variable;

typedef struct {
  char *name;   /* as fetched */
  char *digest; /* SHA-256, hexadecimal */
  GBytes *bytes;
} RunbookSource;

typedef struct {
  char *name;  /* file name without folder and ending: "shutdown" */
  char *title;
  char *about; /* or NULL */
  GPtrArray *variables; /* Variable * of the outermost file, in order */
  GPtrArray *steps;     /* Step *, includes spliced in */
  GPtrArray *sources;   /* RunbookSource *: the file, then its includes */
} Runbook;

/* The bytes of file `name`. For an include, `name` is relative to the folder of
 * the including file. FALSE with a sentence in `error` when there are none. */
typedef gboolean (*RunbookFetch) (const char *name, void *data, GBytes **bytes,
                                  GError **error);

typedef struct {
  const Vocabulary *vocabulary;
  const Site *site;      /* NULL: only check; services are not known then */
  GHashTable *settings;  /* --set: name → text; may be NULL. Names with a dot
                            belong to the site; unknown ones are problems */
  GHashTable *answers;   /* what `ask … into` has given so far; may be NULL */
  RunbookFetch fetch;
  void *fetch_data;
} RunbookOptions;

/* Always names every problem; NULL when nothing usable could be read. A runbook
 * is fit to run when no problem was added and runbook_missing() is NULL. */
Runbook *runbook_load (const char *file, const RunbookOptions *options,
                       Problems *problems);
void runbook_free (Runbook *runbook);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Runbook, runbook_free)

/* The first variable that has no value and that no `ask` fills, or NULL. */
const Variable *runbook_missing (const Runbook *runbook);

/* -1 if there is none. */
int runbook_step_index (const Runbook *runbook, const char *id);

/* Whether `text` may be the answer to `ask`: NULL if so, else what is wrong,
 * newly allocated. An answer that fills a variable of a declared type is
 * checked against that type too, and never begins with "-". */
char *runbook_answer_problem (const Runbook *runbook, const Ask *ask,
                              const char *text);

/* Tables of the file format, for the reference and the schemas. */
extern const Field runbook_fields[];
extern const Field runbook_step_fields[];
extern const Field runbook_variable_fields[];
extern const Field runbook_require_fields[]; /* beside the kind of a check under require */
extern const Field runbook_include_fields[];
extern const char *const runbook_variable_types[];

#endif
