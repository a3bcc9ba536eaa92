# more workers were added, and it rises all the same
{"t": 0, "event": "run-began"}
{"workers": ["worker"]}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "verdict", "section": "until", "verdict": "never", "text": "queues: 140 queued, growing 60/min"}
{"t": 131, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two?", "prior": {"worker": 2}, "planned": {"worker": 4}}
{"t": 139, "event": "answered", "answer": "go"}
{"t": 140, "event": "command-began", "purpose": "otherwise"}
{"t": 141, "event": "command-ended"}
{"t": 141, "event": "action-ended", "purpose": "otherwise", "planned": {"worker": 4}}
{"t": 190, "event": "answered", "answer": "skip", "text": "it will be all right soon"}
{"t": 191, "event": "step-began"}
{"t": 192, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 196, "event": "answered", "answer": "go"}
{"t": 197, "event": "command-began"}
{"t": 198, "event": "command-ended"}
{"t": 198, "event": "action-ended"}
{"t": 200, "event": "step-done"}
{"t": [0, 200, 2], "queued": {"default": [10, 210]}}
{"finds": [["rising", "danger", "worker"], ["skipped", "careless", "web"]]}
{"says": ["The last check of them had said “queues: 140"]}
