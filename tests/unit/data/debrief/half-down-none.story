# stopped before anything was
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "step-recorded", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}, "base": {"count": 0, "managed": true, "restored": false}}}
{"t": 30, "event": "run-stopped"}
{"finds": []}
