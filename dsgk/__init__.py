"""The rules of double random, one public inspection (双随机、一公开)."""
