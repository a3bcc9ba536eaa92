noinst_LIBRARIES += core/runbook/librunbook.a
core_runbook_librunbook_a_SOURCES = \
	core/runbook/field.h \
	core/runbook/reference.h \
	core/runbook/runbook.h \
	core/runbook/site.h
