"""What a sheet means: which rows and columns hold records. Knows cells and evidence; knows no account."""
