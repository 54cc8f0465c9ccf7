"""The verbs of the shop, one module per noun: primitives and the actor in, frozen dataclasses out.

Transactions are opened here and nowhere else.
"""
