#include "core/net/tls_words.h"

#include <string.h>

#include "core/run/reading.h"

/* What OpenSSL says of a certificate (x509_vfy.h). Without a verdict of its own the
 * chain was good, and libcurl did not find the host's name in it. */
enum {
  VERIFY_OK = 0,
  VERIFY_NONE = TLS_WORDS_NO_VERDICT,
  VERIFY_NO_ISSUER = 2,
  VERIFY_TOO_EARLY = 9,
  VERIFY_EXPIRED = 10,
  VERIFY_SELF_SIGNED = 18,
  VERIFY_SELF_SIGNED_ROOT = 19,
  VERIFY_NO_LOCAL_ISSUER = 20,
  VERIFY_NO_LEAF_ISSUER = 21,
  VERIFY_OTHER_HOST = 62,
};

static char *
authority_problem (const char *name, const char *ca_file)
{
  if (ca_file)
    return g_strdup_printf (READING_CERTIFICATE "%s is not from an authority in %s; "
                                                "name the right ca-file",
                            name, ca_file);
  return g_strdup_printf (READING_CERTIFICATE
                          "%s is from an authority that is not known "
                          "here; give the authority's own certificate as ca-file",
                          name);
}

char *
tls_words_certificate (const char *name, const char *host, const char *ca_file,
                       long verdict, const char *reason)
{
  switch (verdict) {
  case VERIFY_OK:
  case VERIFY_NONE:
  case VERIFY_OTHER_HOST:
    return g_strdup_printf (READING_CERTIFICATE "%s is not for the name %s; use a name "
                                                "that it is for, or have it replaced",
                            name, host);
  case VERIFY_TOO_EARLY:
    return g_strdup_printf (READING_CERTIFICATE
                            "%s is not valid yet; look at this host's "
                            "clock, or have it replaced",
                            name);
  case VERIFY_EXPIRED:
    return g_strdup_printf (READING_CERTIFICATE
                            "%s has expired; have it renewed, or look "
                            "at this host's clock",
                            name);
  case VERIFY_SELF_SIGNED:
    return g_strdup_printf (READING_CERTIFICATE
                            "%s is signed by nobody but itself; if it "
                            "is the right one, give it as ca-file",
                            name);
  case VERIFY_NO_ISSUER:
  case VERIFY_SELF_SIGNED_ROOT:
  case VERIFY_NO_LOCAL_ISSUER:
  case VERIFY_NO_LEAF_ISSUER:
    return authority_problem (name, ca_file);
  default:
    return g_strdup_printf (READING_CERTIFICATE "%s cannot be relied on (%s); have it "
                                                "replaced",
                            name, reason);
  }
}

char *
tls_words_failure (const char *name, const char *reason)
{
  if (strstr (reason, "wrong version number") || strstr (reason, "packet length"))
    return g_strdup_printf ("%s does not speak TLS; correct the port, or write the "
                            "address without TLS",
                            name);
  if (strstr (reason, "SYSCALL") || strstr (reason, "unexpected eof"))
    return g_strdup_printf ("%s closed the connection before TLS was agreed on; look at "
                            "what serves there",
                            name);
  return g_strdup_printf ("TLS was not agreed on with %s (%s)", name, reason);
}
