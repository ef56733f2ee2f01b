"""`python -m inkfade` is the command `inkfade`."""

from inkfade.cli import main

main()
