# Every program of check_PROGRAMS and script of check_SCRIPTS is a test, and is run
# by tests/run. `make check TESTS_ARGS="--unit NAME…"` runs some of them.
TESTS_ARGS =

check_SCRIPTS += tests/layers.py tests/run-itself.sh
EXTRA_DIST += tests/leaks-of-others.txt tests/run tests/installed.py tests/unit/data

check-local:
	$(AM_V_at)$(PERL) $(srcdir)/tests/run --source=$(srcdir) --build=. \
	  --tests="$(check_PROGRAMS) $(check_SCRIPTS)" -- $(TESTS_ARGS)

# `make installcheck`, and a part of distcheck: what was installed works from there.
installcheck-local:
	$(AM_V_at)HANDRAIL_BINDIR='$(bindir)' HANDRAIL_LIBEXECDIR='$(libexecdir)' \
	  HANDRAIL_PKGDATADIR='$(pkgdatadir)' HANDRAIL_DOCDIR='$(docdir)' \
	  HANDRAIL_MANDIR='$(mandir)' HANDRAIL_COMPLETIONDIR='$(bashcompletiondir)' \
	  HANDRAIL_VERSION='$(PACKAGE_VERSION)' \
	  $(PERL) $(srcdir)/tests/run --source=$(srcdir) --build=. --tests=tests/installed.py

# What is measured (./dev bench); built only for that.
EXTRA_DIST += tests/bench/bench.py tests/bench/measure.py tests/bench/screens.py \
	tests/bench/terminal.py tests/bench/world.py
EXTRA_PROGRAMS += tests/bench/fold
tests_bench_fold_SOURCES = tests/bench/fold.c
tests_bench_fold_LDADD = $(RUN_LIBS)
EXTRA_PROGRAMS += tests/bench/sample
tests_bench_sample_SOURCES = tests/bench/sample.c tests/unit/fake_kinds.h
tests_bench_sample_LDADD = $(NET_LIBS)

.PHONY: build-tests benches
build-tests: $(check_PROGRAMS) $(check_SCRIPTS)
benches: $(EXTRA_PROGRAMS)

CLEANFILES += $(EXTRA_PROGRAMS)
clean-local:
	$(AM_V_at)rm -rf test-logs bench
