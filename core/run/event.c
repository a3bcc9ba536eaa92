#include "core/run/event.h"

#include <string.h>

/* A list of members as a row wants it. */
#define MEMBERS(...)            \
  (const EventMember[])         \
  {                             \
    __VA_ARGS__ __VA_OPT__ (, ) \
    {                           \
      NULL, NULL                \
    }                           \
  }

/* "wall" here is text as moment_format_wall() writes it. */
const EventTypeRow event_types[EVENT_TYPES] = {
  [EVENT_RUN_BEGAN] = { "run-began",
                        MEMBERS ({ "format", "i" }, { "program", "s!" }, { "run", "s!" },
                                 { "runbook", "o!" }, /* {name, title, file, digest} */
                                 { "sources", "a!" }, /* [{name, digest}] */
                                 /* {name, file, digest, platform, production} */
                                 { "site", "o!" }, { "settings", "o" },
                                 { "practice", "b" },
                                 { "speed", "i?" }, /* procedure time per machine time */
                                 { "practice_folder", "s?!" }, { "host", "s!" },
                                 { "uid", "i" }, { "user", "s!" }, { "pid", "i" },
                                 { "boot", "s!" }, { "from", "s?!" }, { "after", "s?!" },
                                 { "steps", "a!" } /* [{id, title}] */) },
  [EVENT_RUN_RESUMED] = { "run-resumed",
                          MEMBERS ({ "program", "s!" }, { "host", "s!" }, { "uid", "i" },
                                   { "user", "s!" }, { "pid", "i" }, { "boot", "s!" },
                                   { "differences", "a" } /* [text] */) },
  /* held: at a question or by a safety rule, not by a failure: exit status 3;
     refused: by a safety rule; final: there is nothing left that it could go on with */
  [EVENT_RUN_STOPPED] = { "run-stopped",
                          MEMBERS ({ "why", "s" }, { "held", "b" }, { "refused", "b?" },
                                   { "final", "b?" }) },
  [EVENT_RUN_ABANDONED] = { "run-abandoned",
                            MEMBERS ({ "uid", "i" }, { "user", "s!" }, { "why", "s" }) },
  [EVENT_RUN_FINISHED] = { "run-finished", MEMBERS () },
  [EVENT_LEDGER_ADOPTED] = { "ledger-adopted",
                             MEMBERS ({ "run", "s?!" },
                                      { "ledger", "o!" } /* ledger_to_json() */) },
  [EVENT_VIEWER_CAME] = { "viewer-came",
                          MEMBERS ({ "viewer", "i" }, { "uid", "i" }, { "user", "s!" }) },
  [EVENT_VIEWER_LEFT] = { "viewer-left", MEMBERS ({ "viewer", "i" }) },
  [EVENT_CONTROLS] = { "controls",
                       MEMBERS ({ "viewer", "i" },
                                { "how", "s!" } /* first taken given left */) },
  [EVENT_STEP_BEGAN] = { "step-began",
                         MEMBERS ({ "step", "s!" }, { "title", "s" }, { "why", "s?" }) },
  [EVENT_STEP_SKIPPED] = { "step-skipped",
                           MEMBERS ({ "step", "s!" }, { "by", "s!" } /* when, from */,
                                    { "reason", "s" }) },
  [EVENT_STEP_RECORDED] = { "step-recorded",
                            MEMBERS ({ "step", "s!" }, { "ledger", "o!" },
                                     { "unread", "o?" }, /* service: why no version */
                                     /* services that the site does not name: running */
                                     { "unlisted", "o?" }) },
  [EVENT_STEP_SETTLING] = { "step-settling",
                            MEMBERS ({ "step", "s!" }, { "limit_us", "i" }) },
  [EVENT_STEP_DONE] = { "step-done", MEMBERS ({ "step", "s!" }) },
  [EVENT_STEP_FAILED] = { "step-failed", MEMBERS ({ "step", "s!" }, { "reason", "s" }) },
  [EVENT_VERDICT] = { "verdict",
                      MEMBERS (
                          { "step", "s!" }, { "section", "s!" }, { "index", "i" },
                          { "verdict", "s!" }, { "text", "s" },
                          { "gist", "s?" }, /* what of the text is news; missing: all */
                          { "accept", "s?!" }, /* the word that goes on without it */
                          { "proves",
                            "o?!" } /* {name: text}, for the rest of the run */) },
  [EVENT_ASKED] = { "asked",
                    MEMBERS (
                        { "question", "i" }, { "kind", "s!" }, { "step", "s!" },
                        { "purpose", "s!" }, { "text", "s" }, { "word", "s?!" },
                        { "digest", "s!" }, { "takes", "s!" },
                        { "commands",
                          "a?" }, /* [{argv: [text], directory: text?, login: text?}] */
                        { "instruction", "s?" }, /* for a person, instead of commands */
                        { "change", "s?" },      /* "nginx: 1 → 0" */
                        { "way_back", "s?" },    /* missing: there is none */
                        { "holds", "a?" }, /* [{verdict, text}]: what require says */
                        { "prior", "o?!" }, { "planned", "o?!" }, { "restores", "b?" },
                        { "into", "s?!" }, { "reason", "s?" }, /* failed: why */
                        { "supports", "s?!" }, /* uncertain: "done" or "again" */
                        { "has_undo", "b?" }, { "ledger", "o?!" }, { "from", "s?!" },
                        { "undo", "s?" }, /* the step's, as a clause */
                        { "logs",
                          "a?" } /* as commands: what shows why it is not up */) },
  [EVENT_WITHDRAWN] = { "withdrawn", MEMBERS ({ "question", "i" }, { "why", "s" }) },
  [EVENT_ANSWERED] = { "answered",
                       MEMBERS ({ "question", "i" }, /* 0: said while waiting */
                                { "kind", "s!" },    /* the question's, or "waiting" */
                                { "step", "s!" }, { "digest", "s!" }, { "answer", "s!" },
                                { "text", "s?" }, { "viewer", "i" }, { "uid", "i" },
                                { "user", "s!" },
                                { "accept", "s?!" } /* "accept": the runbook's word */) },
  [EVENT_NOTE] = { "note", MEMBERS ({ "text", "s" }, { "step", "s?!" }, { "uid", "i" },
                                    { "user", "s!" }) },
  [EVENT_REFUSED] = { "refused", MEMBERS ({ "step", "s!" }, { "why", "s" }) },
  [EVENT_REVIEWED] = { "reviewed",
                       MEMBERS ({ "broken", "a" } /* [{step, verdict, text}] */) },
  [EVENT_COMMAND_BEGAN] = { "command-began",
                            MEMBERS ({ "step", "s!" }, { "purpose", "s!" },
                                     { "index", "i" }, { "count", "i" }, { "argv", "a" },
                                     { "directory", "s?" }, { "pid", "i" },
                                     { "group", "i" }, { "start", "i" }, { "boot", "s!" },
                                     { "output", "s!" }) },
  [EVENT_COMMAND_ENDED] = { "command-ended",
                            MEMBERS ({ "step", "s!" },
                                     { "status", "i" }, /* -1: died of a signal */
                                     { "signal", "i" }, { "problem", "s?" },
                                     { "took_us", "i" }) },
  [EVENT_COMMAND_LOST] = { "command-lost", MEMBERS ({ "step", "s!" }, { "alive", "b" }) },
  [EVENT_ACTION_ENDED] = { "action-ended",
                           MEMBERS ({ "step", "s!" }, { "purpose", "s!" },
                                    { "planned", "o?!" }, { "restores", "b?" }) },
};

const char *
event_type_name (EventType type)
{
  return event_types[type].name;
}

gboolean
event_type_from_name (const char *name, EventType *type)
{
  for (guint i = 0; i < EVENT_TYPES; i++)
    if (strcmp (event_types[i].name, name) == 0) {
      *type = (EventType)i;
      return TRUE;
    }
  return FALSE;
}

Event *
event_new (EventType type, json_t *data)
{
  Event *event = g_new0 (Event, 1);
  event->type = type;
  event->data = data ? data : json_object ();
  return event;
}

void
event_free (Event *event)
{
  if (!event)
    return;
  json_decref (event->data);
  g_free (event);
}

static gboolean
is_of_type (const json_t *value, char type)
{
  switch (type) {
  case 's':
    return json_is_string (value);
  case 'i':
    return json_is_integer (value);
  case 'b':
    return json_is_boolean (value);
  case 'o':
    return json_is_object (value);
  case 'a':
    return json_is_array (value);
  default:
    return FALSE;
  }
}

char *
event_problem (const Event *event)
{
  const EventTypeRow *row = &event_types[event->type];
  /* Members mostly come in the row's order: looked at before they are looked for. */
  void *next = json_object_iter (event->data);
  gsize known = 0;
  for (const EventMember *member = row->members; member->name; member++) {
    gboolean is_next = next && strcmp (json_object_iter_key (next), member->name) == 0;
    const json_t *value = is_next ? json_object_iter_value (next)
                                  : json_object_get (event->data, member->name);
    if (is_next)
      next = json_object_iter_next (event->data, next);
    if (!value && member->type[1] == '?')
      continue;
    if (!value)
      return g_strdup_printf ("%s lacks its member %s", row->name, member->name);
    if (!is_of_type (value, member->type[0]))
      return g_strdup_printf ("%s has a member %s of the wrong type", row->name,
                              member->name);
    known++;
  }
  if (known != json_object_size (event->data))
    return g_strdup_printf ("%s has members that are not its own", row->name);
  return NULL;
}

const char *
event_text (const Event *event, const char *member)
{
  const char *text = json_string_value (json_object_get (event->data, member));
  return text ? text : "";
}

gint64
event_number (const Event *event, const char *member)
{
  return json_integer_value (json_object_get (event->data, member));
}

gboolean
event_flag (const Event *event, const char *member)
{
  return json_is_true (json_object_get (event->data, member));
}

const json_t *
event_json (const Event *event, const char *member)
{
  return json_object_get (event->data, member);
}

json_t *
event_mask_json (const json_t *json, const Mask *mask)
{
  const char *name;
  json_t *value, *copy;
  size_t index;
  if (json_is_string (json)) {
    g_autofree char *masked = mask_apply (mask, json_string_value (json), -1);
    return json_string (masked);
  }
  if (json_is_object (json)) {
    copy = json_object ();
    json_object_foreach ((json_t *)json, name, value)
        json_object_set_new (copy, name, event_mask_json (value, mask));
    return copy;
  }
  if (json_is_array (json)) {
    copy = json_array ();
    json_array_foreach (json, index, value)
        json_array_append_new (copy, event_mask_json (value, mask));
    return copy;
  }
  return json_copy ((json_t *)json);
}

Event *
event_masked (const Event *event, const Mask *mask)
{
  Event *masked = event_new (event->type, NULL);
  masked->number = event->number;
  masked->at = event->at;
  const EventTypeRow *row = &event_types[event->type];
  for (const EventMember *member = row->members; member->name; member++) {
    json_t *value = json_object_get (event->data, member->name);
    if (value && strchr (member->type, '!'))
      json_object_set (masked->data, member->name, value);
    else if (value)
      json_object_set_new (masked->data, member->name, event_mask_json (value, mask));
  }
  return masked;
}
