# more workers were added, and since then it falls
{"t": 0, "event": "run-began"}
{"workers": ["worker"]}
{"t": 1, "event": "step-began"}
{"t": 130, "event": "verdict", "section": "until", "verdict": "never", "text": "queues: 140 queued, growing 60/min"}
{"t": 131, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two?", "prior": {"worker": 2}, "planned": {"worker": 4}}
{"t": 139, "event": "answered", "answer": "go"}
{"t": 140, "event": "command-began", "purpose": "otherwise"}
{"t": 141, "event": "command-ended"}
{"t": 141, "event": "action-ended", "purpose": "otherwise", "planned": {"worker": 4}}
{"t": 170, "event": "answered", "answer": "skip", "text": "four workers are enough, it falls"}
{"t": 171, "event": "step-began"}
{"t": 172, "event": "asked", "prior": {"worker": ["w:1:a", "w:1:b"]}, "change": "worker: 2 of 2 workers take no new jobs"}
{"t": 176, "event": "answered", "answer": "go"}
{"t": 177, "event": "command-began"}
{"t": 178, "event": "command-ended"}
{"t": 178, "event": "action-ended"}
{"t": 180, "event": "step-done"}
{"t": [0, 141, 2], "queued": {"default": [10, 160]}}
{"t": [143, 190, 2], "queued": {"default": [160, 120]}}
{"finds": [["skipped", "remark", "web"]]}
