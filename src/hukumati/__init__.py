"""Hukumati (حكومتي): a national e-services platform. See ARCHITECTURE.md for its shape."""
