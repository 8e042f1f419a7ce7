"""The sandbox as a caller sees it: over HTTP, on 127.0.0.1."""
