/* wire.h: what runner and viewer say to each other on the run's socket. Pure.
 *
 * Both ways: JSON objects, one a line. The runner sends the journal's own lines
 * (they have a member "n"), first all there are, then each as it happens, and
 * between them passing ones that are not kept (they have a member "live"):
 *   {"live":"hello","protocol":1,"run":NAME,"viewer":N,"controls":bool}
 *   {"live":"caught-up"}                       the journal so far has been sent
 *   {"live":"reading","reading":{…}}           reading_to_json(); of the platform only those
 *                                              that see something new, and one in
 *                                              WIRE_REPEAT_US; "late":true: this is still
 *                                              the last one that saw something, and no
 *                                              other has come when it should have
 *   {"live":"waiting","step":ID,"text":…,"gist":…,"section":…,"checks":[…]}
 *                                              what is missing; text null: nothing;
 *                                              gist: what of it is news when it changes
 *                                              while numbers move; null: all of it;
 *                                              checks: all of a section's ("require") as
 *                                              they stand now, {"verdict", "text"}; where
 *                                              checks are what is waited for, or what the
 *                                              question that stands rests on
 *   {"live":"output","step":ID,"text":…,"boot_us":N}
 *                                              lines a command printed, and when they
 *                                              were seen
 *   {"live":"seen"}                            what was seen and printed before this
 *                                              viewer came has been told
 *   {"live":"refused","question":N,"text":…}   the answer was not taken, and why
 *   {"live":"told","text":…}                   a sentence for this viewer
 *                                              both with "needs":"controls" where taking
 *                                              the controls would help: how that is done
 *                                              the front end says, which has the keys
 *   {"live":"bye","text":…}                    the runner ends; the line closes
 * The viewer sends
 *   {"say":"answer","question":N,"digest":D,"text":TYPED}   N 0: while waiting
 *   {"say":"note","text":…}   {"say":"take"}   {"say":"give","viewer":N}
 *   {"say":"detach"}
 *   {"say":"looks"}           send "reading" messages too, and first, after the journal,
 *                             what the last ones were, how the queues came to be as they
 *                             are, and what the last command printed
 * A viewer that does not read is dropped when WIRE_BACKLOG_BYTES_MAX are waiting for it;
 * output and readings are left out for it long before. */
#ifndef HANDRAIL_RUN_WIRE_H
#define HANDRAIL_RUN_WIRE_H

#include <glib.h>
#include <jansson.h>

#define WIRE_PROTOCOL 1
#define WIRE_REPEAT_US (60 * (gint64)G_USEC_PER_SEC)
#define WIRE_LINE_BYTES_MAX 65536 /* from a viewer; longer ones end the connection */
#define WIRE_BACKLOG_BYTES_MAX (32 * 1024 * 1024)
#define WIRE_BACKLOG_PASSING_BYTES_MAX (256 * 1024)

/* One line with its line feed; takes over `message`. Newly allocated. */
char *wire_line (json_t *message);

/* NULL if `line` (without line feed) is no JSON object; a new reference. */
json_t *wire_read (const char *line, gsize length);

/* Puts lines together from pieces of any size. */
typedef struct WireReader WireReader;
WireReader *wire_reader_new (gsize line_bytes_max);
void wire_reader_free (WireReader *reader);
/* FALSE if a line grew too long. */
gboolean wire_reader_feed (WireReader *reader, const char *bytes, gsize length);
/* The next whole line without its line feed, newly allocated; NULL: none yet. */
char *wire_reader_next (WireReader *reader, gsize *length);

#endif
