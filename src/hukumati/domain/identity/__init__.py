"""Who people are: accounts of citizens and staff, roles, sessions. Owns how somebody was authenticated; never decides what a role may do to a case."""
