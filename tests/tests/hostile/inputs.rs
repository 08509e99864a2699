//! The inputs, made by code, each with its name. A new one is a line in one of the tables.

use audit_policy::Exchange;
use audit_policy::exchange::{LoggedObject, Objects};
use audit_policy::json::JsonText;
use audit_policy::request::{Format, ReadOptions, read};

use super::run::Input;

/// The size of a large text in bytes.
pub const LARGE: usize = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
/// Names in a list.
const MILLION: usize = LARGE / 10;
/// Rules, events, and the like.
const MANY: usize = LARGE / 100;
/// How deep things nest; ten times as deep as Kubernetes reads.
const DEEP: usize = 100_000;

type Make = Box<dyn Fn() -> Input>;

/// Every input with its name.
pub fn all() -> Vec<(String, Make)> {
    let mut all: Vec<(String, Make)> = Vec::new();
    for (name, make) in POLICIES {
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        // The scenario file and the manifests of kubectl are read by the same parser, but not by the same code after it.
        all.push((format!("scenario: {name}"), Box::new(|| Input::Request(make(), Some(Format::Scenario)))));
        all.push((format!("manifest: {name}"), Box::new(|| Input::KubectlWithFile("kubectl apply -f f.yaml", make()))));
        all.push((format!("apply: {name}"), Box::new(|| put("PATCH", "application/apply-patch+yaml", &make()))));
    }
    for (name, make) in JSONS {
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        all.push((format!("event: {name}"), Box::new(|| Input::Request(make(), Some(Format::Event)))));
        all.push((format!("scenario: {name}"), Box::new(|| Input::Request(make(), Some(Format::Scenario)))));
        all.push((format!("untold: {name}"), Box::new(|| Input::Request(make(), None))));
        all.push((format!("body: {name}"), Box::new(|| put("PUT", "application/json", &make()))));
        all.push((format!("logged: {name}"), Box::new(|| logged(make()))));
    }
    for (format, table) in [(Format::Kubectl, KUBECTL), (Format::Http, HTTP), (Format::Event, EVENTS)] {
        for (name, make) in table {
            all.push((format!("{format}: {name}"), Box::new(move || Input::Request(make(), Some(format)))));
        }
    }
    for (name, make) in ANY {
        for format in Format::ALL.into_iter().map(Some).chain([None]) {
            let shown = format.map_or("untold", Format::as_str);
            all.push((format!("{shown}: {name}"), Box::new(move || Input::Request(make(), format))));
        }
        all.push((format!("policy: {name}"), Box::new(|| Input::Policy(make()))));
        all.push((format!("body: {name}"), Box::new(|| put("PUT", "application/yaml", &make()))));
    }
    for (name, command, make) in FILES {
        all.push((format!("file: {name}"), Box::new(|| Input::KubectlWithFile(command, make()))));
    }
    all
}

type Table<T> = &'static [(&'static str, fn() -> T)];

fn text(text: impl Into<Vec<u8>>) -> Vec<u8> {
    text.into()
}

fn times(part: &str, count: usize) -> String {
    part.repeat(count)
}

/// A part for each number.
fn each(count: usize, part: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for index in 0..count {
        all.push_str(&part(index));
    }
    all
}

/// A part as often as a large text holds it.
fn large(part: &str) -> String {
    part.repeat(LARGE / part.len() + 1)
}

const HEAD: &str = "apiVersion: audit.k8s.io/v1\nkind: Policy\n";

fn yaml(rest: impl AsRef<str>) -> Vec<u8> {
    format!("{HEAD}{}", rest.as_ref()).into_bytes()
}

fn json(rules: impl AsRef<str>) -> Vec<u8> {
    format!(r#"{{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{}]}}"#, rules.as_ref()).into_bytes()
}

/// Block collections, each one column further in: as many as fit into a large text.
fn stairs(part: &str) -> String {
    let depth = ((LARGE * 2) as f64).sqrt() as usize;
    each(depth.min(DEEP), |index| format!("{}{part}\n", " ".repeat(index)))
}

/// Anchors that each stand for many of the one before.
fn bomb(width: usize, depth: usize) -> String {
    let line = |index: usize| match index {
        0 => "a0: &a0 [x]\n".to_owned(),
        _ => format!("a{index}: &a{index} [{}]\n", vec![format!("*a{}", index - 1); width].join(",")),
    };
    each(depth, line)
}

const POLICIES: Table<Vec<u8>> = &[
    ("10 MB of rules", || yaml(format!("rules:\n{}", large("- level: Metadata\n")))),
    ("10 MB of different rules", || {
        yaml(format!(
            "rules:\n{}",
            each(MANY, |index| format!(
                "- level: Request\n  users: [u{index}]\n  resources:\n  - group: g{index}\n    resources: [a, b]\n"
            ))
        ))
    }),
    ("a million names in a list", || {
        yaml(format!("rules:\n- level: Metadata\n  users:\n{}", each(MILLION, |index| format!("  - u{index}\n"))))
    }),
    ("a million names in a flow list", || {
        yaml(format!("rules:\n- level: Metadata\n  verbs: [{}]\n", each(MILLION, |index| format!("v{index}, "))))
    }),
    ("a million resourceNames in as many entries", || {
        yaml(format!("rules:\n- level: Metadata\n  resources:\n{}", times("  - resourceNames: [a]\n", MILLION / 3)))
    }),
    ("a million bad stages, the good first", || {
        let stages = format!("{}{}", times("Panic, ", MILLION), times("x, ", 2000));
        yaml(format!("omitStages: [{stages}]\nrules:\n- level: Metadata\n  omitStages: [{stages}]\n"))
    }),
    ("a million bad groups, the good first", || {
        let groups = format!("{}{}", times("{group: a}, ", MILLION / 2), times("{group: A}, ", 2000));
        yaml(format!("rules:\n- level: Metadata\n  resources: [{groups}]\n"))
    }),
    ("bad levels in every rule", || yaml(format!("rules:\n{}", each(MANY, |index| format!("- level: L{index}\n"))))),
    ("both kinds in every rule", || {
        let urls = times("/a, ", 100);
        yaml(format!(
            "rules:\n{}",
            times(&format!("- {{level: Metadata, namespaces: [a], nonResourceURLs: [{urls}]}}\n"), MANY / 10)
        ))
    }),
    ("both kinds, a million urls", || {
        yaml(format!(
            "rules:\n- level: Metadata\n  namespaces: [a]\n  nonResourceURLs: [{}]\n",
            each(MILLION, |index| format!("/u{index}, "))
        ))
    }),
    ("unknown fields in every rule", || {
        yaml(format!("rules:\n{}", each(MANY, |index| format!("- level: Metadata\n  f{index}: 1\n"))))
    }),
    ("a million unknown fields", || yaml(each(MILLION, |index| format!("f{index}: 1\n")))),
    ("a million times the same field", || yaml(times("rules: []\n", MILLION))),
    ("the same field in every rule", || yaml(format!("rules:\n{}", times("- level: None\n  level: None\n", MANY)))),
    ("duplicates of a huge key", || yaml(times(&format!("? {}\n: 1\n", "k".repeat(MANY)), 100))),
    ("duplicates deep down", || {
        let depth = 300;
        let indent = " ".repeat(depth);
        yaml(format!(
            "{}{}",
            each(depth, |index| format!("{}{}:\n", " ".repeat(index), "k".repeat(60))),
            times(&format!("{indent}a: 1\n"), MANY / 4)
        ))
    }),
    ("duplicates below huge keys", || {
        let outer = each(50, |index| {
            let indent = " ".repeat(index);
            format!("{indent}? {}\n{indent}:\n", "k".repeat(MANY))
        });
        yaml(format!("{outer}{}", times(&format!("{}a: 1\n", " ".repeat(50)), 1000)))
    }),
    ("null keys with huge values", || yaml(times(&format!("? {{a: [{}]}}\n: 1\n", times("x, ", MANY)), 10))),
    ("maps as keys", || yaml(times(&format!("? ~\n: [{}]\n", times("x, ", MANY)), 10))),
    ("an alias bomb", || yaml(bomb(10, 10))),
    ("a wide alias bomb", || yaml(bomb(1000, 5))),
    ("an alias bomb in the budget", || yaml(format!("{}rules: [{}]\n", bomb(30, 4), times("*a3, ", 10)))),
    ("a long text in many aliases", || {
        yaml(format!("a: &a {}\nrules: [{}]\n", "x".repeat(LARGE / 10), times("*a, ", MILLION / 10)))
    }),
    ("a long text in many aliases of lists", || {
        yaml(format!(
            "a: &a [{}]\nrules: [{}]\n",
            times(&format!("{}, ", "x".repeat(MANY / 10)), 300),
            times("*a, ", MANY / 100)
        ))
    }),
    ("a long key in many aliases", || {
        yaml(format!("a: &a {{{}: 1}}\nrules: [{}]\n", "x".repeat(MANY), times("*a, ", MANY)))
    }),
    ("a long binary in many aliases", || {
        yaml(format!("a: &a !!binary {}\nrules: [{}]\n", "AAAA".repeat(MANY), times("*a, ", MANY)))
    }),
    ("a long number in many aliases", || {
        yaml(format!("a: &a {}\nrules: [{}]\n", "1".repeat(MANY), times("*a, ", MANY)))
    }),
    ("an anchor in itself", || yaml("a: &a [*a]\n")),
    ("a million anchors", || yaml(format!("a: [{}]\n", each(MILLION, |index| format!("&a{index} x, "))))),
    ("a million tags", || yaml(format!("a: [{}]\n", each(MILLION, |index| format!("!t{index} x, "))))),
    ("a million tag directives", || {
        text(format!("{}---\na: 1\n", each(MILLION, |index| format!("%TAG !t{index}! tag:example.com,2000:\n"))))
    }),
    ("a long tag prefix", || {
        text(format!("%TAG !t! tag:{}\n---\na: [{}]\n", "x".repeat(MANY), times("!t!a x, ", MANY)))
    }),
    ("a long tag prefix before many suffixes", || {
        let nodes = each(MANY, |index| format!("!t!a{index} x, "));
        text(format!("%TAG !t! tag:{}\n---\na: [{nodes}]\n", "x".repeat(MANY)))
    }),
    ("a chain of merges", || {
        yaml(format!(
            "m0: &m0 {{a: 1}}\n{}",
            each(MANY / 10, |index| format!("m{}: &m{} {{<<: *m{index}, k{index}: 1}}\n", index + 1, index + 1))
        ))
    }),
    ("a merge of many", || {
        yaml(format!(
            "m: &m {{{}}}\nrules: [{}]\n",
            each(1000, |index| format!("k{index}: 1, ")),
            times("{<<: [*m, *m, *m]}, ", 1000)
        ))
    }),
    ("a merge of itself", || yaml("a: &a\n  <<: *a\n")),
    ("merges in merges", || yaml(format!("a: {}\n", times("{<<: ", DEEP)))),
    ("closed merges in merges", || yaml(format!("a: {}{}\n", times("{<<: ", 9000), times("}", 9000)))),
    ("lists 100,000 deep", || yaml(format!("rules: {}", times("[", DEEP)))),
    ("lists 9,990 deep, closed", || yaml(format!("rules: {}{}", times("[", 9990), times("]", 9990)))),
    ("lists 9,990 deep, again and again", || {
        yaml(format!("rules: [{}]", times(&format!("{}{}, ", times("[", 9990), times("]", 9990)), LARGE / 20_000)))
    }),
    ("maps 100,000 deep", || yaml(format!("rules: {}", times("{a: ", DEEP)))),
    ("maps 9,990 deep, closed", || yaml(format!("rules: {}{}", times("{a: ", 9990), times("}", 9990)))),
    ("maps as keys 100,000 deep", || yaml(format!("rules: {}", times("{? ", DEEP)))),
    ("mixed flow 100,000 deep", || yaml(format!("rules: {}", times("[{a: ", DEEP)))),
    ("pairs in flow lists 100,000 deep", || yaml(format!("rules: {}", times("[a: ", DEEP)))),
    ("block lists 100,000 deep", || yaml(format!("rules:\n{}", times("- ", DEEP)))),
    ("block lists 9,990 deep", || yaml(format!("rules:\n{}x", times("- ", 9990)))),
    ("block maps one further in each", || text(stairs("a:"))),
    ("block lists one further in each", || text(stairs("-"))),
    ("block keys one further in each", || text(stairs("?"))),
    ("block list items in maps", || text(times("- a: ", DEEP))),
    ("question marks", || text(times("? ", DEEP))),
    ("colons", || text(large(": "))),
    ("anchors on nothing", || text(large("&a "))),
    ("aliases of nothing", || text(large("*a "))),
    ("tags on nothing", || text(large("! "))),
    ("one quoted text of 10 MB", || yaml(format!("rules: \"{}\"", large("a \\n\\u0041 ")))),
    ("one quoted text never closed", || yaml(format!("rules: '{}", large("a ''")))),
    ("one plain line of 10 MB", || yaml(format!("rules: {}", large("a b #c: d")))),
    ("one plain text of 10 MB in many lines", || yaml(format!("rules:\n  {}", large("a\n  ")))),
    ("one block text of 10 MB", || yaml(format!("rules: |\n{}", large("  a\n")))),
    ("one folded text of 10 MB", || yaml(format!("rules: >\n{}", large("  a\n\n   b\n")))),
    ("a block text of blank lines", || yaml(format!("rules: |\n{}", large(" \n")))),
    ("blank lines", || text(large("\n"))),
    ("blanks", || text(large(" "))),
    ("tabs", || text(large("\t"))),
    ("comments", || text(large("# a\n"))),
    ("one comment of 10 MB", || text(format!("#{}", large("a")))),
    ("documents", || text(large("---\na: 1\n"))),
    ("document ends", || text(large("...\n"))),
    ("a second document of 10 MB", || yaml(format!("rules: [{{level: None}}]\n---\n{}", large("a: b\n")))),
    ("byte order marks", || text(large("\u{feff}"))),
    ("utf-16", || {
        let mut all = vec![0xff, 0xfe];
        all.extend(
            format!("{HEAD}rules:\n{}", times("- level: Metadata\n", MANY)).encode_utf16().flat_map(u16::to_le_bytes),
        );
        all
    }),
    ("utf-16 of lone surrogates", || [vec![0xfe, 0xff], b"\xd8\x00".repeat(LARGE / 2)].concat()),
    ("a number of 10 MB", || yaml(format!("rules: {}", "9".repeat(LARGE)))),
    ("a hexadecimal of 10 MB", || yaml(format!("rules: 0x{}", "f".repeat(LARGE)))),
    ("a float of 10 MB", || yaml(format!("rules: 1.{}e99999999999", "0".repeat(LARGE)))),
    ("a number with signs and underscores", || yaml(format!("rules: +1{}", large("_0")))),
    ("a sexagesimal of 10 MB", || yaml(format!("rules: 1{}", large(":59")))),
    ("a time of 10 MB", || yaml(format!("rules: 2001-01-01T00:00:00.{}Z", "0".repeat(LARGE)))),
    ("a million numbers", || yaml(format!("rules: [{}]", times("1e308, ", MILLION)))),
    ("a key of 10 MB", || yaml(format!("? {}\n: 1\n", "k".repeat(LARGE)))),
    ("a level of 10 MB", || yaml(format!("rules:\n- level: {}\n", "l".repeat(LARGE)))),
    ("a field's name of 10 MB in a rule", || {
        yaml(format!("rules:\n- level: None\n  ? {}\n  : 1\n", "k".repeat(LARGE)))
    }),
    ("a kind of 10 MB", || text(format!("apiVersion: audit.k8s.io/v1\nkind: {}\n", "k".repeat(LARGE)))),
    ("a version of 10 MB", || text(format!("apiVersion: {}\nkind: Policy\n", "k/".repeat(LARGE / 2)))),
    ("a group of 10 MB", || {
        yaml(format!("rules:\n- level: None\n  resources: [{{group: {}}}]\n", "G.".repeat(LARGE / 2)))
    }),
    ("a url of 10 MB", || yaml(format!("rules:\n- level: None\n  nonResourceURLs: [/{}]\n", "*".repeat(LARGE)))),
    ("a bad url of 10 MB", || {
        yaml(format!("rules:\n- level: None\n  nonResourceURLs: [{}]\n", "a*".repeat(LARGE / 2)))
    }),
    ("a time of 10 MB in metadata", || yaml(format!("metadata: {{creationTimestamp: \"{}\"}}\n", "2".repeat(LARGE)))),
];

const JSONS: Table<Vec<u8>> = &[
    ("10 MB of JSON rules", || json(times(r#"{"level":"Metadata"},"#, MANY * 4) + r#"{"level":"None"}"#)),
    ("JSON lists 100,000 deep", || json(times("[", DEEP))),
    ("JSON lists 9,990 deep, closed", || json(format!("{}{}", times("[", 9990), times("]", 9990)))),
    ("JSON objects 100,000 deep", || text(times("{\"a\":", DEEP))),
    ("JSON objects 9,990 deep, closed", || {
        text(format!(
            "{{\"kind\":\"Widget\",\"apiVersion\":\"x/v1\",\"metadata\":{}1{}}}",
            times("{\"a\":", 9990),
            times("}", 9990)
        ))
    }),
    ("JSON mixed 9,990 deep, again and again", || {
        let one = format!("{}1{}", times("[{\"a\":", 4990), times("}]", 4990));
        text(format!("{{\"spec\":[{one}{}]}}", times(&format!(",{one}"), LARGE / one.len())))
    }),
    ("JSON fields twice", || text(format!("{{{}\"a\":1}}", times("\"rules\":[{\"level\":\"None\"}],", MANY)))),
    ("JSON fields twice, growing lists", || {
        text(format!("{{{}\"a\":1}}", each(2000, |index| format!("\"rules\":[{}{{}}],", times("{},", 2000 - index)))))
    }),
    ("a million JSON fields", || text(format!("{{{}\"a\":1}}", each(MILLION, |index| format!("\"f{index}\":1,"))))),
    ("a JSON text of 10 MB", || text(format!("{{\"request\":\"{}\"}}", large("a")))),
    ("a JSON text of escapes", || text(format!("{{\"request\":\"{}\"}}", large("\\u0000\\n<")))),
    ("a JSON text of lone surrogates", || text(format!("{{\"request\":\"{}\"}}", large("\\ud800")))),
    ("a JSON text never closed", || text(format!("{{\"request\":\"{}", large("\\\"")))),
    ("a JSON number of 10 MB", || text(format!("{{\"version\":1{}}}", "0".repeat(LARGE)))),
    ("a JSON float of 10 MB", || text(format!("{{\"version\":1.{}e-9999999}}", "1".repeat(LARGE)))),
    ("a million JSON numbers", || text(format!("{{\"a\":[{}1]}}", times("1e-7,", MILLION)))),
    ("a JSON key of 10 MB", || text(format!("{{\"{}\":1}}", "k".repeat(LARGE)))),
    ("a policy file of JSON blanks", || text(format!("{{{}}}", large(" ")))),
];

const ANY: Table<Vec<u8>> = &[
    ("nothing", Vec::new),
    ("NULs", || vec![0; LARGE]),
    ("0xff", || vec![0xff; LARGE]),
    ("beginnings of characters", || b"\xf0\x9f".repeat(LARGE / 2)),
    ("lone surrogates in UTF-8", || b"\xed\xa0\x80".repeat(LARGE / 3)),
    ("every byte", || (0..LARGE).map(|index| (index % 256) as u8).collect()),
    ("noise", || {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state
        };
        const SIGNS: &[u8] = b"\n\n  -:?[]{},#&*!|>'\"%@`abc0\\$(;<=/.\t\r";
        (0..LARGE / 4).map(|_| SIGNS[(next() >> 16) as usize % SIGNS.len()]).collect()
    }),
    ("one line of letters", || text(large("a"))),
    ("carriage returns", || text(large("\r"))),
    ("braces", || text(large("{"))),
    ("brackets", || text(large("["))),
    ("quotes", || text(large("\""))),
    ("backslashes", || text(large("\\"))),
    ("emoji", || text(large("\u{1f600}"))),
];

const KUBECTL: Table<Vec<u8>> = &[
    ("a million words", || text(format!("kubectl get pods {}", times("a ", MILLION)))),
    ("a million names to delete", || {
        text(format!("kubectl delete pod {}", each(MILLION, |index| format!("p{index} "))))
    }),
    ("a million slashed names", || text(format!("kubectl get {}", times("pod/a ", MILLION)))),
    ("a million slashed names of custom resources", || {
        text(format!("kubectl get {}", each(MILLION, |index| format!("w{index}/a "))))
    }),
    ("a million types", || text(format!("kubectl get {}", times("pods,", MILLION)))),
    ("a million times all types", || text(format!("kubectl get {}", times("all,", MILLION)))),
    ("a million custom types", || text(format!("kubectl get {}", each(MILLION, |index| format!("widget{index},"))))),
    ("a custom type of 10 MB", || text(format!("kubectl get {}", large("w.")))),
    ("a type of 10 MB", || text(format!("kubectl get {}", large("pod")))),
    ("a million flags", || text(format!("kubectl get pods {}", times("-n a ", MILLION)))),
    ("a flag of 10 MB", || text(format!("kubectl get pods --{}", large("nam")))),
    ("a million switches in one word", || text(format!("kubectl get pods -{}", large("A")))),
    ("a command of 10 MB", || text(format!("kubectl {}", large("get")))),
    ("a million commands", || text(times("kubectl get pods; ", MILLION / 2))),
    ("a million other commands", || text(format!("{} kubectl get pods", times("a; ", MILLION)))),
    ("a million pipes", || text(format!("{} kubectl apply -f -", times("cat | ", MILLION)))),
    ("a million kubectl in pipes", || {
        text(format!("{} kubectl apply -f -", times("kubectl create ns a --dry-run=client -o yaml | ", MILLION / 10)))
    }),
    ("echo of 10 MB", || text(format!("echo '{}' | kubectl apply -f -", large("a: b\\n")))),
    ("a million variables", || text(format!("{} kubectl get pods", times("A=b ", MILLION)))),
    ("quotes in quotes", || text(format!("kubectl get {}", large("\"'\"'")))),
    ("a quote never closed", || text(format!("kubectl get '{}", large("a")))),
    ("many double quotes", || text(format!("kubectl get {}", large("\"a\"")))),
    ("expansions never closed", || text(format!("kubectl get {}", large("$(")))),
    ("expansions in quotes never closed", || text(format!("kubectl get \"{}", large("${a")))),
    ("backticks", || text(format!("kubectl get {}", large("`a`")))),
    ("many expansions", || text(format!("kubectl get {}", large("$(a)")))),
    ("many variables in a word", || text(format!("kubectl get \"{}\"", large("$a ")))),
    ("heredocs never closed", || text(format!("kubectl apply -f - {}\n{}", times("<<A ", MILLION / 10), large("a\n")))),
    ("a heredoc of 10 MB", || {
        text(format!(
            "kubectl apply -f - <<EOF\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  a: {}\nEOF\n",
            large("a")
        ))
    }),
    ("heredocs one after the other", || text(times("kubectl apply -f - <<A\na: b\nA\n", MANY))),
    ("continued lines", || text(format!("kubectl get pods {}", large("\\\n")))),
    ("prompts", || text(large("$ "))),
    ("comments before", || text(format!("{}kubectl get pods", large("# a\n")))),
    ("operators", || text(format!("kubectl get pods {}", large("|&;<>()")))),
    ("a patch of 10 MB", || text(format!("kubectl patch cm a --type=merge -p '{{\"a\":\"{}\"}}'", large("<")))),
    ("a patch of 10 MB on many", || {
        text(format!(
            "kubectl patch cm {} --type=merge -p '{{\"a\":\"{}\"}}'",
            each(200, |index| format!("c{index} ")),
            large("<")
        ))
    }),
    ("a patch of deep JSON", || text(format!("kubectl patch cm a -p '{}'", times("{\"a\":", DEEP)))),
    ("a patch of deep YAML", || text(format!("kubectl patch cm a -p 'a: {}'", times("[", 9990)))),
    ("a namespace of 10 MB for many", || {
        text(format!("kubectl get pods {} -n {}", each(400, |index| format!("c{index} ")), large("n")))
    }),
    ("groups of 10 MB for many", || {
        text(format!(
            "kubectl get pods {} --as=a {}",
            each(400, |index| format!("c{index} ")),
            times("--as-group=g ", MILLION)
        ))
    }),
    ("extras for many", || {
        text(format!(
            "kubectl get pods {} --as=a {}",
            each(400, |index| format!("c{index} ")),
            times("--as-user-extra=a=b ", MILLION / 2)
        ))
    }),
    ("50 patches of 10 MB", || {
        text(times(&format!("kubectl patch cm a b c d e f -p '{{\"a\":\"{}\"}}'; ", "x".repeat(LARGE / 50)), 50))
    }),
    ("a million literals", || {
        text(format!("kubectl create cm a {}", each(MILLION, |index| format!("--from-literal=k{index}=v "))))
    }),
    ("a million labels", || text(format!("kubectl label pod a {}", each(MILLION, |index| format!("k{index}=v "))))),
    ("a million roles' resources", || {
        text(format!("kubectl create role a --verb=get {}", times("--resource=pods ", MILLION)))
    }),
    ("a million roles' custom resources", || {
        text(format!(
            "kubectl create role a --verb=get --resource={}",
            each(MILLION / 2, |index| format!("w.g{index}.x.y,"))
        ))
    }),
    ("a million ingress rules", || {
        text(format!(
            "kubectl create ingress a {}",
            each(MILLION / 2, |index| format!("--rule=h{index}/=s:80,tls=s{index} "))
        ))
    }),
    ("a million images", || text(format!("kubectl create deployment a {}", times("--image=a ", MILLION)))),
    ("a million environment variables", || {
        text(format!("kubectl set env deploy/a {}", each(MILLION, |index| format!("K{index}=v "))))
    }),
    ("a million set images", || {
        text(format!("kubectl set image deploy/a {}", each(MILLION, |index| format!("c{index}=i "))))
    }),
    ("a raw path of 10 MB", || text(format!("kubectl get --raw /{}", large("a?b=%41&")))),
    ("a selector of 10 MB", || text(format!("kubectl get pods -l '{}'", large("a in (b,c),")))),
    ("a field selector of 10 MB", || {
        text(format!("kubectl delete pods --field-selector '{}'", large("metadata.name=b,")))
    }),
    ("exec with a million words", || text(format!("kubectl exec a -- {}", times("a ", MILLION)))),
    ("a timeout of 10 MB", || text(format!("kubectl get pods a b c --request-timeout={}s", "9".repeat(LARGE)))),
    ("expanding variables", || text(format!("kubectl logs {}", times("$POD ", MILLION)))),
];

const HTTP: Table<Vec<u8>> = &[
    ("a path of 10 MB", || text(format!("GET /api/v1/{}", large("a/")))),
    ("slashes", || text(format!("GET {}", large("/")))),
    ("dots", || text(format!("GET {}", large("/..")))),
    ("escapes", || text(format!("GET /api/v1/{}", large("%2f")))),
    ("a query of 10 MB", || text(format!("GET /api/v1/pods?{}", large("a=b&")))),
    ("a query of semicolons", || text(format!("GET /api/v1/pods?{}", large("a;")))),
    ("a query of escapes", || text(format!("GET /api/v1/pods?watch={}", large("%31")))),
    ("a field selector of 10 MB", || text(format!("GET /api/v1/pods?fieldSelector={}", large("metadata.name=a,")))),
    ("a field selector of escapes", || text(format!("GET /api/v1/pods?fieldSelector={}", large("a\\,=b,")))),
    ("a label selector of 10 MB", || text(format!("GET /api/v1/pods?labelSelector={}", large("a+in+(b,c),")))),
    ("a label selector of values", || text(format!("GET /api/v1/pods?labelSelector=a+in+({})", large("b,")))),
    ("a label selector of parentheses", || text(format!("GET /api/v1/pods?labelSelector={}", large("a+in+(")))),
    ("a timeout of 10 MB", || text(format!("GET /api/v1/pods?timeout={}", large("1h")))),
    ("a timeout of digits", || text(format!("GET /api/v1/pods?timeout={}s", large("1")))),
    ("a method of 10 MB", || text(format!("{} /api", large("G")))),
    ("a header of 10 MB", || text(format!("GET /api\nUser-Agent: {}\n", large("a")))),
    ("a header's name of 10 MB", || text(format!("GET /api\n{}: a\n", large("a")))),
    ("a million headers", || text(format!("GET /api\n{}", each(MILLION, |index| format!("X-{index}: a\n"))))),
    ("a million times the same header", || text(format!("GET /api\n{}", times("X-A: a\n", MILLION)))),
    ("a million folded lines", || text(format!("GET /api\nX-A: a\n{}", times(" b\n", MILLION)))),
    ("forwarded for a million", || text(format!("GET /api\nX-Forwarded-For: {}\n", large("10.0.0.1, ")))),
    ("forwarded for a million IPv6", || {
        text(format!("GET /api\nX-Forwarded-For: {}\n", each(MILLION, |index| format!("::{:x}, ", index % 65536))))
    }),
    ("forwarded for one of 10 MB", || text(format!("GET /api\nX-Forwarded-For: {}\n", large("1")))),
    ("a million groups", || {
        text(format!("GET /api\nImpersonate-User: a\n{}", times("Impersonate-Group: b\n", MILLION)))
    }),
    ("a million extras", || {
        text(format!(
            "GET /api\nImpersonate-User: a\n{}",
            each(MILLION, |index| format!("Impersonate-Extra-{index}: b\n"))
        ))
    }),
    ("a million values of an extra", || {
        text(format!("GET /api\nImpersonate-User: a\n{}", times("Impersonate-Extra-a: b\n", MILLION)))
    }),
    ("a user of 10 MB", || text(format!("GET /api\nImpersonate-User: {}\n", large("a:")))),
    ("a refused user of 10 MB", || {
        text(format!("GET /api/v1/pods\nImpersonate-User: {}\n\nHTTP/1.1 403 Forbidden\n", large("a<")))
    }),
    ("an authorization of 10 MB", || text(format!("GET /api\nAuthorization: Basic {}\n", large("YTpi")))),
    ("an audit id of 10 MB", || text(format!("GET /api\nAudit-ID: {}\n", large("a")))),
    ("chunks of one byte", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n{}0\n\n", times("1\na\n", MILLION)))
    }),
    ("a chunk size of 10 MB", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n{}\na\n", large("f")))
    }),
    ("chunk extensions of 10 MB", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nTransfer-Encoding: chunked\n\n1;{}\na\n0\n\n", large("a")))
    }),
    ("a chunk longer than the text", || {
        text(format!("PUT /a HTTP/1.1\nTransfer-Encoding: chunked\n\nffffffffffffffff\n{}", large("a")))
    }),
    ("responses one after the other", || text(format!("GET /api\n\n{}", times("HTTP/1.1 100 Continue\n\n", MANY)))),
    ("requests one after the other", || text(times("GET /api HTTP/1.1\nHost: a\n\n", MANY))),
    ("a body of status lines", || text(format!("PUT /api/v1/pods/a\n\n{}", large("HTTP/1.1 200\n")))),
    ("chunked responses in a body", || {
        text(format!("PUT /x\n\n{}", times("HTTP/1.1 100\nTransfer-Encoding: chunked\n\nfff\n", MANY)))
    }),
    ("a curl trace of 10 MB", || text(format!("> GET /api HTTP/2\n{}", large("> a: b\n< c: d\n{ [5 bytes data]\n")))),
    ("a curl trace of nothing", || text(large("* a\n"))),
    ("a content length too large", || {
        text(format!("PUT /api/v1/pods/a HTTP/1.1\nContent-Length: {}\n\na", "9".repeat(LARGE)))
    }),
    ("an absolute target of 10 MB", || text(format!("GET https://{}/api", large("a.")))),
    ("an IPv6 host of 10 MB", || text(format!("GET https://[{}]/api", large("1:")))),
    ("a response of 10 MB", || {
        text(format!(
            "GET /api/v1/pods\n\nHTTP/1.1 200 OK\n\n{{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[{}1]}}",
            large("{\"metadata\":{\"managedFields\":[]}},")
        ))
    }),
    ("a table of 10 MB", || {
        text(format!(
            "GET /api/v1/pods\n\nHTTP/1.1 200 OK\n\n{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"rows\":[{}1]}}",
            large("{\"cells\":[],\"object\":{\"metadata\":{\"a\":1,\"managedFields\":[{}]}}},")
        ))
    }),
    ("a status of 10 MB", || {
        text(format!(
            "GET /api/v1/pods/a\n\nHTTP/1.1 404\n\n{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"message\":\"{}\",\"details\":{{\"causes\":[{}]}}}}",
            large("<"),
            times("{\"a\":\"\\ud800\"},", MANY) + "{}"
        ))
    }),
    ("a status 9,990 deep", || {
        text(format!(
            "GET /api/v1/pods/a\n\nHTTP/1.1 404\n\n{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"details\":{}1{}}}",
            times("{\"a\":", 9990),
            times("}", 9990)
        ))
    }),
    ("a pod with managed fields", || {
        let entry = "{\"manager\":\"a\",\"time\":\"2026-01-01T00:00:00Z\",\"fieldsV1\":{\"f:a\":{\"f:b\":{}}}},";
        text(format!(
            "POST /api/v1/namespaces/a/pods\nContent-Type: application/json\n\n{{\"metadata\":{{\"name\":\"a\",\"managedFields\":[{}{{}}]}},\"spec\":{{}}}}",
            large(entry)
        ))
    }),
    ("a pod with deep managed fields", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"managedFields\":[{{\"fieldsV1\":{}{}}}]}}}}",
            times("{\"f:a\":", 9900),
            times("}", 9900).replacen('}', "{}}", 1)
        ))
    }),
    ("a pod with a million labels", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"labels\":{{{}\"a\":\"b\"}}}}}}",
            each(MILLION, |index| format!("\"l{}\":\"\",", MILLION - index))
        ))
    }),
    ("a pod with a million owners", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{\"metadata\":{{\"ownerReferences\":[{}{{}}]}}}}",
            times("{\"uid\":\"a\",\"controller\":true},", MILLION / 3)
        ))
    }),
    ("a pod with a million fields", || {
        text(format!(
            "POST /api/v1/namespaces/a/pods\n\n{{{}\"metadata\":{{}}}}",
            each(MILLION, |index| format!("\"f{index}\":{{}},"))
        ))
    }),
    ("a secret of 10 MB", || {
        text(format!(
            "POST /api/v1/namespaces/a/secrets\n\n{{\"data\":{{{}\"a\":\"{}\"}},\"stringData\":{{\"b\":\"{}\"}}}}",
            each(MANY, |index| format!("\"k{index}\":\"YQ==\",")),
            large("YWFh"),
            large("<")
        ))
    }),
    ("a config map of 10 MB", || {
        text(format!(
            "POST /api/v1/namespaces/a/configmaps\n\n{{\"data\":{{{}\"a\":\"b\"}}}}",
            each(MILLION, |index| format!("\"k{index}\":\"v\","))
        ))
    }),
    ("delete options of 10 MB", || {
        text(format!("DELETE /api/v1/namespaces/a/pods/b\n\n{{\"dryRun\":[{}\"a\"]}}", large("\"All\",")))
    }),
    ("a custom resource of 10 MB", || {
        text(format!(
            "POST /apis/example.com/v1/namespaces/a/widgets\n\n{{\"spec\":[{}1]}}",
            large("{\"b\":1e3,\"a\":null},")
        ))
    }),
];

const EVENTS: Table<Vec<u8>> = &[
    ("100,000 events", || text(times(&format!("{EVENT}\n"), MANY))),
    ("100,000 events in a list", || {
        text(format!(
            "{{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[{}{EVENT}]}}",
            times(&format!("{EVENT},"), MANY)
        ))
    }),
    ("100,000 events in an array", || text(format!("[{}{EVENT}]", times(&format!("{EVENT},"), MANY)))),
    ("100,000 events of different requests", || {
        text(each(MANY, |index| format!("{}\n", EVENT.replace("\"a\"", &format!("\"a{index}\"")))))
    }),
    ("lists of lists of events", || text(times("{\"kind\":\"EventList\",\"items\":[", DEEP))),
    ("an event with deep objects", || text(EVENT.replace("{}", &format!("{}{}", times("[", 9000), times("]", 9000))))),
    ("an event with an object of 10 MB", || {
        text(EVENT.replace("Object\":{}", &format!("Object\":[{}1]", large("{\"a\":null},"))))
    }),
    ("an event with annotations of 10 MB", || {
        text(EVENT.replacen(
            "\"level\"",
            &format!(
                "\"annotations\":{{{}\"x\":\"y\"}},\"level\"",
                each(MILLION, |index| format!("\"k{index}\":\"v\","))
            ),
            1,
        ))
    }),
    ("an event with a million groups", || {
        text(EVENT.replacen("\"username\"", &format!("\"groups\":[{}\"g\"],\"username\"", times("\"g\",", MILLION)), 1))
    }),
    ("an event with a uri of 10 MB", || text(EVENT.replacen("/api/v1", &large("/api%2f"), 1))),
    ("an event's beginning", || text(format!("{{\"kind\":\"Event\",\"requestURI\":\"{}", large("a")))),
    ("lines of braces", || text(large("{}\n"))),
    ("lines of broken events", || text(large("{\"kind\":\"Event\",\n"))),
    ("log lines before events", || text(large("2026-01-01 a {\"kind\":\"Event\"}\n"))),
];

const EVENT: &str = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"RequestResponse","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/d/pods/p","verb":"update","user":{"username":"u"},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"pods","namespace":"d","name":"p","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestObject":{},"responseObject":{},"requestReceivedTimestamp":"2026-01-01T00:00:00.000000Z","stageTimestamp":"2026-01-01T00:00:00.000000Z"}"#;

/// Names, kubectl commands that read the file `f.yaml`, and the file.
#[allow(clippy::type_complexity)]
const FILES: &[(&str, &str, fn() -> Vec<u8>)] = &[
    ("a config map of 10 MB", "kubectl create cm a --from-file=f.yaml", || text(large("a"))),
    ("a secret of 10 MB", "kubectl create secret generic a --from-file=f.yaml", || vec![0xff; LARGE]),
    ("an env file of 10 MB", "kubectl create cm a --from-env-file=f.yaml", || text(large("a=b\n"))),
    ("10 MB of objects", "kubectl apply -f f.yaml", || {
        text(large("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n"))
    }),
    ("199 objects of 10 MB", "kubectl apply -f f.yaml", || {
        let object = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {}}}\n---\n",
            "x".repeat(LARGE / 200)
        );
        text(times(&object, 199))
    }),
    ("a list of a million", "kubectl apply -f f.yaml", || {
        text(format!(
            "{{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[{}{{}}]}}",
            times("{\"kind\":\"List\"},", MILLION)
        ))
    }),
    ("lists in lists", "kubectl apply -f f.yaml", || {
        text(times("{\"kind\":\"List\",\"apiVersion\":\"v1\",\"items\":[", DEEP))
    }),
    ("nothing but separators", "kubectl apply -f f.yaml", || text(large("---\n"))),
    (
        "the same large file twenty times",
        "kubectl apply -f f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml",
        || text(format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{a: {}}}\n", large("x"))),
    ),
    (
        "the same large file of nothing twenty times",
        "kubectl apply -f f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml,f.yaml",
        || text(format!("kind: List\napiVersion: v1\nitems: [{}]\n", times("{kind: List}, ", MILLION / 2))),
    ),
    (
        "the same large file in a pipe",
        "cat f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml f.yaml | kubectl apply -f -",
        || text(large("a")),
    ),
    (
        "a patch of 10 MB",
        "kubectl patch cm a b c d e f g h i j k l m n o p q r s t u v w x y z --patch-file f.yaml",
        || text(format!("a: {}", large("b"))),
    ),
];

/// A request with this body.
fn put(method: &str, content_type: &str, body: &[u8]) -> Input {
    let head = format!("{method} /api/v1/namespaces/d/pods/p HTTP/1.1\r\nContent-Type: {content_type}\r\n\r\n");
    Input::Request([head.as_bytes(), body].concat(), Some(Format::Http))
}

/// An exchange whose objects are this text, JSON or not.
fn logged(object: Vec<u8>) -> Input {
    let reading = read(b"PUT /apis/x/v1/namespaces/d/widgets/p", &ReadOptions::default()).unwrap();
    let exchange = reading.requests.into_iter().next().unwrap().exchange;
    let object = LoggedObject::Decoded(JsonText::from_compact(object));
    Input::Exchange(Box::new(Exchange { objects: Objects { request: object.clone(), response: object }, ..exchange }))
}
