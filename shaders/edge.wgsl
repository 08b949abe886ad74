// Line segments of a constant width on the screen: the edges of a B-Rep, a wireframe, boxes and measures.

struct EdgeOut {
    @builtin(position) in_clip: vec4<f32>,
    @location(0) in_scene: vec3<f32>,
    @location(1) color: vec4<f32>,
};

struct EdgeIn {
    @location(0) from_in_shape: vec3<f32>,
    @location(1) to_in_shape: vec3<f32>,
    // Where the marks of the faces on its two sides stand, and its own: 0xffffffff has none.
    @location(2) marks: vec3<u32>,
};

fn marks_of(word: u32) -> u32 {
    return select(0u, face_marks[min(word, arrayLength(&face_marks) - 1u)], word != 0xffffffffu);
}

@vertex
fn edge_vertex(@builtin(vertex_index) corner: u32, e: EdgeIn) -> EdgeOut {
    var out: EdgeOut;
    let from_in_scene = e.from_in_shape + shape.scene_from_shape.xyz;
    let to_in_scene = e.to_in_shape + shape.scene_from_shape.xyz;
    let a = view.clip_from_scene * vec4<f32>(from_in_scene, 1.0);
    let b = view.clip_from_scene * vec4<f32>(to_in_scene, 1.0);
    let size = view.size_px.xy;
    let way = (b.xy / max(b.w, 1e-6) - a.xy / max(a.w, 1e-6)) * size;
    let length_px = length(way);
    let along = select(vec2<f32>(1.0, 0.0), way / length_px, length_px > 1e-4);
    let across = vec2<f32>(-along.y, along.x);
    let at_end = (corner & 1u) == 1u;
    let side = select(-1.0, 1.0, (corner & 2u) == 2u);
    let own = marks_of(e.marks.z);
    let hovered = (own & 2u) != 0u;
    let marked = ((marks_of(e.marks.x) | marks_of(e.marks.y) | own) & 1u) != 0u;
    // The edge itself stands out more than the outline of a selected face.
    let wider = select(select(1.0, 1.8, marked), 2.6, own != 0u);
    let width_px = shape.stroke.x * view.size_px.z * wider;
    var p = select(a, b, at_end);
    // Half the width to each side, and half a width beyond the ends so that joints close.
    let end_ward = select(-0.35, 0.35, at_end);
    let offset = (across * side + along * end_ward) * width_px / size;
    // A little towards the eye, so that the faces on both sides do not cover it.
    p = vec4<f32>(p.xy + offset * p.w, p.z - 0.0012 * p.w, p.w);
    out.in_clip = p;
    out.in_scene = select(from_in_scene, to_in_scene, at_end);
    out.color = select(shape.edge_color, shape.highlight_color, marked || hovered);
    return out;
}

@fragment
fn edge_fragment(in: EdgeOut) -> @location(0) vec4<f32> {
    if (is_cut_away(in.in_scene)) {
        discard;
    }
    return in.color;
}
