"""Compete: what does it cost, and what would it cost otherwise?"""
