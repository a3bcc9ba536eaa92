# not taken, and it falls by itself
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers?"}
{"t": 140, "event": "answered", "answer": "wait"}
{"t": [0, 200, 5], "queued": {"default": [210, 10]}}
{"finds": []}
