"""Tests of the narrators and the verifier."""
