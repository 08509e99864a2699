//! Texts as words of a POSIX shell.

/// A text as one word: in quotes where a shell would read it otherwise.
pub(crate) fn shell_word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/:.,_-+=@%".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) { text.to_owned() } else { in_quotes(text) }
}

/// A text in single quotes, which it may hold itself.
pub(crate) fn in_quotes(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
