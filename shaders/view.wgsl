// What all programs of a view share: camera, light, section plane, palette.

struct View {
    clip_from_scene: mat4x4<f32>,
    // Towards the eye: a point (w = 1) in perspective, a direction (w = 0) in parallel projection.
    eye_in_scene: vec4<f32>,
    // Normal and distance of the section plane; what lies beyond is cut away.
    section: vec4<f32>,
    section_color: vec4<f32>,
    // Width and height of the picture in pixels, and how many of them make one point of the screen.
    size_px: vec4<f32>,
};

struct Shape {
    scene_from_shape: vec4<f32>, // a translation
    color: vec4<f32>,
    back_color: vec4<f32>,
    highlight_color: vec4<f32>,
    edge_color: vec4<f32>,
    // x: 1 colours by value; y: the value at the end of the scale; z: the tolerance; w: 1 shades every triangle flat
    heat: vec4<f32>,
    // x: width of edges, y: size of points (both in points of the screen); z: 1 for a see-through shape; w: unused
    stroke: vec4<f32>,
};

@group(0) @binding(0) var<uniform> view: View;
@group(1) @binding(0) var<uniform> shape: Shape;
// One word per face, then one per edge: bit 0 selected, bit 1 under the pointer, bit 2 made by the marked call.
@group(1) @binding(1) var<storage, read> face_marks: array<u32>;

// Whether there is a section plane. Decided when a pipeline is made: without one nothing is discarded, and what is hidden
// need not be shaded.
override is_sectioned: bool = false;

fn is_cut_away(in_scene: vec3<f32>) -> bool {
    return is_sectioned && dot(view.section.xyz, in_scene) > view.section.w;
}

fn towards_eye(in_scene: vec3<f32>) -> vec3<f32> {
    return normalize(view.eye_in_scene.xyz - in_scene * view.eye_in_scene.w);
}

// Blue (inside) over pale grey (within tolerance) to red (outside); |value| beyond the scale keeps the last colour.
fn heat_color(value: f32) -> vec3<f32> {
    let scale = max(shape.heat.y, 1e-30);
    let tolerance = shape.heat.z;
    let excess = max(abs(value) - tolerance, 0.0) / max(scale - tolerance, 1e-30);
    let t = clamp(excess, 0.0, 1.0);
    let good = vec3<f32>(0.46, 0.72, 0.50);
    let middle = select(vec3<f32>(0.96, 0.80, 0.30), vec3<f32>(0.30, 0.70, 0.90), value < 0.0);
    let far = select(vec3<f32>(0.85, 0.16, 0.14), vec3<f32>(0.14, 0.22, 0.80), value < 0.0);
    return select(mix(middle, far, (t - 0.5) * 2.0), mix(good, middle, t * 2.0), t < 0.5);
}
