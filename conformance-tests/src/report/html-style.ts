/**
 * The matrix page's style. The colours are Okabe and Ito's, which people with any common colour
 * blindness can tell apart; each status has a glyph besides.
 */
export const htmlStyle: string = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1b1b1b; --muted: #595959; --line: #d6d6d6; --head: #f1f3f5;
  --pass: #d7ebf7; --pass-text: #004a75;
  --quiet: #f4f4f4; --quiet-text: #595959;
  --known: #f6ecb8; --known-text: #574900;
  --bad: #d55e00; --bad-text: #000000;
  --late: #8f3f78; --late-text: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --text: #e8e8e8; --muted: #a8a8a8; --line: #3a3d42; --head: #22262b;
    --pass: #10364d; --pass-text: #a9dcfa;
    --quiet: #24262a; --quiet-text: #a8a8a8;
    --known: #4a420f; --known-text: #f5e98a;
    --bad: #ee7a1f; --bad-text: #000000;
    --late: #cc79a7; --late-text: #000000;
  }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem 1.25rem 2rem; background: var(--page); color: var(--text);
  font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 .75rem; color: var(--muted); }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 0 0 .75rem; }
input[type=search] { font: inherit; padding: .3rem .5rem; width: min(26rem, 100%); }
ul.legend { display: flex; flex-wrap: wrap; gap: .25rem .9rem; list-style: none; margin: 0 0 .75rem; padding: 0; }
.scroll { overflow: auto; max-height: 78vh; border: 1px solid var(--line); }
table { border-collapse: separate; border-spacing: 0; }
thead { position: sticky; top: 0; z-index: 2; }
thead th { background: var(--head); border-bottom: 1px solid var(--line); padding: .25rem .5rem; font-weight: 600; white-space: nowrap; }
thead .first { border-left: 2px solid var(--line); }
thead .version, thead .level { font-weight: 400; font-size: .8rem; color: var(--muted); }
tbody th { position: sticky; left: 0; z-index: 1; background: var(--page); text-align: left; font-weight: 400;
  border-bottom: 1px solid var(--line); padding: 0; min-width: min(24rem, 45vw); max-width: 30rem; }
tbody th.area { background: var(--head); font-weight: 600; padding: .3rem .6rem; }
tbody td { padding: 0; vertical-align: middle; border-bottom: 1px solid var(--line); }
tbody td.first { border-left: 2px solid var(--line); }
tr.area td { background: var(--head); }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
button:focus-visible, input:focus-visible { outline: 2px solid var(--text); outline-offset: -2px; }
th button { width: 100%; text-align: left; padding: .2rem .6rem; }
th button::before { content: "▸"; display: inline-block; width: 1.1em; color: var(--muted); }
th button[aria-expanded=true]::before { content: "▾"; }
th small { color: var(--muted); }
tr.case th { padding: .2rem .6rem .2rem 2.2rem; font-size: .9rem; }
td button { display: block; width: 100%; min-width: 4.2rem; padding: .2rem .3rem; text-align: center; white-space: nowrap; }
.pass { background: var(--pass); color: var(--pass-text); }
.skip, .not-run { background: var(--quiet); color: var(--quiet-text); }
.expected-fail { background: var(--known); color: var(--known-text); }
.fail, .unexpected-pass { background: var(--bad); color: var(--bad-text); font-weight: 700; }
.timeout { background: var(--late); color: var(--late-text); font-weight: 700; }
.chip { display: inline-block; padding: 0 .45rem; border-radius: 3px; }
dialog { width: min(52rem, 94vw); max-height: 86vh; border: 1px solid var(--line); border-radius: 6px;
  background: var(--page); color: var(--text); padding: 1rem 1.25rem; }
dialog::backdrop { background: rgb(0 0 0 / .45); }
dialog h2 { font-size: 1.05rem; margin: 0 3rem .6rem 0; }
dialog article { border-top: 1px solid var(--line); padding: .5rem 0; }
dialog pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .35rem 0 0; font-size: .85rem; }
dialog .close { position: absolute; top: .7rem; right: .9rem; border: 1px solid var(--line); border-radius: 4px; padding: .1rem .6rem; }
[hidden] { display: none !important; }
`;
