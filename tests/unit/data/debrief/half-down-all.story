# all of it is down, and finished
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "step-recorded", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}, "base": {"count": 0, "managed": true, "restored": false}}}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 18, "event": "step-done"}
{"t": 20, "event": "step-began"}
{"t": 21, "event": "asked", "prior": {"worker": 2}, "planned": {"worker": 0}, "change": "worker: 2 → 0"}
{"t": 30, "event": "answered", "answer": "go"}
{"t": 31, "event": "command-began"}
{"t": 32, "event": "command-ended"}
{"t": 32, "event": "action-ended", "planned": {"worker": 0}}
{"t": 35, "event": "step-done"}
{"t": 36, "event": "step-skipped"}
{"t": 40, "event": "run-finished"}
{"finds": []}
