# some of it is done and some is left out, each after looking and with a reason
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "web has 2 running, 0 wanted"}
{"t": 30, "event": "answered", "answer": "skip", "text": "the load balancer team stops it"}
{"t": 31, "event": "step-began"}
{"t": 33, "event": "asked", "prior": {"worker": 2}, "planned": {"worker": 0}}
{"t": 43, "event": "answered", "answer": "go"}
{"t": 44, "event": "command-began"}
{"t": 45, "event": "command-ended"}
{"t": 45, "event": "action-ended", "planned": {"worker": 0}}
{"t": 48, "event": "step-done"}
{"t": 49, "event": "step-began"}
{"t": 50, "event": "verdict", "verdict": "not-yet", "text": "store has 1 running, 0 wanted"}
{"t": 80, "event": "answered", "answer": "skip", "text": "the store stays up this time"}
{"t": 81, "event": "run-finished"}
{"finds": [["skipped", "remark", "web"], ["skipped", "remark", "store"]]}
{"course": "kept"}
{"says": ["Nothing left the safe course. 2 steps were skipped: “Stop the web”, “Stop the store”."]}
