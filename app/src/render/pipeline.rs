//! The GPU programs and what goes into them.

use std::borrow::Cow;

use super::target::{COLOR, DEPTH};
use super::{EdgeVertex, Gpu, PointVertex, SurfaceVertex};

/// The name of every program and its text after `view.wgsl`.
pub const PROGRAMS: [(&str, &str); 4] = [
    ("surface", include_str!("../../../shaders/surface.wgsl")),
    ("edge", include_str!("../../../shaders/edge.wgsl")),
    ("wire", include_str!("../../../shaders/wire.wgsl")),
    ("point", include_str!("../../../shaders/point.wgsl")),
];

const VIEW: &str = include_str!("../../../shaders/view.wgsl");

/// The whole text of a program. Debug builds read it from the source tree, so that a changed shader shows at the next start
/// of a view; when it is not there, and in release builds, the one built in is taken.
pub fn program_source(name: &str) -> Option<Cow<'static, str>> {
    let (_, built_in) = PROGRAMS.iter().find(|(program, _)| *program == name)?;
    if cfg!(debug_assertions) {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shaders");
        let read = |file: &str| std::fs::read_to_string(folder.join(file)).ok();
        if let (Some(view), Some(own)) = (read("view.wgsl"), read(&format!("{name}.wgsl"))) {
            return Some(Cow::Owned(format!("{view}\n{own}")));
        }
    }
    Some(Cow::Owned(format!("{VIEW}\n{built_in}")))
}

/// The pipelines of one number of samples.
#[derive(Debug)]
pub(super) struct Pipelines {
    pub(super) surface: wgpu::RenderPipeline,
    /// The same, mixed with what is behind and hiding nothing.
    pub(super) see_through: wgpu::RenderPipeline,
    pub(super) edge: wgpu::RenderPipeline,
    pub(super) wire: wgpu::RenderPipeline,
    pub(super) point: wgpu::RenderPipeline,
}

/// The layouts of the two groups of bindings: view and shape.
#[derive(Debug)]
pub(super) struct Layouts {
    pub(super) view: wgpu::BindGroupLayout,
    pub(super) shape: wgpu::BindGroupLayout,
}

impl Layouts {
    pub(super) fn new(gpu: &Gpu) -> Self {
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
            count: None,
        };
        let uniform = wgpu::BufferBindingType::Uniform;
        let storage = wgpu::BufferBindingType::Storage { read_only: true };
        let layout = |label, entries: &[wgpu::BindGroupLayoutEntry]| {
            gpu.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
        };
        Self {
            view: layout("view", &[entry(0, uniform)]),
            shape: layout("shape", &[entry(0, uniform), entry(1, storage)]),
        }
    }
}

impl Pipelines {
    pub(super) fn new(gpu: &Gpu, layouts: &Layouts, samples: u32) -> Self {
        use wgpu::PrimitiveTopology as Topology;
        let layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("shape"),
            bind_group_layouts: &[Some(&layouts.view), Some(&layouts.shape)],
            immediate_size: 0,
        });
        let module = |name: &str| {
            let source = program_source(name).unwrap_or_default();
            gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(name),
                source: wgpu::ShaderSource::Wgsl(source),
            })
        };
        let surface_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<SurfaceVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Vertex,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32x3, 2 => Float32, 3 => Uint32],
        };
        let edge_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<EdgeVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32x3, 2 => Uint32x2],
        };
        let point_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<PointVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32, 2 => Snorm8x4, 3 => Unorm8x4],
        };
        let make = |name: &str, buffer: wgpu::VertexBufferLayout<'_>, topology, see_through: bool| {
            let module = module(name);
            let blend = see_through.then_some(wgpu::BlendState::ALPHA_BLENDING);
            gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(name),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some(&format!("{name}_vertex")),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[Some(buffer)],
                },
                primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
                depth_stencil: Some(wgpu::DepthStencilState {
                    format: DEPTH,
                    depth_write_enabled: Some(!see_through),
                    depth_compare: Some(wgpu::CompareFunction::LessEqual),
                    stencil: wgpu::StencilState::default(),
                    bias: wgpu::DepthBiasState::default(),
                }),
                multisample: wgpu::MultisampleState { count: samples, ..wgpu::MultisampleState::default() },
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some(&format!("{name}_fragment")),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format: COLOR,
                        blend,
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        Self {
            surface: make("surface", surface_vertex.clone(), Topology::TriangleList, false),
            wire: make("wire", surface_vertex.clone(), Topology::LineList, false),
            see_through: make("surface", surface_vertex, Topology::TriangleList, true),
            edge: make("edge", edge_vertex, Topology::TriangleStrip, true),
            point: make("point", point_vertex, Topology::TriangleStrip, false),
        }
    }
}
