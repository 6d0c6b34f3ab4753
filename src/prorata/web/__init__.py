"""The screens: HTML that works by itself, and better with a little script.

A handler reads the request, makes one call into the use cases, words the answer and gives plain values to a
template. No query and no rule of billing is written here.
"""
