"""The engine of BeltMask: pictures of belts in, trustworthy annotations out.

It knows nothing of the web page in front of it. Layers and words: ``CONTEXT.md``.
"""

import os

# Read when NumPy is loaded. Its threads wait in loops for one another: on the small matrices here
# they take twice the work and are no sooner done, and runs look at several pictures at once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
