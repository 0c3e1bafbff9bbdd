//! One table of all measurements: a row is what was measured, a column is where.

use std::{env, fmt, fs};

use serde_json::Value;

/// One measurement.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    row: String,
    column: String,
    value: f64,
    unit: String,
}

impl Cell {
    pub(crate) fn new(row: &str, column: &str, value: f64, unit: &str) -> Self {
        Self { row: row.to_owned(), column: column.to_owned(), value, unit: unit.to_owned() }
    }
}

/// What `millrace bench` printed: a JSON object a line, `{"row": "kernel", "value": 1e6, "unit": "events/s"}`, with
/// a `"column"` where it is not `native`. Other lines are not measurements.
pub(crate) fn native_cells() -> Vec<Cell> {
    let text = env::var_os("MILLRACE_NATIVE_ROWS").and_then(|file| fs::read_to_string(file).ok());
    let cell = |line: &str| {
        let line: Value = serde_json::from_str(line).ok()?;
        let column = line["column"].as_str().unwrap_or("native");
        Some(Cell::new(
            line["row"].as_str()?,
            column,
            line["value"].as_f64()?,
            line["unit"].as_str()?,
        ))
    };
    text.unwrap_or_default().lines().filter_map(cell).collect()
}

/// The middle one of some values.
pub(crate) fn median(values: Vec<f64>) -> f64 {
    percentile(values, 50)
}

/// The value within which so many of a hundred lie.
pub(crate) fn percentile(mut values: Vec<f64>, share: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    values.get(last * share / 100).copied().unwrap_or(f64::NAN)
}

/// All measurements; prints as Markdown, each row's cells with their ratio to the row's first.
#[derive(Debug, Default)]
pub(crate) struct Table {
    cells: Vec<Cell>,
}

impl Table {
    pub(crate) fn extend(&mut self, cells: Vec<Cell>) {
        self.cells.extend(cells);
    }

    /// Adds the ratio of two measurements, each named by row and column, where both were made.
    pub(crate) fn add_ratio(&mut self, title: &str, over: (&str, &str), under: (&str, &str)) {
        let find = |(row, column): (&str, &str)| {
            self.cells.iter().find(|cell| cell.row == row && cell.column == column)
        };
        let Some((over, under)) = find(over).zip(find(under)) else { return };
        let cell = Cell::new(title, &over.column, over.value / under.value, "×");
        self.cells.push(cell);
    }

    /// The lines of the table as text, the head first.
    fn lines(&self) -> Vec<Vec<String>> {
        let columns = distinct(self.cells.iter().map(|cell| &cell.column));
        let mut head = vec!["what".to_owned(), "unit".to_owned()];
        head.extend(columns.iter().map(|column| (*column).clone()));
        let mut lines = vec![head];
        for row in distinct(self.cells.iter().map(|cell| &cell.row)) {
            lines.push(self.line(row, &columns));
        }
        lines
    }

    fn line(&self, row: &str, columns: &[&String]) -> Vec<String> {
        let here: Vec<_> = self.cells.iter().filter(|cell| cell.row == row).collect();
        let in_column = |column: &str| here.iter().find(|cell| cell.column == column);
        let first =
            columns.iter().find_map(|column| in_column(column)).map_or(f64::NAN, |cell| cell.value);
        let mut line =
            vec![row.to_owned(), here.first().map_or(String::new(), |cell| cell.unit.clone())];
        line.extend(columns.iter().map(|column| match in_column(column) {
            None => String::new(),
            Some(cell) if here.len() == 1 => number(cell.value),
            Some(cell) => format!("{} ({:.2}×)", number(cell.value), cell.value / first),
        }));
        line
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let width =
            |place: usize| lines.iter().map(|line| line[place].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..lines[0].len()).map(width).collect();
        for (place, line) in lines.iter().enumerate() {
            for (text, width) in line.iter().zip(&widths) {
                write!(out, "| {text:width$} ")?;
            }
            writeln!(out, "|")?;
            if place == 0 {
                let rule: Vec<_> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
                writeln!(out, "|{}|", rule.join("|"))?;
            }
        }
        Ok(())
    }
}

/// Each text once, in the order of their first appearance.
fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    let mut seen: Vec<&String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

/// Three digits or more, with separated thousands.
fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}
