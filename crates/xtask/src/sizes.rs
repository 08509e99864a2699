//! How many bytes the page is: each file raw, and as servers send it.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Result;

/// What the page may weigh as servers send it, in bytes of brotli. CI fails above `most`.
struct Budget {
    what: &'static str,
    counts: fn(&str) -> bool,
    most: usize,
    /// What it is to come down to, where that is less.
    wanted: usize,
}

const BUDGETS: [Budget; 3] = [
    Budget { what: "wasm of the first answer", counts: is_wasm, most: 300_000, wanted: 300_000 },
    Budget { what: "everything for first use", counts: is_first_use, most: 430_000, wanted: 430_000 },
    Budget { what: "everything a visit fetches by itself", counts: is_fetched, most: 664_000, wanted: 600_000 },
];

/// The beginnings of the names of files that come after the first answer, or when they are asked for; all others are what that needs.
const LATER: [&str; 10] = [
    "late-",
    "delivery",
    "engine-",
    "lesson-view-",
    "examples-menu-",
    "frame-",
    "embed.",
    "service-worker.",
    "icon",
    "manifest.",
];

fn is_wasm(name: &str) -> bool {
    is_first_use(name) && Path::new(name).extension().is_some_and(|extension| extension == "wasm")
}

/// The second part of the wasm comes without being asked for.
fn is_fetched(name: &str) -> bool {
    is_first_use(name) || name.starts_with("late-")
}

fn is_first_use(name: &str) -> bool {
    !LATER.iter().any(|beginning| name.starts_with(beginning))
}

/// The files of a built page, and what they weigh.
pub struct Sizes {
    /// Name, and bytes: raw, gzip, brotli. Largest first.
    files: Vec<(String, [usize; 3])>,
}

impl Sizes {
    /// Weighs a folder's files.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read.
    pub fn of(folder: &Path) -> Result<Sizes> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // No page loads the npm package.
            if entry.file_type()?.is_file() && !name.starts_with(crate::npm::PACKAGE) {
                let bytes = fs::read(entry.path())?;
                let sizes = [bytes.len(), gzip(&bytes)?, brotli(&bytes)?];
                files.push((name, sizes));
            }
        }
        files.sort_by(|(left, a), (right, b)| b.cmp(a).then(left.cmp(right)));
        Ok(Sizes { files })
    }

    /// A table of the files, with their sum and when they are loaded; then the budgets.
    ///
    /// # Errors
    ///
    /// None: a text is always written.
    pub fn table(&self) -> Result<String> {
        let sum = |sizes: [usize; 3], more: &[usize; 3]| [sizes[0] + more[0], sizes[1] + more[1], sizes[2] + more[2]];
        let all = ("all".to_owned(), self.files.iter().fold([0; 3], |sizes, (_, more)| sum(sizes, more)));
        let width = self.files.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(5);
        let mut text = format!("{:width$}  {:>11}  {:>11}  {:>11}  loaded\n", "bytes", "raw", "gzip", "brotli");
        for (name, [raw, gzip, brotli]) in self.files.iter().chain([&all]) {
            let [raw, gzip, brotli] = [raw, gzip, brotli].map(|bytes| thousands(*bytes));
            let when = match name.as_str() {
                "all" => "",
                name if is_first_use(name) => "  first use",
                _ => "  later",
            };
            writeln!(text, "{name:width$}  {raw:>11}  {gzip:>11}  {brotli:>11}{when}")?;
        }
        for Budget { what, counts, most, wanted } in BUDGETS {
            let (bytes, most_shown) = (self.brotli(counts), thousands(most));
            write!(text, "{what}: {} of {most_shown} bytes of brotli", thousands(bytes))?;
            let wanted = if wanted < most { format!(", wanted: {}", thousands(wanted)) } else { String::new() };
            writeln!(text, "{wanted}")?;
        }
        Ok(text)
    }

    /// What is over its budget, in words.
    pub fn over(&self) -> Vec<String> {
        let over = BUDGETS.iter().filter(|budget| self.brotli(budget.counts) > budget.most);
        let words = |budget: &Budget| {
            let over = thousands(self.brotli(budget.counts) - budget.most);
            format!("{} is {over} bytes over its budget of {}", budget.what, thousands(budget.most))
        };
        over.map(words).collect()
    }

    fn brotli(&self, counts: fn(&str) -> bool) -> usize {
        self.files.iter().filter(|(name, _)| counts(name)).map(|(_, [.., brotli])| brotli).sum()
    }
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters)?;
    Ok(out.len())
}

/// `1,234,567`
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{BUDGETS, Budget, Sizes, thousands};

    #[test]
    fn tells_what_is_over_its_budget() {
        let sizes = |wasm, script| Sizes {
            files: vec![("page-1.wasm".to_owned(), [0, 0, wasm]), ("page-1.js".to_owned(), [0, 0, script])],
        };
        assert_eq!(sizes(200_000, 50_000).over(), [""; 0]);
        let [_, Budget { most, .. }, _] = BUDGETS;
        assert_eq!(
            sizes(0, most + 1_123).over(),
            [format!("everything for first use is 1,123 bytes over its budget of {}", thousands(most))]
        );
        assert_eq!(sizes(700_000, 0).over().len(), 3);
    }

    #[test]
    fn thousands_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
