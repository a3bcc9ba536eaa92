# Fuzz targets; see FUZZ_MAIN in the top Makefile.am. `./dev fuzz SECONDS` runs them.
check_PROGRAMS += \
	tests/fuzz/fuzz-answer \
	tests/fuzz/fuzz-docker \
	tests/fuzz/fuzz-http \
	tests/fuzz/fuzz-journal \
	tests/fuzz/fuzz-queues \
	tests/fuzz/fuzz-resp \
	tests/fuzz/fuzz-runbook \
	tests/fuzz/fuzz-scenario \
	tests/fuzz/fuzz-sidekiq \
	tests/fuzz/fuzz-site \
	tests/fuzz/fuzz-state \
	tests/fuzz/fuzz-text \
	tests/fuzz/fuzz-tree \
	tests/fuzz/fuzz-wire

tests_fuzz_fuzz_answer_SOURCES = tests/fuzz/fuzz-answer.c $(FUZZ_MAIN)
tests_fuzz_fuzz_answer_LDADD = $(RUN_LIBS)
tests_fuzz_fuzz_answer_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_docker_SOURCES = \
	tests/fuzz/fuzz-docker.c tests/unit/world_bed.h $(FUZZ_MAIN)
tests_fuzz_fuzz_docker_LDADD = $(PRACTICE_LIBS)
tests_fuzz_fuzz_docker_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_http_SOURCES = \
	tests/fuzz/fuzz-http.c tests/unit/world_bed.h $(FUZZ_MAIN)
tests_fuzz_fuzz_http_LDADD = $(PRACTICE_LIBS)
tests_fuzz_fuzz_http_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz-journal.c $(FUZZ_MAIN)
tests_fuzz_fuzz_journal_LDADD = $(RUN_LIBS)
tests_fuzz_fuzz_journal_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_queues_SOURCES = tests/fuzz/fuzz-queues.c $(FUZZ_MAIN)
tests_fuzz_fuzz_queues_LDADD = core/checks/libchecks.a $(RUN_LIBS) -lm
tests_fuzz_fuzz_queues_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_resp_SOURCES = \
	tests/fuzz/fuzz-resp.c tests/unit/world_bed.h $(FUZZ_MAIN)
tests_fuzz_fuzz_resp_LDADD = $(PRACTICE_LIBS)
tests_fuzz_fuzz_resp_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_runbook_SOURCES = \
	tests/fuzz/fuzz-runbook.c tests/unit/fake_kinds.h $(FUZZ_MAIN)
tests_fuzz_fuzz_runbook_LDADD = $(RUNBOOK_LIBS)
tests_fuzz_fuzz_runbook_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_scenario_SOURCES = tests/fuzz/fuzz-scenario.c $(FUZZ_MAIN)
tests_fuzz_fuzz_scenario_LDADD = $(RUNBOOK_LIBS)
tests_fuzz_fuzz_scenario_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_sidekiq_SOURCES = tests/fuzz/fuzz-sidekiq.c $(FUZZ_MAIN)
tests_fuzz_fuzz_sidekiq_LDADD = $(NET_LIBS)
tests_fuzz_fuzz_sidekiq_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_site_SOURCES = tests/fuzz/fuzz-site.c tests/unit/fake_kinds.h $(FUZZ_MAIN)
tests_fuzz_fuzz_site_LDADD = $(RUNBOOK_LIBS)
tests_fuzz_fuzz_site_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz-state.c $(FUZZ_MAIN)
tests_fuzz_fuzz_state_LDADD = $(RUN_LIBS)
tests_fuzz_fuzz_state_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz-text.c $(FUZZ_MAIN)
tests_fuzz_fuzz_text_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_tree_SOURCES = tests/fuzz/fuzz-tree.c $(FUZZ_MAIN)
tests_fuzz_fuzz_tree_LDADD = $(BASE_LIBS)
tests_fuzz_fuzz_tree_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz-wire.c $(FUZZ_MAIN)
tests_fuzz_fuzz_wire_LDADD = $(RUN_LIBS)
tests_fuzz_fuzz_wire_LDFLAGS = $(AM_LDFLAGS) $(FUZZ_LDFLAGS)

EXTRA_DIST += tests/fuzz/corpus
