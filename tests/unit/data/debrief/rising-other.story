# nothing that works jobs off is stopped: said of the first alone
{"t": 0, "event": "run-began"}
{"t": 130, "event": "step-began"}
{"t": 131, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 141, "event": "answered", "answer": "go"}
{"t": 142, "event": "command-began"}
{"t": 143, "event": "command-ended"}
{"t": 143, "event": "action-ended", "planned": {"web": 0}}
{"t": 145, "event": "step-done"}
{"t": 150, "event": "step-began"}
{"t": 151, "event": "asked", "prior": {"worker": 2}, "planned": {"worker": 0}, "change": "worker: 2 → 0"}
{"t": 161, "event": "answered", "answer": "go"}
{"t": 162, "event": "command-began"}
{"t": 163, "event": "command-ended"}
{"t": 163, "event": "action-ended", "planned": {"worker": 0}}
{"t": 165, "event": "step-done"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": [["rising", "careless", "web"]]}
