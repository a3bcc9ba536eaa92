noinst_LIBRARIES += core/runbook/librunbook.a
core_runbook_librunbook_a_SOURCES = \
	core/runbook/clause.c \
	core/runbook/field.c \
	core/runbook/field.h \
	core/runbook/reader.c \
	core/runbook/reader.h \
	core/runbook/reference.h \
	core/runbook/runbook.c \
	core/runbook/runbook.h \
	core/runbook/site.c \
	core/runbook/site.h \
	core/runbook/step.c \
	core/runbook/step.h \
	core/runbook/variables.c \
	core/runbook/variables.h \
	core/runbook/writer.c
