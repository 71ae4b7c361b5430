"""The engine of BeltMask: pictures of belts in, trustworthy annotations out.

It knows nothing of the web page in front of it. Layers and words: ``CONTEXT.md``.
"""
