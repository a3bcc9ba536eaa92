# the journal ends in the middle of a step
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"finds": []}
{"course": "kept-so-far", "outcome": "not over: its runner still holds it, or has died"}
{"says": ["not over"]}
