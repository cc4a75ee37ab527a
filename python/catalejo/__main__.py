"""python -m catalejo run …: the same as `catalejo run …`."""

from __future__ import annotations

import sys

from catalejo.cli import main

sys.exit(main())
