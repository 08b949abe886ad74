//! Frames on a pipe: a length of eight bytes, little-endian, and as many bytes.

use std::io::{self, ErrorKind, Read, Write};

/// Writes one frame and flushes.
pub(crate) fn write(mut out: impl Write, bytes: &[u8]) -> io::Result<()> {
    out.write_all(&(bytes.len() as u64).to_le_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}

/// Reads one frame of at most `limit` bytes; `None` at the end of the stream. Memory grows with the bytes that come, not
/// with the length that is claimed.
pub(crate) fn read(mut input: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read(&mut length)? {
        0 => return Ok(None),
        read => input.read_exact(&mut length[read..])?,
    }
    let length = u64::from_le_bytes(length);
    if length > limit {
        let message = format!("a frame of {length} bytes; at most {limit} are allowed");
        return Err(io::Error::new(ErrorKind::InvalidData, message));
    }
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_and_lies_are_refused() {
        let mut pipe = Vec::new();
        write(&mut pipe, b"abc").expect("writes");
        write(&mut pipe, b"").expect("writes");
        let mut input = pipe.as_slice();
        assert_eq!(read(&mut input, 3).expect("reads"), Some(b"abc".to_vec()));
        assert_eq!(read(&mut input, 3).expect("reads"), Some(Vec::new()));
        assert_eq!(read(&mut input, 3).expect("reads"), None);
        assert!(read(pipe.as_slice(), 2).is_err(), "longer than allowed");
        assert!(read(&pipe[..9], 3).is_err(), "cut within the bytes");
        assert!(read(&pipe[..5], 3).is_err(), "cut within the length");
        assert!(read(&mut u64::MAX.to_le_bytes().as_slice(), u64::MAX).is_err(), "claims what it does not have");
    }
}
