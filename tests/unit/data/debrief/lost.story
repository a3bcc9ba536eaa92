# the deployment counts jobs that were lost
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 5, "world": "jobs-lost", "service": "worker", "jobs": 4}
{"t": 9, "world": "tally", "arrived": 9, "done": 5, "lost": 4, "interrupted": 0, "queued": 0, "in_work": 0}
{"t": 10, "event": "note", "text": "end"}
{"finds": [["lost", "danger", "web"]]}
