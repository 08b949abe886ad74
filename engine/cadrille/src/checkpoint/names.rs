//! Two naming schemes of transformers, brought to the older one.

/// The name of transformers 4.50 for a name of either scheme: `model.language_model.*` (5) is `model.*`,
/// `model.visual.*` is `visual.*`.
pub(crate) fn canonical(name: &str) -> String {
    for (new, old) in
        [("model.language_model.", "model."), ("model.visual.", "visual."), ("model.point_encoder.", "point_encoder.")]
    {
        if let Some(rest) = name.strip_prefix(new) {
            return format!("{old}{rest}");
        }
    }
    name.to_owned()
}

/// Whether a tensor that no layer asks for may stand in a checkpoint: buffers that are computed, and the head where it
/// is the token table (transformers ignores the copy too).
pub(crate) fn may_be_left(canonical: &str, tied: bool) -> bool {
    canonical.ends_with("rotary_emb.inv_freq") || (tied && canonical == "lm_head.weight")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_meet() {
        for (name, want) in [
            ("model.language_model.layers.3.mlp.up_proj.weight", "model.layers.3.mlp.up_proj.weight"),
            ("model.visual.merger.ln_q.bias", "visual.merger.ln_q.bias"),
            ("model.layers.3.mlp.up_proj.weight", "model.layers.3.mlp.up_proj.weight"),
            ("visual.merger.ln_q.bias", "visual.merger.ln_q.bias"),
            ("lm_head.weight", "lm_head.weight"),
        ] {
            assert_eq!(canonical(name), want);
        }
    }
}
