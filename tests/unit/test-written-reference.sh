#!/bin/sh
# The reference and the schemas that are kept say what the tables say.
exec "$HANDRAIL_SRCDIR/runbooks/write-reference.sh" --check \
  "$HANDRAIL_BUILDDIR/runbooks/reference" "$HANDRAIL_SRCDIR/runbooks"
