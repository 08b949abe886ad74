//! A shape on the GPU.

use glam::DVec3;
use wgpu::util::DeviceExt as _;

use super::{Detail, Gpu, ShapeData};

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
    full: Level,
    /// Finest first.
    coarse: Vec<Level>,
}

impl Faces {
    /// The finest level of at most so many triangles; the coarsest there is when all have more.
    pub(super) fn level(&self, most: u32) -> &Level {
        let fits = |level: &&Level| level.triangles.1 / 3 <= most;
        std::iter::once(&self.full).chain(&self.coarse).find(fits).or(self.coarse.last()).unwrap_or(&self.full)
    }
}

/// The buffers of a [`ShapeData`].
#[derive(Debug)]
pub struct Shape {
    pub(super) surface: Option<Faces>,
    pub(super) edges: Option<(wgpu::Buffer, u32)>,
    pub(super) points: Option<(wgpu::Buffer, u32)>,
    /// One word per face and then per edge; see `shaders/view.wgsl`.
    pub(super) marks: wgpu::Buffer,
    pub(super) origin: DVec3,
    pub(super) radius: f64,
    pub(super) is_closed: bool,
    is_too_large: bool,
    words: u32,
}

impl Shape {
    /// Takes the surface for one that nothing is seen of from inside, or not: then its insides are not drawn.
    pub fn set_closed(&mut self, is_closed: bool) {
        self.is_closed = is_closed;
    }

    /// Uploads a shape, from any thread. What is larger than the adapter's buffers can be is left out.
    pub fn new(gpu: &Gpu, data: &ShapeData) -> Self {
        let most = gpu.device.limits().max_buffer_size;
        let buffer = |label, contents: &[u8], usage| {
            let fits = !contents.is_empty() && contents.len() as u64 <= most;
            fits.then(|| filled_buffer(gpu, label, contents, usage))
        };
        let vertices = |label, contents| buffer(label, contents, wgpu::BufferUsages::VERTEX);
        let indices = |label, contents: &[u32]| {
            let made = buffer(label, bytemuck::cast_slice(contents), wgpu::BufferUsages::INDEX);
            made.map(|made| (made, contents.len() as u32))
        };
        let level = |triangles: &[u32], wires: &[u32]| {
            Some(Level { triangles: indices("triangles", triangles)?, wires: indices("wires", wires) })
        };
        let surface = vertices("surface", bytemuck::cast_slice(&data.surface))
            .zip(level(&data.triangles, &data.wires))
            .map(|(vertices, full)| {
                let wires = data.coarse_wires.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
                let coarse = data.coarse_triangles.iter().zip(wires);
                Faces { vertices, full, coarse: coarse.filter_map(|(t, w)| level(t, w)).collect() }
            });
        let marks = gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("marks"),
            contents: bytemuck::cast_slice(&vec![0u32; data.marks.max(1) as usize]),
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
        });
        let edges = vertices("edges", bytemuck::cast_slice(&data.edges)).map(|b| (b, data.edges.len() as u32));
        let points = vertices("points", bytemuck::cast_slice(&data.points)).map(|b| (b, data.points.len() as u32));
        let is_left_out = [
            surface.is_none() && !data.triangles.is_empty(),
            edges.is_none() && !data.edges.is_empty(),
            points.is_none() && !data.points.is_empty(),
        ];
        Self {
            surface,
            edges,
            points,
            is_too_large: is_left_out.contains(&true),
            marks,
            origin: data.origin,
            radius: data.radius,
            is_closed: data.is_closed,
            words: data.marks.max(1),
        }
    }

    /// Marks faces and after them edges: one word each, bit 0 selected, bit 1 under the pointer, bit 2 made by the marked
    /// call. Those beyond the words are unmarked.
    pub fn mark(&self, gpu: &Gpu, marks: &[u32]) {
        let mut words = vec![0u32; self.words as usize];
        for (word, mark) in words.iter_mut().zip(marks) {
            *word = *mark;
        }
        gpu.queue.write_buffer(&self.marks, 0, bytemuck::cast_slice(&words));
    }

    /// How many triangles are drawn with such detail.
    pub fn triangles_at(&self, detail: Detail) -> u32 {
        self.surface.as_ref().map_or(0, |faces| faces.level(detail.most()).triangles.1 / 3)
    }

    /// How many triangles, sides of triangles and points it has in full.
    pub fn primitives(&self) -> u32 {
        let wires = self.surface.as_ref().and_then(|faces| faces.full.wires.as_ref()).map_or(0, |(_, count)| count / 2);
        let points = self.points.as_ref().map_or(0, |(_, count)| *count);
        self.triangles_at(Detail::Full).saturating_add(wires).saturating_add(points)
    }

    /// Whether something of it is left out, because the adapter's buffers cannot be as large.
    pub fn is_too_large(&self) -> bool {
        self.is_too_large
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

/// What is uploaded at a time: on a software adapter a few milliseconds, between which a picture can be drawn.
const UPLOAD_BYTES: usize = 8 << 20;

fn filled_buffer(gpu: &Gpu, label: &str, contents: &[u8], usage: wgpu::BufferUsages) -> wgpu::Buffer {
    if contents.len() <= UPLOAD_BYTES {
        return gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some(label),
            contents,
            usage,
        });
    }
    let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some(label),
        size: contents.len() as u64,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    for (index, bytes) in contents.chunks(UPLOAD_BYTES).enumerate() {
        gpu.queue.write_buffer(&buffer, (index * UPLOAD_BYTES) as u64, bytes);
        gpu.queue.submit([]);
    }
    buffer
}
