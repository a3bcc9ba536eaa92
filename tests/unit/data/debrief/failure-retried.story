# a failure is tried again
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 20, "event": "step-failed", "reason": "the command ended with status 1"}
{"t": 21, "event": "asked", "kind": "failed", "reason": "the command ended with status 1"}
{"t": 60, "event": "answered", "answer": "retry"}
{"t": 61, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 70, "event": "answered", "answer": "go"}
{"t": 71, "event": "command-began"}
{"t": 72, "event": "command-ended"}
{"t": 72, "event": "action-ended", "planned": {"web": 0}}
{"t": 75, "event": "step-done"}
{"finds": []}
