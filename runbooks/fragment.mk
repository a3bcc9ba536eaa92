# The runbooks that handrail comes with, and a site file to begin from.
runbooksdir = $(pkgdatadir)/runbooks
dist_runbooks_DATA = \
	runbooks/shutdown.yaml \
	runbooks/startup.yaml
dist_doc_DATA = runbooks/example-site.yaml
