"""Pages of evidence: the chain, its tables, rights across enterprises, who is to be asked."""
