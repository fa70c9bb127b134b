"""One reader a kind of file: bytes in, a Document of rows out. Each outside library has its one importer here."""
