# steps that end close to each other
{"t": 0, "event": "run-began", "steps": [{"id": "s1", "title": "Step s1"}, {"id": "s2", "title": "Step s2"}, {"id": "s3", "title": "Step s3"}, {"id": "s4", "title": "Step s4"}, {"id": "s5", "title": "Step s5"}, {"id": "s6", "title": "Step s6"}, {"id": "s7", "title": "Step s7"}, {"id": "s8", "title": "Step s8"}, {"id": "s9", "title": "Step s9"}, {"id": "s10", "title": "Step s10"}, {"id": "s11", "title": "Step s11"}, {"id": "s12", "title": "Step s12"}, {"id": "s13", "title": "Step s13"}, {"id": "s14", "title": "Step s14"}]}
{"t": 0.1, "event": "step-began"}
{"t": 2, "event": "step-done"}
{"t": 2.1, "event": "step-began"}
{"t": 3, "event": "step-done"}
{"t": 3.1, "event": "step-began"}
{"t": 10, "event": "step-done"}
{"t": 10.1, "event": "step-began"}
{"t": 30, "event": "step-done"}
{"t": 30.1, "event": "step-began"}
{"t": 31, "event": "step-done"}
{"t": 31.1, "event": "step-began"}
{"t": 50, "event": "step-done"}
{"t": 50.1, "event": "step-began"}
{"t": 60, "event": "step-done"}
{"t": 60.1, "event": "step-began"}
{"t": 70, "event": "step-done"}
{"t": 70.1, "event": "step-began"}
{"t": 92, "event": "step-done"}
{"t": 92.1, "event": "step-began"}
{"t": 93, "event": "step-done"}
{"t": 93.1, "event": "step-began"}
{"t": 94, "event": "step-done"}
{"t": 94.1, "event": "step-began"}
{"t": 97, "event": "step-done"}
{"t": 97.1, "event": "step-began"}
{"t": 98, "event": "step-done"}
{"t": 98.1, "event": "step-began"}
{"t": 100, "event": "step-done"}
{"t": [0, 100, 1], "queued": {"default": [0, 100]}}
{"finds": []}
