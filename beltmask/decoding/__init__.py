"""Untrusted bytes -> exact samples, one module a file format. ``beltmask.images`` is the door."""
