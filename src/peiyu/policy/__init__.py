"""The law as code: dated, cited rules that judge one enterprise or a nation. No database, no clock."""
