"""``python -m beltmask``."""

import sys

from beltmask.cli import main

sys.exit(main())
