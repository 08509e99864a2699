//! YAML or JSON → form.

use super::{Form, Format, Span, Unreadable};
use crate::json::{Kind, Node};
use crate::request::document::document;
use crate::request::fields::{Fields, shorten};

/// The fields in the order in which they are written.
pub(super) const FIELDS: [&str; 18] = [
    "verb",
    "method",
    "group",
    "version",
    "resource",
    "subresource",
    "namespace",
    "name",
    "path",
    "labelSelector",
    "fieldSelector",
    "dryRun",
    "query",
    "userAgent",
    "contentType",
    "impersonate",
    "headers",
    "body",
];

/// A form, and where its fields' values are.
pub(super) struct Parsed {
    pub(super) form: Form,
    pub(super) spans: Vec<(String, Span)>,
}

pub(super) fn parse(text: &[u8]) -> Result<Parsed, Unreadable> {
    let document = document(text, "form", Format::Form)?;
    let mut fields = Fields::new("form");
    let mut parsed = Parsed { form: Form::default(), spans: Vec::new() };
    // A text of nothing is what a form without any field is written as.
    let Some(root) = document.root().filter(|root| root.kind() != Kind::Null) else { return Ok(parsed) };
    for (name, node) in fields.known_members(root, "", &FIELDS, &[]) {
        parsed.spans.push((name.to_owned(), node.span()));
        // A field that is there without a value is not given.
        if node.kind() != Kind::Null {
            read_field(&mut fields, name, node, &mut parsed.form);
        }
    }
    if fields.findings.is_empty() {
        Ok(parsed)
    } else {
        Err(Unreadable { format: Some(Format::Form), findings: fields.findings })
    }
}

fn read_field(fields: &mut Fields, name: &str, node: Node<'_>, form: &mut Form) {
    let text = match name {
        "verb" => &mut form.verb,
        "method" => &mut form.method,
        "group" => &mut form.group,
        "version" => &mut form.version,
        "resource" => &mut form.resource,
        "subresource" => &mut form.subresource,
        "namespace" => &mut form.namespace,
        "name" => &mut form.name,
        "path" => &mut form.path,
        "labelSelector" => &mut form.label_selector,
        "fieldSelector" => &mut form.field_selector,
        "query" => &mut form.query,
        "userAgent" => &mut form.user_agent,
        "contentType" => &mut form.content_type,
        "body" => &mut form.body,
        "dryRun" => {
            form.dry_run = fields.boolean(node, name);
            return;
        }
        "impersonate" => return impersonate(fields, node, form),
        _ => return headers(fields, node, form),
    };
    *text = fields.string(node, name).unwrap_or_default();
}

fn impersonate(fields: &mut Fields, node: Node<'_>, form: &mut Form) {
    let to = &mut form.impersonate;
    for (key, value) in fields.known_members(node, "impersonate", &["user", "uid", "groups", "extra"], &[]) {
        let path = format!("impersonate.{key}");
        match key {
            "user" => to.user = fields.string(value, &path).unwrap_or_default(),
            "uid" => to.uid = fields.string(value, &path).unwrap_or_default(),
            "groups" => to.groups = fields.strings(value, &path).unwrap_or_default(),
            _ => {
                for (name, values) in fields.string_lists(value, &path) {
                    to.extra.insert(name.to_owned(), values);
                }
            }
        }
    }
}

/// A list of `Name: value`.
fn headers(fields: &mut Fields, node: Node<'_>, form: &mut Form) {
    if node.kind() != Kind::Array {
        fields.strings(node, "headers");
        return;
    }
    for item in node.items() {
        let Some(line) = fields.string(item, "headers") else { continue };
        match line.split_once(':') {
            Some((name, value)) if !line.contains(['\r', '\n']) => {
                form.headers.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
            }
            _ => {
                let message = format!("`{}` is no header", shorten(&line));
                fields.refuse("not-a-header", "headers", &message, item.span(), "write it as `Name: value`");
            }
        }
    }
}
