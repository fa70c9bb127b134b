"""What pages of the talent pool need that one QuerySet can’t say."""
