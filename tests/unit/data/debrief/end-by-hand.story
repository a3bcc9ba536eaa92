# what is not the run's to do was done by hand

{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "kind": "ask", "text": "base is not ours to stop", "instruction": "base is not ours to stop"}
{"t": 9, "event": "answered", "answer": "text", "text": "stopped in the console"}
{"t": 10, "event": "action-ended"}
{"t": 11, "event": "step-done"}
{"t": 12, "event": "step-began"}
{"t": 13, "event": "asked", "prior": {"worker": 2}, "planned": {"worker": 0}}
{"t": 19, "event": "answered", "answer": "stop"}
{"t": 19, "event": "run-stopped"}
{"finds": []}
{"course": "kept-so-far", "outcome": "stopped by ada at a question of worker"}
