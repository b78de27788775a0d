"""What ships to the reader: standard library only, CPython 3.11 up to Pyodide's."""
