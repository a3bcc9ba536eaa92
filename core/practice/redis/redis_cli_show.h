/* redis_cli_show.h: answers as redis-cli prints them. Pure. */
#ifndef HANDRAIL_PRACTICE_REDIS_CLI_SHOW_H
#define HANDRAIL_PRACTICE_REDIS_CLI_SHOW_H

#include "core/practice/redis/resp_read.h"

/* For programs: what it holds, a line each; the last line is not ended. */
void redis_cli_show_raw (const RespReply *reply, GString *out);

/* For people: (integer) 1, "text", 1) "of a list". */
void redis_cli_show_formatted (const RespReply *reply, GString *out);

#endif
