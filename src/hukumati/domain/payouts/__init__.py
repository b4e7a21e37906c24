"""Where money that leaves the State's collection may go: the accounts of institutions, registered by two people.

Owns the registered beneficiary accounts. Promises that an account is one that an instrument names, that two different people stand behind it, and
that it is never changed afterwards: it is ended, and another registered. Moves no money.
"""
