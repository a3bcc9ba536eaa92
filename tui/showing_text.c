#include <string.h>

#include "core/base/text.h"
#include "tui/lines.h"
#include "tui/showing.h"

#define ASSUMED                                                                         \
  "Commands are those for the number of instances that the site file says, one where "  \
  "it says nothing, and for docker compose (version 2). The run looks first, and uses " \
  "the tool that made the containers, or the one that is installed."

static const char *
member (const json_t *object, const char *name)
{
  return json_string_value (json_object_get (object, name));
}

/* "prod (compose, PRODUCTION)"; newly allocated. */
static char *
site_words (const json_t *site)
{
  gboolean production = json_is_true (json_object_get (site, "production"));
  gboolean practice = json_is_true (json_object_get (site, "practice"));
  return g_strdup_printf ("%s (%s%s)", member (site, "name"), member (site, "platform"),
                          practice     ? ", simulated: for practice alone"
                          : production ? ", PRODUCTION"
                                       : "");
}

static const char *
mark (const json_t *clause)
{
  return json_is_true (json_object_get (clause, "implied")) ? " (implied)" : "";
}

/* ---- for a terminal -------------------------------------------------------- */

typedef struct {
  GString *out;
  guint columns; /* to break descriptions at, 0: nowhere */
} Page;

/* A description: "   ask: What?"; with `hang` what is broken off stands deeper. */
static void
describe (const Page *page, const char *prefix, const char *lead, gboolean hang,
          const char *text)
{
  g_autofree char *whole = g_strconcat (lead, text, NULL);
  g_autofree char *printable = text_printable_lines (whole, -1);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (printable), "\n", -1);
  guint indent = (guint)strlen (prefix) + (hang ? 2 : 0);
  for (guint i = 0; lines[i]; i++)
    lines_add_broken (page->out, page->columns, prefix, indent, lines[i]);
}

static void
text_clauses (const Page *page, const char *word, const json_t *clauses, const char *tail)
{
  for (gsize i = 0; i < json_array_size (clauses); i++) {
    const json_t *clause = json_array_get (clauses, i);
    lines_add (page->out, "   ", "%s: %s%s%s", word, member (clause, "words"),
               mark (clause), tail);
    if (!member (clause, "accept"))
      continue;
    g_autofree char *words = g_strdup_printf ("%s, to go on although it does not hold",
                                              member (clause, "accept"));
    describe (page, "     ", "or type ", FALSE, words);
  }
}

static void
text_action (const Page *page, const char *word, const json_t *action)
{
  const json_t *commands = json_object_get (action, "commands");
  const json_t *missing = json_object_get (action, "missing");
  if (!action)
    return;
  lines_add (page->out, "   ", "%s: %s%s", word, member (action, "text"), mark (action));
  for (gsize i = 0; i < json_array_size (missing); i++)
    lines_add (page->out, "     ", "waits for the value of %s",
               json_string_value (json_array_get (missing, i)));
  if (member (action, "change"))
    describe (page, "     ", "", TRUE, member (action, "change"));
  if (member (action, "login"))
    lines_add (page->out, "     $ ", "%s", member (action, "login"));
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    if (member (command, "directory"))
      lines_add (page->out, "     ", "in %s:", member (command, "directory"));
    lines_add (page->out, "     $ ", "%s", member (command, "text"));
  }
  if (member (action, "instruction"))
    describe (page, "     ", "by hand: ", TRUE, member (action, "instruction"));
  if (member (action, "problem"))
    describe (page, "     ", "not possible: ", TRUE, member (action, "problem"));
}

static void
text_ask (const Page *page, const json_t *ask)
{
  if (!ask)
    return;
  describe (page, "   ", "ask: ", TRUE, member (ask, "text"));
  if (member (ask, "form"))
    describe (page, "     ", "the answer is to be ", TRUE, member (ask, "form"));
  else if (member (ask, "match"))
    lines_add (page->out, "     ", "the answer must match %s", member (ask, "match"));
  if (member (ask, "into"))
    lines_add (page->out, "     ", "the answer becomes %s", member (ask, "into"));
}

/* "counts and images", or NULL; newly allocated. */
static char *
record_words (const json_t *step)
{
  const json_t *record = json_object_get (step, "record");
  const char *words[4] = { NULL };
  for (gsize i = 0; i < json_array_size (record) && i < G_N_ELEMENTS (words) - 1; i++)
    words[i] = json_string_value (json_array_get (record, i));
  return words[0] ? text_list (words, "and") : NULL;
}

static void
text_step (const Page *page, gsize number, const json_t *step)
{
  const json_t *otherwise = json_object_get (step, "otherwise");
  const json_t *confirm = json_object_get (step, "confirm");
  const char *limit = member (step, "timeout");
  g_autofree char *record = record_words (step);
  g_autofree char *tail = g_strdup_printf (", within %s", limit ? limit : "");
  lines_add (page->out, "\n", "%" G_GSIZE_FORMAT ". %s: %s", number, member (step, "id"),
             member (step, "title"));
  if (member (step, "why"))
    describe (page, "   ", "", FALSE, member (step, "why"));
  if (member (step, "when"))
    lines_add (page->out, "   ", "when: %s", member (step, "when"));
  if (member (step, "applies_not"))
    describe (page, "   ", "does not apply here: ", TRUE, member (step, "applies_not"));
  if (record)
    lines_add (page->out, "   ", "record: %s", record);
  text_clauses (page, "require", json_object_get (step, "require"), "");
  text_ask (page, json_object_get (step, "ask"));
  if (confirm)
    lines_add (page->out, "   ", "confirm: %s%s", member (confirm, "takes"),
               mark (confirm));
  text_action (page, "do", json_object_get (step, "do"));
  text_clauses (page, "during", json_object_get (step, "during"), "");
  text_clauses (page, "until", json_object_get (step, "until"), tail);
  if (otherwise)
    describe (page, "   ", "otherwise: ", TRUE, member (otherwise, "offer"));
  text_action (page, "otherwise do", json_object_get (otherwise, "do"));
  text_action (page, "undo", json_object_get (step, "undo"));
}

static void
text_variables (const Page *page, const json_t *variables)
{
  for (gsize i = 0; i < json_array_size (variables); i++) {
    const json_t *variable = json_array_get (variables, i);
    const char *value = member (variable, "value");
    const char *about = member (variable, "about");
    gboolean asked = json_is_true (json_object_get (variable, "asked"));
    g_autofree char *lead = g_strdup_printf ("%s = %s%s", member (variable, "name"),
                                             value   ? value
                                             : asked ? "(asked for in the run)"
                                                     : "(missing)",
                                             about ? ": " : "");
    describe (page, "", lead, TRUE, about ? about : "");
  }
}

char *
showing_text (const json_t *shown, guint columns)
{
  Page whole = { .out = g_string_new (NULL), .columns = columns };
  const Page *page = &whole;
  const json_t *site = json_object_get (shown, "site");
  const json_t *steps = json_object_get (shown, "steps");
  lines_add (page->out, "", "%s (%s)", member (shown, "title"),
             member (shown, "runbook"));
  if (member (shown, "about"))
    describe (page, "", "", FALSE, member (shown, "about"));
  if (site) {
    g_autofree char *words = site_words (site);
    lines_add (page->out, "", "On site %s", words);
    describe (page, "", "", FALSE, ASSUMED);
  }
  text_variables (page, json_object_get (shown, "variables"));
  for (gsize i = 0; i < json_array_size (steps); i++)
    text_step (page, i + 1, json_array_get (steps, i));
  return g_string_free (whole.out, FALSE);
}

/* ---- for paper ------------------------------------------------------------- */

/* A line whose special characters mean themselves. */
static void paper (GString *out, const char *prefix, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
paper (GString *out, const char *prefix, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_autofree char *printable = text_printable (text, -1);
  g_string_append (out, prefix);
  for (const char *at = printable; *at; at++) {
    if (strchr ("\\`*_[]<>|#", *at))
      g_string_append_c (out, '\\');
    g_string_append_c (out, *at);
  }
  g_string_append_c (out, '\n');
}

/* A fence longer than any run of backticks inside. */
static void
paper_commands (GString *out, const json_t *action)
{
  const json_t *commands = json_object_get (action, "commands");
  g_autoptr (GString) block = g_string_new (NULL);
  if (member (action, "login"))
    lines_add (block, "   ", "%s", member (action, "login"));
  for (gsize i = 0; i < json_array_size (commands); i++) {
    const json_t *command = json_array_get (commands, i);
    if (member (command, "directory")) {
      const char *cd[] = { "cd", member (command, "directory"), NULL };
      g_autofree char *text = text_command (cd);
      lines_add (block, "   ", "%s", text);
    }
    lines_add (block, "   ", "%s", member (command, "text"));
  }
  gsize longest = 0;
  gsize run = 0;
  for (const char *at = block->str; *at; at++) {
    run = *at == '`' ? run + 1 : 0;
    longest = MAX (longest, run);
  }
  g_autofree char *fence = g_strnfill (MAX (3, longest + 1), '`');
  if (block->len > 0)
    g_string_append_printf (out, "\n   %s\n%s   %s\n\n", fence, block->str, fence);
}

static void
paper_clauses (GString *out, const char *word, const json_t *clauses)
{
  for (gsize i = 0; i < json_array_size (clauses); i++) {
    const json_t *clause = json_array_get (clauses, i);
    paper (out, "   - [ ] ", "%s: %s", word, member (clause, "words"));
    if (member (clause, "accept"))
      paper (out, "   - [ ] ", "%s", "Or decide to go on although it does not hold");
  }
}

static void
paper_action (GString *out, const char *word, const json_t *action)
{
  if (!action)
    return;
  paper (out, "   - [ ] ", "%s: %s", word,
         member (action, "change") ? member (action, "change") : member (action, "text"));
  if (member (action, "instruction"))
    paper (out, "   - ", "%s", member (action, "instruction"));
  if (member (action, "problem"))
    paper (out, "   - ", "Not possible: %s", member (action, "problem"));
  paper_commands (out, action);
}

static void
paper_step (GString *out, gsize number, const json_t *step)
{
  const json_t *otherwise = json_object_get (step, "otherwise");
  const json_t *ask = json_object_get (step, "ask");
  g_autofree char *record = record_words (step);
  g_autofree char *lead = g_strdup_printf ("\n%" G_GSIZE_FORMAT ". [ ] **", number);
  g_autofree char *limit =
      g_strdup_printf ("Wait, at most %s, until",
                       member (step, "timeout") ? member (step, "timeout") : "");
  paper (out, lead, "%s", member (step, "title"));
  g_string_insert (out, (gssize)out->len - 1, "**");
  g_string_append_c (out, '\n');
  if (member (step, "why"))
    paper (out, "   ", "%s", member (step, "why"));
  if (member (step, "when"))
    paper (out, "   - ", "Only when %s", member (step, "when"));
  if (member (step, "applies_not"))
    paper (out, "   - ", "Leave this out here: %s", member (step, "applies_not"));
  if (record)
    paper (out, "   - [ ] ", "Write down of every service: %s ____________________",
           record);
  paper_clauses (out, "Make sure", json_object_get (step, "require"));
  if (ask)
    paper (out, "   - [ ] ", "%s", member (ask, "text"));
  if (ask)
    g_string_append (out, "     ____________________\n");
  paper_action (out, "Do", json_object_get (step, "do"));
  paper_clauses (out, "Watch meanwhile", json_object_get (step, "during"));
  paper_clauses (out, limit, json_object_get (step, "until"));
  if (otherwise)
    paper (out, "   - ", "If it does not come true: %s", member (otherwise, "offer"));
  paper_action (out, "Then", json_object_get (otherwise, "do"));
  paper_action (out, "Only to take it back", json_object_get (step, "undo"));
  g_string_append (out, "   - Time ________ Notes ____________________\n");
}

char *
showing_markdown (const json_t *shown)
{
  GString *out = g_string_new (NULL);
  const json_t *site = json_object_get (shown, "site");
  const json_t *steps = json_object_get (shown, "steps");
  const json_t *variables = json_object_get (shown, "variables");
  paper (out, "# ", "%s", member (shown, "title"));
  if (member (shown, "about"))
    paper (out, "\n", "%s", member (shown, "about"));
  if (site) {
    g_autofree char *words = site_words (site);
    paper (out, "\n", "Site: %s. %s", words, ASSUMED);
  }
  g_string_append (out, "\nDate ____________ By ____________________\n");
  for (gsize i = 0; i < json_array_size (variables); i++) {
    const json_t *variable = json_array_get (variables, i);
    const char *value = member (variable, "value");
    paper (out, i ? "- " : "\n- ", "%s = %s", member (variable, "name"),
           value ? value : "");
    if (!value)
      g_string_append (out, "  ____________________\n");
  }
  for (gsize i = 0; i < json_array_size (steps); i++)
    paper_step (out, i + 1, json_array_get (steps, i));
  return g_string_free (out, FALSE);
}
