"""A person's own workbook, given back with marks. Changes only the parts that marks are in, so that nothing is lost."""
