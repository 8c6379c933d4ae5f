"""Challenge: why and how is the service provided, and what would more or less of it do?"""
