# skipped before any check had been seen
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 60, "event": "answered", "answer": "skip", "text": "somebody else has stopped it already"}
{"finds": [["skipped", "careless", "web"]]}
