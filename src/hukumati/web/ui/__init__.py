"""What the faces share: components, styles, templating, languages, error answers, access."""
