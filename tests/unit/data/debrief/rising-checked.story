# the check said that it turns, and it was gone on at once
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "verdict", "section": "until", "verdict": "holds", "text": "queues: 60 queued, shrinking"}
{"t": 131, "event": "step-done"}
{"t": 131, "event": "step-began"}
{"t": 132, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 136, "event": "answered", "answer": "go"}
{"t": 137, "event": "command-began"}
{"t": 138, "event": "command-ended"}
{"t": 138, "event": "action-ended"}
{"t": 140, "event": "step-done"}
{"t": [0, 120, 2], "queued": {"default": [10, 70]}}
{"t": [122, 150, 2], "queued": {"default": [70, 60]}}
{"finds": []}
