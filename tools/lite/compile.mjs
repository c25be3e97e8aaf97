// node compile.mjs PYODIDE FOLDER NAME…: compiles every .py of the packages in FOLDER with the Python of PYODIDE.
// bpcourse keeps its source beside it, which a reader may ask for; of the others the compiled files are enough, and of
// those that are not named they have no docstrings.
import { pathToFileURL } from "node:url";

const [pyodide, folder, ...documented] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide();
python.mountNodeFS("/work", folder);
try {
    python.globals.set("documented", documented);
    python.runPython(`
import compileall, pathlib, py_compile
for package in pathlib.Path("/work").iterdir():
    ours = package.name == "bpcourse"
    compileall.compile_dir(package, maxlevels=20, legacy=not ours, quiet=2, optimize=0 if package.name in documented else 2,
        stripdir=str(package),
        prependdir="/lib/python3.12/site-packages", invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    for source in [] if ours else package.rglob("*.py"):
        if source.with_suffix(".pyc").exists():  # a template in it may be no Python
            source.unlink()
`);
} catch (error) {
    console.error(String(error).slice(-2000)); // and not the whole of Pyodide, which node prints with its own
    process.exit(1);
}
