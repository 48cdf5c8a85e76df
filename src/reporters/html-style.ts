/** The page's style: light and dark by the reader's setting, and print. Colours never say anything alone: a word stands beside each. */
export const style = `
:root{color-scheme:light dark;--ink:#1c2330;--dim:#5b6577;--paper:#fff;--line:#d5dae3;--soft:#f4f6f9;--pass:#1b7a3d;--fail:#b3261e;--unknown:#8a5a00;--fault:#e8a33d;--lead:#3559a8}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaf2;--dim:#a2adc0;--paper:#12161e;--line:#333c4d;--soft:#1b212c;--pass:#5cc483;--fail:#ff8a80;--unknown:#f0b95c;--fault:#b87a1e;--lead:#8fb0f5}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.5rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.7rem;margin:.2rem 0}h2{font-size:1.2rem;margin:2rem 0 .6rem}
.kicker{color:var(--dim);margin:0}
.badge{display:inline-block;padding:.05em .5em;border-radius:.3em;font-size:.75em;font-weight:700;border:2px solid currentColor}
.badge.pass{color:var(--pass)}.badge.fail{color:var(--fail)}.badge.unknown{color:var(--unknown)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--dim);font-weight:600}
.scroll{overflow-x:auto}
details{border:1px solid var(--line);border-radius:.4rem;padding:.4rem .8rem;margin:.4rem 0}
summary{cursor:pointer;font-weight:600}
pre{background:var(--soft);padding:.8rem;border-radius:.4rem;overflow-x:auto}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
svg{width:100%;height:auto;display:block;font-family:system-ui,sans-serif}
svg text{fill:var(--ink);font-size:12px}svg .dim{fill:var(--dim)}
svg .axis{stroke:var(--line)}svg .band{fill:var(--fault);opacity:.3}svg .edge{stroke:var(--fault);stroke-width:2}
svg .ok{fill:var(--pass)}svg .bad{fill:var(--fail)}svg .info{fill:var(--unknown)}
svg .lead{fill:var(--lead)}svg .lead-text{fill:var(--paper);font-weight:600}svg .none{fill:none;stroke:var(--fail);stroke-dasharray:4 3}
svg .mark{stroke:var(--ink);stroke-width:1.5}
@media print{body{max-width:none;padding:0}details{break-inside:avoid}}
`;
