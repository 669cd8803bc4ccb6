"""The assets: one file per table, each saying key, partitions, dependencies and metadata, then one call into building/.

Does not belong here: logic worth a unit test. How rows are made lies in the core rooms; when assets are built lies in
automation/.
"""
