"""The verbs of the public face, by what the analyst is doing; `upturn` gives them all by name.

Each imports what it needs when it is called, so that ``import upturn`` is quick.
"""
