# a rule said no at the first step
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "run-stopped", "why": "refused: this is not the target that site lab names", "refused": true}
{"finds": [["refused", "remark", "web"]]}
{"course": "nothing-done", "outcome": "refused by a safety rule: this is not the target that site lab names"}
{"says": ["ended  refused by a safety rule", "done   0 of 3 steps, nothing was changed", "Nothing was done: 0 of 3 steps, and nothing was changed."]}
