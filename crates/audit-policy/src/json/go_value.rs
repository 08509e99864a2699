//! Writes a document as Go's encoder writes what Go's decoder made of it without a type: `map[string]interface{}` and the like.

use super::{Kind, Node, write_string};
use crate::{float, sort};

/// The value with the keys of its objects sorted (of two the last), and its numbers as Go reads and writes them: whole numbers up to
/// 64 bits exactly, others as float64. None where a number is too large for that, which Go refuses.
///
/// Mirrors `sigs.k8s.io/json` (which keeps integers) and `encoding/json`'s encoder.
pub fn write_sorted(out: &mut Vec<u8>, node: Node<'_>) -> Option<()> {
    write(out, node, go_number)
}

/// The value with the keys of its objects sorted (of two the last), and its numbers as they are spelt.
pub fn write_sorted_as_spelt(out: &mut Vec<u8>, node: Node<'_>) {
    // Without numbers to refuse, nothing is.
    let _: Option<()> = write(out, node, |spelling| Some(spelling.to_owned()));
}

fn write(out: &mut Vec<u8>, node: Node<'_>, number: fn(&str) -> Option<String>) -> Option<()> {
    enum Task<'a> {
        Value(Node<'a>),
        Text(&'static str),
        Key(&'a str, bool),
    }
    // A stack of what is still to be written, last first: the document may be deeper than the program's own stack.
    let mut tasks = vec![Task::Value(node)];
    while let Some(task) = tasks.pop() {
        let node = match task {
            Task::Text(text) => {
                out.extend_from_slice(text.as_bytes());
                continue;
            }
            Task::Key(key, first) => {
                if !first {
                    out.push(b',');
                }
                write_string(out, key.as_bytes());
                out.push(b':');
                continue;
            }
            Task::Value(node) => node,
        };
        match node.kind() {
            Kind::Null => out.extend_from_slice(b"null"),
            Kind::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            Kind::Number(spelling) => out.extend_from_slice(number(spelling)?.as_bytes()),
            Kind::String(text) => write_string(out, text.as_bytes()),
            Kind::Array => {
                out.push(b'[');
                tasks.push(Task::Text("]"));
                let items: Vec<_> = node.items().collect();
                for (index, item) in items.iter().enumerate().rev() {
                    tasks.push(Task::Value(*item));
                    if index > 0 {
                        tasks.push(Task::Text(","));
                    }
                }
            }
            Kind::Object => {
                out.push(b'{');
                tasks.push(Task::Text("}"));
                let mut members: Vec<(&str, Node<'_>)> =
                    node.members().filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
                sort::sort_by_key(&mut members);
                for (index, (key, value)) in members.iter().enumerate().rev() {
                    tasks.push(Task::Value(*value));
                    tasks.push(Task::Key(key, index == 0));
                }
            }
        }
    }
    Some(())
}

/// A number as Go writes it again: exactly where it is a whole number of 64 bits without a point, else as float64; none where it is
/// too large.
pub(super) fn go_number(spelling: &str) -> Option<String> {
    if !spelling.contains('.')
        && let Ok(whole) = spelling.parse::<i64>()
    {
        return Some(whole.to_string());
    }
    float::parse(spelling).map(go_float)
}

/// A float64 as Go's `encoding/json` writes it; it must be finite.
pub fn go_float(value: f64) -> String {
    let scientific = float::scientific(value);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(1e-6..1e21).contains(&value.abs()) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{}", exponent.abs());
    }
    plain(digits, exponent)
}

/// A number without exponent, of one in digits such as `-1.25` and its exponent.
pub(crate) fn plain(digits: &str, exponent: i32) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let all: String = digits.chars().filter(|&digit| digit != '.').collect();
    if exponent < 0 {
        return format!("{sign}0.{}{all}", "0".repeat((-exponent - 1) as usize));
    }
    let whole = exponent as usize + 1;
    match all.split_at_checked(whole) {
        Some((all, "")) => format!("{sign}{all}"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{all}{}", "0".repeat(whole - all.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn sorted(text: &str) -> Option<String> {
        let document = parse(text.as_bytes()).unwrap();
        let mut out = Vec::new();
        write_sorted(&mut out, document.root().unwrap())?;
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn values_are_written_as_go_does() {
        for (text, expected) in [
            (
                r#"{"b":[1,{"z":1,"y":2}],"a":"<","b2":{},"c":[]}"#,
                r#"{"a":"\u003c","b":[1,{"y":2,"z":1}],"b2":{},"c":[]}"#,
            ),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (
                "[1.0,1e3,-0.0,-0,1E2,1e21,1e20,1e-7,0.000001,3.14159265358979323846]",
                "[1,1000,-0,0,100,1e+21,100000000000000000000,1e-7,0.000001,3.141592653589793]",
            ),
            (
                "[9223372036854775807,9223372036854775808,9007199254740993]",
                "[9223372036854775807,9223372036854776000,9007199254740993]",
            ),
        ] {
            assert_eq!(sorted(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(sorted("1e400"), None);
    }

    #[test]
    fn any_depth_is_survived() {
        let text = ["[".repeat(10_000), "]".repeat(10_000)].concat();
        assert_eq!(sorted(&text), Some(text));
    }
}
