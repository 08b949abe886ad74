//! The GPU programs and what goes into them.

use super::target::{COLOR, DEPTH};
use super::{EdgeVertex, Gpu, PROGRAMS, PointVertex, ShaderSources, SurfaceVertex};

/// The pipelines of one number of samples, with or without a section plane.
#[derive(Debug)]
pub(super) struct Pipelines {
    pub(super) surface: wgpu::RenderPipeline,
    /// The same without triangles that face away.
    pub(super) front: wgpu::RenderPipeline,
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
    pub(super) fn new(gpu: &Gpu, layouts: &Layouts, sources: &ShaderSources, samples: u32, is_sectioned: bool) -> Self {
        use wgpu::PrimitiveTopology as Topology;
        let layout = gpu.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("shape"),
            bind_group_layouts: &[Some(&layouts.view), Some(&layouts.shape)],
            immediate_size: 0,
        });
        let constants = [("is_sectioned", f64::from(is_sectioned))];
        let options =
            wgpu::PipelineCompilationOptions { constants: &constants, ..wgpu::PipelineCompilationOptions::default() };
        let [surface_module, edge_module, point_module] = std::array::from_fn(|index| {
            gpu.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(PROGRAMS[index].name),
                source: wgpu::ShaderSource::Wgsl(sources.program(index).into()),
            })
        });
        let surface_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<SurfaceVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Vertex,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32x3, 2 => Float32, 3 => Uint32],
        };
        let edge_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<EdgeVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32x3, 2 => Uint32x3],
        };
        let point_vertex = wgpu::VertexBufferLayout {
            array_stride: size_of::<PointVertex>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x3, 1 => Float32, 2 => Snorm8x4, 3 => Unorm8x4],
        };
        let make = |module: &wgpu::ShaderModule,
                    name: &str,
                    buffer: wgpu::VertexBufferLayout<'_>,
                    primitive: wgpu::PrimitiveState,
                    see_through: bool| {
            let blend = see_through.then_some(wgpu::BlendState::ALPHA_BLENDING);
            gpu.device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some(name),
                layout: Some(&layout),
                vertex: wgpu::VertexState {
                    module,
                    entry_point: Some(&format!("{name}_vertex")),
                    compilation_options: options.clone(),
                    buffers: &[Some(buffer)],
                },
                primitive,
                depth_stencil: Some(wgpu::DepthStencilState {
                    format: DEPTH,
                    depth_write_enabled: Some(!see_through),
                    depth_compare: Some(wgpu::CompareFunction::LessEqual),
                    stencil: wgpu::StencilState::default(),
                    bias: wgpu::DepthBiasState::default(),
                }),
                multisample: wgpu::MultisampleState { count: samples, ..wgpu::MultisampleState::default() },
                fragment: Some(wgpu::FragmentState {
                    module,
                    entry_point: Some(&format!("{name}_fragment")),
                    compilation_options: options.clone(),
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
        let of = |topology| wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() };
        let triangles = of(Topology::TriangleList);
        let front = wgpu::PrimitiveState { cull_mode: Some(wgpu::Face::Back), ..triangles };
        let strip = of(Topology::TriangleStrip);
        let surface =
            |primitive, see_through| make(&surface_module, "surface", surface_vertex.clone(), primitive, see_through);
        Self {
            surface: surface(triangles, false),
            front: surface(front, false),
            see_through: surface(triangles, true),
            wire: make(&surface_module, "wire", surface_vertex.clone(), of(Topology::LineList), false),
            edge: make(&edge_module, "edge", edge_vertex, strip, true),
            point: make(&point_module, "point", point_vertex, strip, false),
        }
    }
}
