"""How a report looks: light and dark, on paper, and on a phone."""

from typing import Final

STYLE: Final = """
:root { --page: #fbfaf8; --card: #ffffff; --ink: #1d1c1a; --quiet: #6b6862; --line: #dedad3; --good: #00724f;
  --bad: #b8470a; --care: #8a6100; --idle: #d3cfc7; --light: #f4d77e; --shadow: #4a4a55; --accent: #0072b2; }
@media (prefers-color-scheme: dark) { :root { --page: #141416; --card: #1d1e21; --ink: #ebe9e4; --quiet: #a19d95;
  --line: #35363b; --good: #3ecf9c; --bad: #ff8d4d; --care: #e8b84a; --idle: #45464c; --light: #6d5a1f;
  --shadow: #8b8ba0; --accent: #56b4e9; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.45;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 20px 16px 48px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 10px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px;
  margin-top: 16px; }
.quiet, .note { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); }
.care { color: var(--care); }
.verdict { display: inline-block; padding: 4px 14px; border-radius: 999px; font-weight: 700; margin: 10px 0 0;
  border: 2px solid currentColor; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); gap: 10px; margin-top: 16px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px; }
.tile b { display: block; font-size: 1.3rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.tile span { color: var(--quiet); }
.two { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 16px; align-items: start; }
.curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 14px; }
.wide { overflow-x: auto; } .wide svg { min-width: 640px; }
.wide table { min-width: 520px; }
td code { font-size: .85em; overflow-wrap: anywhere; display: inline-block; min-width: 150px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; } tbody tr:last-child td { border-bottom: 0; }
.number { text-align: right; white-space: nowrap; } td .good, td .bad { white-space: nowrap; font-weight: 600; }
@media (max-width: 760px) { .two { grid-template-columns: minmax(0, 1fr); } main { padding: 14px 10px 32px; }
  section { padding: 12px; } .wide table { min-width: 0; } th, td { padding-right: 9px; }
  .expected .word, .expected th:last-child, .expected td:last-child { display: none; }
  .expected td { overflow-wrap: anywhere; } .expected td:nth-child(n + 3) { min-width: 84px; } }
figure { margin: 0; } figcaption { font-size: .85rem; margin-bottom: 2px; }
svg { display: block; width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--quiet); }
.grid { stroke: var(--line); stroke-width: 1; } .light { fill: var(--light); opacity: .55; }
polyline, .bar { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.small .casing { stroke: var(--ink); opacity: .45; stroke-width: 3; } .curve { stroke-width: 1.8; }
.do { fill: var(--idle); } .swatch { background: var(--idle); }
.tow { fill: #003f6b; background: #003f6b; }
.driving { fill: #0072b2; background: #0072b2; } .working { fill: #009e73; background: #009e73; }
.charging { fill: #e69f00; background: #e69f00; } .lost, .down { fill: #d55e00; background: #d55e00; }
.asleep { fill: #56b4e9; background: #56b4e9; }
.earth { fill: var(--idle); background: var(--idle); } .way-direct { fill: #009e73; background: #009e73; }
.way-relay { fill: #0072b2; background: #0072b2; } .way-others { fill: #56b4e9; background: #56b4e9; }
.way-none { fill: #d55e00; background: #d55e00; }
.shadow { fill: var(--shadow); background: var(--shadow); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0 0; font-size: .85rem; }
.key { display: inline-flex; align-items: baseline; gap: 6px; }
.swatch { display: inline-block; width: 11px; height: 11px; border-radius: 3px; border: 1px solid #0003; flex: none; }
.map .casing { fill: none; stroke: #1b1b1f; stroke-width: 4.2; opacity: .6; }
.map .track { stroke-width: 2.4; } .map .bar { stroke: #fff; stroke-width: 2; }
.map .zone { fill: none; stroke: #fff; stroke-width: 1; stroke-dasharray: 3 3; opacity: .7; }
.map .keep-out { fill: #d55e0033; stroke: #ff9a5c; opacity: 1; }
.map .closed { fill: #e962204d; stroke: #ff7b3a; stroke-width: 1.6; stroke-dasharray: none; opacity: 1; }
.map .rock { fill: #2a2320; stroke: #ffb38a; stroke-width: 1; }
.map .soft { fill: #e9c46a38; stroke: #e9c46a; stroke-width: 1; stroke-dasharray: 2 2; }
.map .steep { fill: #d55e0026; stroke: #ff7b4a; stroke-width: 1; stroke-dasharray: 1 2; }
.map .denied { fill: none; stroke: #e9c46a; stroke-width: .8; stroke-dasharray: 1 4; opacity: .7; }
.map .dock { fill: #fff; opacity: .85; }
.map .site { fill: #fff2; stroke: #fff; stroke-width: 1.4; } .map .site.done { fill: #fff; stroke: #1b1b1f; }
.map .site.running { fill: #fff9; } .map .site.failed { fill: #d55e00; }
.map .body { stroke: #111; stroke-width: 1.3; stroke-linejoin: round; } .map .north { fill: #fff; }
.map .name { fill: #fff; font-size: 12.5px; font-weight: 600; paint-order: stroke; stroke: #17171a;
  stroke-width: 3px; stroke-linejoin: round; }
.news { list-style: none; margin: 0; padding: 0; max-height: 340px; overflow-y: auto; font-size: .9rem; }
.news li { display: grid; grid-template-columns: 70px minmax(0, 1fr); padding: 2px 0; overflow-wrap: anywhere; }
.news time { color: var(--quiet); font-variant-numeric: tabular-nums; }
details { margin-top: 10px; } summary { cursor: pointer; color: var(--accent); }
pre { overflow-x: auto; font-size: .8rem; line-height: 1.4; margin: 8px 0 0; }
svg.stroke { width: 30px; height: 10px; flex: none; align-self: center; }
@media (max-width: 760px) { .map .name { font-size: 17px; } }
@media print { section { break-inside: avoid; } .news { max-height: none; } }
"""
