"""Tests of the tables on disk."""
