"""Checks: does a table keep its contract?"""
