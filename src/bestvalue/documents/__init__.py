"""Documents: published reports read into structure, and ours written as HTML, PDF and Word."""
