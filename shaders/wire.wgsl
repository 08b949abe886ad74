// The sides of triangles, one pixel wide, in the colour of the surface.

struct WireIn {
    @location(0) in_shape: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) value: f32,
    @location(3) face: u32,
};

struct WireOut {
    @builtin(position) in_clip: vec4<f32>,
    @location(0) in_scene: vec3<f32>,
    @location(1) value: f32,
};

@vertex
fn wire_vertex(v: WireIn) -> WireOut {
    var out: WireOut;
    let in_scene = v.in_shape + shape.scene_from_shape.xyz;
    out.in_clip = view.clip_from_scene * vec4<f32>(in_scene, 1.0);
    out.in_scene = in_scene;
    out.value = v.value;
    return out;
}

@fragment
fn wire_fragment(in: WireOut) -> @location(0) vec4<f32> {
    if (is_cut_away(in.in_scene)) {
        discard;
    }
    return vec4<f32>(select(shape.color.rgb, heat_color(in.value), shape.heat.x > 0.5), 1.0);
}
