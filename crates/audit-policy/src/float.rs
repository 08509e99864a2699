//! Numbers in decimals ↔ float64, as exact as the standard library's but without its tables: they are a thirtieth of the page.

use std::cmp::Ordering;

/// Powers of ten up to this one are exact as float64.
const MOST_EXACT: i32 = 22;
/// The bits of infinity: one more than those of the largest float64.
const INFINITY: u64 = 0x7ff0_0000_0000_0000;
/// So many digits tell every float64 from a point half-way to the next.
const MOST_DIGITS: usize = 800;

/// The float64 nearest to a decimal number, with or without sign, point and exponent; none for anything else and where it is infinite.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut number = Decimal::default();
    let mut rest = unsigned.iter();
    let mut point = false;
    let mut any = false;
    let mut exponent = 0;
    while let Some(byte) = rest.next() {
        match byte {
            b'0'..=b'9' => {
                number.push(byte - b'0', point);
                any = true;
            }
            b'.' if !point => point = true,
            b'e' | b'E' if any => {
                exponent = parse_exponent(rest.as_slice())?;
                break;
            }
            _ => return None,
        }
    }
    if !any {
        return None;
    }
    number.exponent = number.exponent.saturating_add(exponent);
    let value = number.nearest()?;
    Some(if negative { -value } else { value })
}

fn parse_exponent(bytes: &[u8]) -> Option<i32> {
    let (sign, digits) = match bytes {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    let mut value: i32 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        // More than any text can make up for.
        value = (value * 10 + i32::from(digit - b'0')).min(100_000_000);
    }
    (!digits.is_empty()).then_some(sign * value)
}

/// `digits` times ten to the power of `exponent`.
#[derive(Default)]
struct Decimal {
    /// Without zeros in front.
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    fn push(&mut self, digit: u8, fraction: bool) {
        if self.digits.len() < MOST_DIGITS {
            if digit != 0 || !self.digits.is_empty() {
                self.digits.push(digit);
            }
            if fraction {
                self.exponent = self.exponent.saturating_sub(1);
            }
            return;
        }
        // What follows matters only as far as there is something.
        if let Some(last) = self.digits.last_mut()
            && digit != 0
            && *last % 5 == 0
        {
            *last += 1;
        }
        if !fraction {
            self.exponent = self.exponent.saturating_add(1);
        }
    }

    fn nearest(self) -> Option<f64> {
        let Decimal { mut digits, mut exponent } = self;
        while digits.last() == Some(&0) {
            digits.pop();
            exponent = exponent.saturating_add(1);
        }
        // The power of ten that the number is below.
        let size = i64::from(exponent) + digits.len() as i64;
        if digits.is_empty() || size < -330 {
            return Some(0.0);
        }
        if size > 310 {
            return None;
        }
        let shown = digits.len().min(19);
        let first = digits.iter().take(shown).fold(0, |number: u64, digit| number * 10 + u64::from(*digit));
        let guess = scale(first as f64, exponent + (digits.len() - shown) as i32);
        if digits.len() <= 15 && exponent.abs() <= MOST_EXACT {
            return Some(guess);
        }
        let bits = nearest_bits(&digits, exponent, guess.to_bits().min(INFINITY - 1));
        (bits < INFINITY).then(|| f64::from_bits(bits))
    }
}

/// The value times ten to a power: exact where the power is, and where the product or quotient is too, nearest in one step.
fn scale(mut value: f64, exponent: i32) -> f64 {
    let mut left = exponent.abs();
    while left > 0 {
        let step = left.min(MOST_EXACT);
        let power = (0..step).fold(1.0, |power, _| power * 10.0);
        value = if exponent > 0 { value * power } else { value / power };
        left -= step;
    }
    value
}

/// The bits of the float64 nearest to a decimal number; of two, the even one. The guess is where the search begins.
fn nearest_bits(digits: &[u8], exponent: i32, guess: u64) -> u64 {
    let mut number = Big::default();
    for digit in digits {
        number.multiply_add(10, u32::from(*digit));
    }
    number.multiply_by_power_of_five(exponent.max(0));
    let mut unit = Big::from(1);
    unit.multiply_by_power_of_five((-exponent).max(0));
    // The number, as against the point half-way from these bits to the next.
    let compare = |bits: u64| {
        let (mantissa, power) = parts(bits);
        let mut half_way = unit.multiplied(&Big::from(mantissa * 2 + 1));
        let shift = exponent - (power - 1);
        let mut number = number.clone();
        number.shift(shift.max(0));
        half_way.shift((-shift).max(0));
        number.compare(&half_way)
    };
    let (mut low, mut high) = (0, INFINITY);
    let (mut probe, mut step) = (guess, 1);
    while low < high {
        if compare(probe) == Ordering::Greater {
            low = probe + 1;
            probe += step;
        } else {
            high = probe;
            probe = probe.saturating_sub(step);
        }
        step = (step * 2).min(1 << 60);
        if !(low..high).contains(&probe) {
            probe = low + (high - low) / 2;
        }
    }
    if low < INFINITY && low % 2 == 1 && compare(low) == Ordering::Equal { low + 1 } else { low }
}

/// A positive float64 as a whole number times a power of two.
fn parts(bits: u64) -> (u64, i32) {
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) as i32 & 0x7ff {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

/// The shortest decimal number that is read as this float64, of several the nearest: `d.ddde-7`, as `{:e}` writes it;
/// nothing where it is not finite.
pub(crate) fn scientific(value: f64) -> String {
    let (size, bits) = (value.abs(), value.abs().to_bits());
    if bits >= INFINITY {
        return String::new();
    }
    let (digits, exponent) = match short_digits(size) {
        Some(found) => found,
        None => {
            let (mantissa, power) = parts(bits);
            shortest(mantissa, power, bits >> 52 > 1 && mantissa == 1 << 52)
        }
    };
    spelt(value.is_sign_negative(), digits, exponent)
}

/// The same of a float32.
pub(crate) fn scientific_32(value: f32) -> String {
    let bits = value.abs().to_bits();
    let fraction = u64::from(bits & ((1 << 23) - 1));
    let (mantissa, power) = match bits >> 23 {
        0 => (fraction, -149),
        exponent => (fraction | 1 << 23, exponent as i32 - 150),
    };
    let (digits, exponent) = match mantissa {
        0 => ("0".to_owned(), 0),
        _ => shortest(mantissa, power, bits >> 23 > 1 && mantissa == 1 << 23),
    };
    spelt(value.is_sign_negative(), digits, exponent)
}

fn spelt(negative: bool, mut digits: String, exponent: i32) -> String {
    if digits.len() > 1 {
        digits.insert(1, '.');
    }
    let sign = if negative { "-" } else { "" };
    format!("{sign}{digits}e{exponent}")
}

/// The digits of a number of few of them, and the exponent of the first: there is only one so short.
fn short_digits(value: f64) -> Option<(String, i32)> {
    let mut power = 1.0;
    for places in 0..=MOST_EXACT {
        let shifted = value * power;
        if shifted >= 1e15 {
            return None;
        }
        let whole = (shifted + 0.5) as u64;
        if whole as f64 / power == value {
            let digits = whole.to_string();
            let exponent = digits.len() as i32 - 1 - places;
            let end = digits.trim_end_matches('0').len().max(1);
            return Some((digits.get(..end)?.to_owned(), exponent));
        }
        power *= 10.0;
    }
    None
}

/// The shortest digits of a mantissa times a power of two, and the exponent of the first. `uneven`: the next smaller number is only half as
/// far as the next larger one.
///
/// Steele and White, How to print floating-point numbers accurately.
fn shortest(mantissa: u64, power: i32, uneven: bool) -> (String, i32) {
    let inclusive = mantissa.is_multiple_of(2);
    let (factor, shift) = if uneven { (4, 2) } else { (2, 1) };
    let power = power - shift;
    // All of them times the scale: what is left of the number, and half-way to its neighbours below and above.
    let mut rest = Big::from(mantissa * factor);
    let mut below = Big::from(1);
    let mut above = Big::from(factor / 2);
    let mut scale = Big::from(1);
    // Ten to the power of `place` is not above the number, or once.
    let bits = i64::from(64 - (mantissa * factor).leading_zeros()) + i64::from(power);
    let mut place = ((bits * 1_292_913_986) >> 32) as i32;
    scale.multiply_by_power_of_five(place.max(0));
    for number in [&mut rest, &mut below, &mut above] {
        number.multiply_by_power_of_five((-place).max(0));
        number.shift((power - place).max(0));
    }
    scale.shift((place - power).max(0));
    let reaches = |rest: &Big, above: &Big, scale: &Big| match rest.sum(above).compare(scale) {
        Ordering::Equal => inclusive,
        order => order == Ordering::Greater,
    };
    let mut next = true;
    if reaches(&rest, &above, &scale) {
        place += 1;
        next = false;
    }
    let mut digits = Vec::new();
    loop {
        if next {
            for number in [&mut rest, &mut below, &mut above] {
                number.multiply_add(10, 0);
            }
        }
        next = true;
        let mut digit = b'0';
        while rest.compare(&scale) != Ordering::Less {
            rest.subtract(&scale);
            digit += 1;
        }
        digits.push(digit);
        let is_low = match rest.compare(&below) {
            Ordering::Equal => inclusive,
            order => order == Ordering::Less,
        };
        let is_high = reaches(&rest, &above, &scale);
        if is_low || is_high {
            rest.shift(1);
            if is_high && (!is_low || rest.compare(&scale) != Ordering::Less) {
                // One up, with the nines that end it.
                while digits.last() == Some(&b'9') {
                    digits.pop();
                }
                match digits.last_mut() {
                    Some(last) => *last += 1,
                    None => {
                        digits.push(b'1');
                        place += 1;
                    }
                }
            }
            break;
        }
    }
    (String::from_utf8(digits).unwrap_or_default(), place - 1)
}

/// A whole number of any size, its smallest part first, without zeros at the end.
#[derive(Clone, Default)]
struct Big(Vec<u32>);

impl Big {
    fn from(number: u64) -> Big {
        let mut big = Big(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    fn multiply_add(&mut self, factor: u32, add: u32) {
        let mut carry = u64::from(add);
        for part in &mut self.0 {
            carry += u64::from(*part) * u64::from(factor);
            *part = carry as u32;
            carry >>= 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
    }

    fn multiply_by_power_of_five(&mut self, mut exponent: i32) {
        while exponent > 0 {
            let step = exponent.min(13);
            self.multiply_add(5_u32.pow(step as u32), 0);
            exponent -= step;
        }
    }

    fn multiplied(&self, other: &Big) -> Big {
        let mut product = Big::default();
        for (place, factor) in other.0.iter().enumerate() {
            let mut row = self.clone();
            row.multiply_add(*factor, 0);
            row.shift(32 * place as i32);
            product = product.sum(&row);
        }
        product
    }

    /// Times two to the power of this.
    fn shift(&mut self, bits: i32) {
        if bits > 0 {
            self.multiply_add(1 << (bits % 32), 0);
            self.0.splice(0..0, std::iter::repeat_n(0, bits as usize / 32));
            self.trim();
        }
    }

    fn sum(&self, other: &Big) -> Big {
        let mut carry = 0;
        let mut sum = Vec::with_capacity(self.0.len() + 1);
        for place in 0..self.0.len().max(other.0.len()) {
            let part = |big: &Big| u64::from(big.0.get(place).copied().unwrap_or_default());
            carry += part(self) + part(other);
            sum.push(carry as u32);
            carry >>= 32;
        }
        if carry > 0 {
            sum.push(carry as u32);
        }
        Big(sum)
    }

    /// Less what is not more.
    fn subtract(&mut self, other: &Big) {
        let mut borrow = 0;
        for (place, part) in self.0.iter_mut().enumerate() {
            let taken = u64::from(other.0.get(place).copied().unwrap_or_default()) + borrow;
            let left = (1 << 32) + u64::from(*part) - taken;
            *part = left as u32;
            borrow = 1 - (left >> 32);
        }
        self.trim();
    }

    fn compare(&self, other: &Big) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Random(u64);

    impl Random {
        fn next(&mut self) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0
        }
    }

    fn check_text(text: &str) {
        let expected = text.parse::<f64>().ok().filter(|value| value.is_finite());
        assert_eq!(parse(text).map(f64::to_bits), expected.map(f64::to_bits), "{text}");
    }

    fn check_bits(bits: u64) {
        let value = f64::from_bits(bits);
        if value.is_finite() {
            assert_eq!(scientific(value), format!("{value:e}"));
            check_text(&scientific(value));
        }
        let narrow = f32::from_bits(bits as u32);
        if narrow.is_finite() {
            assert_eq!(scientific_32(narrow), format!("{narrow:e}"));
        }
    }

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        for text in [
            "0",
            "-0",
            "+1",
            ".5",
            "5.",
            ".",
            "",
            "-",
            "e5",
            "1e",
            "1e+",
            "1e-5",
            "1E+5",
            "1.5.5",
            "1e5.5",
            " 1",
            "1x",
            "0e999999999999",
            "1e999999999999",
            "1e-999999999999",
            "1e308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "179769313486231580793728971405301e276",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "4.9406564584124654e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "9007199254740993",
            "9007199254740993.000000000000000000000000000000000000000000000000000001",
            "9007199254740992.9999999999999999999",
            "0.000000000000000000000000000000000000000000000000000000000000000000000000000001e77",
        ] {
            check_text(text);
        }
        for digits in [1, 700, 798, 799, 800, 801, 900] {
            check_text(&format!("{}1", "0".repeat(digits)));
            check_text(&format!("0.{}1", "0".repeat(digits)));
            check_text(&format!("1{}e-{digits}", "0".repeat(digits)));
            check_text(&format!("9007199254740993{}e-{digits}", "0".repeat(digits)));
            check_text(&format!("9007199254740993{}1e-{}", "0".repeat(digits), digits + 1));
            check_text(&format!("9007199254740993.{}", "0".repeat(digits)));
            check_text(&format!("9007199254740993.{}1", "0".repeat(digits)));
            check_text(&format!("9007199254740993.{}05", "0".repeat(digits)));
        }
        let mut random = Random(1);
        for _ in 0..20_000 {
            let exponent = (random.next() % 700) as i64 - 350;
            check_text(&format!("{}e{exponent}", random.next() >> (random.next() % 64)));
            check_text(&format!("{}.{}", random.next() % 1000, random.next() >> (random.next() % 64)));
            // Half-way between two.
            let whole = (random.next() >> 10) * 2 + 1;
            check_text(&(u128::from(whole) << (random.next() % 60)).to_string());
        }
    }

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let mut random = Random(2);
        for exponent in 0..0x7ff {
            for fraction in [0, 1, (1 << 52) - 1, random.next() >> 12] {
                check_bits(exponent << 52 | fraction);
            }
        }
        for exponent in 0..0xff {
            for fraction in [0, 1, (1 << 23) - 1] {
                check_bits(exponent << 23 | fraction);
            }
        }
        for _ in 0..20_000 {
            check_bits(random.next());
            let decimals = (random.next() % 10_000_000) as f64 / 10_f64.powi((random.next() % 25) as i32);
            check_bits(decimals.to_bits());
            check_bits((-decimals).to_bits());
        }
    }
}
