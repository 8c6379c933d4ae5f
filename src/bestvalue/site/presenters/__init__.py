"""What stands on a page, as words, links and tags: frozen dataclasses made from rows, tested without a database."""
