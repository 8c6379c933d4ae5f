"""Consult: what do people say, and can the answers be trusted?"""
