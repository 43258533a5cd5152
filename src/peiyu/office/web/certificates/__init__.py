"""Pages of certificates: the list, one with its history, what lapses, how many count, reports, lists."""
