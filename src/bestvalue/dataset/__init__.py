"""What a force supplies: table contracts, readers, checks, the synthetic force, and the engines that answer from it."""
