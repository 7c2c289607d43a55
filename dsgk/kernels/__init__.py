"""
Arrays in, arrays out: the arithmetic behind the rules.

NumPy and the standard library alone; no law, no values of the other modules.
"""
