# everything was so already

{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 2, "event": "step-began"}
{"t": 3, "event": "step-done"}
{"t": 4, "event": "step-began"}
{"t": 5, "event": "step-done"}
{"t": 6, "event": "run-finished"}
{"finds": []}
{"course": "kept", "outcome": "finished"}
{"says": ["done   2 of 3 steps, 1 left out, nothing was changed"]}
