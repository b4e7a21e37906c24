"""What phones and mailboxes of the invented people receive, and the authenticator of the demonstration's staff."""
