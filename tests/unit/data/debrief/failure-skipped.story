# a failure is gone round
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 20, "event": "step-failed", "reason": "the command ended with status 1"}
{"t": 21, "event": "asked", "kind": "failed", "reason": "the command ended with status 1"}
{"t": 60, "event": "answered", "answer": "skip", "text": "it will be fine later on"}
{"finds": [["failure-skipped", "careless", "web"]]}
