"""The site: pages, forms, templates and the API."""
