//! Standard base64 as Go's `encoding/base64` reads and writes it.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

/// Go takes bits behind the last byte as they come.
const GO: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// The bytes as text, with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    GO.encode(bytes)
}

/// The bytes of a text, whose line ends do not count; none where it is not base64.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    GO.decode(digits).ok()
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn base64_is_gos() {
        for (text, expected) in
            [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("é", "w6k="), ("~~?", "fn4/")]
        {
            assert_eq!(encode(text.as_bytes()), expected);
            assert_eq!(decode(expected.as_bytes()).as_deref(), Some(text.as_bytes()));
        }
        for (text, expected) in [
            ("YR==", Some("a")),
            ("Y\nQ\r==", Some("a")),
            ("***", None),
            ("YQ=", None),
            ("YQ", None),
            ("Y===", None),
            ("====", None),
            ("YQ==YQ==", None),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), expected.map(str::as_bytes), "{text}");
        }
    }
}
