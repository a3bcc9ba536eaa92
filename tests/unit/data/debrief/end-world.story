# the deployment went away, and the operator saw it
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}}
{"t": 13, "event": "answered", "answer": "go"}
{"t": 14, "event": "command-began"}
{"t": 15, "event": "command-ended"}
{"t": 15, "event": "action-ended", "planned": {"web": 0}}
{"t": 20, "event": "answered", "answer": "stop"}
{"t": 20, "event": "run-stopped"}
{"t": 17, "world": "ended"}
{"t": 17, "world": "tally", "arrived": 9, "done": 4, "lost": 0, "interrupted": 0, "queued": 5, "in_work": 0}
{"finds": []}
{"course": "kept-so-far", "outcome": "stopped by ada in web (the deployment had ended before that)"}
{"says": ["at 17s: the deployment ended", "as of 08:12:17: 9 arrived, 4 done, 5 still queued"]}
