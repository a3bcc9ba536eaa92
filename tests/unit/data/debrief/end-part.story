# a part is done, and left in order
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 18, "event": "step-done"}
{"t": 19, "event": "step-began"}
{"t": 20, "event": "asked", "prior": {"worker": 2}, "planned": {"worker": 0}}
{"t": 29, "event": "answered", "answer": "stop"}
{"t": 29, "event": "run-stopped"}
{"finds": []}
{"course": "kept-so-far", "outcome": "stopped by ada at a question of worker"}
{"says": ["Nothing left the safe course as far as it went: 1 of 3 steps."]}
