"""The SQL that ships with TracePile Assets: `tracepile_assets.sql` for `importlib.resources`. No code here."""
