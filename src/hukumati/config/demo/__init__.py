"""The demonstration: the whole State on one machine, started, watched and ended by one command. Never for citizens' data.

Owns the processes, their addresses and their secrets under var/demo. Nothing here is imported by the web or the worker; the supervisor itself
uses the standard library only, so that watching costs next to nothing.
"""
