# a handful that comes and goes
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 130, "event": "step-began"}
{"t": 131, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 141, "event": "answered", "answer": "go"}
{"t": 142, "event": "command-began"}
{"t": 143, "event": "command-ended"}
{"t": 143, "event": "action-ended"}
{"t": 145, "event": "step-done"}
{"t": [0, 200, 5], "queued": {"default": [0, 8]}}
{"finds": []}
