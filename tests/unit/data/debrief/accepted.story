# a word goes on without a check, and jobs are lost after it
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 60, "event": "answered", "answer": "accept", "accept": "leave-queued", "text": "lab/leave-queued"}
{"t": 70, "world": "jobs-lost", "service": "worker", "jobs": 3}
{"t": 80, "event": "note", "text": "end"}
{"t": [0, 80, 5], "queued": {"default": [40, 10], "mail": 3}}
{"finds": [["accepted", "danger", "web"], ["lost", "danger", "web"]]}
