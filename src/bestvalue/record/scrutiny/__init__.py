"""Scrutiny of a review: who challenged what and was answered how, and which options were chosen or written off, and why."""
