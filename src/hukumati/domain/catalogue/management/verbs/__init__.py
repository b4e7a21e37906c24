"""What `hukumati services …` can do, by what it is for. Each function parses nothing: it gets options, calls one action, and says what came of it."""
