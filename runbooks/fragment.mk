# The runbooks that handrail comes with, a site file to begin from, and what is made from
# the tables of the file formats: the reference and the schemas for editors.
runbooksdir = $(pkgdatadir)/runbooks
dist_runbooks_DATA = \
	runbooks/README.md \
	runbooks/check-queues.yaml \
	runbooks/runbook.schema.json \
	runbooks/shutdown.yaml \
	runbooks/site.schema.json \
	runbooks/startup.yaml
dist_doc_DATA += runbooks/sites/example.yaml

noinst_PROGRAMS += runbooks/reference
runbooks_reference_SOURCES = runbooks/reference.c
runbooks_reference_LDADD = $(PURE_LIBS)

check_SCRIPTS += tests/unit/test-written-reference.sh
EXTRA_DIST += runbooks/write-reference.sh

.PHONY: reference
reference: runbooks/reference
	$(srcdir)/runbooks/write-reference.sh runbooks/reference $(srcdir)/runbooks
