"""What goes wrong on purpose: lost answers, refusals of the server, changes by others."""
