# skipped after looking, with a reason: to be noted
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 30, "event": "answered", "answer": "skip", "text": "the load balancer team stops it"}
{"finds": [["skipped", "remark", "web"]]}
{"course": "nothing-done"}
{"says": ["Nothing was done: 0 of 3 steps, and nothing was changed. 1 step was skipped: “Stop the web”."]}
