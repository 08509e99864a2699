//! A text that begins with the mark of Kubernetes' protobuf, `k8s\0`: what the server's protobuf decoder says of it.
//!
//! No policy file is written so, but a text may begin so, and then the server neither reads YAML nor JSON. Mirrors
//! `Unknown.Unmarshal` (k8s.io/apimachinery, pkg/runtime/generated.pb.go) and the decoder around it
//! (pkg/runtime/serializer/protobuf/protobuf.go).

/// The mark in front of every Kubernetes object in protobuf.
const MARK: &[u8] = b"k8s\0";

const OVERFLOW: &str = "proto: integer overflow";
const NEGATIVE: &str = "proto: negative length found during unmarshaling";
const CUT: &str = "unexpected EOF";
const END_OF_GROUP: &str = "proto: unexpected end of group";

/// Why the server refuses the text; none where it does not bear the mark.
pub(super) fn refusal(text: &[u8]) -> Option<String> {
    let body = text.strip_prefix(MARK)?;
    Some(match envelope(body) {
        _ if body.is_empty() => "empty body".to_owned(),
        Err(message) => message,
        Ok(false) => {
            "object *audit.Policy does not implement the protobuf marshalling interface and cannot be encoded to a \
                      protobuf message"
                .to_owned()
        }
        Ok(true) => "a policy in protobuf is not read here: give it as YAML or JSON".to_owned(),
    })
}

/// Reads the message `Unknown` around every object, and tells whether it names a kind.
fn envelope(body: &[u8]) -> Result<bool, String> {
    let mut reader = Reader { bytes: body, at: 0 };
    let mut named = false;
    while let Some((field, wire_type)) = reader.tag("Unknown")? {
        let name = match field {
            1 => "TypeMeta",
            2 => "Raw",
            3 => "ContentEncoding",
            4 => "ContentType",
            _ => {
                reader.skip(wire_type)?;
                continue;
            }
        };
        let value = reader.value(wire_type, name)?;
        if field == 1 {
            named |= type_meta(value)?;
        }
    }
    Ok(named)
}

/// Reads the message `TypeMeta`, and tells whether it says anything.
fn type_meta(bytes: &[u8]) -> Result<bool, String> {
    let mut reader = Reader { bytes, at: 0 };
    let mut named = false;
    while let Some((field, wire_type)) = reader.tag("TypeMeta")? {
        match field {
            1 => named |= !reader.value(wire_type, "APIVersion")?.is_empty(),
            2 => named |= !reader.value(wire_type, "Kind")?.is_empty(),
            _ => reader.skip(wire_type)?,
        }
    }
    Ok(named)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// The number of the next field and how its value is written; none at the end.
    fn tag(&mut self, message: &str) -> Result<Option<(i32, u64)>, String> {
        if self.at >= self.bytes.len() {
            return Ok(None);
        }
        let wire = self.varint()?;
        let (field, wire_type) = ((wire >> 3) as i32, wire & 7);
        if wire_type == 4 {
            return Err(format!("proto: {message}: wiretype end group for non-group"));
        }
        if field <= 0 {
            return Err(format!("proto: {message}: illegal tag {field} (wire type {wire})"));
        }
        Ok(Some((field, wire_type)))
    }

    fn varint(&mut self) -> Result<u64, String> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or(CUT)?;
            self.at += 1;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(OVERFLOW.to_owned())
    }

    /// The bytes of a field whose value has a length.
    fn value(&mut self, wire_type: u64, field: &str) -> Result<&'a [u8], String> {
        if wire_type != 2 {
            return Err(format!("proto: wrong wireType = {wire_type} for field {field}"));
        }
        let end = self.end_of_value()?;
        let value = self.bytes.get(self.at..end).ok_or(CUT)?;
        self.at = end;
        Ok(value)
    }

    /// Where a value ends whose length comes next.
    fn end_of_value(&mut self) -> Result<usize, String> {
        let length = self.varint()? as i64;
        let end = i64::try_from(self.at).ok().and_then(|at| at.checked_add(length));
        match end {
            Some(end) if length >= 0 => Ok(usize::try_from(end).unwrap_or(usize::MAX)),
            _ => Err(NEGATIVE.to_owned()),
        }
    }

    /// Goes past a field that is not known, with the groups in it.
    fn skip(&mut self, wire_type: u64) -> Result<(), String> {
        let mut depth = 0_usize;
        let mut wire_type = wire_type;
        loop {
            match wire_type {
                0 => self.varint().map(|_| ())?,
                1 => self.at += 8,
                2 => self.at = self.end_of_value()?,
                3 => depth += 1,
                4 => depth = depth.checked_sub(1).ok_or(END_OF_GROUP)?,
                5 => self.at += 4,
                other => return Err(format!("proto: illegal wireType {other}")),
            }
            if depth == 0 {
                return if self.at > self.bytes.len() { Err(CUT.to_owned()) } else { Ok(()) };
            }
            wire_type = self.varint()? & 7;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::refusal;

    /// The server's words, as k8s.io/apiserver 0.37 says them.
    #[test]
    fn says_what_the_server_says() {
        let not_protobuf = "object *audit.Policy does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message";
        for (text, message) in [
            (&b"kind: Policy"[..], None),
            (b"k8s", None),
            (b"k8s\0", Some("empty body")),
            (b"k8s\0\n", Some("unexpected EOF")),
            (b"k8s\0\x0a\x00", Some(not_protobuf)),
            (b"k8s\0\x12\x00", Some(not_protobuf)),
            (b"k8s\0apiVersion: audit.k8s.io/v1", Some("proto: illegal wireType 6")),
        ] {
            assert_eq!(refusal(text).as_deref(), message, "{text:?}");
        }
    }
}
