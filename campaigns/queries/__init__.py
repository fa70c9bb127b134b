"""What pages and actions of campaigns need to know that one QuerySet can't say."""
