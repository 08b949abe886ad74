// Triangles: shaded, coloured by deviation, cut by a section plane whose cut is shown closed; and their sides as lines.

struct SurfaceIn {
    @location(0) in_shape: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) value: f32,
    @location(3) face: u32,
};

struct SurfaceOut {
    @builtin(position) in_clip: vec4<f32>,
    @location(0) in_scene: vec3<f32>,
    @location(1) normal: vec3<f32>,
    @location(2) value: f32,
    @location(3) @interpolate(flat) face: u32,
};

@vertex
fn surface_vertex(v: SurfaceIn) -> SurfaceOut {
    var out: SurfaceOut;
    let in_scene = v.in_shape + shape.scene_from_shape.xyz;
    out.in_clip = view.clip_from_scene * vec4<f32>(in_scene, 1.0);
    out.in_scene = in_scene;
    out.normal = v.normal;
    out.value = v.value;
    out.face = v.face;
    return out;
}

fn lit(base: vec3<f32>, normal: vec3<f32>, to_eye: vec3<f32>) -> vec3<f32> {
    // A key light over the left shoulder, a soft sky, and a head light that keeps every visible face readable.
    let key = max(dot(normal, normalize(vec3<f32>(-0.35, -0.55, 0.80))), 0.0);
    let sky = 0.5 + 0.5 * normal.z;
    let head = max(dot(normal, to_eye), 0.0);
    let side = (1.0 - head) * (1.0 - head);
    let rim = side * side;
    return base * (0.24 + 0.20 * sky + 0.38 * key + 0.30 * head) + vec3<f32>(0.06 * rim);
}

@fragment
fn surface_fragment(in: SurfaceOut, @builtin(front_facing) front: bool) -> @location(0) vec4<f32> {
    // Derivatives come first: they must not stand behind a branch.
    let flat_normal = cross(dpdx(in.in_scene), dpdy(in.in_scene));
    if (is_cut_away(in.in_scene)) {
        discard;
    }
    let alpha = shape.color.a;
    if (is_sectioned && !front && shape.stroke.z < 0.5) {
        // The inside of a cut body is seen through the cut: painted flat, with hatching, it reads as the cut itself.
        let stripe = fract((in.in_clip.x + in.in_clip.y) / (9.0 * view.size_px.z));
        let line = 1.0 - 0.28 * f32(stripe < 0.16);
        return vec4<f32>(view.section_color.rgb * line, alpha);
    }
    let to_eye = towards_eye(in.in_scene);
    var normal = in.normal;
    if (shape.heat.w > 0.5 || dot(normal, normal) < 0.25) {
        normal = flat_normal;
    }
    normal = normalize(normal + vec3<f32>(0.0, 0.0, 1e-20));
    if (dot(normal, to_eye) < 0.0) {
        normal = -normal;
    }
    var base = select(shape.back_color.rgb, shape.color.rgb, front);
    if (shape.heat.x > 0.5) {
        base = heat_color(in.value);
    }
    let marks = face_marks[min(in.face, arrayLength(&face_marks) - 1u)];
    if ((marks & 1u) != 0u) {
        base = mix(base, shape.highlight_color.rgb, 0.75);
    } else if ((marks & 4u) != 0u) {
        base = mix(base, shape.highlight_color.rgb, 0.45);
    }
    if ((marks & 2u) != 0u) {
        base = mix(base, vec3<f32>(1.0), 0.22);
    }
    return vec4<f32>(lit(base, normal, to_eye), alpha);
}

// The sides of the same triangles, one pixel wide, in the colour of the surface.

struct WireOut {
    @builtin(position) in_clip: vec4<f32>,
    @location(0) in_scene: vec3<f32>,
    @location(1) value: f32,
};

@vertex
fn wire_vertex(v: SurfaceIn) -> WireOut {
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
