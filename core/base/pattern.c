#include "core/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Bounds, each a hundred times what a runbook's pattern on a command's output needs. */
#define EXPRESSION_BYTES_MAX 4096
#define MATCH_STEPS_MAX 1000000
#define MATCH_DEPTH_MAX 250000
#define MATCH_HEAP_KIB_MAX (32 * 1024)

/* pcre2 counts its steps anew for every character where the search begins, and does
 * not count a repeat that runs over half the text. So there is a callout at every
 * item of the pattern, which counts both over the whole search: about half a second. */
#define SEARCH_COST_MAX 10000000
#define SEARCH_BYTES_PER_COST 16

struct Pattern {
  char *expression;
  pcre2_code *code;
};

G_DEFINE_QUARK (handrail_pattern_error, pattern_error)

static pcre2_code *
compile (const char *expression, int *code, gsize *offset)
{
  pcre2_compile_context *context = pcre2_compile_context_create (NULL);
  pcre2_set_max_pattern_length (context, EXPRESSION_BYTES_MAX);
  pcre2_code *compiled = pcre2_compile ((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
                                        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                                            PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
                                        code, offset, context);
  pcre2_compile_context_free (context);
  return compiled;
}

Pattern *
pattern_new (const char *expression, GError **error)
{
  int code = 0;
  gsize offset = 0;
  if (!g_utf8_validate (expression, -1, NULL)) {
    g_set_error (error, PATTERN_ERROR, PATTERN_ERROR_SYNTAX,
                 "the pattern is not valid UTF-8");
    return NULL;
  }
  pcre2_code *compiled = compile (expression, &code, &offset);
  if (!compiled) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message (code, message, sizeof message);
    glong character = g_utf8_strlen (expression, (gssize)offset) + 1;
    g_set_error (error, PATTERN_ERROR, PATTERN_ERROR_SYNTAX, "%s at character %ld",
                 (const char *)message, character);
    return NULL;
  }
  Pattern *pattern = g_new0 (Pattern, 1);
  pattern->expression = g_strdup (expression);
  pattern->code = compiled;
  return pattern;
}

void
pattern_free (Pattern *pattern)
{
  if (!pattern)
    return;
  pcre2_code_free (pattern->code);
  g_free (pattern->expression);
  g_free (pattern);
}

const char *
pattern_expression (const Pattern *pattern)
{
  return pattern->expression;
}

typedef struct {
  gsize cost;
  gsize position; /* where the callout before this one was */
} Search;

/* A positive result would only fail at this place; a negative one ends the search. */
static int
count_cost (pcre2_callout_block *block, void *data)
{
  Search *search = data;
  gsize here = block->current_position;
  gsize far = here > search->position ? here - search->position : search->position - here;
  search->position = here;
  search->cost += 1 + far / SEARCH_BYTES_PER_COST;
  return search->cost > SEARCH_COST_MAX ? PCRE2_ERROR_CALLOUT : 0;
}

gboolean
pattern_search (const Pattern *pattern, const char *text, gsize length, gboolean *found,
                GError **error)
{
  Search search = { 0 };
  pcre2_match_context *context = pcre2_match_context_create (NULL);
  pcre2_set_match_limit (context, MATCH_STEPS_MAX);
  pcre2_set_depth_limit (context, MATCH_DEPTH_MAX);
  pcre2_set_heap_limit (context, MATCH_HEAP_KIB_MAX);
  pcre2_set_callout (context, count_cost, &search);
  pcre2_match_data *match = pcre2_match_data_create (1, NULL);
  int result =
      pcre2_match (pattern->code, (PCRE2_SPTR)text, length, 0, 0, match, context);
  pcre2_match_data_free (match);
  pcre2_match_context_free (context);
  if (result < 0 && result != PCRE2_ERROR_NOMATCH) {
    g_set_error (error, PATTERN_ERROR, PATTERN_ERROR_LIMIT,
                 "the pattern %s takes too long on this text; write it with fewer "
                 "repeats inside repeats",
                 pattern->expression);
    return FALSE;
  }
  *found = result >= 0;
  return TRUE;
}
