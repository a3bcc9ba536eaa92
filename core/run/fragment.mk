noinst_LIBRARIES += core/run/librun.a
core_run_librun_a_SOURCES = \
	core/run/asking.c \
	core/run/byhand.c \
	core/run/deciding.h \
	core/run/deployment.c \
	core/run/deployment.h \
	core/run/event.c \
	core/run/event.h \
	core/run/journal.c \
	core/run/journal.h \
	core/run/judging.c \
	core/run/kind.c \
	core/run/kind.h \
	core/run/ledger.c \
	core/run/next.c \
	core/run/next.h \
	core/run/plan.c \
	core/run/question.c \
	core/run/question.h \
	core/run/reading.c \
	core/run/reading.h \
	core/run/state.c \
	core/run/state.h \
	core/run/state_json.c \
	core/run/telling.c \
	core/run/wire.c \
	core/run/wire.h
