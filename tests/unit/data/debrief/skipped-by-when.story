# left out by the runbook itself
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 2, "event": "step-skipped"}
{"t": 3, "event": "step-skipped"}
{"t": 4, "event": "run-finished"}
{"finds": []}
