# everything as the runbook means it
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "step-recorded", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}, "base": {"count": 0, "managed": true, "restored": false}}}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 18, "event": "step-done"}
{"t": 60, "event": "step-began"}
{"t": 61, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 71, "event": "answered", "answer": "go"}
{"t": 72, "event": "command-began"}
{"t": 73, "event": "command-ended"}
{"t": 73, "event": "action-ended"}
{"t": 75, "event": "step-done"}
{"t": 90, "event": "step-began"}
{"t": 91, "event": "asked", "prior": {"store": 1}, "planned": {"store": 0}}
{"t": 99, "event": "answered", "answer": "go"}
{"t": 100, "event": "command-began"}
{"t": 101, "event": "command-ended"}
{"t": 101, "event": "action-ended", "planned": {"store": 0}}
{"t": 110, "event": "step-done"}
{"t": [0, 110, 2], "queued": {"default": [30, 0]}}
{"t": 111, "event": "run-finished"}
{"finds": []}
