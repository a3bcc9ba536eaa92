#include "tui/run/run_field.h"

#include <string.h>

#include "core/run/question.h"

void
run_field_init (RunField *field)
{
  *field = (RunField){ .input = input_new (ANSWER_BYTES_MAX) };
}

void
run_field_clear (RunField *field)
{
  g_clear_pointer (&field->input, input_free);
  g_clear_pointer (&field->wrong, g_free);
}

void
run_field_open (RunField *field, RunFieldKind kind, const char *text)
{
  field->kind = kind;
  field->open = field->focused = TRUE;
  field->sent = FALSE;
  field->only = NULL;
  g_clear_pointer (&field->wrong, g_free);
  input_set_text (field->input, text);
}

void
run_field_close (RunField *field)
{
  run_field_open (field, field->kind, "");
  field->open = field->focused = FALSE;
}

gboolean
run_field_takes (const RunField *field, const char *text)
{
  gsize length = field->only ? strlen (field->only) : 0;
  return !field->only || (strncmp (text, field->only, length) == 0 &&
                          (text[length] == '\0' || text[length] == ' '));
}

gboolean
run_field_is_unread (const RunField *field, const RunModel *model, const char *text)
{
  const Question *question = run_model_state (model)->question;
  return !field->read && question && g_strcmp0 (text, question->word) == 0;
}

/* ---- Enter ------------------------------------------------------------------- */

/* Why what was typed is not taken; takes it over. A mistyped word is typed anew: the next
 * letter replaces it. A sentence is not lost. */
static void
refuse (RunField *field, const RunModel *model, char *why)
{
  const Question *question = run_model_state (model)->question;
  gboolean sentence =
      field->kind == RUN_FIELD_ANSWER && question && question->kind == QUESTION_ASK;
  g_free (field->wrong);
  field->wrong = why;
  if (!sentence && !strchr (input_text (field->input), ' '))
    input_mark (field->input);
}

/* Why a text is no answer; NULL: it is one. */
static char *
wrong_of (const RunField *field, const RunModel *model, const char *text)
{
  if (!run_field_takes (field, text))
    return g_strdup_printf ("\"%s\" is what is taken here; Esc goes back", field->only);
  char *wrong = run_model_check (model, text);
  if (!wrong && run_field_is_unread (field, model, text))
    return g_strdup ("read first all that it would run: PgDn shows the rest");
  return wrong;
}

static const char *
send_answer (RunField *field, RunModel *model, const char *text)
{
  char *wrong = wrong_of (field, model, text);
  if (wrong) {
    refuse (field, model, wrong);
  } else {
    run_model_answer (model, text);
    field->sent = TRUE;
  }
  return NULL;
}

static const char *
send_note (RunField *field, RunModel *model, const char *text)
{
  run_model_note (model, text);
  run_field_close (field);
  return "Noted in the journal";
}

static const char *
send_take (RunField *field, RunModel *model, const char *text)
{
  if (strcmp (text, "take") != 0) {
    refuse (field, model,
            g_strdup ("type take, or Esc to leave the controls where they are"));
    return NULL;
  }
  run_model_take (model);
  run_field_close (field);
  return NULL;
}

static const char *
enter (RunField *field, RunModel *model)
{
  static const char *(*const sends[]) (RunField *, RunModel *, const char *) = {
    [RUN_FIELD_ANSWER] = send_answer,
    [RUN_FIELD_NOTE] = send_note,
    [RUN_FIELD_TAKE] = send_take,
  };
  g_autofree char *text = g_strdup (input_text (field->input));
  g_autofree char *said = g_strstrip (g_strdup (text));
  if (!*said)
    return NULL;
  return sends[field->kind](field, model, text);
}

const char *
run_field_key (RunField *field, RunModel *model, const Key *key)
{
  if (field->sent)
    return NULL;
  g_clear_pointer (&field->wrong, g_free);
  if (key->code == PRESS_ENTER)
    return enter (field, model);
  return input_refusal (input_key (field->input, key));
}

void
run_field_hear (RunField *field, const RunModel *model)
{
  const char *refusal = run_model_refusal (model);
  if (!field->sent || run_model_is_under_way (model))
    return;
  if (!refusal) {
    run_field_close (field);
    return;
  }
  field->sent = FALSE;
  refuse (field, model, g_strdup (refusal));
}
