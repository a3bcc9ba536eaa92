# it rises again after the check, for minutes
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "verdict", "section": "until", "verdict": "holds", "text": "queues: 60 queued, shrinking"}
{"t": 131, "event": "step-done"}
{"t": 131, "event": "step-began"}
{"t": 260, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 264, "event": "answered", "answer": "go"}
{"t": 265, "event": "command-began"}
{"t": 266, "event": "command-ended"}
{"t": 266, "event": "action-ended"}
{"t": 268, "event": "step-done"}
{"t": [0, 130, 2], "queued": {"default": [70, 60]}}
{"t": [132, 270, 2], "queued": {"default": [60, 200]}}
{"finds": [["rising", "danger", "worker"]]}
