//! The vertices the shaders read.

use bytemuck::{Pod, Zeroable};

/// `SurfaceIn` of `shaders/surface.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct SurfaceVertex {
    /// Position from the shape's origin.
    pub in_shape: [f32; 3],
    /// Unit normal; zero shades the triangle flat.
    pub normal: [f32; 3],
    /// Deviation.
    pub value: f32,
    /// Number of the face.
    pub face: u32,
}

/// `EdgeIn` of `shaders/edge.wgsl`: one segment.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct EdgeVertex {
    /// Its first end.
    pub from_in_shape: [f32; 3],
    /// Its second end.
    pub to_in_shape: [f32; 3],
    /// The words of `face_marks` of the faces on its two sides, and its own; `u32::MAX` is none.
    pub marks: [u32; 3],
}

/// `PointIn` of `shaders/point.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct PointVertex {
    /// Position from the shape's origin.
    pub in_shape: [f32; 3],
    /// Deviation.
    pub value: f32,
    /// Unit normal, 127 for one; zero is none.
    pub normal: [i8; 4],
    /// sRGB colour, and 255 where there is one.
    pub color: [u8; 4],
}
