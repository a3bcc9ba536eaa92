/* client.h: the stand-ins for docker and docker-compose, as the programs that are run: what they
 * were told goes to the simulated deployment whose folder they are in, what it says is
 * printed. */
#ifndef HANDRAIL_PRACTICE_CLIENT_H
#define HANDRAIL_PRACTICE_CLIENT_H

#include <sys/types.h>

/* The process that plays the deployment in `folder`; 0: there is none. */
pid_t client_world (const char *folder);

/* The whole program; argv[0] ends in the one's name. Returns its exit status. */
int client_run (const char *folder, const char *const *argv);

#endif
