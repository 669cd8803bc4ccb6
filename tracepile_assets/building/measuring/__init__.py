"""What is measured of questions and rationales, a module for each kind of feature.

A module has `PARTS`, the parts of a row that it looks at, and `measurer`, which gives a function from the parts of one
row to the columns of sample_features that it fills. Not here: which rows there are (rows/sample_features).
"""
