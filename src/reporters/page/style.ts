const light = `--ink:#1c2330;--dim:#525c6e;--paper:#fff;--line:#d5dae3;--soft:#f1f4f8;--pass:#17703a;--fail:#b3261e;--unknown:#7d5200;--fault:#b26a00;--fault-soft:#fbe6c6;--lead:#2f55a4;--lead-even:#5b3f98;--on-lead:#fff;--ok:#4f9d6c;--grey:#aab3c2`;
const dark = `--ink:#e6eaf2;--dim:#a9b4c6;--paper:#12161e;--line:#333c4d;--soft:#1b212c;--pass:#5cc483;--fail:#ff8a80;--unknown:#f0b95c;--fault:#e0a04a;--fault-soft:#4a3413;--lead:#8fb0f5;--lead-even:#c3a9f7;--on-lead:#10151f;--ok:#3f8f60;--grey:#5b6577`;

/** The page's style: light and dark by the reader's setting, and print. Colours never say anything alone: a word or a pattern stands beside each. */
export const style = `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.2rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;line-height:1.25;margin:.2rem 0;overflow-wrap:anywhere}h2{font-size:1.25rem;margin:2rem 0 .6rem}h3{font-size:1.05rem;margin:1.2rem 0 .4rem;overflow-wrap:anywhere}
p,li{overflow-wrap:anywhere}a{color:var(--lead)}
:focus-visible{outline:3px solid var(--lead);outline-offset:2px}
.skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.4rem .8rem;z-index:1}
.kicker,.dim,.key{color:var(--dim)}.kicker{margin:0}.key{font-size:.9rem}
.why{font-size:1.15rem;margin:.6rem 0;border-left:.35rem solid var(--dim);padding-left:.8rem}
.why.pass{border-color:var(--pass)}.why.fail{border-color:var(--fail)}.why.unknown{border-color:var(--unknown)}
.badge{display:inline-block;padding:.05em .5em;border-radius:.3em;font-size:.75em;font-weight:700;border:2px solid currentColor;white-space:nowrap}
.badge.pass{color:var(--pass)}.badge.fail{color:var(--fail)}.badge.unknown{color:var(--unknown)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table{border-collapse:collapse;min-width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line)}
thead th{color:var(--dim);font-weight:600}
tbody th{font-weight:600}
.scroll{overflow-x:auto;position:relative}
details{border:1px solid var(--line);border-radius:.4rem;padding:.4rem .8rem;margin:.5rem 0}
summary{cursor:pointer;font-weight:600;overflow-wrap:anywhere}
pre{background:var(--soft);padding:.8rem;border-radius:.4rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere}pre.columns{white-space:pre;width:max-content;min-width:100%}
code{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
form{margin:1rem 0}label{display:inline-block;margin:.2rem 1rem .2rem 0}select,input,button{font:inherit;color:inherit;background:var(--soft);border:1px solid var(--dim);border-radius:.3em;padding:.2em .5em}input[type=radio]{width:1.2em;height:1.2em}
.witness{border-left:.35rem solid var(--fail);padding-left:.8rem;margin:1rem 0}
.swatch{display:inline-block;width:.95em;height:.95em;vertical-align:-.1em;margin-left:.8em;border:1px solid var(--dim)}
.swatch:first-child{margin-left:0}
.swatch.ok{background:var(--ok)}.swatch.unmatched{background:var(--grey)}
.swatch.info{background:repeating-linear-gradient(45deg,var(--unknown) 0 2px,transparent 2px 5px)}
.swatch.refused{background:repeating-linear-gradient(45deg,var(--fail) 0 1px,transparent 1px 4px),repeating-linear-gradient(-45deg,var(--fail) 0 1px,transparent 1px 4px)}
.swatch.none{background:repeating-linear-gradient(-45deg,var(--fail) 0 1px,transparent 1px 5px)}
.swatch.band{background:repeating-linear-gradient(-45deg,var(--fault) 0 2px,var(--fault-soft) 2px 6px)}
.patterns{position:absolute}
.drawing{width:100%;min-width:46rem;height:auto;display:block;font-family:system-ui,sans-serif}
.drawing.small{min-width:30rem;max-width:60rem}
svg text{fill:var(--ink);font-size:13px}
svg text.lane{font-weight:600}svg text.dim{fill:var(--dim)}svg text.wrong{fill:var(--fail)}svg text.on-lead{fill:var(--on-lead)}svg text.limit-text{fill:var(--fail)}
svg text.halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
svg .plate{fill:var(--paper)}
svg .axis{stroke:var(--line);fill:none}
svg .band{fill:url(#hatch-fault);stroke:var(--fault)}svg .edge{stroke:var(--ink);stroke-width:1.5}
svg .sign{fill:var(--ink)}svg .sign.open{fill:var(--paper);stroke:var(--ink)}
svg .shade{fill:var(--fault);opacity:.07}svg .guide{stroke:var(--fault);stroke-dasharray:2 4}
svg .phase{fill:var(--soft)}svg .phase.even{fill:var(--line)}svg .phase+text.dim{fill:var(--ink)}
svg .lead{fill:var(--lead);stroke:var(--paper)}svg .lead.even{fill:var(--lead-even)}
svg .none{fill:url(#hatch-none);stroke:var(--fail);stroke-dasharray:3 3}
svg .double{fill:none;stroke:var(--fail);stroke-width:2.5}
svg .span{stroke:none}svg .span.within{fill:var(--pass)}svg .span.beyond{fill:url(#hatch-bad);stroke:var(--fail)}
svg .stop{fill:none;stroke-width:2}svg .stop.within{stroke:var(--pass)}svg .stop.beyond{stroke:var(--fail)}
svg .lead-to{stroke:var(--dim);stroke-dasharray:2 2}svg .lead-to.wrong{stroke:var(--fail);stroke-dasharray:none}
svg .median{fill:none;stroke:var(--lead);stroke-width:2}svg .p95{fill:none;stroke:var(--lead-even);stroke-width:1.5;stroke-dasharray:3 2}svg .slowest{fill:var(--unknown)}
svg .limit{stroke:var(--fail);stroke-width:1.5;stroke-dasharray:7 4}
svg .ok{fill:var(--ok)}svg .unmatched{fill:var(--grey)}svg .info{fill:url(#hatch-info)}svg .refused{fill:url(#hatch-bad)}
.patterns .tint{fill:var(--paper)}.patterns line,.patterns path{fill:none}
#hatch-fault .tint{fill:var(--fault-soft)}#hatch-fault line{stroke:var(--fault);stroke-width:3}
#hatch-none line{stroke:var(--fail);stroke-width:1.2}#hatch-info line{stroke:var(--unknown);stroke-width:4}#hatch-bad path{stroke:var(--fail);stroke-width:1}
svg .node{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}svg .node.agent{stroke-dasharray:2 2}svg .node.hit{fill:var(--fault-soft);stroke:var(--fault);stroke-width:3}
svg .link{stroke:var(--grey)}svg .cut{stroke:var(--fail);stroke-width:1.6;stroke-dasharray:6 5}svg .cross{stroke:var(--fail);stroke-width:2.2}
svg .group{fill:var(--soft);stroke:var(--dim)}
svg .dot{fill:var(--pass);stroke:var(--paper)}svg .dot.fail{fill:var(--fail)}svg .dot.unknown{fill:var(--unknown)}svg .room{fill:var(--soft)}
.grid td,.grid th{text-align:center}.grid tbody th{text-align:left}
@media print{@page{margin:12mm}html{font-size:11px}body{max-width:none;padding:0;font-size:11px}h1{font-size:1.7em}
.scroll{overflow:visible}.drawing,.drawing.small{min-width:0;max-width:100%}.skip{display:none}
details::details-content{content-visibility:visible;display:block;height:auto}details>summary{list-style:none}
svg,tr,.witness,pre,.why{break-inside:avoid}h2,h3{break-after:avoid}thead{display:table-header-group}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
