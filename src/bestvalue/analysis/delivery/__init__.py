"""Delivery: will what was agreed be done in time?"""
