//! Insurers of every prefecture.

use crate::simulator::people::Insurer;
use crate::simulator::people::number::with_check;
use crate::simulator::people::places::Prefecture;
use std::sync::Arc;

/// The insurers of one prefecture. The three digits in the middle are 900 and
/// above, away from those of the fixtures.
pub(super) struct Local {
    pub(super) association: Arc<Insurer>,
    pub(super) unions: Vec<Arc<Insurer>>,
    pub(super) public: Vec<Arc<Insurer>>,
    pub(super) towns: Vec<Arc<Insurer>>,
    pub(super) late: Arc<Insurer>,
    pub(super) assistance: Arc<Insurer>,
}

pub(super) fn insurer(body: &str, name: String) -> Arc<Insurer> {
    Arc::new(Insurer {
        number: with_check(body),
        name,
    })
}

pub(super) fn local(code: usize, prefecture: &Prefecture) -> Local {
    let name = prefecture.name;
    let short = name.strip_suffix(['都', '府', '県']).unwrap_or(name);
    Local {
        association: insurer(
            &format!("01{code:02}950"),
            format!("サンプル健康保険協会　{short}支部"),
        ),
        unions: ["第一", "第二", "第三"]
            .into_iter()
            .zip(911..)
            .map(|(place, serial)| {
                insurer(
                    &format!("06{code:02}{serial}"),
                    format!("{short}{place}サンプル健康保険組合"),
                )
            })
            .collect(),
        public: vec![
            insurer(
                &format!("32{code:02}920"),
                format!("{short}サンプル職員共済組合"),
            ),
            insurer(
                &format!("34{code:02}930"),
                format!("公立学校サンプル共済組合　{short}支部"),
            ),
            insurer(
                &format!("33{code:02}940"),
                format!("警察サンプル共済組合　{short}支部"),
            ),
        ],
        towns: prefecture
            .towns
            .iter()
            .zip(951..)
            .map(|(town, serial)| {
                insurer(
                    &format!("{code:02}{serial}"),
                    format!("{name}{town}サンプル国民健康保険"),
                )
            })
            .collect(),
        late: insurer(
            &format!("39{code:02}960"),
            format!("{name}後期高齢者医療サンプル広域連合"),
        ),
        assistance: insurer(
            &format!("12{code:02}970"),
            format!("{name}サンプル福祉事務所"),
        ),
    }
}
