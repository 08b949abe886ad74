//! Changes every parameter of the programs in a folder by 5 % and prints which edits hold: `try_edits FOLDER [SUFFIX]`.

#![expect(clippy::print_stdout, reason = "a command-line tool prints its table")]

use partwright_reconstruct::{Deadline, EditOutcome, InProcess, editability};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, rest @ ..] = &arguments[..] else { return Err("usage: try_edits FOLDER [SUFFIX]".into()) };
    let suffix = rest.first().map_or(".0.py", String::as_str);
    let mut files: Vec<_> = std::fs::read_dir(folder)?.filter_map(|e| Some(e.ok()?.path())).collect();
    files.sort();
    let (mut parameters, mut edits, mut held, mut programs, mut named, mut sound) = (0, 0, 0, 0, 0, 0);
    for file in files.iter().filter(|f| f.to_string_lossy().ends_with(suffix)) {
        let source = std::fs::read_to_string(file)?;
        programs += 1;
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let found = match editability(&source, &InProcess::default(), &Deadline::default()) {
            Ok(found) => found,
            Err(fault) => {
                println!("{name}: not executed: {}", fault.message);
                continue;
            }
        };
        let bad: Vec<String> = found
            .edits
            .iter()
            .filter(|e| e.outcome != EditOutcome::Holds)
            .map(|e| format!("{} {} -> {}: {:?}", e.parameter, e.from, e.to, e.outcome))
            .collect();
        println!(
            "{name}: {} parameters, {} of {} hold {}",
            found.parameters,
            found.held(),
            found.edits.len(),
            bad.join("; ")
        );
        parameters += found.parameters;
        edits += found.edits.len();
        held += found.held();
        named += usize::from(found.parameters > 0);
        sound += usize::from(bad.is_empty());
    }
    println!(
        "{programs} programs, {named} with parameters, {parameters} parameters, {held} of {edits} edits hold ({:.4}), all of \
         them in {sound} programs",
        held as f64 / edits.max(1) as f64
    );
    Ok(())
}
