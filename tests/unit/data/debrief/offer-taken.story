# taken while it grows
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers?", "prior": {"worker": 2}, "planned": {"worker": 4}}
{"t": 140, "event": "answered", "answer": "go"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": []}
