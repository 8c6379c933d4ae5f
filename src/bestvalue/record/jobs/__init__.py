"""Jobs: long work that runs behind the site, with its progress and its end."""
