//! Files that a kubectl or curl command names, read from disk by the names that it uses.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use crate::input::words;

/// How many files are read at most: a command may name the root of a disk.
const MOST_FILES: usize = 1_000;
/// How deep folders are read at most.
const MOST_DEPTH: usize = 16;

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub struct Files {
    /// The bytes of each file, by its name as the command gives it; a file in a folder by `folder/file`.
    pub known: BTreeMap<String, Vec<u8>>,
    /// What the command reads from standard input.
    pub stdin: Option<Vec<u8>>,
    /// What could not be read, each in one sentence.
    pub unreadable: Vec<String>,
}

impl Files {
    /// Reads these files and folders, relative to the working directory.
    pub fn read(names: &[String]) -> Files {
        let mut files = Files::default();
        for name in names.iter().filter(|name| *name != "-" && !name.contains("://")) {
            let read = if Path::new(name).is_dir() { files.folder(name, 0) } else { files.file(name) };
            if let Err(error) = read {
                files.unreadable.push(format!("cannot read `{name}`, which the command names: {}", words(&error)));
            }
        }
        files
    }

    fn file(&mut self, name: &str) -> io::Result<()> {
        self.known.insert(name.to_owned(), fs::read(name)?);
        Ok(())
    }

    /// The manifests in a folder and in the folders inside: which of them kubectl looks at, the engine knows.
    fn folder(&mut self, name: &str, depth: usize) -> io::Result<()> {
        let mut entries = fs::read_dir(name)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            if self.known.len() >= MOST_FILES {
                return Err(io::Error::other(format!("it holds more than {MOST_FILES} files")));
            }
            let path = format!("{}/{}", name.trim_end_matches('/'), entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                if depth < MOST_DEPTH {
                    self.folder(&path, depth + 1)?;
                }
            } else if [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending)) {
                self.file(&path)?;
            }
        }
        Ok(())
    }
}
