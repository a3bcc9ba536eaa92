# the question is withdrawn before it is answered
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 5, "event": "withdrawn", "why": "web has 1 running"}
{"t": 9, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 20, "event": "answered", "answer": "go"}
{"t": 21, "event": "command-began"}
{"t": 22, "event": "command-ended"}
{"t": 22, "event": "action-ended", "planned": {"web": 0}}
{"t": 25, "event": "step-done"}
{"finds": []}
