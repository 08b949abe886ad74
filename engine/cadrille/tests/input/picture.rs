//! The picture, from the grid of views to the patches.

use candle_core::Device;
use image::RgbImage;
use partwright_cadrille::input::{GRID_SIDE, PictureGrid, PictureInput, VIEW_SIDE, frame};

use crate::fixture::Tensors;

fn grid(tensors: &Tensors) -> PictureGrid {
    let bytes = tensors.u8("grid_image");
    let image = RgbImage::from_raw(GRID_SIDE, GRID_SIDE, bytes).expect("268 x 268 pixels");
    PictureGrid::finished(image).expect("a grid")
}

#[test]
fn the_frame_is_pillows_to_the_byte() {
    let tensors = Tensors::read("img.safetensors");
    let frame = frame(grid(&tensors).image());
    assert_eq!(frame.dimensions(), (280, 280));
    let wanted = tensors.u8("frame_after_fetch");
    let different = frame.as_raw().iter().zip(&wanted).filter(|(got, wanted)| got != wanted).count();
    assert_eq!((different, frame.as_raw().len()), (0, wanted.len()));
}

#[test]
fn the_patches_are_those_of_the_processor() {
    let tensors = Tensors::read("img.safetensors");
    let input = PictureInput::of_grid(&grid(&tensors));
    let thw: Vec<i64> = input.grid_thw.iter().map(|n| *n as i64).collect();
    assert_eq!(thw, tensors.i64("video_grid_thw"));
    assert_eq!(input.tokens(), 100);
    let wanted = tensors.f32("pixel_values_videos");
    assert_eq!(input.pixel_values.len(), wanted.len());
    let worst = input.pixel_values.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst <= 1e-6, "{worst:e}");
    assert_eq!(input.tensor(&Device::Cpu).expect("the CPU takes it").dims(), [400, 1176]);
}

#[test]
fn a_grid_put_together_again_is_the_grid() {
    let whole = grid(&Tensors::read("img.safetensors"));
    let corners = [(3, 3), (137, 3), (3, 137), (137, 137)];
    let views = corners.map(|(x, y)| image::imageops::crop_imm(whole.image(), x, y, VIEW_SIDE, VIEW_SIDE).to_image());
    assert!(PictureGrid::of_views(&views).expect("four views") == whole);
}
