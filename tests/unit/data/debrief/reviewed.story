# going on although something has changed
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-skipped"}
{"t": 2, "event": "run-stopped"}
{"t": 3, "event": "run-resumed"}
{"t": 4, "event": "reviewed", "broken": [{"step": "web", "verdict": "never", "text": "web runs again"}]}
{"t": 5, "event": "asked", "kind": "review", "step": "resume", "text": "web runs again. Go on all the same?"}
{"t": 20, "event": "answered", "answer": "go"}
{"finds": [["reviewed", "careless", "-"]]}
