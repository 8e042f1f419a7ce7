"""What others change in Kantata while a file is edited stays, and what was approved is what is sent."""
