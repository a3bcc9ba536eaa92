# given up before anything was done

{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "run-stopped", "why": "nobody has been there for an hour", "held": false}
{"t": 900, "event": "run-abandoned"}
{"finds": []}
{"course": "nothing-done", "outcome": "given up: it is not needed any more"}
