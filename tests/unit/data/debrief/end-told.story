# the runner was told to end
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 18, "event": "step-done"}
{"t": 20, "event": "run-stopped", "why": "the runner was told to end (SIGTERM)", "held": false}
{"finds": []}
{"course": "kept-so-far", "outcome": "stopped, unfinished: the runner was told to end (SIGTERM)"}
