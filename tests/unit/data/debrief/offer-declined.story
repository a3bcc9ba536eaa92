# more workers are offered and not taken while it grows
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers?", "reason": "queues: growing"}
{"t": 140, "event": "answered", "answer": "wait"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": [["offer-declined", "careless", "web"]]}
