//! How many rewards a second: programs of random parts against other parts, in worker processes of a built `partwright`.
//!
//! `reward_speed target/release/partwright [COUNT]`

#![expect(clippy::print_stdout, reason = "it prints what it measures")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use partwright_cadquery::worker::{Pool, PoolConfig};
use partwright_train::generate::{GeneratorConfig, generate};
use partwright_train::reward::{OfThisProcess, OfWorkers, Rewarder, Target};

fn main() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let executable: PathBuf = arguments.next().ok_or("name the program whose workers are used")?.into();
    let count: usize = arguments.next().map_or(Ok(2000), |text| text.parse().map_err(|e| format!("{text}: {e}")))?;
    let config = GeneratorConfig { points: 16, captions: 0, ..GeneratorConfig::default() };
    let parts: Vec<_> = (0..count as u64).filter_map(|index| generate(&config, index)).collect();
    let targets: Vec<Target> = parts.iter().filter_map(|part| Target::new(&part.body.mesh)).collect();
    // Each program against its own part and against the next one's: as much work, whatever is shared.
    let asked: Vec<(&Target, &str)> = targets
        .iter()
        .enumerate()
        .flat_map(|(i, target)| {
            let other = &parts[(i + 1) % parts.len()].sample.program;
            [(target, parts[i].sample.program.as_str()), (target, other.as_str())]
        })
        .collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let pool = Pool::new(PoolConfig { executable, arguments: vec!["worker".into()], workers });
    let in_workers = OfWorkers::new(&pool, Duration::from_secs(3));
    let here = OfThisProcess::default();
    for (name, rewarder) in [("worker processes", Rewarder::new(&in_workers)), ("this process", Rewarder::new(&here))] {
        let start = Instant::now();
        let rewards = rewarder.rewards(&asked);
        let seconds = start.elapsed().as_secs_f64();
        let made = rewards.iter().filter(|reward| reward.iou().is_some()).count();
        let right = rewards.iter().step_by(2).filter(|reward| reward.value > 9.99).count();
        println!(
            "{name}: {:.0} rewards/s ({} in {seconds:.1} s on {workers} cores), {made} made, {right} of {} their own part",
            rewards.len() as f64 / seconds,
            rewards.len(),
            targets.len()
        );
    }
    Ok(())
}
