"""What the engines search: people as documents, kept current through the outbox and checked by the sweep."""
