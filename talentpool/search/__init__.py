"""Search: the language people type, two engines that answer it, and the index that keeps both current."""
