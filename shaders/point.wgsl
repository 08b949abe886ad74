// Points of a cloud as small discs.

struct PointIn {
    @location(0) in_shape: vec3<f32>,
    @location(1) value: f32,
    // Unit normal (x, y, z) as signed bytes; zero where the cloud has none.
    @location(2) normal: vec4<f32>,
    // sRGB colour and whether there is one.
    @location(3) color: vec4<f32>,
};

struct PointOut {
    @builtin(position) in_clip: vec4<f32>,
    @location(0) in_scene: vec3<f32>,
    @location(1) color: vec4<f32>,
    @location(2) in_disc: vec2<f32>,
};

@vertex
fn point_vertex(@builtin(vertex_index) corner: u32, p: PointIn) -> PointOut {
    var out: PointOut;
    let in_scene = p.in_shape + shape.scene_from_shape.xyz;
    let side = vec2<f32>(select(-1.0, 1.0, (corner & 1u) == 1u), select(-1.0, 1.0, (corner & 2u) == 2u));
    let center = view.clip_from_scene * vec4<f32>(in_scene, 1.0);
    let offset = side * shape.stroke.y * view.size_px.z / view.size_px.xy;
    out.in_clip = vec4<f32>(center.xy + offset * center.w, center.zw);
    out.in_scene = in_scene;
    out.in_disc = side;
    var base = select(shape.color.rgb, p.color.rgb, p.color.a > 0.5);
    if (shape.heat.x > 0.5) {
        base = heat_color(p.value);
    }
    let to_eye = towards_eye(in_scene);
    let has_normal = dot(p.normal.xyz, p.normal.xyz) > 0.25;
    let facing = abs(dot(normalize(p.normal.xyz + vec3<f32>(0.0, 0.0, 1e-20)), to_eye));
    let light = select(1.0, 0.45 + 0.55 * facing, has_normal);
    out.color = vec4<f32>(base * light, shape.color.a);
    return out;
}

@fragment
fn point_fragment(in: PointOut) -> @location(0) vec4<f32> {
    if (dot(in.in_disc, in.in_disc) > 1.0 || is_cut_away(in.in_scene)) {
        discard;
    }
    return in.color;
}
