"""Recipes that write to a baseline: what was seen, or what a person decided, becomes rules."""
