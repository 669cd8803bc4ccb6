"""The SQL that ships with TracePile Assets, importable as `tracepile_assets.sql` for `importlib.resources`. No code here."""
