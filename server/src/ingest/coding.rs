//! How a body is packed, and unpacking it within bounds.

use std::io::{self, ErrorKind, Write};

use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use flate2::write::MultiGzDecoder;

use super::answer::HttpError;

/// What is allocated at most on the word of a `Content-Length`.
const RESERVED: usize = 16 << 20;

/// Takes a body as it comes and keeps what it unpacks to.
pub(super) struct BodyDecoder {
    packing: ContentCoding,
    limit: usize,
}

enum ContentCoding {
    Plain(Bounded),
    /// A body may be several members one behind the other, which unpack to one text
    /// (RFC 1952, 2.2).
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl BodyDecoder {
    /// For a body with these headers, of at most `limit` bytes once unpacked.
    ///
    /// Names of codings are written in any case, and gzip has an old one
    /// (RFC 9110, 8.4.1).
    pub(super) fn new(headers: &HeaderMap, limit: usize) -> Result<Self, HttpError> {
        let mut codings = headers
            .get_all(CONTENT_ENCODING)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .map(|name| name.trim_ascii().to_ascii_lowercase())
            .filter(|name| !name.is_empty() && name != b"identity");
        let kept = Bounded {
            bytes: Vec::new(),
            limit,
        };
        let packing = match (codings.next().as_deref(), codings.next()) {
            (None, _) => ContentCoding::Plain(kept),
            (Some(b"gzip" | b"x-gzip"), None) => {
                ContentCoding::Gzip(Box::new(MultiGzDecoder::new(kept)))
            }
            _ => return Err(HttpError::Encoding),
        };
        Ok(Self { packing, limit })
    }

    /// How many bytes a body that announces `length` unpacks to, as far as it is known: of
    /// one that is packed nothing is.
    pub(super) fn announced(&self, length: u64) -> Result<usize, HttpError> {
        match self.packing {
            ContentCoding::Plain(_) => usize::try_from(length)
                .ok()
                .filter(|length| *length <= self.limit)
                .ok_or(HttpError::TooLarge(self.limit)),
            ContentCoding::Gzip(_) => Ok(0),
        }
    }

    /// Makes room for so many bytes, but not for more than anybody may claim.
    pub(super) fn reserve(&mut self, announced: usize) {
        if let ContentCoding::Plain(kept) = &mut self.packing {
            kept.bytes.reserve_exact(announced.min(RESERVED));
        }
    }

    /// Itself, with the next bytes of the body.
    pub(super) fn with(mut self, bytes: &[u8]) -> Result<Self, HttpError> {
        let taken = match &mut self.packing {
            ContentCoding::Plain(kept) => kept.write_all(bytes),
            ContentCoding::Gzip(gzip) => gzip.write_all(bytes),
        };
        taken.map_err(|error| refusal(&error, self.limit))?;
        Ok(self)
    }

    /// How much memory it holds, in bytes, what it unpacks with aside.
    pub(super) fn memory(&self) -> usize {
        match &self.packing {
            ContentCoding::Plain(kept) => kept.bytes.capacity(),
            ContentCoding::Gzip(gzip) => gzip.get_ref().bytes.capacity(),
        }
    }

    /// All of it, now that the body has ended.
    pub(super) fn finish(self) -> Result<Vec<u8>, HttpError> {
        let kept = match self.packing {
            ContentCoding::Plain(kept) => Ok(kept),
            ContentCoding::Gzip(gzip) => gzip.finish(),
        };
        kept.map(|kept| kept.bytes)
            .map_err(|error| refusal(&error, self.limit))
    }
}

fn refusal(error: &io::Error, limit: usize) -> HttpError {
    if error.kind() == ErrorKind::FileTooLarge {
        return HttpError::TooLarge(limit);
    }
    HttpError::Malformed(
        "the body is not the gzip that its Content-Encoding says, or ends too early".into(),
    )
}

/// Bytes up to a limit: what is packed small cannot become large here.
struct Bounded {
    bytes: Vec<u8>,
    limit: usize,
}

impl Write for Bounded {
    fn write(&mut self, more: &[u8]) -> io::Result<usize> {
        if more.len() > self.limit - self.bytes.len() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(more);
        Ok(more.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// What a body that comes `step` bytes at a time unpacks to.
    fn unpacked(
        codings: &[&str],
        body: &[u8],
        step: usize,
        limit: usize,
    ) -> Result<String, HttpError> {
        let mut headers = HeaderMap::new();
        for coding in codings {
            headers.append(CONTENT_ENCODING, coding.parse().unwrap());
        }
        let mut decoder = BodyDecoder::new(&headers, limit)?;
        for bytes in body.chunks(step) {
            decoder = decoder.with(bytes)?;
        }
        let bytes = decoder.finish()?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn members_one_behind_the_other_are_one_text() {
        let body = [gzip("{\"a\":"), gzip(""), gzip("1}")].concat();
        for step in [1, 7, 1000] {
            assert_eq!(unpacked(&["gzip"], &body, step, 7).unwrap(), "{\"a\":1}");
            assert_eq!(
                unpacked(&["gzip"], &body, step, 6),
                Err(HttpError::TooLarge(6)),
                "all members count"
            );
            for cut in 1..body.len() {
                match unpacked(&["gzip"], &body[..cut], step, 7) {
                    Err(HttpError::Malformed(_)) => {}
                    // Between two members nothing is missing.
                    cut => assert_eq!(cut.as_deref(), Ok("{\"a\":")),
                }
            }
            let more = [&body[..], b"more"].concat();
            assert!(unpacked(&["gzip"], &more, step, 7).is_err());
        }
    }

    #[test]
    fn codings_have_many_spellings() {
        for codings in [
            &["gzip"][..],
            &["X-GZip"],
            &["identity, gzip"],
            &["", " gzip ,"],
        ] {
            assert_eq!(
                unpacked(codings, &gzip("x"), 9, 1).unwrap(),
                "x",
                "{codings:?}"
            );
        }
        for codings in [&[][..], &["identity"], &[""], &["Identity", "identity"]] {
            assert_eq!(unpacked(codings, b"x", 9, 1).unwrap(), "x", "{codings:?}");
        }
        for codings in [
            &["br"][..],
            &["gzip, gzip"],
            &["gzip", "gzip"],
            &["gzip;q=1"],
        ] {
            assert_eq!(
                unpacked(codings, b"x", 9, 1),
                Err(HttpError::Encoding),
                "{codings:?}"
            );
        }
    }
}
