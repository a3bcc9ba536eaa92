/* tls_words.h: why TLS did not come about, in sentences with a remedy. Pure. */
#ifndef HANDRAIL_NET_TLS_WORDS_H
#define HANDRAIL_NET_TLS_WORDS_H

#include <glib.h>

/* What `verdict` is where there is none. */
#define TLS_WORDS_NO_VERDICT 1

/* For the certificate's sake; begins with READING_CERTIFICATE. `name` is the server's for
 * people, `host` what the certificate should be for, `ca_file` NULL: the system's,
 * `verdict` OpenSSL's (x509_vfy.h), `reason` what else is known, printable. */
char *tls_words_certificate (const char *name, const char *host, const char *ca_file,
                             long verdict, const char *reason);

/* For another reason, as OpenSSL words it, printable. */
char *tls_words_failure (const char *name, const char *reason);

#endif
