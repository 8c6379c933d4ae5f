"""Pages: one module a subject. A view finds the rows that its user may see, and a presenter says what stands on the page."""
