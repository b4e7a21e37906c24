"""The State outside: simulators of what a national installation talks to, as separate processes over HTTP.

Never imports the product and is never imported by it. All people, numbers and cards here are invented.
"""
