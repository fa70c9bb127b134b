"""What happens to a message after it left: opens, clicks, bounces, and the way out."""
