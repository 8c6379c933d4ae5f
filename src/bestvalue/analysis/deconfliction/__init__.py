"""Deconfliction: which planned operations run close to one another unawares?"""
