/* clause.c: one check or one action, as written and as it is written again. */
#include <string.h>

#include "core/base/quantity.h"
#include "core/base/text.h"
#include "core/runbook/reader.h"

const char *const clause_answer_words[] = {
  "y",   "wait", "skip", "stop", "retry", "undo",   "done", "again",
  "end", "note", "take", "give", "help",  "detach", NULL,
};

const Field runbook_require_fields[] = {
  { .name = "accept",
    .type = FIELD_SPECIAL,
    .help = "The word by which the operator goes on although this check does not hold, "
            "in this step only: letters, digits and -" },
  { 0 },
};

static void
platform_clause_free (gpointer data)
{
  PlatformClause *branch = data;
  clause_free (branch->clause);
  g_free (branch);
}

void
clause_free (Clause *clause)
{
  if (!clause)
    return;
  if (clause->settings)
    field_clear (clause->kind->fields, clause->settings);
  g_free (clause->settings);
  g_free (clause->accept);
  g_strfreev (clause->missing);
  g_clear_pointer (&clause->by_platform, g_ptr_array_unref);
  g_free (clause);
}

/* ---- reading -------------------------------------------------------------- */

static const KindSpec *
find_kind (const KindSpec *const *kinds, const char *name)
{
  for (; *kinds; kinds++)
    if (strcmp ((*kinds)->name, name) == 0)
      return *kinds;
  return NULL;
}

/* The kinds' names; `now`: only those of this version. Free the array only. */
static const char **
kind_names (const KindSpec *const *kinds, gboolean now)
{
  GPtrArray *names = g_ptr_array_new ();
  for (; *kinds; kinds++)
    if (!now || !(*kinds)->later)
      g_ptr_array_add (names, (gpointer)(*kinds)->name);
  g_ptr_array_add (names, NULL);
  return (const char **)g_ptr_array_free (names, FALSE);
}

static void
add_later (Reader *reader, const KindSpec *const *kinds, const TreeNode *key)
{
  g_autofree const char **names = kind_names (kinds, TRUE);
  g_autofree char *list = text_list (names, "or");
  problems_add (reader->problems, key->place,
                "%s is not in this version of handrail; use %s, or ask the operator",
                key->text, list);
}

static void
add_unknown_kind (Reader *reader, gboolean action, const TreeNode *key)
{
  const Vocabulary *vocabulary = reader->vocabulary;
  const KindSpec *const *kinds = action ? vocabulary->actions : vocabulary->checks;
  const KindSpec *const *others = action ? vocabulary->checks : vocabulary->actions;
  g_autofree const char **names = kind_names (kinds, FALSE);
  const char *what = action ? "action" : "check";
  if (find_kind (others, key->text))
    problems_add (reader->problems, key->place, "%s is %s, but this takes %s; %s",
                  key->text, action ? "a check" : "an action",
                  action ? "an action" : "a check",
                  action ? "put it under require, during or until" : "put it under do");
  else
    reader_add_unknown (reader, key->place, what, key->text, names);
}

/* What the kind's shorthand stands for, or the mapping itself. */
static void
read_settings (Reader *reader, const KindSpec *kind, const TreeNode *node, void *settings)
{
  gboolean mapping = node->type == TREE_MAPPING || tree_is_null (node);
  const Field *shorthand =
      kind->shorthand ? field_find (kind->fields, kind->shorthand) : NULL;
  if (mapping || !shorthand) {
    reader_read (reader, kind->name, kind->fields, node, settings);
    return;
  }
  /* Problems name what stands there: the kind. */
  gsize count = 1;
  while (kind->fields[count - 1].name)
    count++;
  g_autofree Field *fields = g_memdup2 (kind->fields, count * sizeof *fields);
  fields[shorthand - kind->fields].name = kind->name;
  TreeNode key = { .type = TREE_SCALAR, .place = node->place, .plain = TRUE };
  TreeNode *value = (TreeNode *)node, *name = &key;
  TreeList keys = { &name, 1 }, values = { &value, 1 };
  key.text = (char *)kind->name;
  const TreeNode whole = {
    .type = TREE_MAPPING, .place = node->place, .keys = &keys, .values = &values
  };
  reader_read (reader, kind->name, fields, &whole, settings);
}

/* The site must say where what the clause looks at is. */
static void
check_section (Reader *reader, const Clause *clause)
{
  const KindSpec *kind = clause->kind;
  const char *section = kind->section ? kind->section (clause->settings) : NULL;
  if (!section || !reader->site || reader->elsewhere || reader->implied ||
      site_has_section (reader->site, section))
    return;
  /* One problem of one file, however many checks need it. */
  const Place place = { g_intern_string (reader->site->file), 0, 0 };
  problems_add (
      reader->problems, place,
      "the section \"%s\" is missing, and the runbook cannot do without it; add "
      "it, as in %s: { url: \"redis://HOST:6379/1\" }",
      section, section);
}

static Clause *
read_kind (Reader *reader, const KindSpec *kind, const TreeNode *key,
           const TreeNode *value)
{
  Clause *clause = g_new0 (Clause, 1);
  clause->kind = kind;
  clause->place = key->place;
  clause->implied = reader->implied;
  clause->settings = g_malloc0 (MAX (kind->size, 1));
  GPtrArray *before = reader->missing;
  guint problems = problems_mark (reader->problems);
  reader->missing = g_ptr_array_new ();
  read_settings (reader, kind, value, clause->settings);
  gboolean good = problems == problems_mark (reader->problems);
  g_autofree char *wrong = good && reader->missing->len == 0 && kind->complain
                               ? kind->complain (clause->settings)
                               : NULL;
  if (wrong)
    problems_add (reader->problems, key->place, "%s: %s", kind->name, wrong);
  if (good)
    check_section (reader, clause);
  gboolean any = reader->missing->len > 0;
  g_ptr_array_add (reader->missing, NULL);
  clause->missing = (GStrv)g_ptr_array_free (reader->missing, FALSE);
  if (!any)
    g_clear_pointer (&clause->missing, g_strfreev);
  reader->missing = before;
  return clause;
}

/* ---- the word that goes on without it -------------------------------------- */

/* Why `word` cannot be typed for that, as the rest of a sentence; or NULL. */
static const char *
accept_problem (const char *word)
{
  gboolean good = g_ascii_isalnum (*word) && strlen (word) <= CLAUSE_ACCEPT_BYTES_MAX;
  for (const char *c = word; *c; c++)
    good = good && (g_ascii_isalnum (*c) || *c == '-');
  if (!good)
    return "is no word to accept by; write letters, digits and \"-\", at most 64, "
           "beginning with a letter or digit";
  for (const char *const *other = clause_answer_words; *other; other++)
    if (g_ascii_strcasecmp (*other, word) == 0)
      return "answers other questions; write one that says what is accepted, such as "
             "lose-queues";
  return NULL;
}

static void
read_accept (Reader *reader, gboolean action, const TreeNode *key, const TreeNode *value,
             char **accept)
{
  const char *wrong = value->type == TREE_SCALAR ? accept_problem (value->text) : NULL;
  if (action)
    problems_add (reader->problems, key->place,
                  "\"accept\" stands beside an action; put it beside the check under "
                  "require that may be gone on without");
  else if (!reader->accepts)
    problems_add (reader->problems, key->place,
                  "\"accept\" is for what is required before acting, and stands "
                  "elsewhere; remove it, or move the check under require");
  else if (value->type != TREE_SCALAR)
    problems_add (reader->problems, value->place,
                  "\"accept\" is %s; write a word such as lose-queues",
                  tree_type_name (value));
  else if (wrong)
    problems_add (reader->problems, value->place, "\"%.60s\" %s", value->text, wrong);
  else {
    g_free (*accept);
    *accept = g_strdup (value->text);
  }
}

/* Whether `clause`, or what stands for one platform in it, has that word. */
static gboolean
is_accepted_by (const Clause *clause, const char *word)
{
  for (guint i = 0; clause->by_platform && i < clause->by_platform->len; i++) {
    const PlatformClause *branch = g_ptr_array_index (clause->by_platform, i);
    if (branch->clause && is_accepted_by (branch->clause, word))
      return TRUE;
  }
  return g_strcmp0 (clause->accept, word) == 0;
}

/* One word accepts one check: `checks` are those before. */
static void
check_shared_word (Reader *reader, const GPtrArray *checks, const Clause *clause)
{
  for (guint i = 0; clause->by_platform && i < clause->by_platform->len; i++) {
    const PlatformClause *branch = g_ptr_array_index (clause->by_platform, i);
    if (branch->clause)
      check_shared_word (reader, checks, branch->clause);
  }
  for (guint i = 0; clause->accept && i < checks->len; i++)
    if (is_accepted_by (g_ptr_array_index (checks, i), clause->accept)) {
      problems_add (reader->problems, clause->place,
                    "\"accept: %s\" stands at two checks of one step; each is accepted "
                    "by itself: give this one another word",
                    clause->accept);
      return;
    }
}

/* ---- chosen by platform ---------------------------------------------------- */

static gboolean
is_branched (const Reader *reader, const TreeNode *node)
{
  if (node->type != TREE_MAPPING)
    return FALSE;
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    if (find_kind (reader->vocabulary->platforms, key->text))
      return TRUE;
  }
  return FALSE;
}

static void
check_branches (Reader *reader, const TreeNode *node)
{
  for (const KindSpec *const *kind = reader->vocabulary->platforms; *kind; kind++) {
    const char *name = (*kind)->name;
    gboolean wanted =
        reader->site
            ? strcmp (name, site_platform (reader->site)) == 0 && !reader->elsewhere
        : reader->only_platform ? strcmp (name, reader->only_platform) == 0
                                : g_strcmp0 (name, reader->not_platform) != 0;
    if (wanted && !tree_get (node, name))
      problems_add (
          reader->problems, node->place,
          "nothing is said for the platform %s; add \"%s: …\", or give the step "
          "when: {platform: …}",
          name, name);
  }
}

/* The branch of the site's platform, or all of them where there is no site. */
static Clause *
read_branches (Reader *reader, gboolean action, const TreeNode *node)
{
  Clause *whole = g_new0 (Clause, 1);
  Clause *chosen = NULL;
  whole->place = node->place;
  whole->by_platform = g_ptr_array_new_with_free_func (platform_clause_free);
  g_autofree const char **names = kind_names (reader->vocabulary->platforms, FALSE);
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    const TreeNode *value = g_ptr_array_index (node->values, i);
    const KindSpec *platform = find_kind (reader->vocabulary->platforms, key->text);
    if (strcmp (key->text, "accept") == 0)
      problems_add (reader->problems, key->place,
                    "\"accept\" stands beside platforms; put it beside the check of each "
                    "platform that may be gone on without");
    else if (!platform)
      reader_add_unknown (reader, key->place, "platform", key->text, names);
    else if (is_branched (reader, value))
      problems_add (reader->problems, value->place,
                    "a platform stands within a platform; name each once");
    else {
      PlatformClause *branch = g_new0 (PlatformClause, 1);
      branch->platform = platform;
      branch->clause = reader_read_clause (reader, action, value);
      g_ptr_array_add (whole->by_platform, branch);
      if (reader->site && strcmp (key->text, site_platform (reader->site)) == 0)
        chosen = branch->clause;
    }
  }
  check_branches (reader, node);
  if (!reader->site)
    return whole;
  for (guint i = 0; i < whole->by_platform->len; i++) {
    PlatformClause *branch = g_ptr_array_index (whole->by_platform, i);
    if (branch->clause == chosen)
      branch->clause = NULL;
  }
  clause_free (whole);
  return chosen;
}

Clause *
reader_read_clause (Reader *reader, gboolean action, const TreeNode *node)
{
  const char *what = action ? "an action" : "a check";
  const char *example = action ? "scale: {…}" : "service: {…}";
  const KindSpec *const *kinds =
      action ? reader->vocabulary->actions : reader->vocabulary->checks;
  if (is_branched (reader, node))
    return read_branches (reader, action, node);
  if (node->type != TREE_MAPPING || node->keys->len == 0) {
    gboolean empty = node->type == TREE_MAPPING;
    problems_add (reader->problems, node->place,
                  "%s stands here instead of %s; write one such as \"%s\"",
                  empty ? "an empty mapping" : tree_type_name (node), what, example);
    return NULL;
  }
  Clause *clause = NULL;
  g_autofree char *accept = NULL;
  const TreeNode *accept_key = NULL;
  guint known = 0;
  for (guint i = 0; i < node->keys->len; i++) {
    const TreeNode *key = g_ptr_array_index (node->keys, i);
    const KindSpec *kind = find_kind (kinds, key->text);
    if (strcmp (key->text, "accept") == 0) {
      accept_key = key;
      read_accept (reader, action, key, g_ptr_array_index (node->values, i), &accept);
    } else if (!kind)
      add_unknown_kind (reader, action, key);
    else if (known++ > 0)
      problems_add (reader->problems, key->place,
                    "%s is one kind too many in one mapping; %s", key->text,
                    action ? "keep one action a step"
                           : "write each check as an item of a list: \"- kind: {…}\"");
    else if (kind->later)
      add_later (reader, kinds, key);
    else
      clause = read_kind (reader, kind, key, g_ptr_array_index (node->values, i));
  }
  if (clause)
    clause->accept = g_steal_pointer (&accept);
  else if (accept_key && reader->accepts && node->keys->len == 1)
    problems_add (
        reader->problems, accept_key->place,
        "\"accept\" stands alone; write the check that it belongs to beside it");
  return clause;
}

GPtrArray *
reader_read_checks (Reader *reader, const char *name, const TreeNode *node)
{
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify)clause_free);
  gboolean list = node->type == TREE_SEQUENCE;
  guint count = list ? node->values->len : 1;
  if (count == 0)
    problems_add (reader->problems, node->place,
                  "\"%s\" is an empty list; add a check, or remove it", name);
  for (guint i = 0; i < count; i++) {
    const TreeNode *item = list ? g_ptr_array_index (node->values, i) : node;
    Clause *check = reader_read_clause (reader, FALSE, item);
    if (!check)
      continue;
    check_shared_word (reader, checks, check);
    g_ptr_array_add (checks, check);
  }
  return checks;
}

GPtrArray *
reader_read_implied (Reader *reader, gboolean action, const char *text, Place place)
{
  g_autoptr (Problems) problems = problems_new ();
  g_autoptr (TreeDocument) own = NULL;
  g_autoptr (GPtrArray) clauses = NULL;
  GHashTable *texts = reader->implied_texts;
  TreeDocument *document = texts ? g_hash_table_lookup (texts, text) : NULL;
  if (!document) {
    document = tree_read ("implied", text, strlen (text), problems);
    if (texts && document)
      g_hash_table_insert (texts, g_strdup (text), document);
    else
      own = document;
  }
  Reader implied = *reader;
  implied.problems = problems;
  implied.implied = TRUE;
  if (document && action) {
    clauses = g_ptr_array_new_with_free_func ((GDestroyNotify)clause_free);
    Clause *clause = reader_read_clause (&implied, TRUE, tree_root (document));
    if (clause)
      g_ptr_array_add (clauses, clause);
  } else if (document)
    clauses = reader_read_checks (&implied, "until", tree_root (document));
  if (problems_count (problems) > 0)
    return NULL;
  for (guint i = 0; i < clauses->len; i++)
    ((Clause *)g_ptr_array_index (clauses, i))->place = place;
  return g_steal_pointer (&clauses);
}
