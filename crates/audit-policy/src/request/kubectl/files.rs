//! Which files a command line names: what someone with a disk can read for [`ReadOptions::files`](super::super::ReadOptions).

use super::command_line::{self, Command, Input};
use super::flags::Flags;
use super::{commands, kubectl_words};

/// Flags whose value is a list of files, or of `KEY=FILE`.
const LISTS: [&str; 3] = ["filename", "from-file", "from-env-file"];
/// Flags whose value is one file or folder.
const SINGLE: [&str; 4] = ["kustomize", "patch-file", "cert", "key"];

/// The files and folders that the commands of a text name, each once, by the names that they use; `-` where one reads standard input
/// that the text itself does not hold.
pub(in crate::request) fn named(text: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(text);
    let mut names = Vec::new();
    for command in command_line::parse(&text).unwrap_or_default() {
        names.extend(named_by(&command));
    }
    crate::sort::sort(&mut names);
    names.dedup();
    names
}

fn named_by(command: &Command) -> Vec<String> {
    let mut names = Vec::new();
    if let Input::File(file) = &command.input {
        names.push(file.clone());
    }
    let mut words = command.words.iter().map(|word| word.text.as_str());
    if words.next() == Some("cat") {
        names.extend(words.filter(|word| !word.starts_with('-')).map(str::to_owned));
    }
    let Some((known, rest)) = kubectl_words(&command.words).and_then(commands::find) else { return names };
    let Ok(flags) = Flags::parse(known, &rest) else { return names };
    for file in LISTS.iter().flat_map(|flag| flags.list(flag)) {
        let file = file.split_once('=').map_or(file.as_str(), |(_, file)| file);
        if file != "-" || command.input == Input::Unknown {
            names.push(file.to_owned());
        }
    }
    names.extend(SINGLE.iter().filter_map(|flag| flags.text(flag)).map(str::to_owned));
    names
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn files_are_named_by_flags_pipes_and_redirections() {
        let cases: &[(&str, &[&str])] = &[
            ("kubectl get pods", &[]),
            ("kubectl apply -f a.yaml -f=b.yaml,c.yaml", &["a.yaml", "b.yaml", "c.yaml"]),
            ("kubectl apply -f -", &["-"]),
            ("kubectl apply -f - < a.yaml", &["a.yaml"]),
            ("cat a.yaml | kubectl apply -f -", &["a.yaml"]),
            ("kubectl apply -f - <<EOF\nkind: A\nEOF", &[]),
            ("kubectl apply -k base", &["base"]),
            ("kubectl create configmap c --from-file=key=a.txt --from-file b.txt", &["a.txt", "b.txt"]),
            ("kubectl create secret tls t --cert=c.pem --key k.pem", &["c.pem", "k.pem"]),
            ("kubectl patch pod p --patch-file p.json", &["p.json"]),
            ("kubectl apply -f 'a.yaml", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(named(text.as_bytes()), *expected, "{text}");
        }
    }
}
