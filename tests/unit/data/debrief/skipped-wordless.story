# skipped with hardly a reason
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 30, "event": "answered", "answer": "skip", "text": "not now"}
{"finds": [["skipped", "careless", "web"]]}
