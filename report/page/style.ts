/** How the page looks. */

/** Colours that are distinguishable with every kind of colour blindness as far as six can be; the patterns do the rest. */
const LIGHT = ["#2a6ac4", "#b35900", "#0a7a6c", "#8f479f", "#5d6b1a", "#bd2f66"];
const DARK = ["#78aef5", "#eda04f", "#4ecdb9", "#d3a3e6", "#c3cf6b", "#ff92b6"];

const LINES = "var(--mark) 0 2px, transparent 2px 7px";

const PATTERN_IMAGES = [
  "none",
  `repeating-linear-gradient(45deg, ${LINES})`,
  "radial-gradient(circle, var(--mark) 1.3px, transparent 1.6px)",
  `repeating-linear-gradient(90deg, ${LINES})`,
  `repeating-linear-gradient(-45deg, ${LINES})`,
  `repeating-linear-gradient(45deg, ${LINES}), repeating-linear-gradient(-45deg, ${LINES})`,
];

export const COLOURS = LIGHT.length;
export const PATTERNS = PATTERN_IMAGES.length;

const fills = (colours: readonly string[]): string =>
  colours.map((colour, index) => `.k${index} { --fill: ${colour}; }`).join("\n");

const patterns = PATTERN_IMAGES.map((image, index) => `.p${index} { background-image: ${image}; }`).join(
  "\n",
);

export const STYLE = `
:root {
  color-scheme: light;
  --page: #f5f6f8; --card: #fff; --ink: #17202a; --soft: #55606d; --line: #d5dae0; --edge: #7a8694;
  --track: #e3e7ec; --bar: #728092; --full: #2f3b49; --over: #b3261e; --link: #1d5bb0;
  --on: #fff; --mark: rgb(0 0 0 / .24);
}
${fills(LIGHT)}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --page: #0e1318; --card: #171d24; --ink: #e7ecf1; --soft: #a4afbb; --line: #2e3741; --edge: #6d7987;
    --track: #2a323b; --bar: #7c8a9a; --full: #cfd8e2; --over: #ff8a80; --link: #8ab8f8;
    --on: #0d1116; --mark: rgb(255 255 255 / .5);
  }
  ${fills(DARK)}
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.5rem 1.25rem 3rem; background: var(--page); color: var(--ink);
  font: .94rem/1.45 system-ui, sans-serif; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; font-weight: 400; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0 0 .75rem; max-width: 75ch; }
small, .note { color: var(--soft); font-size: .85rem; font-weight: 400; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; position: relative; z-index: 1; }
section { margin-top: 1.5rem; }
dl, dd, ul { margin: 0; padding: 0; }

.totals { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: .75rem; }
.totals > div, .panel, .host { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem 1rem; }
.totals dt { color: var(--soft); font-size: .85rem; }
.totals time { white-space: nowrap; }
.totals b { display: block; font-size: 1.3rem; font-weight: 600; line-height: 1.3; }
.totals small { display: block; }

.strip { display: flex; flex-wrap: wrap; gap: 2px; }
.strip a { width: 12px; height: 46px; border-bottom: 5px solid transparent; --c: var(--bar); print-color-adjust: exact;
  background: linear-gradient(to top, var(--c) var(--u), var(--track) 0) padding-box; }
.strip .full { --c: var(--full); }
.strip .over { --c: var(--over); }
.strip .new { border-bottom-color: var(--link); }
.strip .draining { border-bottom: 5px dotted var(--ink); }
.note { margin: .35rem 0 0; }

.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: .75rem; align-items: start; margin-top: 1.5rem; }
.panel { margin: 0; }
.panel h3 { margin: .75rem 0 .25rem; font-size: .95rem; }
.panel ul { list-style: none; }
.panel li { padding: .2rem 0; border-top: 1px solid var(--line); }
:is(h2, h3) + ul > li:first-child { border-top: 0; }
summary { cursor: pointer; padding: .25rem 0; color: var(--link); }
.options li.chosen { border-left: 4px solid var(--link); padding-left: .6rem; }
.options dl { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; font-size: .9rem; }
.options dl > div { display: flex; gap: .35rem; }
.options dt { flex: none; color: var(--soft); }
.badge { display: inline-block; padding: 0 .4em; border: 1px solid currentColor; border-radius: .3em; color: var(--link);
  font-size: .75rem; font-style: normal; font-weight: 600; line-height: 1.4; }

.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.5rem; margin-bottom: 1rem; list-style: none; }
.legend i { display: inline-block; width: 1.75rem; height: 1.1rem; margin-right: .4rem; border-radius: 2px; vertical-align: -.2em; }
.legend i.free { border: 1px solid var(--edge); }

.hosts { display: grid; gap: 1rem; align-items: end; grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--least)), 1fr)); }
.large { --least: 100%; }
.medium { --least: 17rem; }
.medium .s { font-size: .72rem; }
.medium .gauges { font-size: .8rem; }
.medium .gauges em { position: absolute; clip-path: inset(50%); }
.small { --least: 6.1rem; gap: .5rem; }
.host { position: relative; display: flex; flex-direction: column; gap: .6rem; min-width: 0; break-inside: avoid; scroll-margin: 1rem; }
.host header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .5rem; }
.host.new { border-color: var(--link); }
.host.draining { border-color: transparent; outline: 2px dashed var(--edge); outline-offset: -2px; }
.host:target { outline: 3px solid var(--link); }
.facts { display: flex; flex-wrap: wrap; column-gap: .9em; flex-basis: 100%; margin: 0; color: var(--soft); font-size: .85rem; }
.services { display: flex; flex-wrap: wrap; column-gap: .7em; flex-basis: 100%; margin: 0; color: var(--soft); font-size: .8rem; }
.names { margin: .35rem 0 0; font-size: .8rem; color: var(--soft); }

.box { position: relative; display: flex; flex-direction: column; justify-content: flex-end; border-radius: 0 0 3px 3px;
  box-shadow: 0 0 0 1.5px var(--edge); }
.box.open { border-top: 0; clip-path: inset(0 -2px -2px); }
.box.nothing { margin: 0; padding: .4rem; color: var(--soft); font-size: .8rem; }
.free { flex: none; overflow: hidden; padding: .1rem .4rem; color: var(--soft); font-size: .8rem; }
.brim { position: absolute; inset-inline: -5px; border-top: 3px solid var(--over); z-index: 1; }
.s { flex: none; display: flex; align-items: center; justify-content: space-between; gap: .5rem; overflow: hidden;
  padding: 0 .3rem; border-top: 1px solid var(--card); background-color: var(--fill); color: var(--on);
  font-size: .8rem; line-height: 1; text-decoration: none; white-space: nowrap; print-color-adjust: exact; }
${patterns}
.p2 { background-size: 6px 6px; }
.s b, .s span { overflow: hidden; padding: .12em .3em; border-radius: 2px; background: var(--fill); text-overflow: ellipsis; font-weight: 600; }
.s span { flex: none; font-weight: 400; }
.s.off { --mark: color-mix(in srgb, var(--fill) 50%, transparent); background-color: var(--card); color: var(--ink); box-shadow: inset 0 0 0 1.5px var(--fill); }
.s.off b, .s.off span { background: var(--card); font-style: italic; }
.s.thin { border-top-width: 0; }
.s.mute > * { opacity: 0; }
a.s:hover { filter: brightness(1.15); }

.gauges { display: grid; gap: .35rem; font-size: .85rem; }
.gauges > div { display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: .5rem; }
.gauges dt { color: var(--soft); }
.gauges .top dt { color: var(--ink); font-weight: 700; }
.gauges dd b { display: inline-block; min-width: 2.9em; text-align: right; }
.gauges em { font-style: normal; font-size: .75rem; padding: 0 .4em; border-radius: .3em; background: var(--full); color: var(--card); }
.bar { display: block; flex-basis: 100%; height: 4px; border-radius: 2px; --c: var(--bar); print-color-adjust: exact;
  background: linear-gradient(to right, var(--c) var(--u), var(--track) 0); }
.bar.top { height: 6px; --c: var(--full); }
.bar.over { --c: var(--over); }
.bar.none { background: none; border-top: 2px dotted var(--edge); border-radius: 0; }

.small .host { padding: .4rem .45rem; gap: .35rem; border-radius: .35rem; }
.small .host header { gap: 0 .25rem; flex-wrap: wrap; }
.small h3 { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: .85rem; }
.small .badge { position: absolute; top: -.65em; right: .3rem; padding: 0 .25em; border: 0; background: var(--card); font-size: .7rem; }
.small .facts { display: block; font-size: .72rem; line-height: 1.3; }
.small .facts span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.small .free, .small .s { font-size: .7rem; padding: 0 .15rem; }
.small .meters { display: grid; gap: 2px; }
.small .bar { height: 3px; border-radius: 0; }
.small .bar.top { height: 5px; }
.small .bottleneck { margin: 0; font-size: .75rem; line-height: 1.2; }

details.panel { margin-top: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; white-space: nowrap; }
th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; }

@media (min-width: 48rem) {
  .large .host { display: grid; grid-template-columns: minmax(0, 3fr) minmax(16rem, 2fr); column-gap: 2rem; align-items: start; }
  .large .host header { grid-column: 1 / -1; }
}
@media print {
  :root { font-size: 11px; }
  body { padding: 0; max-width: none; }
  .scroll { overflow: visible; }
}
`;
