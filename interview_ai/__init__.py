"""Onterview: asynchronous video interviews that lose nothing, score words only and say when they do not know."""
