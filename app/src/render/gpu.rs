//! The adapter: egui's own in the window, or one without any screen.

/// Why there is no picture.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoGpu {
    /// Nothing can draw.
    #[error(
        "no graphics adapter was found ({reason}); a Vulkan driver is needed, for instance the software one of the package \
         mesa-vulkan-drivers"
    )]
    NoAdapter {
        /// The system's reason.
        reason: String,
    },
    /// The adapter gives no device.
    #[error("the graphics adapter '{name}' cannot be used: {reason}")]
    NoDevice {
        /// The adapter.
        name: String,
        /// The driver's reason.
        reason: String,
    },
    /// A picture could not be read back.
    #[error("the picture could not be read back from the graphics adapter: {reason}")]
    NotRead {
        /// The driver's reason.
        reason: String,
    },
}

/// A device to draw with, and whether it is the processor itself.
#[derive(Clone, Debug)]
pub struct Gpu {
    /// The device.
    pub device: wgpu::Device,
    /// Its queue.
    pub queue: wgpu::Queue,
    /// The adapter's name.
    pub name: String,
    /// Whether it draws in software: detail has to be spared while moving.
    pub is_software: bool,
}

impl Gpu {
    /// The one egui draws with.
    pub fn of_egui(state: &egui_wgpu::RenderState) -> Self {
        let info = state.adapter.get_info();
        Self {
            device: state.device.clone(),
            queue: state.queue.clone(),
            is_software: info.device_type == wgpu::DeviceType::Cpu,
            name: info.name,
        }
    }

    /// One without a window.
    ///
    /// # Errors
    /// When the machine has no adapter, software ones included.
    pub fn without_window() -> Result<Self, NoGpu> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        pollster::block_on(async {
            let adapter = instance
                .request_adapter(&wgpu::RequestAdapterOptions::default())
                .await
                .map_err(|error| NoGpu::NoAdapter { reason: error.to_string() })?;
            let info = adapter.get_info();
            let limits = wgpu::Limits::downlevel_defaults().using_resolution(adapter.limits());
            // A scan of many million triangles is one buffer.
            let limits = wgpu::Limits { max_buffer_size: adapter.limits().max_buffer_size, ..limits };
            let descriptor = wgpu::DeviceDescriptor { required_limits: limits, ..wgpu::DeviceDescriptor::default() };
            let (device, queue) = adapter
                .request_device(&descriptor)
                .await
                .map_err(|error| NoGpu::NoDevice { name: info.name.clone(), reason: error.to_string() })?;
            Ok(Self { device, queue, is_software: info.device_type == wgpu::DeviceType::Cpu, name: info.name })
        })
    }
}
