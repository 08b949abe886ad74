//! Drawing shapes into a target.

use std::sync::OnceLock;

use glam::{DVec3, Vec3};
use wgpu::util::DeviceExt as _;

use super::pipeline::{Layouts, Pipelines};
use super::{Camera, Gpu, Heat, Projection, ShaderFault, ShaderSources, Shape, ShapeUniform, Target, ViewUniform};

/// A plane; what lies beyond it is cut away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// Unit normal, towards what is cut away.
    pub normal: DVec3,
    /// Distance from the origin of the scan's coordinates along the normal.
    pub distance: f64,
}

/// How a shape is drawn. Colours are sRGB with an opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Outside.
    pub color: [f32; 4],
    /// Inside.
    pub back_color: [f32; 4],
    /// What is selected.
    pub highlight_color: [f32; 4],
    /// Edges.
    pub edge_color: [f32; 4],
    /// Whether faces are drawn.
    pub faces: bool,
    /// Whether edges are drawn.
    pub edges: bool,
    /// Whether the sides of triangles are drawn.
    pub wires: bool,
    /// Width of edges in points of the screen.
    pub edge_width: f32,
    /// Size of points in points of the screen.
    pub point_size: f32,
    /// Colouring by deviation.
    pub heat: Option<Heat>,
}

/// The camera and what all shapes share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The camera, in the scene's coordinates: the scan's, less `scene_origin`.
    pub camera: Camera,
    /// The point of the scan's coordinates that is the scene's origin.
    pub scene_origin: DVec3,
    /// Where shapes are cut.
    pub section: Option<Section>,
    /// Colour of the cut, sRGB.
    pub section_color: [f32; 4],
    /// Colour behind everything, sRGB.
    pub background: [f32; 4],
    /// Pixels per point of the screen.
    pub pixels_per_point: f32,
}

/// How finely a shape is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// As it is.
    #[default]
    Full,
    /// With at most so many triangles or points where it is larger: while the camera moves on a slow adapter.
    AtMost(u32),
}

impl Detail {
    /// Most triangles or points.
    pub(super) fn most(self) -> u32 {
        match self {
            Self::Full => u32::MAX,
            Self::AtMost(most) => most,
        }
    }
}

/// A shape and how to draw it.
#[derive(Clone, Copy, Debug)]
pub struct Drawing<'a> {
    /// The shape.
    pub shape: &'a Shape,
    /// How.
    pub look: Look,
    /// How finely.
    pub detail: Detail,
}

/// One of several equal shares of everything that is drawn: a picture of many million triangles is drawn share by share, so
/// that other things can be done between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Which share, from 0. They have to be drawn in turn, into the same target.
    pub index: u32,
    /// How many there are.
    pub of: u32,
}

impl Slice {
    /// All at once.
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    /// Whether the picture is finished with it.
    pub fn is_last(self) -> bool {
        self.index + 1 >= self.of
    }

    /// Its share of `count` vertices or instances, of which always `unit` belong together.
    fn share(self, count: u32, unit: u32) -> std::ops::Range<u32> {
        let whole = u64::from(count / unit);
        let at = |index: u32| (whole * u64::from(index) / u64::from(self.of.max(1))) as u32 * unit;
        at(self.index)..at(self.index + 1)
    }
}

/// The pipelines, made when first needed.
#[derive(Debug)]
pub struct Renderer {
    layouts: Layouts,
    sources: ShaderSources,
    /// Without and with several samples, each without and with a section plane.
    pipelines: [[OnceLock<Pipelines>; 2]; 2],
}

impl Renderer {
    /// A renderer on a device.
    pub fn new(gpu: &Gpu) -> Self {
        Self { layouts: Layouts::new(gpu), sources: ShaderSources::built_in(), pipelines: Default::default() }
    }

    /// Draws with other shaders from now on. With a fault it goes on as before.
    ///
    /// # Errors
    /// When the texts are no valid programs, or do not fit what they are given.
    pub fn reload(&mut self, gpu: &Gpu, sources: ShaderSources) -> Result<(), ShaderFault> {
        sources.check()?;
        // What the text alone does not tell, such as a binding that is not there, the device says.
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let pipelines = Pipelines::new(gpu, &self.layouts, &sources, 1, true);
        if let Some(error) = pollster::block_on(scope.pop()) {
            return Err(ShaderFault { file: "shaders".to_owned(), line: None, message: error.to_string() });
        }
        self.sources = sources;
        self.pipelines = Default::default();
        let _ = self.pipelines[0][1].set(pipelines);
        Ok(())
    }

    /// Draws all shapes, the opaque ones first.
    pub fn draw(&self, gpu: &Gpu, target: &Target, view: &View, drawings: &[Drawing<'_>]) {
        self.draw_slice(gpu, target, view, drawings, Slice::WHOLE);
    }

    /// Draws one share of all shapes; the target holds a picture after the last of them.
    pub fn draw_slice(&self, gpu: &Gpu, target: &Target, view: &View, drawings: &[Drawing<'_>], slice: Slice) {
        let (samples, is_sectioned) = (target.samples(), view.section.is_some());
        let pipelines = &self.pipelines[usize::from(samples > 1)][usize::from(is_sectioned)];
        let pipelines =
            pipelines.get_or_init(|| Pipelines::new(gpu, &self.layouts, &self.sources, samples, is_sectioned));
        let view_group = self.view_group(gpu, target, view, drawings);
        let groups: Vec<wgpu::BindGroup> = drawings.iter().map(|d| self.shape_group(gpu, view, d)).collect();
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let [r, g, b, a] = view.background.map(f64::from);
            let is_first = slice.index == 0;
            let kept = if slice.is_last() { wgpu::StoreOp::Discard } else { wgpu::StoreOp::Store };
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("view"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: target.multisampled.as_ref().unwrap_or(&target.color_view),
                    depth_slice: None,
                    resolve_target: target
                        .multisampled
                        .as_ref()
                        .filter(|_| slice.is_last())
                        .map(|_| &target.color_view),
                    ops: wgpu::Operations {
                        load: if is_first {
                            wgpu::LoadOp::Clear(wgpu::Color { r, g, b, a })
                        } else {
                            wgpu::LoadOp::Load
                        },
                        // Of several samples only what they come to is kept.
                        store: match &target.multisampled {
                            Some(_) => kept,
                            None => wgpu::StoreOp::Store,
                        },
                    },
                })],
                depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                    view: &target.depth_view,
                    depth_ops: Some(wgpu::Operations {
                        load: if is_first { wgpu::LoadOp::Clear(1.0) } else { wgpu::LoadOp::Load },
                        store: kept,
                    }),
                    stencil_ops: None,
                }),
                ..wgpu::RenderPassDescriptor::default()
            });
            pass.set_bind_group(0, &view_group, &[]);
            let is_opaque = |drawing: &Drawing<'_>| drawing.look.color[3] >= 1.0;
            for opaque in [true, false] {
                for (drawing, group) in drawings.iter().zip(&groups).filter(|(d, _)| is_opaque(d) == opaque) {
                    pass.set_bind_group(1, group, &[]);
                    let surface = match (opaque, drawing.shape.is_closed && !sees_inside(view, drawing.shape)) {
                        (false, _) => &pipelines.see_through,
                        (true, true) => &pipelines.front,
                        (true, false) => &pipelines.surface,
                    };
                    draw_shape(&mut pass, pipelines, surface, drawing, slice);
                }
            }
        }
        gpu.queue.submit([encoder.finish()]);
    }

    fn view_group(&self, gpu: &Gpu, target: &Target, view: &View, drawings: &[Drawing<'_>]) -> wgpu::BindGroup {
        let [width, height] = target.size_px().map(|side| side as f32);
        let camera = &view.camera;
        // The depth range has to hold every shape.
        let reach = drawings.iter().map(|d| (d.shape.origin - view.scene_origin).length() + d.shape.radius);
        let radius = reach.fold(1e-6, f64::max) as f32;
        let eye = match camera.projection {
            Projection::Perspective => camera.eye().extend(1.0),
            Projection::Parallel => camera.towards_eye().extend(0.0),
        };
        let section = view.section.map_or([0.0; 4], |section| {
            let distance = section.distance - section.normal.dot(view.scene_origin);
            section.normal.as_vec3().extend(distance as f32).to_array()
        });
        let uniform = ViewUniform {
            clip_from_scene: camera.clip_from_scene(width / height, Vec3::ZERO, radius).to_cols_array_2d(),
            eye_in_scene: eye.to_array(),
            section,
            section_color: view.section_color,
            size_px: [width, height, view.pixels_per_point, 0.0],
        };
        let buffer = uniform_buffer(gpu, bytemuck::bytes_of(&uniform));
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("view"),
            layout: &self.layouts.view,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() }],
        })
    }

    fn shape_group(&self, gpu: &Gpu, view: &View, drawing: &Drawing<'_>) -> wgpu::BindGroup {
        let Drawing { shape, look, .. } = drawing;
        let (heated, scale, tolerance) = look.heat.map_or((0.0, 1.0, 0.0), |heat| (1.0, heat.scale, heat.tolerance));
        let uniform = ShapeUniform {
            scene_from_shape: (shape.origin - view.scene_origin).as_vec3().extend(0.0).to_array(),
            color: look.color,
            back_color: look.back_color,
            highlight_color: look.highlight_color,
            edge_color: look.edge_color,
            heat: [heated, scale, tolerance, 0.0],
            stroke: [look.edge_width, look.point_size, f32::from(look.color[3] < 1.0), 0.0],
        };
        let buffer = uniform_buffer(gpu, bytemuck::bytes_of(&uniform));
        gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("shape"),
            layout: &self.layouts.shape,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: buffer.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: shape.marks.as_entire_binding() },
            ],
        })
    }
}

/// Whether triangles of a closed shape may be seen from behind: through a section, or by an eye within it.
fn sees_inside(view: &View, shape: &Shape) -> bool {
    let eye_in_scene = view.camera.eye().as_dvec3();
    let is_far = view.camera.projection == Projection::Parallel
        || eye_in_scene.distance(shape.origin - view.scene_origin) > shape.radius;
    view.section.is_some() || !is_far
}

fn uniform_buffer(gpu: &Gpu, contents: &[u8]) -> wgpu::Buffer {
    let usage = wgpu::BufferUsages::UNIFORM;
    gpu.device.create_buffer_init(&wgpu::util::BufferInitDescriptor { label: Some("uniform"), contents, usage })
}

fn draw_shape(
    pass: &mut wgpu::RenderPass<'_>,
    pipelines: &Pipelines,
    surface: &wgpu::RenderPipeline,
    drawing: &Drawing<'_>,
    slice: Slice,
) {
    let Drawing { shape, look, detail } = drawing;
    let most = detail.most();
    if let Some(faces) = &shape.surface {
        let level = faces.level(most);
        pass.set_vertex_buffer(0, faces.vertices.slice(..));
        if look.faces {
            pass.set_pipeline(surface);
            pass.set_index_buffer(level.triangles.0.slice(..), wgpu::IndexFormat::Uint32);
            pass.draw_indexed(slice.share(level.triangles.1, 3), 0, 0..1);
        }
        if let Some((lines, count)) = level.wires.as_ref().filter(|_| look.wires) {
            pass.set_pipeline(&pipelines.wire);
            pass.set_index_buffer(lines.slice(..), wgpu::IndexFormat::Uint32);
            pass.draw_indexed(slice.share(*count, 2), 0, 0..1);
        }
    }
    if let Some((points, count)) = &shape.points {
        let count = (*count).min(most);
        pass.set_pipeline(&pipelines.point);
        pass.set_vertex_buffer(0, points.slice(..));
        pass.draw(0..4, slice.share(count, 1));
    }
    if let Some((edges, count)) = shape.edges.as_ref().filter(|_| look.edges) {
        pass.set_pipeline(&pipelines.edge);
        pass.set_vertex_buffer(0, edges.slice(..));
        pass.draw(0..4, slice.share(*count, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_draw_everything_once() {
        for (count, unit, of) in [(0, 3, 4), (3, 3, 4), (30_000_003, 3, 63), (10, 2, 3), (7, 1, 7)] {
            let mut end = 0;
            for index in 0..of {
                let share = Slice { index, of }.share(count, unit);
                assert_eq!((share.start, share.start % unit), (end, 0));
                end = share.end;
            }
            assert_eq!(end, count);
            assert!(Slice { index: of - 1, of }.is_last());
        }
    }
}
