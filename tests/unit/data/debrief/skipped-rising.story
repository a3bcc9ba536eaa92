# skipped with a reason, but the queues grow
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 130, "event": "answered", "answer": "skip", "text": "the queues are known to be slow"}
{"t": [0, 200, 5], "queued": {"default": [10, 210]}}
{"finds": [["skipped", "careless", "web"]]}
