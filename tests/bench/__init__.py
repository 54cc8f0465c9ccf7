"""`python -m tests.bench`: what stockshop does, beside the least that would do it, in one run.

Every figure is a ratio of medians over several rounds, each round measuring both sides in turn, so
that a machine that is busy for a moment is busy for both.
"""
