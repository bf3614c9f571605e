"""Every place where the project touches what a library does not promise: not
future-proof, and said so here.

Each of these says why, in which version it was seen and what it gains; where the library no
longer has what is touched, the ordinary way is taken. `tests/test_patches.py` shows that
each still has its effect.

They stand in a module for each room, as a notebook is due when one changes that executes it: one
for paper does not.
"""
