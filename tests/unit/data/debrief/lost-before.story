# they were lost before the run began
{"t": 0, "world": "began", "wall": 1795335070}
{"t": 40, "world": "jobs-lost", "service": "worker", "jobs": 4}
{"t": 45, "world": "tally", "arrived": 9, "done": 5, "lost": 4, "interrupted": 2, "queued": 0, "in_work": 0}
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 10, "event": "note", "text": "end"}
{"t": 60, "world": "tally", "arrived": 12, "done": 8, "lost": 4, "interrupted": 2, "queued": 0, "in_work": 0}
{"finds": []}
