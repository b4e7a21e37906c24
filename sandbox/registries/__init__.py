"""The registries of three ministries behind one X-Road security server."""
