"""Everything that comes in through pages of the talent pool, query strings too."""
