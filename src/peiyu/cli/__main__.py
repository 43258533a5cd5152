"""`python -m peiyu.cli`: the command without its script."""

from peiyu.cli import main

main()
