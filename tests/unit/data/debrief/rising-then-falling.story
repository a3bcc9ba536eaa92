# it grew, but not in the last two minutes
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 330, "event": "step-began"}
{"t": 331, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 341, "event": "answered", "answer": "go"}
{"t": 342, "event": "command-began"}
{"t": 343, "event": "command-ended"}
{"t": 343, "event": "action-ended"}
{"t": 345, "event": "step-done"}
{"t": [0, 150, 5], "queued": {"default": [10, 210]}}
{"t": [155, 400, 5], "queued": {"default": [205, 5]}}
{"finds": []}
