# much of everything, told whole
{"careful": ["Waits until the queues fall before anything that works them off is stopped.", "Asks the colleague who started the web again, and has it stopped before going on."]}
{"t": 0, "world": "began", "wall": 1795335119}
{"t": 0, "event": "run-began", "speed": 10}
{"t": 0.2, "event": "viewer-came", "viewer": 1, "uid": 0, "user": "ada"}
{"t": 1, "event": "step-began"}
{"t": 2, "event": "step-recorded", "ledger": {"web": {"count": 2, "managed": false, "restored": false}, "worker": {"count": 2, "managed": false, "restored": false}, "store": {"count": 1, "managed": false, "restored": false}, "base": {"count": 0, "managed": true, "restored": false}}}
{"t": 2.5, "event": "verdict", "verdict": "never", "text": "412 queued, growing 12/min: near zero is not in sight", "accept": "leave-queued"}
{"t": 3, "event": "asked", "kind": "offer", "purpose": "otherwise", "text": "Add two workers to work off the backlog (worker: 2 → 4)?", "prior": {"worker": 2}, "planned": {"worker": 4}}
{"t": 19, "event": "answered", "answer": "wait"}
{"t": 21, "event": "answered", "answer": "accept", "accept": "leave-queued", "text": "lab/leave-queued"}
{"t": 21.1, "event": "verdict", "verdict": "accepted", "text": "accepted by the operator: 412 queued"}
{"t": 21.2, "event": "asked", "text": "Stop the web (web: 2 → 0)?", "word": "lab/web", "prior": {"web": 2}, "planned": {"web": 0}, "change": "web: 2 → 0", "holds": [{"verdict": "accepted", "text": "412 queued"}]}
{"t": 22.5, "event": "answered", "answer": "go"}
{"t": 23, "event": "command-began"}
{"t": 24, "event": "command-ended"}
{"t": 24, "event": "action-ended", "planned": {"web": 0}}
{"t": 26, "event": "step-done"}
{"t": 26, "event": "note", "text": "the mail team knows, \u001b[2J and waits", "step": "worker"}
{"t": 26.5, "event": "step-began"}
{"t": 27, "event": "verdict", "verdict": "holds", "text": "web has 0 running"}
{"t": 27.2, "event": "asked", "text": "Stop the workers (worker: 2 → 0)?", "word": "lab/worker", "prior": {"worker": 2}, "planned": {"worker": 0}, "change": "worker: 2 → 0"}
{"t": 29, "event": "withdrawn", "why": "web has 1 running, 0 wanted"}
{"t": 31, "event": "asked", "text": "Stop the workers (worker: 2 → 0)?", "word": "lab/worker", "prior": {"worker": 2}, "planned": {"worker": 0}, "change": "worker: 2 → 0"}
{"t": 38, "event": "answered", "answer": "go"}
{"t": 38.2, "event": "refused", "why": "web has 1 running, 0 wanted"}
{"t": 40, "event": "asked", "text": "Stop the workers (worker: 2 → 0)?", "word": "lab/worker", "prior": {"worker": 2}, "planned": {"worker": 0}, "change": "worker: 2 → 0"}
{"t": 44, "event": "answered", "answer": "go"}
{"t": 44.1, "event": "command-began"}
{"t": 45.1, "event": "command-ended"}
{"t": 45.1, "event": "action-ended", "planned": {"worker": 0}}
{"t": 46, "event": "step-failed", "reason": "not within 5m: worker has 1 running"}
{"t": 46.1, "event": "asked", "kind": "failed", "text": "Stop the workers failed; what now?", "reason": "not within 5m: worker has 1 running"}
{"t": 49, "event": "answered", "answer": "skip", "text": "later"}
{"t": 49.5, "event": "step-began"}
{"t": 50, "event": "asked", "text": "Stop the store (store: 1 → 0)?", "word": "lab/store", "prior": {"store": 1}, "planned": {"store": 0}}
{"t": [0, 48, 0.5], "queued": {"default": [400, 520], "mail": [12, 30], "a queue with a long name and \u001b[2J": [3, 0], "reports": [1, 2]}}
{"t": 250, "world": "stopping", "service": "web"}
{"t": 290, "world": "intruder", "service": "web", "story": "A colleague started the web again, to look at something."}
{"t": 450, "world": "jobs-lost", "service": "worker", "jobs": 7}
{"t": 451, "world": "killed", "service": "worker"}
{"t": 470, "world": "flap", "service": "store"}
{"t": 56, "event": "answered", "answer": "stop"}
{"t": 56, "event": "run-stopped"}
{"t": 590, "world": "tally", "arrived": 700, "done": 141, "lost": 7, "interrupted": 0, "queued": 552, "in_work": 0}
{"finds": [["accepted", "danger", "web"], ["rising", "danger", "worker"], ["lost", "danger", "worker"], ["offer-declined", "careless", "web"], ["failure-skipped", "careless", "worker"], ["refused", "remark", "worker"], ["half-down", "remark", "store"]]}
