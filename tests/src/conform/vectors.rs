//! Reading vector files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use audit_policy::Release;
use serde_json::Value;

/// A case as it stands in its file.
pub type Case = Value;

/// What one release answers.
pub struct Answer {
    /// The library's version as it stands in the file, such as `0.37`.
    pub version: String,
    /// The release, such as 1.37.
    pub release: Release,
    /// The answer: `out`, overlaid with what the release answers otherwise.
    pub out: Value,
}

/// The name of a vector file, less its ending.
pub(super) fn name_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".jsonl").map(str::to_owned)
}

/// Every line of a `.jsonl` or `.jsonl.gz` file.
///
/// # Errors
///
/// Where the file cannot be read, or a line is not JSON.
pub fn read_lines(path: &Path) -> Result<Vec<Case>> {
    let context = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(context)?;
    let plain: Box<dyn Read> = match path.extension() {
        Some(extension) if extension == "gz" => Box::new(flate2::read::GzDecoder::new(file)),
        _ => Box::new(file),
    };
    let mut cases = Vec::new();
    for (index, line) in BufReader::new(plain).lines().enumerate() {
        let line = line.with_context(context)?;
        let case = serde_json::from_str(&line).with_context(|| format!("{}: line {}", path.display(), index + 1))?;
        cases.push(case);
    }
    Ok(cases)
}

/// The file of this name in the same folder, plain or compressed.
pub(super) fn beside(path: &Path, name: &str) -> Result<PathBuf> {
    let candidates = [path.with_file_name(format!("{name}.jsonl")), path.with_file_name(format!("{name}.jsonl.gz"))];
    let found = candidates.iter().find(|candidate| candidate.exists());
    found.cloned().with_context(|| format!("{}: {name}.jsonl is not beside it", path.display()))
}

/// The policies that the cases of a match file name, by id.
pub(super) fn policies_beside(path: &Path) -> Result<BTreeMap<String, String>> {
    let own = name_of(path).unwrap_or_default();
    let name = if own.starts_with("corpus-") { "corpus-policies" } else { "policies" };
    policies_of(&beside(path, name)?)
}

/// The policies of a file, by id.
pub(super) fn policies_of(path: &Path) -> Result<BTreeMap<String, String>> {
    let lines = read_lines(path)?;
    Ok(lines.iter().map(|line| (text(line, "id").to_owned(), text(line, "policy").to_owned())).collect())
}

/// The string under `key`; empty where there is none.
pub(super) fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What each release answers to a case, newest first; releases that the engine does not know are left out.
pub fn answers(case: &Case) -> Vec<Answer> {
    let versions = case.get("versions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    versions.filter_map(|version| answer(case, version)).collect()
}

fn answer(case: &Case, version: &str) -> Option<Answer> {
    let release = Release::new(version.strip_prefix("0.")?.parse().ok()?)?;
    let mut out = case.get("out").cloned().unwrap_or(Value::Null);
    let older = case.get("older").and_then(Value::as_array).into_iter().flatten();
    let names = |entry: &&Value| {
        entry.get("versions").and_then(Value::as_array).is_some_and(|versions| versions.iter().any(|v| v == version))
    };
    for entry in older.filter(names) {
        let changes = entry.get("out").and_then(Value::as_object);
        for (key, value) in changes.into_iter().flatten() {
            if let Some(fields) = out.as_object_mut() {
                fields.insert(key.clone(), value.clone());
            }
        }
    }
    Some(Answer { version: version.to_owned(), release, out })
}

/// Decodes base64 of the usual alphabet, with or without padding.
pub(super) fn base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = ALPHABET.iter().position(|letter| *letter == byte)?;
        bits = bits << 6 | u32::try_from(value).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}
