//! A shell's command line → the simple commands in it: words, variables set in front, and what standard input holds.
//!
//! Read like a POSIX shell as far as people paste it: quotes, `\` at line ends, comments, `$ ` prompts, pipes, lists, redirections,
//! here-documents. Nothing is run: `$VARIABLES` and `$(commands)` stay as they stand.

use crate::Span;

/// A word, its quotes taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::request) struct Word {
    pub text: String,
    pub span: Span,
    /// Whether it holds a `$VARIABLE` or `$(command)` outside single quotes.
    pub expands: bool,
}

/// What a command reads from standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::request) enum Input {
    /// Nothing that the line says.
    Unknown,
    /// This text.
    Text(String),
    /// This file.
    File(String),
    /// The output of the command before it.
    Pipe,
}

/// A simple command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::request) struct Command {
    /// Variables that are set for it: `NAME=value` in front.
    pub variables: Vec<(String, String)>,
    pub words: Vec<Word>,
    pub input: Input,
}

/// What is wrong with a line as shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::request) struct NotShell {
    pub message: &'static str,
    pub help: &'static str,
    pub span: Span,
}

/// The simple commands of a text, in order.
pub(in crate::request) fn parse(text: &str) -> Result<Vec<Command>, NotShell> {
    let mut parser = Parser { text, at: 0, commands: Vec::new(), current: empty(), here: Vec::new(), line_start: true };
    parser.run()?;
    Ok(parser.commands)
}

fn empty() -> Command {
    Command { variables: Vec::new(), words: Vec::new(), input: Input::Unknown }
}

/// A here-document whose text is still to come.
struct Here {
    delimiter: String,
    strip_tabs: bool,
    /// The command that it belongs to: one of `commands`, or the one being read.
    command: usize,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    commands: Vec<Command>,
    current: Command,
    here: Vec<Here>,
    line_start: bool,
}

impl Parser<'_> {
    fn run(&mut self) -> Result<(), NotShell> {
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\t' | '\r' => self.bump(),
                '\\' if self.rest().starts_with("\\\n") || self.rest().starts_with("\\\r\n") => {
                    while self.bump_char() != Some('\n') {}
                }
                '\n' => {
                    self.bump();
                    self.finish(false);
                    self.here_documents();
                    self.line_start = true;
                    continue;
                }
                '#' => self.skip_line(),
                // A prompt, as pasted from a terminal.
                '$' | '%' | '>' if self.line_start && self.next_is_blank() => self.bump(),
                ';' | '(' | ')' | '{' | '}' if character != '{' && character != '}' || self.next_is_blank() => {
                    self.bump();
                    self.finish(false);
                }
                '|' | '&' => self.operator(),
                '<' => self.redirect_input()?,
                '>' => self.redirect_output()?,
                _ => self.word_or_variable()?,
            }
            self.line_start = false;
        }
        self.finish(false);
        self.here_documents();
        Ok(())
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next_is_blank(&self) -> bool {
        matches!(self.rest().chars().nth(1), None | Some(' ' | '\t' | '\n' | '\r'))
    }

    fn bump(&mut self) {
        self.bump_char();
    }

    fn bump_char(&mut self) -> Option<char> {
        let character = self.peek();
        // At the end: one on, so that callers that wait for a newline stop.
        self.at += character.map_or(0, char::len_utf8);
        character.or(Some('\n'))
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn finish(&mut self, piped: bool) {
        let is_empty = self.current.words.is_empty() && self.current.variables.is_empty();
        if !is_empty || piped {
            self.commands.push(std::mem::replace(&mut self.current, empty()));
        }
        if piped {
            self.current.input = Input::Pipe;
        }
    }

    fn operator(&mut self) {
        let rest = self.rest();
        if rest.starts_with("&&") || rest.starts_with("||") {
            self.at += 2;
            self.finish(false);
        } else if rest.starts_with("|&") || rest.starts_with('|') {
            self.at += if rest.starts_with("|&") { 2 } else { 1 };
            self.finish(true);
        } else if rest.starts_with("&>") {
            self.at += 1;
        } else {
            self.at += 1;
            self.finish(false);
        }
    }

    fn redirect_input(&mut self) -> Result<(), NotShell> {
        let rest = self.rest();
        if rest.starts_with("<<<") {
            self.at += 3;
            let word = self.operand()?;
            self.current.input = Input::Text(format!("{word}\n"));
        } else if rest.starts_with("<<") {
            let strip_tabs = rest.starts_with("<<-");
            self.at += if strip_tabs { 3 } else { 2 };
            let delimiter = self.operand()?;
            self.here.push(Here { delimiter, strip_tabs, command: self.commands.len() });
        } else {
            self.at += 1;
            let file = self.operand()?;
            self.current.input = Input::File(file);
        }
        Ok(())
    }

    fn redirect_output(&mut self) -> Result<(), NotShell> {
        while matches!(self.peek(), Some('>' | '&' | '|')) {
            self.bump();
        }
        self.operand().map(|_| ())
    }

    /// The word after an operator.
    fn operand(&mut self) -> Result<String, NotShell> {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.bump();
        }
        Ok(self.word()?.text)
    }

    fn here_documents(&mut self) {
        for here in std::mem::take(&mut self.here) {
            let mut document = String::new();
            while self.at < self.text.len() {
                let rest = self.rest();
                let end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
                let line = rest.get(..end).unwrap_or_default();
                let line = if here.strip_tabs { line.trim_start_matches('\t') } else { line };
                let is_end = line.trim_end_matches(['\n', '\r']) == here.delimiter;
                if !is_end {
                    document.push_str(line);
                }
                self.at += end;
                if is_end {
                    break;
                }
            }
            if let Some(command) = self.commands.get_mut(here.command) {
                command.input = Input::Text(document);
            }
        }
    }

    fn word_or_variable(&mut self) -> Result<(), NotShell> {
        let start = self.at;
        let word = self.word()?;
        let spelt = self.text.get(start..self.at).unwrap_or_default();
        // `2>file`: the digit belongs to the redirection.
        if matches!(self.peek(), Some('>' | '<'))
            && !spelt.is_empty()
            && spelt.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Ok(());
        }
        let is_name = |name: &str| {
            !name.is_empty()
                && !name.starts_with(|first: char| first.is_ascii_digit())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        match word.text.split_once('=') {
            Some((name, value)) if self.current.words.is_empty() && is_name(name) && spelt.starts_with(name) => {
                self.current.variables.push((name.to_owned(), value.to_owned()));
            }
            _ => self.current.words.push(word),
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Word, NotShell> {
        let start = self.at;
        let mut text = String::new();
        let mut expands = false;
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\t' | '\r' | '\n' | '|' | '&' | ';' | '<' | '>' | '(' | ')' => break,
                '\'' => {
                    self.bump();
                    self.until('\'', &mut text)?;
                }
                '"' => {
                    self.bump();
                    expands |= self.double_quoted(&mut text)?;
                }
                '\\' => {
                    self.bump();
                    if let Some(escaped) = self.peek() {
                        self.bump();
                        if escaped != '\n' {
                            text.push(escaped);
                        }
                    }
                }
                '$' if self.rest().starts_with("$'") => {
                    self.at += 2;
                    self.ansi_quoted(&mut text)?;
                }
                '$' | '`' => expands |= self.expansion(&mut text),
                _ => {
                    self.bump();
                    text.push(character);
                }
            }
        }
        Ok(Word { text, span: Span::new(start, self.at), expands })
    }

    /// Up to the closing quote, everything as it stands.
    fn until(&mut self, quote: char, text: &mut String) -> Result<(), NotShell> {
        let length = self.rest().find(quote).ok_or_else(|| self.unclosed())?;
        text.push_str(self.rest().get(..length).unwrap_or_default());
        self.at += length + quote.len_utf8();
        Ok(())
    }

    fn double_quoted(&mut self, text: &mut String) -> Result<bool, NotShell> {
        let mut expands = false;
        loop {
            match self.peek().ok_or_else(|| self.unclosed())? {
                '"' => {
                    self.bump();
                    return Ok(expands);
                }
                '\\' => {
                    self.bump();
                    match self.peek() {
                        Some('\n') => self.bump(),
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => {
                            self.bump();
                            text.push(escaped);
                        }
                        _ => text.push('\\'),
                    }
                }
                '$' | '`' => expands |= self.expansion(text),
                character => {
                    self.bump();
                    text.push(character);
                }
            }
        }
    }

    fn ansi_quoted(&mut self, text: &mut String) -> Result<(), NotShell> {
        loop {
            let character = self.peek().ok_or_else(|| self.unclosed())?;
            self.bump();
            match character {
                '\'' => return Ok(()),
                '\\' => {
                    let escaped = self.peek().ok_or_else(|| self.unclosed())?;
                    self.bump();
                    match escaped {
                        'n' => text.push('\n'),
                        't' => text.push('\t'),
                        'r' => text.push('\r'),
                        '\\' | '\'' | '"' => text.push(escaped),
                        other => text.extend(['\\', other]),
                    }
                }
                other => text.push(other),
            }
        }
    }

    /// `$NAME`, `${…}`, `$(…)`, `` `…` ``, kept as they stand. Whether there was one.
    fn expansion(&mut self, text: &mut String) -> bool {
        let rest = self.rest();
        let close = match rest.get(..2) {
            Some("$(") => Some(')'),
            Some("${") => Some('}'),
            _ if rest.starts_with('`') => Some('`'),
            _ => None,
        };
        let opening = if rest.starts_with('$') { 2 } else { 1 };
        let length = match close {
            Some(close) => {
                let mut depth = 0_usize;
                let end = rest.char_indices().skip(opening).find(|(_, character)| {
                    depth += usize::from(*character == '(' && close == ')');
                    let is_end = *character == close && depth == 0;
                    depth -= usize::from(*character == close && depth > 0);
                    is_end
                });
                end.map_or(rest.len(), |(index, _)| index + 1)
            }
            None => 1,
        };
        let is_expansion = close.is_some()
            || rest.chars().nth(1).is_some_and(|next| next.is_ascii_alphanumeric() || "_?!#@*".contains(next));
        text.push_str(rest.get(..length).unwrap_or_default());
        self.at += length;
        is_expansion
    }

    fn unclosed(&self) -> NotShell {
        NotShell {
            message: "a quote is opened and not closed",
            help: "close it with the same quote",
            span: Span::new(self.at.min(self.text.len()), self.text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let shown = parse(text).unwrap().into_iter().map(|command| {
            let words: Vec<_> = command.words.iter().map(|word| word.text.as_str()).collect();
            let variables: Vec<_> = command.variables.iter().map(|(name, value)| format!("{name}={value};")).collect();
            let input = match command.input {
                Input::Unknown => String::new(),
                Input::Text(text) => format!(" << {text:?}"),
                Input::File(file) => format!(" < {file}"),
                Input::Pipe => " <|".to_owned(),
            };
            format!("{}{}{input}", variables.concat(), words.join("·"))
        });
        shown.collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn lines_are_read_as_a_shell_reads_them() {
        for (text, expected) in [
            ("kubectl get pods", "kubectl·get·pods"),
            ("$ kubectl get \\\n  pods # all of them\n", "kubectl·get·pods"),
            ("A=1 B='x y' kubectl edit cm/a", "A=1;B=x y;kubectl·edit·cm/a"),
            (r#"k patch x -p '{"a":"b c"}' "q\"\$x" a\ b"#, r#"k·patch·x·-p·{"a":"b c"}·q"$x·a b"#),
            (r"k patch x -p $'a:\n  b: 1'", "k·patch·x·-p·a:\n  b: 1"),
            ("cat f | kubectl apply -f -", "cat·f / kubectl·apply·-f·- <|"),
            ("kubectl apply -f - <<EOF\na: 1\nEOF\nkubectl get x", "kubectl·apply·-f·- << \"a: 1\\n\" / kubectl·get·x"),
            ("cat <<'E' | kubectl apply -f -\na\nE", "cat << \"a\\n\" / kubectl·apply·-f·- <|"),
            ("kubectl create -f - < a.yaml 2>&1 > out", "kubectl·create·-f·- < a.yaml"),
            ("kubectl get pods; kubectl get x && true &", "kubectl·get·pods / kubectl·get·x / true"),
            ("kubectl get pods -o jsonpath={.items[*]}", "kubectl·get·pods·-o·jsonpath={.items[*]}"),
            ("kubectl logs $POD -c $(a (b) c) x", "kubectl·logs·$POD·-c·$(a (b) c)·x"),
            ("kubectl get x -l 'a in (b,c)'", "kubectl·get·x·-l·a in (b,c)"),
            ("a '' b", "a··b"),
            ("", ""),
            ("| | |", " /  <| /  <|"),
        ] {
            assert_eq!(show(text), expected, "{text}");
        }
    }

    #[test]
    fn open_quotes_are_told() {
        for text in ["kubectl get 'x", "kubectl get \"x", "$'x", "\"\\"] {
            assert_eq!(parse(text).unwrap_err().message, "a quote is opened and not closed", "{text}");
        }
    }

    #[test]
    fn hostile_lines_take_no_time() {
        for text in [
            "x ".repeat(500_000),
            "$(".repeat(50_000),
            "\\".repeat(100_000),
            "<<a ".repeat(20_000),
            "|".repeat(100_000),
        ] {
            let _ = parse(&text);
        }
    }
}
