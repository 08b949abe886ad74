//! From a sample to what is learned of it: what the network sees this time, and the program.

use glam::DVec3;
use image::RgbImage;
use partwright_cadrille::input::{
    GRID_SIDE, Kinds, PictureGrid, PictureInput, ProgramTokenizer, Prompt, PromptError, TokenizerError, disagreement,
};
use partwright_geometry::normalize::PROGRAM_FRAME_SIDE;
use partwright_geometry::{Geometry, PointCloud};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::{Augmentation, Example, damaged};
use crate::Sample;
use crate::reward::{Maker as _, OfThisProcess};

/// How often each kind of input is seen. Each is drawn on its own, so that mixtures come up too; where none is drawn, the
/// likeliest that the sample has is seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inputs {
    /// Points.
    pub points: f64,
    /// The four views in one picture.
    pub picture: f64,
    /// A description.
    pub description: f64,
    /// Points and a wrong program that is to be improved, in place of all else.
    pub edit: f64,
}

impl Default for Inputs {
    fn default() -> Self {
        Self { points: 0.9, picture: 0.0, description: 0.15, edit: 0.0 }
    }
}

/// Wrong programs tried until one makes something.
const MOST_DAMAGED: usize = 4;

/// Makes examples of samples.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The network's tokenizer.
    pub tokenizer: ProgramTokenizer,
    /// How many points it reads.
    pub num_points: usize,
    /// How many points more it reads where a program is to be improved; 0 where it is not to learn that.
    pub num_far_points: usize,
    /// Which inputs are seen.
    pub inputs: Inputs,
    /// What is done to points.
    pub augmentation: Augmentation,
    /// Programs of more tokens are left out.
    pub most_answer: usize,
    /// Seed of all choices.
    pub seed: u64,
}

/// Why a sample gives no example.
#[derive(Debug, thiserror::Error)]
pub enum LessonError {
    /// The prompt cannot be made.
    #[error(transparent)]
    Prompt(#[from] PromptError),
    /// The program cannot be cut into tokens.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// The sample has neither points nor views nor a description.
    #[error("a sample holds neither points nor views nor a description")]
    Empty,
}

impl Lesson {
    /// The example of a sample, the same for the same number; `None` where its program is too long.
    ///
    /// # Errors
    /// A sample with nothing to see, or whose words name the network's own tokens.
    pub fn example(&self, sample: &Sample, number: u64) -> Result<Option<Example>, LessonError> {
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(number);
        let mut answer = self.tokenizer.encode(&sample.program)?;
        answer.push(self.tokenizer.im_end());
        if answer.len() > self.most_answer {
            return Ok(None);
        }
        if random.random::<f64>() < self.inputs.edit
            && let Some(example) = self.edit(sample, &answer, &mut random)?
        {
            return Ok(Some(example));
        }
        let Seen { points, picture, description } = self.seen(sample, &mut random);
        let points =
            if points { self.augmentation.points(&sample.points, self.num_points, &mut random) } else { Vec::new() };
        let picture = if picture { picture_of(sample) } else { None };
        let caption = random.random_range(0..sample.captions.len().max(1));
        let kinds = Kinds {
            points: points.len(),
            patches: picture.as_ref().map_or(0, PictureInput::tokens),
            description: sample.captions.get(caption).filter(|_| description).map(String::as_str),
            current: None,
        };
        if kinds == Kinds::default() {
            return Err(LessonError::Empty);
        }
        let prompt = Prompt::mixed(&self.tokenizer, kinds)?.ids;
        Ok(Some(Example { prompt, points, picture: picture.map(|p| (p.pixel_values, p.grid_thw)), answer }))
    }

    /// A wrong program, where it is wrong, and the right one; `None` where no wrong one makes something.
    fn edit(&self, sample: &Sample, answer: &[u32], random: &mut ChaCha8Rng) -> Result<Option<Example>, LessonError> {
        let maker = OfThisProcess::default();
        let (far, points) = (self.num_far_points, &sample.points);
        let right = if far == 0 || points.is_empty() { None } else { maker.make(&sample.program).ok() };
        let Some(right) = right else { return Ok(None) };
        for _ in 0..MOST_DAMAGED {
            let Some(wrong) = damaged(&sample.program, &right, random) else { continue };
            let Ok(made) = maker.make(&wrong) else { continue };
            let tokens = self.tokenizer.encode(&wrong)?;
            if tokens.len() >= self.most_answer {
                continue;
            }
            // What the scan shows is what the points show: nothing but they is known of it.
            let cloud = points.iter().map(|p| DVec3::from(p.map(f64::from)) * (PROGRAM_FRAME_SIDE / 2.0)).collect();
            let cloud = Geometry::Cloud(PointCloud { positions: cloud, ..PointCloud::default() });
            let Some(disagree) = disagreement(&cloud, &made, far, random.random()) else { continue };
            let mut seen = self.augmentation.points(points, self.num_points, random);
            seen.extend(disagree);
            let kinds = Kinds { points: seen.len(), current: Some(&wrong), ..Kinds::default() };
            let prompt = Prompt::mixed(&self.tokenizer, kinds)?.ids;
            return Ok(Some(Example { prompt, points: seen, picture: None, answer: answer.to_vec() }));
        }
        Ok(None)
    }

    fn seen(&self, sample: &Sample, random: &mut ChaCha8Rng) -> Seen {
        let mut drawn = |there: bool, share: f64| random.random::<f64>() < share && there;
        let has = Seen {
            points: !sample.points.is_empty(),
            picture: !sample.views.are_absent() && self.tokenizer.vision().is_some(),
            description: !sample.captions.is_empty(),
        };
        let Inputs { points, picture, description, .. } = self.inputs;
        let seen = Seen {
            points: drawn(has.points, points),
            picture: drawn(has.picture, picture),
            description: drawn(has.description, description),
        };
        if seen.points || seen.picture || seen.description {
            return seen;
        }
        let likeliest = [points, picture, description].into_iter().fold(0.0, f64::max);
        let first_of = |has: bool, share: f64| has && share >= likeliest;
        Seen {
            points: first_of(has.points, points) || !(has.picture || has.description),
            picture: first_of(has.picture, picture),
            description: first_of(has.description, description) || !(has.points || has.picture),
        }
    }
}

/// Which inputs are seen.
#[derive(Clone, Copy)]
struct Seen {
    points: bool,
    picture: bool,
    description: bool,
}

fn picture_of(sample: &Sample) -> Option<PictureInput> {
    let image = RgbImage::from_raw(GRID_SIDE, GRID_SIDE, sample.views.rgb()?.into_owned())?;
    PictureGrid::finished(image).ok().map(|grid| PictureInput::of_grid(&grid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Views;

    fn lesson(inputs: Inputs) -> Lesson {
        let tokenizer = ProgramTokenizer::from_json(&crate::tokenizer::json(&["box"])).unwrap();
        Lesson {
            tokenizer,
            num_points: 16,
            num_far_points: 8,
            inputs,
            augmentation: Augmentation::default(),
            most_answer: 64,
            seed: 3,
        }
    }

    fn sample() -> Sample {
        Sample {
            program: "import cadquery as cq\nw0=cq.Workplane('XY',origin=(0,0,0))\nr=w0.box(200,100,50)".to_owned(),
            points: (0..100).map(|i| [i as f32 / 100.0, 0.0, 0.0]).collect(),
            captions: vec!["a box".to_owned(), "Box".to_owned()],
            views: Views::Drawn(vec![255; (GRID_SIDE * GRID_SIDE * 3) as usize]),
        }
    }

    #[test]
    fn every_mixture_comes_up_and_none_is_empty() {
        let lesson = lesson(Inputs { points: 0.5, picture: 0.5, description: 0.5, edit: 0.0 });
        let mut mixtures = std::collections::BTreeSet::new();
        for number in 0..60 {
            let example = lesson.example(&sample(), number).unwrap().unwrap();
            let points = example.points.len();
            assert!(points == 0 || points == 16);
            let words = example.prompt.len() - points - if example.picture.is_some() { 102 } else { 0 } - 2;
            mixtures.insert((points, example.picture.is_some(), words));
            assert_eq!(example, lesson.example(&sample(), number).unwrap().unwrap());
        }
        // Seven mixtures; descriptions have one or two tokens, the instruction has one.
        assert!(mixtures.len() >= 7, "{mixtures:?}");
    }

    #[test]
    fn wrong_programs_are_shown_with_the_points_where_they_are_wrong() {
        let lesson = lesson(Inputs { points: 1.0, picture: 0.0, description: 0.0, edit: 1.0 });
        let right = lesson.example(&sample(), 0).unwrap().unwrap();
        let text = |tokens: &[u32]| lesson.tokenizer.decode(tokens).unwrap();
        let mut wrong = std::collections::BTreeSet::new();
        for number in 0..12 {
            let example = lesson.example(&sample(), number).unwrap().unwrap();
            assert_eq!(example.answer, right.answer);
            assert_eq!(example.points.len(), 24, "those of the scan and those of the disagreement");
            assert!(example.prompt[..24].iter().all(|token| *token == lesson.tokenizer.pad()));
            let shown = text(&example.prompt[24..]);
            assert!(shown.contains("r=w0.box(") && !shown.contains(&sample().program), "{shown}");
            wrong.insert(shown);
        }
        assert!(wrong.len() > 6, "{wrong:?}");
        let without = Lesson { num_far_points: 0, ..lesson };
        assert_eq!(without.example(&sample(), 0).unwrap().unwrap().points.len(), 16);
    }

    #[test]
    fn what_a_sample_lacks_is_not_seen() {
        let lesson = lesson(Inputs { points: 0.0, picture: 1.0, description: 0.0, edit: 0.0 });
        let only = Sample { views: Views::Absent, captions: vec![], ..sample() };
        assert_eq!(lesson.example(&only, 0).unwrap().unwrap().points.len(), 16);
        let nothing = Sample { points: vec![], ..only };
        assert!(matches!(lesson.example(&nothing, 0), Err(LessonError::Empty)));
        let long = Sample { program: "(".repeat(64), ..sample() };
        assert_eq!(lesson.example(&long, 0).unwrap(), None);
    }
}
