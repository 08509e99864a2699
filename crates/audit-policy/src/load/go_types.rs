//! The Go types that a policy is decoded into: which fields there are, and what messages call their types.
//!
//! Mirrors `pkg/apis/audit/v1/types.go`, `pkg/apis/audit/types.go` and `ObjectMeta` of apimachinery.

use crate::Release;

/// A Go type as far as decoding and its messages see it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GoType {
    /// A string type and its name; names that begin with a dot belong to the package of the API version.
    Text(&'static str),
    Bool,
    PointerToBool,
    Int64,
    PointerToInt64,
    Time,
    /// Any JSON.
    Raw,
    TextMap,
    List(&'static GoType),
    Struct(&'static Struct),
}

#[derive(Debug)]
pub(crate) struct Struct {
    /// With a dot before it: in the package of the API version.
    pub name: &'static str,
    pub fields: &'static [Field],
}

#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    /// The embedded struct that it comes from, which messages name.
    pub embedded: &'static str,
    pub go_type: GoType,
    /// The first minor release that has it.
    pub since: u8,
}

/// The Go package whose types an API version's are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    V1,
    V1Beta1,
    V1Alpha1,
    Internal,
}

impl Package {
    pub(super) fn name(self) -> &'static str {
        match self {
            Package::V1 => "v1",
            Package::V1Beta1 => "v1beta1",
            Package::V1Alpha1 => "v1alpha1",
            Package::Internal => "audit",
        }
    }
}

impl GoType {
    /// The type as Go prints it.
    pub(super) fn name(&self, package: Package) -> String {
        match self {
            GoType::Text(name) => qualified(name, package),
            GoType::Bool | GoType::PointerToBool => "bool".to_owned(),
            GoType::Int64 | GoType::PointerToInt64 => "int64".to_owned(),
            GoType::Time => "v1.Time".to_owned(),
            GoType::Raw => "v1.FieldsV1".to_owned(),
            GoType::TextMap => "map[string]string".to_owned(),
            GoType::List(item) => format!("[]{}", item.name(package)),
            GoType::Struct(of) => qualified(of.name, package),
        }
    }
}

fn qualified(name: &str, package: Package) -> String {
    if name.starts_with('.') { format!("{}{name}", package.name()) } else { name.to_owned() }
}

impl Struct {
    /// The name without package.
    pub(crate) fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    pub(crate) fn field(&self, name: &str, release: Release) -> Option<(usize, &'static Field)> {
        let mut fields = self.fields.iter().enumerate();
        fields.find(|(_, field)| field.name == name && field.since <= release.minor())
    }
}

const fn field(name: &'static str, go_type: GoType) -> Field {
    Field { name, embedded: "", go_type, since: 0 }
}

const fn since(since: u8, name: &'static str, go_type: GoType) -> Field {
    Field { name, embedded: "", go_type, since }
}

const fn embedded(embedded: &'static str, name: &'static str, go_type: GoType) -> Field {
    Field { name, embedded, go_type, since: 0 }
}

const TEXT: GoType = GoType::Text("string");
const TEXTS: GoType = GoType::List(&TEXT);
const STAGES: GoType = GoType::List(&GoType::Text(".Stage"));
const LEVEL: GoType = GoType::Text(".Level");

/// A policy of a versioned API.
pub(crate) static POLICY: Struct = Struct {
    name: ".Policy",
    fields: &[
        embedded("TypeMeta", "kind", TEXT),
        embedded("TypeMeta", "apiVersion", TEXT),
        field("metadata", GoType::Struct(&OBJECT_META)),
        field("rules", GoType::List(&GoType::Struct(&RULE))),
        since(9, "omitStages", STAGES),
        since(23, "omitManagedFields", GoType::Bool),
    ],
};

/// Places of [`POLICY`]'s fields.
pub(super) mod policy {
    pub(in super::super) const RULES: usize = 3;
    pub(in super::super) const OMIT_STAGES: usize = 4;
    pub(in super::super) const OMIT_MANAGED_FIELDS: usize = 5;
}

pub(crate) static RULE: Struct = Struct {
    name: ".PolicyRule",
    fields: &[
        field("level", LEVEL),
        field("users", TEXTS),
        field("userGroups", TEXTS),
        field("verbs", TEXTS),
        field("resources", GoType::List(&GoType::Struct(&GROUP_RESOURCES))),
        field("namespaces", TEXTS),
        field("nonResourceURLs", TEXTS),
        since(8, "omitStages", STAGES),
        since(23, "omitManagedFields", GoType::PointerToBool),
    ],
};

/// Places of [`RULE`]'s fields.
pub(super) mod rule {
    pub(in super::super) const LEVEL: usize = 0;
    pub(in super::super) const USERS: usize = 1;
    pub(in super::super) const USER_GROUPS: usize = 2;
    pub(in super::super) const VERBS: usize = 3;
    pub(in super::super) const RESOURCES: usize = 4;
    pub(in super::super) const NAMESPACES: usize = 5;
    pub(in super::super) const NON_RESOURCE_URLS: usize = 6;
    pub(in super::super) const OMIT_STAGES: usize = 7;
    pub(in super::super) const OMIT_MANAGED_FIELDS: usize = 8;
}

pub(crate) static GROUP_RESOURCES: Struct = Struct {
    name: ".GroupResources",
    fields: &[field("group", TEXT), field("resources", TEXTS), since(8, "resourceNames", TEXTS)],
};

/// Places of [`GROUP_RESOURCES`]'s fields.
pub(super) mod group_resources {
    pub(in super::super) const GROUP: usize = 0;
    pub(in super::super) const RESOURCES: usize = 1;
    pub(in super::super) const RESOURCE_NAMES: usize = 2;
}

/// Decoded so far as its items are policies, and then refused.
pub(super) static POLICY_LIST: Struct = Struct {
    name: ".PolicyList",
    fields: &[
        embedded("TypeMeta", "kind", TEXT),
        embedded("TypeMeta", "apiVersion", TEXT),
        field("metadata", GoType::Raw),
        field("items", GoType::List(&GoType::Struct(&POLICY))),
    ],
};

static OBJECT_META: Struct = Struct {
    name: "v1.ObjectMeta",
    fields: &[
        field("name", TEXT),
        field("generateName", TEXT),
        field("namespace", TEXT),
        field("selfLink", TEXT),
        field("uid", GoType::Text("types.UID")),
        field("resourceVersion", TEXT),
        field("generation", GoType::Int64),
        field("creationTimestamp", GoType::Time),
        field("deletionTimestamp", GoType::Time),
        field("deletionGracePeriodSeconds", GoType::PointerToInt64),
        field("labels", GoType::TextMap),
        field("annotations", GoType::TextMap),
        field("ownerReferences", GoType::List(&GoType::Struct(&OWNER_REFERENCE))),
        field("finalizers", TEXTS),
        field("managedFields", GoType::List(&GoType::Struct(&MANAGED_FIELDS_ENTRY))),
    ],
};

static OWNER_REFERENCE: Struct = Struct {
    name: "v1.OwnerReference",
    fields: &[
        field("apiVersion", TEXT),
        field("kind", TEXT),
        field("name", TEXT),
        field("uid", GoType::Text("types.UID")),
        field("controller", GoType::PointerToBool),
        field("blockOwnerDeletion", GoType::PointerToBool),
    ],
};

static MANAGED_FIELDS_ENTRY: Struct = Struct {
    name: "v1.ManagedFieldsEntry",
    fields: &[
        field("manager", TEXT),
        field("operation", GoType::Text("v1.ManagedFieldsOperationType")),
        field("apiVersion", TEXT),
        field("time", GoType::Time),
        field("fieldsType", TEXT),
        field("fieldsV1", GoType::Raw),
        field("subresource", TEXT),
    ],
};

/// The type that a policy without apiVersion is decoded into: no JSON names, so the fields have their Go names, and those of the object's
/// metadata stand beside them.
pub(super) static INTERNAL_POLICY: Struct = Struct {
    name: ".Policy",
    fields: &[
        embedded("TypeMeta", "kind", TEXT),
        embedded("TypeMeta", "apiVersion", TEXT),
        field("Rules", GoType::List(&GoType::Struct(&INTERNAL_RULE))),
        field("OmitStages", STAGES),
        since(23, "OmitManagedFields", GoType::Bool),
        embedded("ObjectMeta", "name", TEXT),
        embedded("ObjectMeta", "generateName", TEXT),
        embedded("ObjectMeta", "namespace", TEXT),
        embedded("ObjectMeta", "selfLink", TEXT),
        embedded("ObjectMeta", "uid", GoType::Text("types.UID")),
        embedded("ObjectMeta", "resourceVersion", TEXT),
        embedded("ObjectMeta", "generation", GoType::Int64),
        embedded("ObjectMeta", "creationTimestamp", GoType::Time),
        embedded("ObjectMeta", "deletionTimestamp", GoType::Time),
        embedded("ObjectMeta", "deletionGracePeriodSeconds", GoType::PointerToInt64),
        embedded("ObjectMeta", "labels", GoType::TextMap),
        embedded("ObjectMeta", "annotations", GoType::TextMap),
        embedded("ObjectMeta", "ownerReferences", GoType::List(&GoType::Struct(&OWNER_REFERENCE))),
        embedded("ObjectMeta", "finalizers", TEXTS),
        embedded("ObjectMeta", "managedFields", GoType::List(&GoType::Struct(&MANAGED_FIELDS_ENTRY))),
    ],
};

static INTERNAL_RULE: Struct = Struct {
    name: ".PolicyRule",
    fields: &[
        field("Level", LEVEL),
        field("Users", TEXTS),
        field("UserGroups", TEXTS),
        field("Verbs", TEXTS),
        field("Resources", GoType::List(&GoType::Struct(&INTERNAL_GROUP_RESOURCES))),
        field("Namespaces", TEXTS),
        field("NonResourceURLs", TEXTS),
        field("OmitStages", STAGES),
        since(23, "OmitManagedFields", GoType::PointerToBool),
    ],
};

static INTERNAL_GROUP_RESOURCES: Struct = Struct {
    name: ".GroupResources",
    fields: &[field("Group", TEXT), field("Resources", TEXTS), field("ResourceNames", TEXTS)],
};
