//! What holding a program to the dialect costs per token: `constraint_cost TOKENIZER.json PROGRAM.py`.
//!
//! The program is written token by token as if a network had chosen each; before every one the set of allowed tokens is made,
//! as in decoding.

#![expect(clippy::print_stdout, reason = "an example prints its numbers")]

use std::path::Path;
use std::time::Instant;

use partwright_cadrille::constrain::Writing;
use partwright_cadrille::input::ProgramTokenizer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tokenizer, program] = &arguments[..] else {
        return Err("usage: constraint_cost TOKENIZER.json PROGRAM.py".into());
    };
    let tokenizer = ProgramTokenizer::from_file(Path::new(tokenizer))?;
    let tokens = tokenizer.encode(std::fs::read_to_string(program)?.trim_end())?;
    let start = Instant::now();
    let pieces = tokenizer.pieces();
    let vocabulary = pieces.len();
    let mut writing = Writing::new(pieces, &[tokenizer.im_end()]);
    println!("vocabulary of {vocabulary} tokens, made ready in {:.0} ms", 1e3 * start.elapsed().as_secs_f64());
    let (mut times, mut allowed) = (Vec::new(), Vec::new());
    for (place, &token) in tokens.iter().enumerate() {
        let start = Instant::now();
        let mask = writing.mask();
        times.push(1e6 * start.elapsed().as_secs_f64());
        allowed.push(mask.len());
        if !writing.take(token) {
            println!("token {place} may not follow: {:?}", tokenizer.decode(&tokens[place..])?);
            break;
        }
    }
    times.sort_by(f64::total_cmp);
    allowed.sort_unstable();
    let n = times.len();
    println!(
        "{n} tokens: {:.0} us a token in the median, {:.0} at most; {} tokens allowed in the median, {} at most",
        times[n / 2],
        times[n - 1],
        allowed[n / 2],
        allowed[n - 1],
    );
    Ok(())
}
