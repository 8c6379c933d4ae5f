"""The audit ledger: who changed what and when, in a chain of hashes that nobody can alter unseen."""
