//! The same word count by DuckDB-Wasm, a database that runs in a tab: a column for comparison where
//! MILLRACE_NODE_MODULES names a folder with npm's `@duckdb/duckdb-wasm` and what it needs.

use std::{env, fs, io, path::Path};

use crate::{
    harness::{Page, copy_folder},
    stage::Stage,
    table::Cell,
    words,
};

/// Its column of the table.
pub(crate) const COLUMN: &str = "DuckDB-Wasm";

/// Where its files lie beside the page.
const FOLDER: &str = "node_modules";

/// The packages that it is made of, or the files of one that is large.
const PARTS: [&str; 6] = [
    "@duckdb/duckdb-wasm/dist/duckdb-browser.mjs",
    "@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js",
    "@duckdb/duckdb-wasm/dist/duckdb-eh.wasm",
    "apache-arrow",
    "flatbuffers",
    "tslib",
];

/// From bytes to counts in SQL, best of three; the table is made of nothing but the text each time.
const COUNT: &str = "async (text) => {
    const map = document.createElement('script');
    map.type = 'importmap';
    map.textContent = JSON.stringify({ imports: {
        'apache-arrow': './node_modules/apache-arrow/Arrow.dom.mjs',
        'flatbuffers': './node_modules/flatbuffers/mjs/flatbuffers.js',
        'tslib': './node_modules/tslib/tslib.es6.mjs',
    } });
    document.head.append(map);
    const dist = new URL('node_modules/@duckdb/duckdb-wasm/dist/', location.href);
    const duckdb = await import(new URL('duckdb-browser.mjs', dist));
    const worker = new Worker(new URL('duckdb-browser-eh.worker.js', dist));
    const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
    await database.instantiate(String(new URL('duckdb-eh.wasm', dist)));
    const connection = await database.connect();
    const bytes = new Uint8Array(await (await fetch(text)).arrayBuffer());
    let best = Infinity;
    for (let turn = 0; turn < 3; turn += 1) {
        const copy = bytes.slice();
        const start = performance.now();
        await database.registerFileBuffer(`words-${turn}.txt`, copy);
        await connection.query(`SELECT word, count(*) AS times FROM (
            SELECT unnest(string_split(line, ' ')) AS word FROM read_csv('words-${turn}.txt',
                columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = '\\x01', quote = '', escape = '')
            ) WHERE word <> '' GROUP BY word ORDER BY word`);
        best = Math.min(best, performance.now() - start);
        await database.dropFile(`words-${turn}.txt`);
    }
    worker.terminate();
    return bytes.byteLength / 1000 / best;
}";

/// In a web worker of its own, as its authors recommend it.
pub(crate) fn word_count(stage: &Stage) -> Vec<Cell> {
    let Some(modules) = env::var_os("MILLRACE_NODE_MODULES") else {
        eprintln!("    DuckDB-Wasm is left out: MILLRACE_NODE_MODULES names no folder that has it");
        return Vec::new();
    };
    if let Err(error) = bring(Path::new(&modules), &stage.folder.path().join(FOLDER)) {
        eprintln!("    DuckDB-Wasm is left out: {error}");
        return Vec::new();
    }
    let cell = |(row, text)| {
        // A tab of its own for each: what the one before left is not to weigh on it.
        let rate = Page::open(&stage.site.address()).evaluate(&format!("({COUNT})('{text}')"));
        Cell::new(row, COLUMN, rate.as_f64().unwrap_or(f64::NAN), "MB/s")
    };
    words::ROWS.map(cell).into()
}

/// Copies what is needed, to serve it beside the page.
fn bring(from: &Path, to: &Path) -> io::Result<()> {
    for part in PARTS {
        let (source, target) = (from.join(part), to.join(part));
        if source.is_dir() {
            copy_folder(&source, &target)?;
            continue;
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&source, &target).map_err(|error| {
            io::Error::new(error.kind(), format!("{}: {error}", source.display()))
        })?;
    }
    Ok(())
}
