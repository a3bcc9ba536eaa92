# the run is refused before anything is done
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "run-stopped", "why": "the site names another project", "held": true, "refused": true}
{"finds": [["refused", "remark", "web"]]}
