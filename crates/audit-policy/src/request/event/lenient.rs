//! Reads an event that Kubernetes' decoder would refuse or half understand: fields in Go's spelling or flattened, other times, values of
//! the wrong type. It is written again as the event it stands for, and what was changed is told.

use crate::event::{Event, from_node};
use crate::json::{self, Kind, Node, ObjectWriter};
use crate::{Release, Timestamp};

/// The fields of an event with their types.
const FIELDS: [(&str, Type); 17] = [
    ("level", Type::Text),
    ("auditID", Type::Text),
    ("stage", Type::Text),
    ("requestURI", Type::Text),
    ("verb", Type::Text),
    ("user", Type::Struct(&USER)),
    ("impersonatedUser", Type::Struct(&USER)),
    ("authenticationMetadata", Type::Struct(&AUTHENTICATION_METADATA)),
    ("sourceIPs", Type::Texts),
    ("userAgent", Type::Text),
    ("objectRef", Type::Struct(&OBJECT_REF)),
    ("responseStatus", Type::Struct(&STATUS)),
    ("requestObject", Type::Any),
    ("responseObject", Type::Any),
    ("requestReceivedTimestamp", Type::Time),
    ("stageTimestamp", Type::Time),
    ("annotations", Type::TextMap),
];
const USER: [(&str, Type); 4] =
    [("username", Type::Text), ("uid", Type::Text), ("groups", Type::Texts), ("extra", Type::Any)];
const AUTHENTICATION_METADATA: [(&str, Type); 1] = [("impersonationConstraint", Type::Text)];
const OBJECT_REF: [(&str, Type); 8] = [
    ("resource", Type::Text),
    ("namespace", Type::Text),
    ("name", Type::Text),
    ("uid", Type::Text),
    ("apiGroup", Type::Text),
    ("apiVersion", Type::Text),
    ("resourceVersion", Type::Text),
    ("subresource", Type::Text),
];
const STATUS: [(&str, Type); 6] = [
    ("metadata", Type::Skip),
    ("status", Type::Text),
    ("message", Type::Text),
    ("reason", Type::Text),
    ("details", Type::Any),
    ("code", Type::Whole),
];
/// Fields that some programs flatten into the event, and where they belong.
const FLATTENED: [(&str, &str, &str); 9] = [
    ("username", "user", "username"),
    ("userGroup", "user", "groups"),
    ("resourceKind", "objectRef", "resource"),
    ("resourceNamespace", "objectRef", "namespace"),
    ("resourceName", "objectRef", "name"),
    ("resourceUUID", "objectRef", "uid"),
    ("resourceGroup", "objectRef", "apiGroup"),
    ("resourceVersion", "objectRef", "apiVersion"),
    ("responseCode", "responseStatus", "code"),
];
/// Where a log shipper keeps the level that it overwrote.
const KEPT_LEVEL: &str = "k8s_audit_level";

#[derive(Clone, Copy)]
enum Type {
    Text,
    Texts,
    TextMap,
    Time,
    Whole,
    Any,
    Skip,
    Struct(&'static [(&'static str, Type)]),
}

/// An event, and what had to be changed for it to be one.
pub(super) struct Read {
    pub(super) event: Event,
    /// Each in one sentence.
    pub(super) changed: Vec<String>,
}

/// Reads the JSON of an event, strictly where that can be, else leniently.
///
/// # Errors
///
/// The decoder's message, where nothing can be made of it.
pub(super) fn read(text: &[u8], release: Release) -> Result<Read, String> {
    let document = json::parse(text).map_err(|error| error.message)?;
    let root = document.root().ok_or("unexpected end of JSON input")?;
    // A field that the release does not know is read all the same: it is dropped when the event is recorded.
    let strict = from_node(root, text, Release::NEWEST.max(release));
    if let Ok(event) = strict
        && is_plain(root)
    {
        return Ok(Read { event, changed: Vec::new() });
    }
    let mut rewrite = Rewrite { text, changed: Vec::new() };
    let rewritten = rewrite.event(root);
    let document = json::parse(&rewritten).map_err(|error| error.message)?;
    let root = document.root().ok_or("unexpected end of JSON input")?;
    let event = from_node(root, &rewritten, Release::NEWEST).map_err(|error| error.message)?;
    Ok(Read { event, changed: rewrite.changed })
}

/// Whether all fields that matter are where the decoder looks for them.
fn is_plain(root: Node<'_>) -> bool {
    let odd = |key: &str| {
        FIELDS.iter().any(|(name, _)| *name != key && name.eq_ignore_ascii_case(key))
            || FLATTENED.iter().any(|(flat, inside, _)| *flat == key && root.get(inside).is_none())
            || key == KEPT_LEVEL
    };
    !root.members().filter_map(|(key, _)| key.as_str()).any(odd)
}

struct Rewrite<'a> {
    text: &'a [u8],
    changed: Vec<String>,
}

impl Rewrite<'_> {
    fn event(&mut self, root: Node<'_>) -> Vec<u8> {
        let mut out = ObjectWriter::new();
        for (name, kind) in FIELDS {
            let node = self.field(root, name);
            let value = match (node, kind) {
                (Some(node), _) => self.value(name, node, kind),
                (None, Type::Struct(fields)) => self.flattened(root, name, fields),
                (None, _) => None,
            };
            if let Some(value) = value {
                out.raw(name, &value);
            }
        }
        out.end()
    }

    /// The field of this name, in any case; the level as the shipper kept it.
    fn field<'n>(&mut self, root: Node<'n>, name: &str) -> Option<Node<'n>> {
        if name == "level"
            && let Some(kept) = root.get(KEPT_LEVEL)
        {
            self.changed.push(format!("the level is taken from `{KEPT_LEVEL}`"));
            return Some(kept);
        }
        if let Some(node) = root.get(name) {
            return Some(node);
        }
        let found = root.members().find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)));
        let (key, value) = found?;
        self.changed.push(format!("`{}` is read as `{name}`", key.as_str().unwrap_or_default()));
        Some(value)
    }

    fn flattened(&mut self, root: Node<'_>, inside: &str, fields: &[(&'static str, Type)]) -> Option<Vec<u8>> {
        let mut out = ObjectWriter::new();
        let mut any = false;
        for (flat, _, field) in FLATTENED.iter().filter(|(_, owner, _)| *owner == inside) {
            let kind = fields.iter().find(|(name, _)| name == field).map(|(_, kind)| *kind);
            if let (Some(node), Some(kind)) = (root.get(flat), kind)
                && let Some(value) = self.value(flat, node, kind)
            {
                self.changed.push(format!("`{flat}` is read as `{inside}.{field}`"));
                out.raw(field, &value);
                any = true;
            }
        }
        any.then(|| out.end())
    }

    /// The value as JSON of its type; none for `null` and for another type, which is told.
    fn value(&mut self, name: &str, node: Node<'_>, kind: Type) -> Option<Vec<u8>> {
        if node.kind() == Kind::Null {
            return None;
        }
        let value = match kind {
            Type::Skip => return None,
            Type::Any => Some(self.raw(node)),
            Type::Text => node.as_str().map(|_| self.raw(node)),
            Type::Texts => {
                let all = matches!(node.kind(), Kind::Array) && node.items().all(|item| item.as_str().is_some());
                all.then(|| self.raw(node))
            }
            Type::TextMap => {
                let all = matches!(node.kind(), Kind::Object)
                    && node.members().all(|(_, value)| value.as_str().is_some() || value.kind() == Kind::Null);
                all.then(|| self.raw(node))
            }
            Type::Whole => match node.kind() {
                Kind::Number(spelling) | Kind::String(spelling) => {
                    spelling.trim().parse::<i32>().ok().map(|value| value.to_string().into_bytes())
                }
                _ => None,
            },
            Type::Time => node.as_str().and_then(lenient_time).map(|time| {
                let canonical = format!("\"{}\"", time.to_micro_time()).into_bytes();
                if canonical != self.raw(node) {
                    self.changed.push(format!("`{name}` is no time as kube-apiserver writes it"));
                }
                canonical
            }),
            Type::Struct(fields) => matches!(node.kind(), Kind::Object).then(|| {
                let mut out = ObjectWriter::new();
                for (field, kind) in fields {
                    if let Some(inner) = self.field(node, field)
                        && let Some(value) = self.value(field, inner, *kind)
                    {
                        out.raw(field, &value);
                    }
                }
                out.end()
            }),
        };
        if value.is_none() {
            self.changed.push(format!("`{name}` has a value of the wrong type and is passed over"));
        }
        value
    }

    fn raw(&self, node: Node<'_>) -> Vec<u8> {
        self.text.get(node.span().start..node.span().end).unwrap_or_default().to_vec()
    }
}

/// A time in RFC 3339 with any decimals, also with a blank for the `T` and without a zone.
fn lenient_time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let with_t = match text.split_once(' ') {
        Some((date, time)) => format!("{date}T{time}"),
        None => text.to_owned(),
    };
    Timestamp::parse_rfc3339(&with_t).or_else(|| Timestamp::parse_rfc3339(&format!("{with_t}Z")))
}
