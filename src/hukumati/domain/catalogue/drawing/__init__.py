"""A process as people see it: a picture for staff, BPMN 2.0 for whoever uses a modeller. Drawn from the table; nothing is drawn by hand."""
