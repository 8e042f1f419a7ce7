"""Moving what an account has to another, and making what names lack."""
