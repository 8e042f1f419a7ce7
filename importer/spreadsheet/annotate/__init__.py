"""A person's own workbook, given back with marks. Changes single bytes of single parts, so that nothing is lost."""
