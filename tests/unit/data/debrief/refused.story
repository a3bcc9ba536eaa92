# the rule says no at the instant of acting
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 10, "event": "answered", "answer": "go"}
{"t": 11, "event": "refused", "why": "worker has 1 running, 0 wanted"}
{"finds": [["refused", "remark", "web"]]}
