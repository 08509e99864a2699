//! How many bytes the page is: each file raw, and as servers send it.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Result;

/// A table of a folder's files, largest first, with their sum.
///
/// # Errors
///
/// Where a file cannot be read.
pub fn table(folder: &Path) -> Result<String> {
    let mut rows = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let bytes = fs::read(entry.path())?;
            rows.push((
                entry.file_name().to_string_lossy().into_owned(),
                [bytes.len(), gzip(&bytes)?, brotli(&bytes)?],
            ));
        }
    }
    rows.sort_by(|(left, a), (right, b)| b.cmp(a).then(left.cmp(right)));
    let sum = rows.iter().fold([0; 3], |sum, (_, sizes)| [sum[0] + sizes[0], sum[1] + sizes[1], sum[2] + sizes[2]]);
    rows.push(("all".to_owned(), sum));
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut text = format!("{:width$}  {:>11}  {:>11}  {:>11}\n", "bytes", "raw", "gzip", "brotli");
    for (name, [raw, gzip, brotli]) in rows {
        writeln!(text, "{name:width$}  {:>11}  {:>11}  {:>11}", thousands(raw), thousands(gzip), thousands(brotli))?;
    }
    Ok(text)
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
    use super::thousands;

    #[test]
    fn thousands_have_commas() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), text);
        }
    }
}
