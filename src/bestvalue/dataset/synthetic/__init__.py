"""The synthetic force: invented data, true to the size and shape of a capital city force, with known truths planted."""
