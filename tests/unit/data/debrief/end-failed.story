# stopped after a failure
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 18, "event": "step-failed", "reason": "not within 5m: web has 1 running"}
{"t": 18, "event": "asked", "kind": "failed", "text": "It failed; what now?", "reason": "not within 5m: web has 1 running"}
{"t": 29, "event": "answered", "answer": "stop"}
{"t": 29, "event": "run-stopped", "held": false}
{"finds": []}
{"course": "kept-so-far", "outcome": "stopped by ada, after web had failed: not within 5m: web has 1 running"}
{"says": ["as far as it went: 0 of 3 steps."]}
