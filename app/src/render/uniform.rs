//! What the shaders are told, laid out as WGSL lays it out.

use bytemuck::{Pod, Zeroable};

/// `View` of `shaders/view.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct ViewUniform {
    /// The camera.
    pub clip_from_scene: [[f32; 4]; 4],
    /// The eye: a point (w = 1) or a direction (w = 0).
    pub eye_in_scene: [f32; 4],
    /// Normal and distance of the section plane, if pipelines with one are used.
    pub section: [f32; 4],
    /// Colour of the cut.
    pub section_color: [f32; 4],
    /// Width, height, pixels per point.
    pub size_px: [f32; 4],
}

/// `Shape` of `shaders/view.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct ShapeUniform {
    /// Where the shape's origin is.
    pub scene_from_shape: [f32; 4],
    /// Colour of its outside, and its opacity.
    pub color: [f32; 4],
    /// Colour of its inside.
    pub back_color: [f32; 4],
    /// Colour of what is selected.
    pub highlight_color: [f32; 4],
    /// Colour of its edges.
    pub edge_color: [f32; 4],
    /// Whether coloured by value, end of the scale, tolerance, whether shaded flat.
    pub heat: [f32; 4],
    /// Width of edges, size of points, whether see-through.
    pub stroke: [f32; 4],
}
