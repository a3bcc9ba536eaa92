# stopped at the first question
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 9, "event": "answered", "answer": "stop"}
{"t": 9, "event": "run-stopped"}
{"finds": []}
{"course": "nothing-done", "outcome": "stopped by ada at a question of web"}
{"says": ["Nothing was done: 0 of 3 steps", "not counted"]}
