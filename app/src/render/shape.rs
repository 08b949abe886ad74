//! A shape on the GPU.

use glam::DVec3;
use wgpu::util::DeviceExt as _;

use super::{Gpu, ShapeData};

/// Triangles, and their sides if they are to be drawn: indices of the same vertices.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) triangles: (wgpu::Buffer, u32),
    pub(super) wires: Option<(wgpu::Buffer, u32)>,
}

/// The surface of a shape, as it is and coarser.
#[derive(Debug)]
pub(super) struct Faces {
    pub(super) vertices: wgpu::Buffer,
    pub(super) full: Level,
    pub(super) coarse: Option<Level>,
}

/// The buffers of a [`ShapeData`].
#[derive(Debug)]
pub struct Shape {
    pub(super) surface: Option<Faces>,
    pub(super) edges: Option<(wgpu::Buffer, u32)>,
    pub(super) points: Option<(wgpu::Buffer, u32)>,
    /// One word per face; see `shaders/view.wgsl`.
    pub(super) marks: wgpu::Buffer,
    pub(super) origin: DVec3,
    pub(super) radius: f64,
    faces: u32,
}

impl Shape {
    /// Uploads a shape. What is larger than the adapter's buffers can be is left out.
    pub fn new(gpu: &Gpu, data: &ShapeData) -> Self {
        let most = gpu.device.limits().max_buffer_size;
        let buffer = |label, contents: &[u8], usage| {
            let fits = !contents.is_empty() && contents.len() as u64 <= most;
            fits.then(|| {
                gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor { label: Some(label), contents, usage })
            })
        };
        let vertices = |label, contents| buffer(label, contents, wgpu::BufferUsages::VERTEX);
        let indices = |label, contents: &[u32]| {
            let made = buffer(label, bytemuck::cast_slice(contents), wgpu::BufferUsages::INDEX);
            made.map(|made| (made, contents.len() as u32))
        };
        let level = |triangles: &[u32], wires: &[u32]| {
            Some(Level { triangles: indices("triangles", triangles)?, wires: indices("wires", wires) })
        };
        let surface =
            vertices("surface", bytemuck::cast_slice(&data.surface)).zip(level(&data.triangles, &data.wires)).map(
                |(vertices, full)| Faces { vertices, full, coarse: level(&data.coarse_triangles, &data.coarse_wires) },
            );
        let marks = gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("marks"),
            contents: bytemuck::cast_slice(&vec![0u32; data.faces.max(1) as usize]),
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        });
        Self {
            surface,
            edges: vertices("edges", bytemuck::cast_slice(&data.edges)).map(|b| (b, data.edges.len() as u32)),
            points: vertices("points", bytemuck::cast_slice(&data.points)).map(|b| (b, data.points.len() as u32)),
            marks,
            origin: data.origin,
            radius: data.radius,
            faces: data.faces.max(1),
        }
    }

    /// Marks faces: one word each, bit 0 selected, bit 1 under the pointer, bit 2 made by the marked call. Faces beyond the
    /// words are unmarked.
    pub fn mark(&self, gpu: &Gpu, marks: &[u32]) {
        let mut words = vec![0u32; self.faces as usize];
        for (word, mark) in words.iter_mut().zip(marks) {
            *word = *mark;
        }
        gpu.queue.write_buffer(&self.marks, 0, bytemuck::cast_slice(&words));
    }

    /// The shape's origin in the scan's coordinates.
    pub fn origin(&self) -> DVec3 {
        self.origin
    }

    /// Half the diagonal of its box.
    pub fn radius(&self) -> f64 {
        self.radius
    }
}
