"""Pure analyses: a dataset and a spec in, a result of statements out. No Django here."""
