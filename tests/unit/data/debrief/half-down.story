# stopped with one service down and another up
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
{"t": 30, "event": "run-stopped"}
{"finds": [["half-down", "remark", "worker"]]}
