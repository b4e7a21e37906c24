"""The registries of the ministries behind one X-Road security server."""
