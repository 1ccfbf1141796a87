//! A keymap on paper: the list a clerk hangs beside the screen, and the manual
//! page. Both are printed from the map in use, so that a file of one's own
//! shows everywhere.

use super::{Context, Keymap};
use std::fmt::Write as _;

/// Every table with its keys, as text.
pub fn text(map: &Keymap) -> String {
    let mut out = format!("キー割り当て {}\n", map.name());
    for context in Context::ALL {
        let rows = map.describe(context);
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{} [{}]", context.label(), context.name());
        for (keys, label) in rows {
            let _ = writeln!(out, "  {label}: {keys}");
        }
    }
    out
}

/// The same as a manual page (roff with the `man` macros).
pub fn man(map: &Keymap) -> String {
    let mut out = format!(
        ".TH MADOGUCHI-KEYS 7 \"\" \"madoguchi {}\" \"窓口のキー\"\n.SH 名前\nmadoguchi-keys \\- 窓口のキー割り当て {}\n",
        env!("CARGO_PKG_VERSION"),
        escaped(map.name()),
    );
    out.push_str(ABOUT);
    for context in Context::ALL {
        let rows = map.describe(context);
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, ".SH {}", escaped(context.label()));
        let _ = writeln!(out, "表の名前: [{}]", escaped(context.name()));
        for (keys, label) in rows {
            let _ = writeln!(out, ".TP\n.B {}\n{}", escaped(&keys), escaped(&label));
        }
    }
    out.push_str(OWN);
    out
}

const ABOUT: &str = "\
.SH 説明
どの操作にも、ファンクションキーのほかにもう一つの届き方があります。\
^D は Ctrl キーを押しながら D、Alt+1 は Alt キーを押しながら 1 です。\
Alt を送れない端末では Esc に続けて 1 を押します。
";

const OWN: &str = "\
.SH 自分の割り当て
~/.config/madoguchi/keymap.toml に、base = \"receipt\" のようにもとにする割り当てと、変えたいところだけを書きます。\
ほかの場所のファイルは、設定の keymap か \\-\\-keymap で選びます。
.TP
.B madoguchi keymap check FILE
重なり、知らない名前、届かない操作、端末で区別できないキーを確かめます。
.TP
.B madoguchi keymap show
いま使う割り当てを全部出します。
";

/// Text that roff takes as text.
fn escaped(text: &str) -> String {
    let text = text
        .replace('\\', "\\e")
        .replace('-', "\\-")
        .replace('^', "\\(ha");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
