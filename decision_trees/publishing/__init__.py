"""From trees to files: HTML, exports and the bundle for the browser. The only writer."""
