"""Good practice: what works, where it was seen, under which conditions, and who took it up."""
