"""Every schedule of a small run: an explicit model of client, server and crash, and the real code driven through it."""
