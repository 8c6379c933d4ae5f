"""Cross-border (Level 2) crime: how much, where, and with whom to work on it?"""
