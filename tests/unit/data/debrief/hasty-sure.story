# typed at once, and all of it holds
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0", "holds": [{"verdict": "holds", "text": "web is down"}]}
{"t": 3, "event": "answered", "answer": "go"}
{"finds": []}
