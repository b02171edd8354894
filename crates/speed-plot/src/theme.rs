//! Colours, by class: light, and dark where the reader's system is.
//!
//! Orange and blue are told apart with every kind of colour blindness. Text has a contrast of at
//! least 4.5 against what is behind it.

/// The style sheet. Every selector begins with the drawing's own class: the file may stand inside
/// a page that has styles of its own.
pub const STYLE: &str = "\
.proofline{--card:#fff;--ink:#1f2328;--dim:#57606a;--grid:#d8dee4;--none:#eceff2;--gone:#d3d8dd;\
--w1:#fddcc0;--w2:#fdae6b;--w3:#ef7b2d;--w4:#9a3412;--w4t:#fff;\
--f1:#d6e8f7;--f2:#9ecae1;--f3:#5aa3d6;--f4:#0b4f8a;--f4t:#fff;--a:#0868ac;--b:#b8460b;--cell:#1f2328;\
font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;\
font-variant-numeric:tabular-nums}\
@media (prefers-color-scheme:dark){.proofline{--card:#15191e;--ink:#e6edf3;--dim:#9ea7b3;\
--grid:#30363d;--none:#272d35;--gone:#3d444d;\
--w1:#4f3320;--w2:#7f4413;--w3:#e08a3c;--w4:#ffc28a;--w4t:#15191e;\
--f1:#1d3850;--f2:#22588a;--f3:#5ba4e6;--f4:#b4d8ff;--f4t:#15191e;--a:#5ab0f5;--b:#ff9d57;--cell:#15191e}}\
.proofline .card{fill:var(--card)}\
.proofline text{fill:var(--ink);font-size:12px}\
.proofline .title{font-size:16px;font-weight:600}\
.proofline .dim{fill:var(--dim)}\
.proofline .head{font-weight:600}\
.proofline .grid{stroke:var(--grid);stroke-width:1}\
.proofline .axis{stroke:var(--dim);stroke-width:1}\
.proofline .none{fill:var(--none)}.proofline .gone{fill:var(--gone)}\
.proofline .w1{fill:var(--w1)}.proofline .w2{fill:var(--w2)}.proofline .w3{fill:var(--w3)}.proofline .w4{fill:var(--w4)}\
.proofline .f1{fill:var(--f1)}.proofline .f2{fill:var(--f2)}.proofline .f3{fill:var(--f3)}.proofline .f4{fill:var(--f4)}\
.proofline text.sure{font-weight:600}\
.proofline text.on3{fill:var(--cell)}\
.proofline text.onw4{fill:var(--w4t)}.proofline text.onf4{fill:var(--f4t)}\
.proofline text.halo{paint-order:stroke;stroke:var(--none);stroke-width:6px;stroke-linejoin:round}\
.proofline .hatch{fill:url(#proofline-hatch)}.proofline .dots{fill:url(#proofline-dots)}\
.proofline .out{fill:none;stroke:var(--b);stroke-width:2}\
.proofline .pat{stroke:var(--dim);stroke-width:1.2;opacity:.55}\
.proofline .patdot{fill:var(--dim);opacity:.6}\
.proofline .a{fill:var(--a)}.proofline .b{fill:var(--b)}\
.proofline .la{stroke:var(--a)}.proofline .lb{stroke:var(--b);stroke-dasharray:6 3}\
.proofline .la,.proofline .lb{fill:none;stroke-width:2}\
.proofline .ea{stroke:var(--a)}.proofline .eb{stroke:var(--b)}\
.proofline .ea,.proofline .eb{stroke-width:1.5}\
.proofline .open{fill:var(--card);stroke:var(--dim);stroke-width:1.5}\
.proofline .ba{fill:var(--a);opacity:.16}.proofline .bb{fill:var(--b);opacity:.16}";

/// Hatched: not decided. Dotted: not paired.
pub const PATTERNS: &str = "<defs>\
<pattern id=\"proofline-hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"7\" class=\"pat\"/></pattern>\
<pattern id=\"proofline-dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><circle cx=\"2\" cy=\"2\" r=\"1\" class=\"patdot\"/></pattern>\
</defs>\n";

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// The value of a variable in the light (0) or the dark (1) half of the style sheet.
    fn colour(name: &str, half: usize) -> [f64; 3] {
        let (light, dark) = STYLE.split_once("@media").unwrap();
        let text = [light, dark][half];
        let at = text.find(&format!("{name}:#")).unwrap() + name.len() + 2;
        let hex: String = text[at..].chars().take_while(char::is_ascii_hexdigit).collect();
        let wide = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex };
        [0, 2, 4].map(|i| f64::from(u8::from_str_radix(&wide[i..i + 2], 16).unwrap()) / 255.0)
    }

    /// WCAG 2.1, relative luminance and contrast ratio.
    fn contrast(a: &str, b: &str, half: usize) -> f64 {
        let luminance = |name| {
            let linear = |c: f64| {
                if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            let [red, green, blue] = colour(name, half).map(linear);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (a, b): (f64, f64) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_its_ground() {
        let pairs = [
            ("--ink", "--card"),
            ("--dim", "--card"),
            ("--ink", "--none"),
            ("--ink", "--gone"),
            ("--ink", "--w1"),
            ("--ink", "--w2"),
            ("--cell", "--w3"),
            ("--w4t", "--w4"),
            ("--ink", "--f1"),
            ("--ink", "--f2"),
            ("--cell", "--f3"),
            ("--f4t", "--f4"),
        ];
        for half in [0, 1] {
            for (text, ground) in pairs {
                let found = contrast(text, ground, half);
                assert!(found >= 4.5, "{text} on {ground}, {half}: {found:.2}");
            }
        }
    }

    #[test]
    fn marks_stand_out_from_the_card() {
        for half in [0, 1] {
            for mark in ["--a", "--b"] {
                assert!(contrast(mark, "--card", half) >= 3.0, "{mark} {half}");
            }
        }
    }
}
