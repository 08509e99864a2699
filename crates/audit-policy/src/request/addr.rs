//! IP addresses as Go reads them: the way `kube-apiserver` reads forwarded ones, and the way URLs do.

use core::net::Ipv6Addr;

use crate::text::go_quote as quote;

/// An address as Kubernetes' `ParseIPSloppy` reads it (Go's `net.ParseIP` before 1.17): octets may have leading zeros and are
/// decimal; no zone, port or bracket. IPv4 is IPv4-mapped.
pub(super) fn parse_sloppy(text: &[u8]) -> Option<Ipv6Addr> {
    match text.iter().find(|byte| matches!(byte, b'.' | b':'))? {
        b'.' => parse_ipv4(text).map(|[a, b, c, d]| core::net::Ipv4Addr::new(a, b, c, d).to_ipv6_mapped()),
        _ => parse_ipv6(text).map(Ipv6Addr::from),
    }
}

/// As Go prints an address: IPv4 with dots, also where it is mapped into IPv6.
pub(super) fn print(address: Ipv6Addr) -> String {
    match address.to_ipv4_mapped() {
        Some(address) => address.to_string(),
        None => address.to_string(),
    }
}

/// A number at the beginning, in this base, and what follows it; Go stops at 0xFFFFFF.
fn number(text: &[u8], base: u32) -> Option<(u32, &[u8])> {
    let mut value: u32 = 0;
    let mut rest = text;
    while let [digit, tail @ ..] = rest {
        let Some(digit) = char::from(*digit).to_digit(base) else { break };
        value = value * base + digit;
        if value >= 0xff_ffff {
            return None;
        }
        rest = tail;
    }
    (rest.len() < text.len()).then_some((value, rest))
}

fn parse_ipv4(text: &[u8]) -> Option<[u8; 4]> {
    let mut rest = text;
    let mut octets = [0; 4];
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(b".")?;
        }
        let (value, after) = number(rest, 10)?;
        *octet = u8::try_from(value).ok()?;
        rest = after;
    }
    rest.is_empty().then_some(octets)
}

fn parse_ipv6(text: &[u8]) -> Option<[u8; 16]> {
    let mut bytes: Vec<u8> = Vec::with_capacity(16);
    let mut ellipsis = None;
    let mut rest = text;
    if let Some(after) = rest.strip_prefix(b"::") {
        ellipsis = Some(0);
        rest = after;
        if rest.is_empty() {
            return Some([0; 16]);
        }
    }
    while bytes.len() < 16 {
        let (value, after) = number(rest, 16)?;
        let group = u16::try_from(value).ok()?;
        if after.starts_with(b".") {
            if (ellipsis.is_none() && bytes.len() != 12) || bytes.len() > 12 {
                return None;
            }
            bytes.extend(parse_ipv4(rest)?);
            rest = b"";
            break;
        }
        bytes.extend(group.to_be_bytes());
        rest = after;
        if rest.is_empty() {
            break;
        }
        rest = rest.strip_prefix(b":").filter(|after| !after.is_empty())?;
        if let Some(after) = rest.strip_prefix(b":") {
            if ellipsis.is_some() {
                return None;
            }
            ellipsis = Some(bytes.len());
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return None;
    }
    expand(bytes, ellipsis)
}

/// Fills in the zeros that `::` stands for: at least one group.
fn expand(mut bytes: Vec<u8>, ellipsis: Option<usize>) -> Option<[u8; 16]> {
    match ellipsis {
        Some(at) if bytes.len() < 16 => {
            let zeros = vec![0; 16 - bytes.len()];
            bytes.splice(at..at, zeros);
        }
        Some(_) => return None,
        None => {}
    }
    bytes.try_into().ok()
}

/// Which kind of address.
pub(super) enum Family {
    V4,
    V6,
}

/// Reads the address of a bracketed host, which may have a zone, as Go's `netip.ParseAddr`.
///
/// # Errors
///
/// Go's message.
pub(super) fn parse_strict(text: &[u8]) -> Result<Family, String> {
    let fail = |problem: &str| Err(format!("ParseAddr({}): {problem}", quote(text)));
    match text.iter().find(|byte| matches!(byte, b'.' | b':' | b'%')) {
        None => return fail("unable to parse IP"),
        Some(b'%') => return fail("missing IPv6 address"),
        Some(b'.') => {
            return match strict_ipv4(text) {
                Ok(_) => Ok(Family::V4),
                Err(problem) => fail(&problem),
            };
        }
        Some(_) => {}
    }
    let (address, zone) = super::url::cut(text, b'%').map_or((text, None), |(address, zone)| (address, Some(zone)));
    if zone == Some(b"") {
        return fail("zone must be a non-empty string");
    }
    match strict_ipv6(address) {
        Ok(()) => Ok(Family::V6),
        Err((problem, [])) => fail(&problem),
        Err((problem, at)) => fail(&format!("{problem} (at {})", quote(at))),
    }
}

fn strict_ipv4(text: &[u8]) -> Result<[u8; 4], String> {
    let mut octets = [0u8; 4];
    let (mut value, mut digits, mut position) = (0u32, 0usize, 0usize);
    let mut previous = None;
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err("IPv4 field has octet with leading zero".to_owned());
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err("IPv4 field has value >255".to_owned());
                }
            }
            b'.' if matches!(previous, None | Some(b'.')) || tail.is_empty() => {
                return Err(format!("IPv4 field must have at least one digit (at {})", quote(rest)));
            }
            b'.' if position == 3 => return Err("IPv4 address too long".to_owned()),
            b'.' => {
                set(&mut octets, position, value);
                position += 1;
                value = 0;
                digits = 0;
            }
            _ => return Err(format!("unexpected character (at {})", quote(rest))),
        }
        previous = Some(*byte);
        rest = tail;
    }
    if position < 3 {
        return Err("IPv4 address too short".to_owned());
    }
    set(&mut octets, position, value);
    Ok(octets)
}

fn set(octets: &mut [u8; 4], position: usize, value: u32) {
    if let (Some(octet), Ok(value)) = (octets.get_mut(position), u8::try_from(value)) {
        *octet = value;
    }
}

/// Whether it is an IPv6 address; else the problem, and the text at which it is, empty where Go does not say.
fn strict_ipv6(address: &[u8]) -> Result<(), (String, &[u8])> {
    let mut rest = address;
    let mut ellipsis = false;
    let mut length = 0;
    if let Some(after) = rest.strip_prefix(b"::") {
        ellipsis = true;
        rest = after;
        if rest.is_empty() {
            return Ok(());
        }
    }
    while length < 16 {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        if digits > 4 {
            return Err(("each group must have 4 or less digits".to_owned(), rest));
        }
        if digits == 0 {
            return Err(("each colon-separated field must have at least one digit".to_owned(), rest));
        }
        let after = rest.get(digits..).unwrap_or_default();
        if after.starts_with(b".") {
            if !ellipsis && length != 12 {
                let problem = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err((problem.to_owned(), rest));
            }
            if length > 12 {
                let problem = "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err((problem.to_owned(), rest));
            }
            strict_ipv4(rest).map_err(|problem| (problem, [].as_slice()))?;
            length += 4;
            rest = b"";
            break;
        }
        length += 2;
        rest = after;
        if rest.is_empty() {
            break;
        }
        let Some(after) = rest.strip_prefix(b":") else {
            return Err(("unexpected character, want colon".to_owned(), rest));
        };
        if after.is_empty() {
            return Err(("colon must be followed by more characters".to_owned(), rest));
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(b":") {
            if ellipsis {
                return Err(("multiple :: in address".to_owned(), rest));
            }
            ellipsis = true;
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(("trailing garbage after address".to_owned(), rest));
    }
    match (length < 16, ellipsis) {
        (true, false) => Err(("address string too short".to_owned(), b"")),
        (false, true) => Err(("the :: must expand to at least one field of zeros".to_owned(), b"")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses() {
        for (text, expected) in [
            ("1.2.3.4", Some("1.2.3.4")),
            ("0177.010.0.001", Some("177.10.0.1")),
            ("::ffff:1.1.1.1", Some("1.1.1.1")),
            ("2001:DB8:0:0:1:0:0:1", Some("2001:db8::1:0:0:1")),
            ("::", Some("::")),
            ("1::", Some("1::")),
            ("0000001::", Some("1::")),
            ("1:2:3:4:5:6:7:8", Some("1:2:3:4:5:6:7:8")),
            ("1:2:3:4:5:6:7::", Some("1:2:3:4:5:6:7:0")),
            ("::1.2.3.4", Some("::102:304")),
            ("256.0.0.1", None),
            ("1.2.3", None),
            ("1.2.3.4.", None),
            ("1:2:3:4:5:6:7:8::", None),
            ("1::2::3", None),
            (":1", None),
            ("1:", None),
            ("fe80::1%eth0", None),
            ("[::1]", None),
            ("12345::", None),
            ("", None),
        ] {
            assert_eq!(parse_sloppy(text.as_bytes()).map(print).as_deref(), expected, "{text}");
        }
    }
}
