"""Tasking: which support unit goes to which bid, and why?"""
