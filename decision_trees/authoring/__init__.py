"""From Markdown to checked trees: reading pages, parsing definitions, compiling and proving diagrams."""
