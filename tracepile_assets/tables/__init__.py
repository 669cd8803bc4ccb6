"""The tables on disk: schemas, ids, Parquet files, side tables and lineage walks.

Belongs here: what a row looks like, how it is named, how a file of rows is written, read and walked. Does not belong
here: where rows come from (the core rooms), what has to be rebuilt (planning/), and when a file is published
(building/).
"""
