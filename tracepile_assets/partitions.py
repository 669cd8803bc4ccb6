"""The one set of Dagster partitions: stripes, keyed `source/00000`. The stripe map itself belongs to home/."""

import dagster as dg

STRIPES = dg.DynamicPartitionsDefinition(name="stripes")
