"""What an installed inkfade can check about itself, where it runs."""

from inkfade.checks.result import CheckResult, SelfCheck
from inkfade.checks.run import selfcheck

__all__ = ["CheckResult", "SelfCheck", "selfcheck"]
