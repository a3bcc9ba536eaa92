# looks from 0 to 45 s and from 80 s on
{"t": 0, "event": "run-began"}
{"t": 1, "event": "step-began"}
{"t": [0, 19.5, 1.5], "queued": {"default": 10}}
{"t": [20, 39, 1], "queued": {"mail": 45, "default": 5}}
{"t": [40, 45, 1], "queued": {"default": 10}}
{"t": [80, 100, 1], "queued": {"default": 2, "other": 3, "else": 1}}
{"t": 100, "event": "note", "text": "end"}
{"finds": []}
