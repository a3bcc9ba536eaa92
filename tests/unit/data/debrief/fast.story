# practice at ten times the speed
{"t": 0, "world": "began", "wall": 1795335115}
{"t": 0, "event": "run-began", "speed": 10}
{"t": 2, "event": "step-began"}
{"t": 3, "event": "asked", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0"}
{"t": 7, "event": "answered", "answer": "go"}
{"t": 7.5, "event": "command-began"}
{"t": 8.5, "event": "command-ended"}
{"t": 8.5, "event": "action-ended", "planned": {"web": 0}}
{"t": 9, "event": "step-done"}
{"t": 10, "world": "started", "service": "web"}
{"t": 20, "world": "tally", "arrived": 100, "done": 90, "lost": 0, "interrupted": 0, "queued": 10, "in_work": 0}
{"t": 100, "world": "stopped", "service": "web"}
{"t": 10, "event": "note", "text": "end"}
{"t": 151, "world": "stopped", "service": "worker"}
{"t": 152, "world": "tally", "arrived": 130, "done": 115, "lost": 0, "interrupted": 0, "queued": 15, "in_work": 0}
{"t": 900, "world": "tally", "arrived": 500, "done": 500, "lost": 0, "interrupted": 0, "queued": 0, "in_work": 0}
{"finds": []}
