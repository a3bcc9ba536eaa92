# skipped a second after it stood there
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 3, "event": "answered", "answer": "skip", "text": "somebody else has stopped it already"}
{"finds": [["skipped", "careless", "web"]]}
