//! The texture a view is drawn into.

use image::RgbaImage;

use super::{Gpu, NoGpu};

/// The format of pictures: egui shows it as it is, PNG holds it as it is.
pub(super) const COLOR: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
pub(super) const DEPTH: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// A picture in the making: colour, depth, and more samples than pixels where edges are to be smooth.
#[derive(Debug)]
pub struct Target {
    color: wgpu::Texture,
    pub(super) color_view: wgpu::TextureView,
    pub(super) multisampled: Option<wgpu::TextureView>,
    pub(super) depth_view: wgpu::TextureView,
    size_px: [u32; 2],
    samples: u32,
}

impl Target {
    /// A target of `size_px` pixels (at least one each way) with `samples` (1 or 4) per pixel.
    pub fn new(gpu: &Gpu, size_px: [u32; 2], samples: u32) -> Self {
        use wgpu::TextureUsages as Usage;
        let most = gpu.device.limits().max_texture_dimension_2d;
        let size_px = size_px.map(|side| side.clamp(1, most));
        let texture = |label, format, sample_count, usage| {
            gpu.device.create_texture(&wgpu::TextureDescriptor {
                label: Some(label),
                size: wgpu::Extent3d { width: size_px[0], height: size_px[1], depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage,
                view_formats: &[],
            })
        };
        let view = |texture: &wgpu::Texture| texture.create_view(&wgpu::TextureViewDescriptor::default());
        let color = texture("view", COLOR, 1, Usage::RENDER_ATTACHMENT | Usage::TEXTURE_BINDING | Usage::COPY_SRC);
        let multisampled =
            (samples > 1).then(|| view(&texture("view samples", COLOR, samples, Usage::RENDER_ATTACHMENT)));
        let depth = texture("view depth", DEPTH, samples, Usage::RENDER_ATTACHMENT);
        Self { color_view: view(&color), color, multisampled, depth_view: view(&depth), size_px, samples }
    }

    /// Width and height in pixels.
    pub fn size_px(&self) -> [u32; 2] {
        self.size_px
    }

    /// Samples per pixel.
    pub fn samples(&self) -> u32 {
        self.samples
    }

    /// The finished picture as a texture.
    pub fn texture_view(&self) -> &wgpu::TextureView {
        &self.color_view
    }

    /// The finished picture on the processor. Waits for the GPU.
    ///
    /// # Errors
    /// When the device is lost.
    pub fn read(&self, gpu: &Gpu) -> Result<RgbaImage, NoGpu> {
        let [width, height] = self.size_px;
        let row_bytes = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("picture"),
            size: u64::from(row_bytes) * u64::from(height),
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            self.color.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            self.color.size(),
        );
        gpu.queue.submit([encoder.finish()]);
        buffer.map_async(wgpu::MapMode::Read, .., |_| ());
        let not_read = |reason: String| NoGpu::NotRead { reason };
        gpu.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| not_read(error.to_string()))?;
        let bytes = buffer.get_mapped_range(..).map_err(|error| not_read(error.to_string()))?;
        let rows = bytes.chunks_exact(row_bytes as usize);
        let pixels: Vec<u8> = rows.flat_map(|row| &row[..width as usize * 4]).copied().collect();
        RgbaImage::from_raw(width, height, pixels).ok_or_else(|| not_read("too few bytes came back".to_owned()))
    }
}
