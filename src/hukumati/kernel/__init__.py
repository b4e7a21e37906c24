"""Plain Python that every module speaks: values, refusals, the process table. No Django, no clock, no network."""
