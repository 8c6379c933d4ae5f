"""Discussion of what is in the record: comments that anyone who sees a thing can add, and tags to find things by."""
