//! All colours, sizes and fonts.

use std::sync::Arc;

use egui::{
    Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, TextStyle, Theme, Vec2,
};

/// The colours of one theme. Text has a contrast of at least 4.5 on every surface it stands on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) base: Color32,
    /// Panels.
    pub(super) panel: Color32,
    /// Fields, rows under the pointer.
    pub(super) raised: Color32,
    /// Lines between panels.
    pub(super) line: Color32,
    /// Text.
    pub(super) text: Color32,
    /// Text that matters less.
    pub(super) text_weak: Color32,
    /// What can be done, what is chosen.
    pub(super) accent: Color32,
    /// Good.
    pub(super) good: Color32,
    /// To be checked.
    pub(super) check: Color32,
    /// Refused, wrong.
    pub(super) bad: Color32,
    /// Behind a wrong line of code.
    pub(super) bad_line: Color32,
    /// Behind text that was looked for.
    pub(super) found: Color32,
    /// Behind the 3D views.
    pub(super) view: Color32,
    /// The scan.
    pub(super) scan: Color32,
    /// The part.
    pub(super) part: Color32,
    /// The part when it is not what the text makes any more.
    pub(super) stale_part: Color32,
    /// The inside of surfaces.
    pub(super) back: Color32,
    /// Edges in 3D.
    pub(super) edge: Color32,
    /// Selected faces.
    pub(super) selected: Color32,
    /// The cut of a section.
    pub(super) cut: Color32,
    /// Python: keyword, string, number, comment, call.
    pub(super) code: [Color32; 5],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const DARK: Palette = Palette {
    base: rgb(0x14_17_1c),
    panel: rgb(0x1b_1f_26),
    raised: rgb(0x27_2c_35),
    line: rgb(0x32_38_43),
    text: rgb(0xe4_e8_ee),
    text_weak: rgb(0x9d_a7_b5),
    accent: rgb(0x5b_a4_f5),
    good: rgb(0x5f_c9_8a),
    check: rgb(0xe6_b4_4c),
    bad: rgb(0xf2_7d_72),
    bad_line: rgb(0x4a_22_24),
    found: rgb(0x6b_58_1c),
    view: rgb(0x20_25_2d),
    scan: rgb(0x9a_ad_c4),
    part: rgb(0xc9_b3_8a),
    stale_part: rgb(0x84_84_84),
    back: rgb(0x7a_54_44),
    edge: rgb(0x0c_0e_12),
    selected: rgb(0xff_9a_3c),
    cut: rgb(0xd8_6a_4a),
    code: [rgb(0xc7_92_ea), rgb(0x9c_cc_8a), rgb(0xf0_a8_6a), rgb(0x8a_94_a3), rgb(0x7c_b8_f8)],
};

const LIGHT: Palette = Palette {
    base: rgb(0xe9_ec_f0),
    panel: rgb(0xf7_f8_fa),
    raised: rgb(0xff_ff_ff),
    line: rgb(0xd2_d7_de),
    text: rgb(0x1c_22_2b),
    text_weak: rgb(0x56_60_6e),
    accent: rgb(0x1b_62_c4),
    good: rgb(0x1a_76_43),
    check: rgb(0x8a_5a_00),
    bad: rgb(0xb4_2a_20),
    bad_line: rgb(0xfb_dd_da),
    found: rgb(0xff_e9_a0),
    view: rgb(0xdf_e4_ea),
    scan: rgb(0x7d_93_ae),
    part: rgb(0xc4_a6_70),
    stale_part: rgb(0xa6_a6_a6),
    back: rgb(0xb9_8b_76),
    edge: rgb(0x1c_20_26),
    selected: rgb(0xf0_7c_14),
    cut: rgb(0xc9_54_34),
    code: [rgb(0x7a_2f_a8), rgb(0x2f_6b_1e), rgb(0x9a_4a_00), rgb(0x5f_69_77), rgb(0x1b_5a_a8)],
};

/// The palette of a theme.
pub(super) fn palette(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

/// The palette of what is drawn into.
pub(super) fn of(ui: &egui::Ui) -> &'static Palette {
    palette(ui.ctx().theme())
}

/// Headings of panels and the names of things.
pub(super) fn strong_family() -> FontFamily {
    FontFamily::Name("strong".into())
}

/// The 3D colour of an sRGB one.
pub(super) fn gpu(color: Color32, opacity: f32) -> [f32; 4] {
    let [r, g, b, _] = color.to_array().map(|c| f32::from(c) / 255.0);
    [r, g, b, opacity]
}

/// Puts fonts and both themes in place.
pub(super) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| apply(style, palette(theme)));
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let own: [(&str, &'static [u8]); 4] = [
        ("inter", include_bytes!("../../../assets/fonts/inter-regular.otf")),
        ("inter-semibold", include_bytes!("../../../assets/fonts/inter-semibold.otf")),
        ("mono", include_bytes!("../../../assets/fonts/jetbrains-mono-regular.ttf")),
        ("icons", include_bytes!("../../../assets/fonts/phosphor-icons.ttf")),
    ];
    for (name, bytes) in own {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let family = |first: &str| {
        let mut names = vec![first.to_owned(), "icons".to_owned()];
        names.extend(fallback.iter().cloned());
        names
    };
    fonts.families.insert(FontFamily::Proportional, family("inter"));
    fonts.families.insert(strong_family(), family("inter-semibold"));
    fonts.families.insert(FontFamily::Monospace, family("mono"));
    fonts
}

fn apply(style: &mut egui::Style, colors: &Palette) {
    style.text_styles = [
        (TextStyle::Heading, FontId::new(16.0, strong_family())),
        (TextStyle::Body, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(13.0, FontFamily::Proportional)),
        (TextStyle::Small, FontId::new(11.5, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(8.0, 6.0);
    spacing.button_padding = Vec2::new(9.0, 4.0);
    spacing.menu_margin = Margin::same(6);
    spacing.interact_size = Vec2::new(28.0, 24.0);
    spacing.scroll = egui::style::ScrollStyle::thin();
    let visuals = &mut style.visuals;
    visuals.panel_fill = colors.panel;
    visuals.window_fill = colors.panel;
    visuals.window_stroke = Stroke::new(1.0, colors.line);
    visuals.window_corner_radius = CornerRadius::same(10);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.extreme_bg_color = colors.base;
    visuals.faint_bg_color = colors.raised;
    visuals.code_bg_color = colors.base;
    visuals.hyperlink_color = colors.accent;
    visuals.warn_fg_color = colors.check;
    visuals.error_fg_color = colors.bad;
    visuals.selection.bg_fill = colors.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(1.0, colors.text);
    visuals.weak_text_color = Some(colors.text_weak);
    let radius = CornerRadius::same(6);
    let widgets = &mut visuals.widgets;
    for (widget, fill, stroke, text) in [
        (&mut widgets.noninteractive, colors.panel, colors.line, colors.text),
        (&mut widgets.inactive, colors.raised, colors.line, colors.text),
        (&mut widgets.hovered, colors.raised, colors.accent, colors.text),
        (&mut widgets.active, colors.raised, colors.accent, colors.text),
        (&mut widgets.open, colors.raised, colors.line, colors.text),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, stroke);
        widget.fg_stroke = Stroke::new(1.0, text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG's contrast of two colours.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let [r, g, b, _] = color.to_array().map(|c| {
                let c = f32::from(c) / 255.0;
                if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_can_be_read() {
        for theme in [Theme::Dark, Theme::Light] {
            let p = palette(theme);
            let mut pairs = vec![(p.text, p.bad_line), (p.text, p.found)];
            for ground in [p.base, p.panel, p.raised] {
                let texts = [p.text, p.text_weak, p.accent, p.good, p.check, p.bad];
                pairs.extend(texts.into_iter().chain(p.code).map(|text| (text, ground)));
            }
            for (text, ground) in pairs {
                assert!(contrast(text, ground) >= 4.5, "{theme:?}: {text:?} on {ground:?}: {}", contrast(text, ground));
            }
        }
    }
}
