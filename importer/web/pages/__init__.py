"""What each page shows and does: takes a call, asks the core, gives a page. Holds no rule."""
