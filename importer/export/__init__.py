"""Reports out of an account: lists, a matrix, a skill report. Sends no write, and prints nothing."""
