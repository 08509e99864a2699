//! What is read: files, standard input, and text that stands on the command line itself.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::{fs, io};

use crate::exit::Failure;

/// Bytes, and where they come from.
#[derive(Debug)]
pub struct Input {
    /// What messages call it: the path as it was given, or what it is.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where they come from.
    pub origin: InputOrigin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputOrigin {
    File,
    Stdin,
    /// The argument is the text.
    Argument,
    /// A part of another input.
    Part,
}

impl Input {
    /// The path, where the input is a file.
    pub fn path(&self) -> Option<&str> {
        (self.origin == InputOrigin::File).then_some(self.name.as_str())
    }

    /// A part of this input, such as the policy in a scenario.
    pub fn part(&self, what: &str, bytes: &[u8]) -> Input {
        // Of what stands on the command line a part still does.
        let origin = if self.origin == InputOrigin::Argument { self.origin } else { InputOrigin::Part };
        Input { name: format!("{} ({what})", self.name), bytes: bytes.to_vec(), origin }
    }
}

/// Reads inputs; standard input at most once.
#[derive(Debug, Default)]
pub struct Inputs {
    stdin_is: Option<&'static str>,
}

impl Inputs {
    /// A file, or standard input for `-`. `what` names it in messages: `the policy`.
    pub fn file(&mut self, argument: &OsStr, what: &'static str) -> Result<Input, Failure> {
        if argument == "-" {
            return self.stdin(what);
        }
        let name = argument.to_string_lossy().into_owned();
        let bytes = fs::read(argument).map_err(|error| cannot_read(&name, &error))?;
        Ok(Input { name, bytes, origin: InputOrigin::File })
    }

    /// A file that exists, standard input for `-`, or else the text itself.
    pub fn request(&mut self, argument: &OsStr) -> Result<Input, Failure> {
        // What cannot be a file's name, such as a text of many lines, does not exist either.
        if argument == "-" || Path::new(argument).exists() {
            return self.file(argument, "the request");
        }
        Ok(Input {
            name: "request".to_owned(),
            bytes: argument.as_encoded_bytes().to_vec(),
            origin: InputOrigin::Argument,
        })
    }

    /// Standard input, for `what`.
    pub fn stdin(&mut self, what: &'static str) -> Result<Input, Failure> {
        if let Some(other) = self.stdin_is {
            return Err(Failure::new(
                format!("`-` is given for {other} and for {what}, and standard input can be read only once"),
                "put one of them in a file",
            ));
        }
        self.stdin_is = Some(what);
        let mut bytes = Vec::new();
        io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::bare(format!("cannot read standard input: {}", words(&error))))?;
        Ok(Input { name: "<stdin>".to_owned(), bytes, origin: InputOrigin::Stdin })
    }
}

fn cannot_read(name: &str, error: &io::Error) -> Failure {
    let message = format!("cannot read `{name}`: {}", words(error));
    match error.kind() {
        io::ErrorKind::NotFound => {
            Failure::new(message, "give the path of a file that exists, or `-` for standard input")
        }
        io::ErrorKind::IsADirectory => Failure::new(message, "give a file in it"),
        _ => Failure::bare(message),
    }
}

/// What went wrong, without the number that the system gives it.
pub fn words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
