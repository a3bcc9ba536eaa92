#include "tui/widgets/filter.h"

#include "tui/widgets/input.h"

/* Nobody searches for more. */
#define FILTER_BYTES_MAX 120

struct Filter {
  List *list;
  Input *input;
  gboolean types;
};

Filter *
filter_new (List *list)
{
  Filter *filter = g_new0 (Filter, 1);
  filter->list = list;
  filter->input = input_new (FILTER_BYTES_MAX);
  return filter;
}

void
filter_free (Filter *filter)
{
  if (!filter)
    return;
  input_free (filter->input);
  g_free (filter);
}

gboolean
filter_types (const Filter *filter)
{
  return filter->types;
}

gboolean
filter_is_set (const Filter *filter)
{
  return *input_text (filter->input) != '\0';
}

void
filter_clear (Filter *filter)
{
  filter->types = FALSE;
  input_set_text (filter->input, "");
  list_set_filter (filter->list, NULL);
}

static gboolean
type (Filter *filter, KeyAction action, const Key *key, const char **remark)
{
  gboolean edits = key->code == PRESS_HOME || key->code == PRESS_END;
  if (!edits && list_act (filter->list, action))
    return TRUE;
  if (key->code == PRESS_ENTER) {
    filter->types = FALSE;
    return TRUE;
  }
  InputResult result = input_key (filter->input, key);
  *remark = input_refusal (result);
  if (result == INPUT_CHANGED)
    list_set_filter (filter->list, input_text (filter->input));
  return result != INPUT_IGNORED;
}

gboolean
filter_act (Filter *filter, KeyAction action, const Key *key, const char **remark)
{
  *remark = NULL;
  if (action == ACTION_BACK && (filter->types || filter_is_set (filter))) {
    filter_clear (filter);
    return TRUE;
  }
  if (filter->types)
    return type (filter, action, key, remark);
  filter->types = action == ACTION_FILTER;
  if (filter->types) /* what was looked for before is replaced, or kept by Enter */
    input_mark (filter->input);
  return filter->types;
}

void
filter_draw (Filter *filter, Canvas *canvas, Area *area)
{
  if (!filter->types)
    return;
  Area line = area_inside (area_take_bottom (area, 1), 1, 0, 1, 0);
  int x = canvas_text (canvas, line, 0, 0, ROLE_QUESTION, "Show what has ");
  input_draw (filter->input, canvas, line, x, 0, MIN (line.width - x, 40), ROLE_INPUT);
}

char *
filter_status (const Filter *filter)
{
  if (!filter_is_set (filter) || filter->types)
    return NULL;
  return g_strdup_printf ("%u have \"%s\"; Esc shows all", list_count_seen (filter->list),
                          input_text (filter->input));
}
