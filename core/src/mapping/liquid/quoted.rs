//! Texts in quotes.

/// A text without its quotes, its escapes resolved.
pub(super) fn unescaped(quoted: &[char]) -> String {
    let inner = quoted.get(1..).unwrap_or_default();
    let inner = inner.split_last().map_or(inner, |(_, rest)| rest);
    // In UTF-16, as `\ud83d\ude00` are two halves of one character.
    let mut units: Vec<u16> = Vec::with_capacity(inner.len());
    let mut chars = inner.iter().copied().peekable();
    let push = |c: char, units: &mut Vec<u16>| {
        units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    };
    while let Some(c) = chars.next() {
        let Some(escape) = (c == '\\').then(|| chars.next()).flatten() else {
            push(c, &mut units);
            continue;
        };
        let (mut value, radix, most) = match escape {
            'u' => (0, 16, 4),
            '0'..='7' => (escape.to_digit(8).unwrap_or(0), 8, 2),
            _ => {
                let plain = match escape {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\u{b}',
                    other => other,
                };
                push(plain, &mut units);
                continue;
            }
        };
        for _ in 0..most {
            let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else {
                break;
            };
            value = value * radix + digit;
            chars.next();
        }
        units.push(u16::try_from(value).unwrap_or(u16::MAX));
    }
    String::from_utf16_lossy(&units)
}
