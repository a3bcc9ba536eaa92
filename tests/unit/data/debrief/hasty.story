# typed at once, with a check that shows nothing
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0", "holds": [{"verdict": "holds", "text": "web is down"}, {"verdict": "not-ours", "text": "redis is managed"}]}
{"t": 3.5, "event": "answered", "answer": "go"}
{"finds": [["hasty", "careless", "web"]]}
