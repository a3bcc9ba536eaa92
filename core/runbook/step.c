#include "core/runbook/step.h"

#include <string.h>

#include "core/base/text.h"

const char *const runbook_records[] = { "counts", "images", "version", NULL };
static const char *const confirms[] = { "key", "type", "none", NULL };
static const char *const none[] = { "none", NULL };

/* What `when` holds before its variables are counted: see when_read(). */
const Field runbook_when_fields[] = {
  { .name = "service",
    .type = FIELD_WORD,
    .offset = G_STRUCT_OFFSET (When, service),
    .help = "The site has this service" },
  { .name = "platform",
    .type = FIELD_WORD,
    .offset = G_STRUCT_OFFSET (When, platform),
    .help = "The site runs on this platform" },
  { .name = "var",
    .type = FIELD_TEXTMAP,
    .offset = G_STRUCT_OFFSET (When, variables),
    .help = "Each of these variables has this value" },
  { .name = "not",
    .type = FIELD_SPECIAL,
    .fields = runbook_when_fields,
    .help = "A mapping like this one, which must not hold" },
  { 0 },
};

const Field runbook_ask_fields[] = {
  { .name = "text",
    .type = FIELD_TEXT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (Ask, text),
    .help = "The question" },
  { .name = "match",
    .type = FIELD_PATTERN,
    .offset = G_STRUCT_OFFSET (Ask, match),
    .help = "What the answer must contain, as a regular expression" },
  { .name = "form",
    .type = FIELD_TEXT,
    .offset = G_STRUCT_OFFSET (Ask, form),
    .help = "What `match` asks for, in words: said of an answer that does not have it" },
  { .name = "into",
    .type = FIELD_WORD,
    .offset = G_STRUCT_OFFSET (Ask, into),
    .help = "The variable that the answer fills" },
  { 0 },
};

const Field runbook_otherwise_fields[] = {
  { .name = "offer",
    .type = FIELD_TEXT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (Otherwise, offer),
    .help = "What is offered, in a few words" },
  { .name = "do",
    .type = FIELD_CLAUSE,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (Otherwise, action),
    .help = "The action that is offered" },
  { 0 },
};

const Field runbook_step_fields[] = {
  { .name = "id",
    .type = FIELD_SPECIAL,
    .flags = FIELD_REQUIRED,
    .help = "The step's name, unique in the run: letters, digits and -" },
  { .name = "title",
    .type = FIELD_TEXT,
    .flags = FIELD_REQUIRED,
    .offset = G_STRUCT_OFFSET (Step, title),
    .help = "What the step does, in a few words" },
  { .name = "why",
    .type = FIELD_TEXT,
    .offset = G_STRUCT_OFFSET (Step, why),
    .help = "Why it is done, for the operator" },
  { .name = "when",
    .type = FIELD_SPECIAL,
    .fields = runbook_when_fields,
    .help = "Where the step applies; all keys must hold; elsewhere it is skipped" },
  { .name = "record",
    .type = FIELD_SPECIAL,
    .help = "A list of what to write down: counts, images, version" },
  { .name = "require",
    .type = FIELD_CLAUSES,
    .flags = FIELD_ACCEPTS,
    .offset = G_STRUCT_OFFSET (Step, require),
    .help = "What must hold before the step acts, looked at anew at that instant" },
  { .name = "ask",
    .type = FIELD_OBJECT,
    .offset = G_STRUCT_OFFSET (Step, ask),
    .fields = runbook_ask_fields,
    .size = sizeof (Ask),
    .help = "A question to the operator" },
  { .name = "confirm",
    .type = FIELD_CHOICE,
    .offset = G_STRUCT_OFFSET (Step, confirm),
    .choices = confirms,
    .fallback = "key",
    .help =
        "How the operator says yes: a key, a typed word, or none where nothing changes" },
  { .name = "do",
    .type = FIELD_CLAUSE,
    .offset = G_STRUCT_OFFSET (Step, action),
    .help = "The action" },
  { .name = "during",
    .type = FIELD_CLAUSES,
    .offset = G_STRUCT_OFFSET (Step, during),
    .help = "What must go on holding from do to the end of until" },
  { .name = "until",
    .type = FIELD_CLAUSES,
    .offset = G_STRUCT_OFFSET (Step, until),
    .help = "What must come true for the step to be done; some actions imply it" },
  { .name = "otherwise",
    .type = FIELD_OBJECT,
    .offset = G_STRUCT_OFFSET (Step, otherwise),
    .fields = runbook_otherwise_fields,
    .size = sizeof (Otherwise),
    .help = "An action offered when a check will not come true by itself, five times at "
            "the most" },
  { .name = "undo",
    .type = FIELD_CLAUSE,
    .offset = G_STRUCT_OFFSET (Step, undo),
    .choices = none,
    .help = "The action that takes do back; some actions imply it; none: there is no way "
            "back" },
  { .name = "timeout",
    .type = FIELD_DURATION,
    .offset = G_STRUCT_OFFSET (Step, timeout_us),
    .min = G_USEC_PER_SEC,
    .max = 7 * G_TIME_SPAN_DAY,
    .fallback = "10m",
    .help = "How long until may take" },
  { 0 },
};

void
when_free (When *when)
{
  if (!when)
    return;
  field_clear (runbook_when_fields, when);
  when_free (when->not_this);
  g_free (when);
}

void
step_free (Step *step)
{
  if (!step)
    return;
  field_clear (runbook_step_fields, step);
  g_free (step->id);
  when_free (step->when);
  g_free (step->applies_not);
  g_clear_pointer (&step->undo_until, g_ptr_array_unref);
  g_clear_pointer (&step->otherwise_until, g_ptr_array_unref);
  g_free (step);
}

/* ---- id and record -------------------------------------------------------- */

static void
id_read (Reader *reader, const TreeNode *node, Step *step)
{
  const char *text = node->type == TREE_SCALAR ? node->text : "";
  gboolean good = g_ascii_isalnum (*text) && strlen (text) <= 64;
  for (const char *c = text; *c; c++)
    good = good && (g_ascii_isalnum (*c) || *c == '-');
  if (good)
    step->id = g_strdup (text);
  else if (node->type == TREE_SCALAR)
    problems_add (
        reader->problems, node->place,
        "\"%.60s\" is no id; write letters, digits and \"-\", at most 64, beginning "
        "with a letter or digit",
        text);
  else
    problems_add (reader->problems, node->place, "\"id\" is %s; write a word",
                  tree_type_name (node));
}

static void
record_read (Reader *reader, const TreeNode *node, Step *step)
{
  gboolean list = node->type == TREE_SEQUENCE;
  guint count = list ? node->values->len : 1;
  if (count == 0)
    problems_add (reader->problems, node->place,
                  "\"record\" is empty; write counts, images or version");
  for (guint i = 0; i < count; i++) {
    const TreeNode *item = list ? g_ptr_array_index (node->values, i) : node;
    guint flag = 0;
    while (item->type == TREE_SCALAR && runbook_records[flag] &&
           strcmp (item->text, runbook_records[flag]) != 0)
      flag++;
    if (item->type != TREE_SCALAR)
      problems_add (reader->problems, item->place,
                    "\"record\" is %s; write counts, images or version",
                    tree_type_name (item));
    else if (!runbook_records[flag])
      reader_add_unknown (reader, item->place, "record", item->text, runbook_records);
    else
      step->record |= 1u << flag;
  }
}

/* ---- when ----------------------------------------------------------------- */

typedef enum { HOLDS_NOT, HOLDS, HOLDS_UNKNOWN } Holds;

static void
check_platform (Reader *reader, const TreeNode *node, const char *name)
{
  GPtrArray *names = g_ptr_array_new ();
  gboolean known = FALSE;
  for (const KindSpec *const *kind = reader->vocabulary->platforms; *kind; kind++) {
    known = known || strcmp ((*kind)->name, name) == 0;
    g_ptr_array_add (names, (gpointer)(*kind)->name);
  }
  g_ptr_array_add (names, NULL);
  if (!known)
    reader_add_unknown (reader, node->place, "platform", name,
                        (const char *const *)names->pdata);
  g_ptr_array_unref (names);
}

static void
check_variables (Reader *reader, const TreeNode *node)
{
  for (guint i = 0; node->type == TREE_MAPPING && i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    const TreeNode *value = g_ptr_array_index (node->values, i);
    const Variable *variable = variables_get (reader->variables, key->text);
    const char *nearest = variables_nearest (reader->variables, key->text);
    if (!variable && nearest)
      problems_add (reader->problems, key->place,
                    "undefined variable \"%.60s\"; did you mean \"%s\"?", key->text,
                    nearest);
    else if (!variable)
      problems_add (reader->problems, key->place,
                    "undefined variable \"%.60s\"; declare it under vars", key->text);
    else if (value->type == TREE_SCALAR && !variables_occur (value->text)) {
      g_autofree char *wrong = variable_problem (variable, value->text);
      if (wrong)
        problems_add (reader->problems, value->place, "\"%s\" %s", key->text, wrong);
    }
  }
}

static When *
when_read (Reader *reader, const char *what, const TreeNode *node)
{
  When *when = g_new0 (When, 1);
  reader_read (reader, what, runbook_when_fields, node, when);
  const TreeNode *platform = tree_get (node, "platform");
  const TreeNode *variables = tree_get (node, "var");
  if (platform && when->platform)
    check_platform (reader, platform, when->platform);
  if (variables)
    check_variables (reader, variables);
  if (node->type == TREE_MAPPING && node->keys->len == 0)
    problems_add (reader->problems, node->place,
                  "\"%s\" is empty; write service, platform, var or not", what);
  return when;
}

static Holds
service_holds (const Site *site, const When *when, char **why)
{
  gboolean has = site_service (site, when->service) != NULL;
  *why = g_strdup_printf ("%s has %s service %s", site->name, has ? "a" : "no",
                          when->service);
  return has ? HOLDS : HOLDS_NOT;
}

static Holds
platform_holds (const Site *site, const When *when, char **why)
{
  const char *platform = site_platform (site);
  gboolean same = g_strcmp0 (platform, when->platform) == 0;
  *why = same ? g_strdup_printf ("%s runs on %s", site->name, platform)
              : g_strdup_printf ("%s runs on %s, not %s", site->name,
                                 platform ? platform : "no platform", when->platform);
  return same ? HOLDS : HOLDS_NOT;
}

/* What decided it, and whether somebody can decide otherwise. */
static char *
variable_said (const Variable *variable, const char *wanted, gboolean equal)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_string_printf (said, "%s is %s", variable->name, variable->value);
  if (!equal)
    g_string_append_printf (said, ", not %s", wanted);
  if (variable->settable)
    g_string_append_printf (said, "; --set %s=… would change that", variable->name);
  return g_string_free (g_steal_pointer (&said), FALSE);
}

static Holds
variables_hold (const Reader *reader, const When *when, char **why)
{
  GHashTableIter iter;
  gpointer name, value;
  Holds all = HOLDS;
  g_hash_table_iter_init (&iter, when->variables);
  while (all == HOLDS && g_hash_table_iter_next (&iter, &name, &value)) {
    const Variable *variable = variables_get (reader->variables, name);
    if (!variable || !variable->value || variables_occur (value)) {
      all = HOLDS_UNKNOWN;
      continue;
    }
    gboolean equal = variable_equal (variable, variable->value, value);
    g_free (*why);
    *why = variable_said (variable, value, equal);
    all = equal ? HOLDS : HOLDS_NOT;
  }
  return all;
}

/* `why` says what decided it. Without a site only variables can. */
static Holds
when_holds (const Reader *reader, const When *when, char **why)
{
  Holds all = HOLDS;
  for (guint part = 0; part < 4; part++) {
    g_autofree char *text = NULL;
    Holds one = HOLDS;
    if (!reader->site && ((part == 0 && when->service) || (part == 1 && when->platform)))
      one = HOLDS_UNKNOWN;
    else if (part == 0 && when->service)
      one = service_holds (reader->site, when, &text);
    else if (part == 1 && when->platform)
      one = platform_holds (reader->site, when, &text);
    else if (part == 2 && when->variables)
      one = variables_hold (reader, when, &text);
    else if (part == 3 && when->not_this) {
      Holds inner = when_holds (reader, when->not_this, &text);
      one = inner == HOLDS ? HOLDS_NOT : inner == HOLDS_NOT ? HOLDS : HOLDS_UNKNOWN;
    }
    if (text && (one == HOLDS_NOT || !*why)) {
      g_free (*why);
      *why = g_steal_pointer (&text);
    }
    if (one == HOLDS_NOT)
      return HOLDS_NOT;
    if (one == HOLDS_UNKNOWN)
      all = HOLDS_UNKNOWN;
  }
  return all;
}

static void
decide (const Reader *reader, Step *step)
{
  step->applies = TRUE;
  g_autofree char *why = NULL;
  if (!step->when || when_holds (reader, step->when, &why) != HOLDS_NOT)
    return;
  step->applies = FALSE;
  step->applies_not = g_steal_pointer (&why);
}

/* ---- rules across keys ----------------------------------------------------- */

static const TreeNode *
find_key (const TreeNode *node, const char *name)
{
  for (guint i = 0; node->type == TREE_MAPPING && i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    if (strcmp (key->text, name) == 0)
      return key;
  }
  return NULL;
}

static gboolean
has_any (const TreeNode *node, const char *const *names)
{
  for (; *names; names++)
    if (find_key (node, *names))
      return TRUE;
  return FALSE;
}

/* The key `name` makes sense only beside one of `others`. */
static const struct {
  const char *name;
  const char *others[6];
  const char *wrong;
} beside[] = {
  { "during", { "do" }, "\"during\" watches an action, and there is none; add do" },
  { "undo", { "do" }, "\"undo\" takes an action back, and there is none; add do" },
  { "otherwise",
    { "require", "until" },
    "\"otherwise\" is offered when a check does not hold, and there is none; add require "
    "or "
    "until" },
};

static gboolean
implies_until (const Clause *action)
{
  if (!action)
    return FALSE;
  if (action->kind)
    return action->kind->implied_until != NULL;
  for (guint i = 0; i < action->by_platform->len; i++) {
    const PlatformClause *branch = g_ptr_array_index (action->by_platform, i);
    if (implies_until (branch->clause))
      return TRUE;
  }
  return FALSE;
}

static void
check_keys (Reader *reader, const TreeNode *node, const Step *step)
{
  static const char *const doing[] = { "record", "require", "ask", "confirm",
                                       "do",     "until",   NULL };
  static const char *const acting[] = { "do", "otherwise", NULL };
  if (node->type != TREE_MAPPING)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (beside); i++) {
    const TreeNode *key = find_key (node, beside[i].name);
    if (key && !has_any (node, beside[i].others))
      problems_add (reader->problems, key->place, "%s", beside[i].wrong);
  }
  const TreeNode *timeout = find_key (node, "timeout");
  gboolean unread = find_key (node, "do") && !step->action;
  if (timeout && !find_key (node, "until") && !unread && !implies_until (step->action))
    problems_add (reader->problems, timeout->place,
                  "\"timeout\" limits until, and there is none; add until");
  if (!has_any (node, doing))
    problems_add (
        reader->problems, node->place,
        "this step does nothing; add do, until, require, ask, confirm or record");
  if (step->confirm == CONFIRM_NONE && has_any (node, acting))
    problems_add (
        reader->problems, find_key (node, "confirm")->place,
        "\"confirm: none\" stands on a step that changes something; write key or "
        "type");
}

static void
check_form (Reader *reader, const TreeNode *node, const Step *step)
{
  const TreeNode *ask = tree_get (node, "ask");
  if (step->ask && step->ask->form && !tree_get (ask, "match"))
    problems_add (reader->problems, find_key (ask, "form")->place,
                  "\"form\" says what match asks for, and there is none; add match");
}

static void
check_into (Reader *reader, const TreeNode *node, const Step *step)
{
  if (!step->ask || !step->ask->into)
    return;
  Variable *variable = variables_get (reader->variables, step->ask->into);
  const TreeNode *into = tree_get (tree_get (node, "ask"), "into");
  const char *nearest = variables_nearest (reader->variables, step->ask->into);
  if (variable)
    variable->asked = TRUE;
  else if (strchr (step->ask->into, '.'))
    problems_add (reader->problems, into->place,
                  "\"%.60s\" is no name of a variable; write letters, digits, \"_\" and "
                  "\"-\"",
                  step->ask->into);
  else if (nearest)
    problems_add (reader->problems, into->place,
                  "undefined variable \"%s\"; did you mean \"%s\"?", step->ask->into,
                  nearest);
  else
    problems_add (reader->problems, into->place,
                  "undefined variable \"%s\"; declare it under vars", step->ask->into);
}

/* ---- steps ---------------------------------------------------------------- */

static void
special (Reader *reader, const Field *field, const TreeNode *node, void *settings)
{
  Step *step = settings;
  if (strcmp (field->name, "not") == 0)
    ((When *)settings)->not_this = when_read (reader, "not", node);
  else if (strcmp (field->name, "id") == 0)
    id_read (reader, node, step);
  else if (strcmp (field->name, "record") == 0)
    record_read (reader, node, step);
  /* `when` was read before: what follows from it decides how the rest is read. */
}

/* The checks that an action implies of itself, or NULL. */
static GPtrArray *
implied_until (Reader *reader, const Clause *action)
{
  if (!action || !action->kind || !action->kind->implied_until)
    return NULL;
  g_autofree char *until = action->kind->implied_until (action->settings);
  return until ? reader_read_implied (reader, FALSE, until, action->place) : NULL;
}

static Clause *
implied_undo (Reader *reader, const Clause *action)
{
  if (!action || !action->kind || !action->kind->implied_undo)
    return NULL;
  g_autofree char *undo = action->kind->implied_undo (action->settings);
  g_autoptr (GPtrArray) actions =
      undo ? reader_read_implied (reader, TRUE, undo, action->place) : NULL;
  if (!actions || actions->len != 1)
    return NULL;
  g_ptr_array_set_free_func (actions, NULL);
  return g_ptr_array_index (actions, 0);
}

static void
add_implied (Reader *reader, const TreeNode *node, Step *step)
{
  GPtrArray *until =
      tree_get (node, "until") ? NULL : implied_until (reader, step->action);
  if (until) {
    g_ptr_array_unref (step->until);
    step->until = until;
  }
  if (!tree_get (node, "undo"))
    step->undo = implied_undo (reader, step->action);
  step->undo_until = implied_until (reader, step->undo);
  step->otherwise_until =
      implied_until (reader, step->otherwise ? step->otherwise->action : NULL);
}

Step *
step_read (Reader *reader, const TreeNode *node)
{
  Step *step = g_new0 (Step, 1);
  Reader inner = *reader;
  const TreeNode *when = tree_get (node, "when");
  step->place = node->place;
  inner.special = special;
  if (when)
    step->when = when_read (&inner, "when", when);
  decide (&inner, step);
  inner.elsewhere = !step->applies;
  if (step->when && step->when->platform)
    inner.only_platform = step->when->platform;
  if (step->when && step->when->not_this && !step->when->not_this->service &&
      !step->when->not_this->variables && !step->when->not_this->not_this)
    inner.not_platform = step->when->not_this->platform;
  reader_read (&inner, "the step", runbook_step_fields, node, step);
  step->confirm_said = tree_get (node, "confirm") != NULL;
  check_form (&inner, node, step);
  check_into (&inner, node, step);
  check_keys (&inner, node, step);
  add_implied (&inner, node, step);
  return step;
}
