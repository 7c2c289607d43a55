"""
The list of inspection items (随机抽查事项清单): what may be inspected at all.

Only items of the list in force may be drawn.  The list has versions, an item
may be repealed in mid-year, and a general item has a ceiling on the share of
subjects that is drawn for it; a key item has none, and at 100 % the draw fixes
the order of the batches.
"""

from dsgk.items.lists import ItemList
from dsgk.items.values import InspectionItem, ItemClass, Method, read_methods


__all__ = ["InspectionItem", "ItemClass", "ItemList", "Method", "read_methods"]
