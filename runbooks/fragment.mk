# The runbooks that handrail comes with, a site file to begin from, and what is made from
# the tables of the file formats: the reference and the schemas for editors.
runbooksdir = $(pkgdatadir)/runbooks
dist_runbooks_DATA = \
	runbooks/README.md \
	runbooks/check-queues.yaml \
	runbooks/practice.schema.json \
	runbooks/runbook.schema.json \
	runbooks/shutdown.yaml \
	runbooks/site.schema.json \
	runbooks/startup.yaml
dist_doc_DATA += runbooks/sites/example.yaml

# What is practised on, each like calm but for what it says.
practicedir = $(runbooksdir)/practice
dist_practice_DATA = \
	runbooks/practice/backlog.yaml \
	runbooks/practice/calm.yaml \
	runbooks/practice/dropped-line.yaml \
	runbooks/practice/growing.yaml \
	runbooks/practice/intruder.yaml \
	runbooks/practice/long-job.yaml \
	runbooks/practice/redis-flaps.yaml \
	runbooks/practice/redis-forgets.yaml \
	runbooks/practice/slow-stop.yaml \
	runbooks/practice/stop-fails.yaml \
	runbooks/practice/stuck.yaml \
	runbooks/practice/wrong-target.yaml

noinst_PROGRAMS += runbooks/reference
runbooks_reference_SOURCES = runbooks/reference.c
runbooks_reference_LDADD = $(PURE_LIBS)

check_SCRIPTS += tests/unit/test-written-reference.sh
EXTRA_DIST += runbooks/write-reference.sh

.PHONY: reference
reference: runbooks/reference
	$(srcdir)/runbooks/write-reference.sh runbooks/reference $(srcdir)/runbooks
