# the machine was down for an hour
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3600, "event": "run-resumed", "boot": "c"}
{"t": 3601, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 3605, "event": "answered", "answer": "go"}
{"t": 3606, "event": "command-began"}
{"t": 3607, "event": "command-ended"}
{"t": 3607, "event": "action-ended", "planned": {"web": 0}}
{"t": 3610, "event": "step-done"}
{"finds": []}
