# the check came true by itself
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 50, "event": "verdict", "text": "0 queued"}
{"t": 51, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 60, "event": "answered", "answer": "go"}
{"t": 61, "event": "command-began"}
{"t": 62, "event": "command-ended"}
{"t": 62, "event": "action-ended", "planned": {"web": 0}}
{"t": 65, "event": "step-done"}
{"finds": []}
