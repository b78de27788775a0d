// Compiles Python for the browser inside Pyodide itself.
// usage: node compile.mjs PYODIDE FOLDER   reads FOLDER/sources.zip, writes FOLDER/stdlib.zip and FOLDER/engine.zip
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [pyodide, folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(pyodide, 'pyodide.mjs')).href);
// One hash seed, so that sets come in one order and two builds give the same bytes.
const python = await loadPyodide({ env: { HOME: '/', PYTHONHASHSEED: '0' } });
python.FS.writeFile('/engine.zip', readFileSync(join(folder, 'sources.zip')));
python.FS.writeFile('/bytecode.py', readFileSync(new URL('./bytecode.py', import.meta.url)));

// What the engine needs is what is loaded once it runs and has told of a mistake.
python.runPython(`
import sys, traceback
sys.path[:0] = ["/engine.zip", "/"]
import bytecode
methods = bytecode.record_methods()
from decision_trees.runtime import browser
try:
    browser.load("none", "[1, 2")
except ValueError:
    traceback.format_exc()
needed = bytecode.list_loaded(bytecode.STDLIB)
`);
const save = (name, code) => writeFileSync(join(folder, name), python.runPython(code).toJs());
save('stdlib.zip', 'bytecode.compile_archive(bytecode.STDLIB, needed, 2)');
// The engine keeps its docstrings: a dataclass without one works out its signature at every import.
save('engine.zip', 'bytecode.compile_archive("/engine.zip", bytecode.list_names("/engine.zip"), 0, methods)');
process.exit(0);
