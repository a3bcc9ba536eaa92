# a word while the total grows says it once
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 130, "event": "answered", "answer": "accept", "accept": "leave-queued", "text": "lab/leave-queued"}
{"t": 131, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 140, "event": "answered", "answer": "go"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": [["accepted", "danger", "web"]]}
