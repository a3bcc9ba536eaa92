# three looks are no trend
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 130, "event": "step-began"}
{"t": 131, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 141, "event": "answered", "answer": "go"}
{"t": 60, "queued": {"default": 10}}
{"t": 90, "queued": {"default": 100}}
{"t": 125, "queued": {"default": 200}}
{"finds": []}
