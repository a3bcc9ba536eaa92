# what is offered for something else waits for another remedy
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers?", "reason": "web runs, but no worker of it reports"}
{"t": 140, "event": "answered", "answer": "wait"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": []}
