# a step is done that changes nothing, and the next one is left where it waits
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "kind": "ask", "text": "Which backup?"}
{"t": 9, "event": "answered", "answer": "text", "text": "of this morning"}
{"t": 9, "event": "step-done"}
{"t": 10, "event": "step-began"}
{"t": 11, "event": "verdict", "verdict": "not-yet", "text": "web has 2 running, 0 wanted"}
{"t": 29, "event": "answered", "answer": "stop"}
{"t": 29, "event": "run-stopped"}
{"finds": []}
{"course": "nothing-done", "outcome": "stopped by ada in worker, while this was waited for: web has 2 running, 0 wanted"}
{"says": ["Nothing was changed: 1 of 3 steps is done, without a command."]}
