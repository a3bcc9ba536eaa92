# starting up, stopped with one service up
{"t": 0, "event": "run-began"}
{"t": 1, "event": "ledger-adopted", "run": "earlier", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}}}
{"t": 2, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"worker": 0}, "planned": {"worker": 2}, "change": "worker: 0 → 2", "restores": true}
{"t": 10, "event": "answered", "answer": "go"}
{"t": 11, "event": "command-began"}
{"t": 12, "event": "command-ended"}
{"t": 12, "event": "action-ended", "planned": {"worker": 2}, "restores": true}
{"t": 20, "event": "step-done"}
{"t": 21, "event": "run-stopped"}
{"finds": [["half-down", "remark", "worker"]]}
