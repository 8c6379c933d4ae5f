"""Delivery: the register of recommendations, whoever made them, and what came of each."""
