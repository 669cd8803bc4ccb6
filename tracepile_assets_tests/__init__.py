"""Tests of TracePile Assets; the folders mirror the package."""
