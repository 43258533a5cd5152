"""Official papers: described once as data, made as PDF and as Word in the form of GB/T 9704.

Knows neither the law nor the office. `paper`, `codes` and `dates` are light and may be asked by
anyone; `pdf` and `word` load what sets type, so only the job worker imports them.
"""
