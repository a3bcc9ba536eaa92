# more workers were added, and it was stopped before anything else
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "step-recorded", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}, "base": {"count": 0, "managed": true, "restored": false}}}
{"t": 3, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers?", "prior": {"worker": 2}, "planned": {"worker": 4}}
{"t": 9, "event": "answered", "answer": "go"}
{"t": 10, "event": "command-began", "purpose": "otherwise"}
{"t": 11, "event": "command-ended"}
{"t": 11, "event": "action-ended", "purpose": "otherwise", "planned": {"worker": 4}}
{"t": 30, "event": "run-stopped"}
{"finds": []}
