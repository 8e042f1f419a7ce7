"""Right or wrong: headers, cells, rules across rows, and the sentences about them. The only room that runs pandera."""
