# careless, and nothing was done for all that

{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "web has 2 running, 0 wanted"}
{"t": 2.5, "event": "answered", "answer": "skip", "text": "no"}
{"t": 3, "event": "step-began"}
{"t": 4, "event": "verdict", "verdict": "not-yet", "text": "web has 2 running, 0 wanted"}
{"t": 9, "event": "answered", "answer": "stop"}
{"t": 9, "event": "run-stopped"}
{"finds": [["skipped", "careless", "web"]]}
{"course": "left"}
{"says": ["done   0 of 3 steps, 1 skipped, nothing was changed"]}
