//! What a place is, and what is around it.

use super::text::Quotes;
use crate::Span;
use crate::load::go_types::{Field, GoType, Struct};

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub of: &'static Struct,
    pub field: &'static Field,
}

impl Slot {
    /// The struct that the field, or each item of it, is.
    pub(super) fn structure(self) -> Option<&'static Struct> {
        match self.field.go_type {
            GoType::Struct(of) => Some(of),
            GoType::List(GoType::Struct(of)) => Some(*of),
            _ => None,
        }
    }

    pub(super) fn is_list(self) -> bool {
        matches!(self.field.go_type, GoType::List(_))
    }
}

/// What may stand at a place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    /// A field of a mapping: of the innermost one, or of one that begins here.
    Key {
        of: &'static Struct,
        begins: bool,
        lead: Lead,
    },
    Value {
        slot: Slot,
        lead: Lead,
    },
}

/// What has to stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    Nothing,
    /// The dash of an item.
    Dash,
    /// The bracket of a list, and after it another.
    Bracket,
}

/// A place.
#[derive(Clone, Debug)]
pub(super) struct Found<'t> {
    pub text: &'t str,
    pub want: Want,
    /// What may stand there as well.
    pub also: Option<Want>,
    /// The word that stands there.
    pub token: Span,
    pub quotes: Quotes,
    /// The column of the word, or where it would begin.
    pub column: usize,
    /// Whether it is in brackets.
    pub flow: bool,
    /// Whether it is a key that has its colon.
    pub colon: bool,
    /// The text is JSON.
    pub json: bool,
    /// What it is in, the innermost first.
    pub around: Vec<Frame>,
}

/// A mapping or list.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// Of its keys or dashes; meaningless in brackets.
    pub column: usize,
    pub flow: bool,
    pub holds: Holds,
    /// What comes next belongs to it.
    pub pending: Pending,
    /// In brackets: the next word is a key.
    pub at_key: bool,
    /// The fields that it has, as bits in their order.
    pub fields: u32,
    /// The value of `group`.
    pub group: Option<Span>,
    /// The scalars of a list.
    pub items: Vec<Span>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    Fields(&'static Struct),
    /// Items of a list that is this field.
    Items(Slot),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Pending {
    Nothing,
    /// The value of that field, or an item of that list.
    Slot(Slot),
    /// The value of a field that is not known.
    Unknown,
}

impl Frame {
    pub(super) fn new(holds: Holds, column: usize, flow: bool) -> Frame {
        let pending = Pending::Nothing;
        Frame { column, flow, holds, pending, at_key: false, fields: 0, group: None, items: Vec::new() }
    }
}
