# a word, and nothing was lost after it
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "verdict", "verdict": "not-yet", "text": "7 queued, growing", "accept": "leave-queued"}
{"t": 10, "world": "stopping", "service": "web"}
{"t": 60, "event": "answered", "answer": "accept", "accept": "leave-queued", "text": "lab/leave-queued"}
{"finds": [["accepted", "careless", "web"]]}
