"""Forms, and how every field of them looks."""
