"""What every part of the API shares: the door with its tokens, limits, answers given once, pages and problems.

It stands beside the views of the ground and below every application's `api`, which holds the operations themselves.
"""
