"""Compare: how does the service stand beside others, like with like?"""
