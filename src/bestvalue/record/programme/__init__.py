"""The programme: which services an authority reviews in a year."""
