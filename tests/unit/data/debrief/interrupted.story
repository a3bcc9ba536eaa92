# jobs are handed back
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 5, "world": "handed-back", "service": "worker", "jobs": 2}
{"t": 10, "event": "note", "text": "end"}
{"finds": [["interrupted", "danger", "web"]]}
