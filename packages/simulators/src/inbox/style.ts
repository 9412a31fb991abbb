/** The page's style sheet: two columns, one below the other on a phone; light and dark. */
export const INBOX_STYLE = `
:root {
  --ground: #f3f4f7; --panel: #fff; --ink: #1b1f27; --soft: #596172; --line: #e1e4ea;
  --accent: #2457d6; --on-accent: #fff; --bubble: #e9ebf0; --mark: #fff1b8; --note: #e8f3ec; --note-ink: #17502f;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101318; --panel: #191d24; --ink: #eceef2; --soft: #a2abbb; --line: #2c323d;
    --accent: #86aaff; --on-accent: #0d1526; --bubble: #2a303b; --mark: #5b4a00; --note: #16301f; --note-ink: #b6e4c6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 24px; max-width: 1240px; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
}
header { display: grid; grid-template-columns: 1fr auto; gap: 12px 16px; align-items: center; margin-bottom: 20px; }
h1 { font-size: 24px; line-height: 1.3; margin: 0; }
nav { display: flex; gap: 4px; font-size: 14px; }
nav a { padding: 4px 10px; border-radius: 999px; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { background: var(--panel); color: var(--ink); box-shadow: 0 0 0 1px var(--line); }
.banner { grid-column: 1 / -1; margin: 0; padding: 10px 16px; border-radius: 12px; background: var(--note); color: var(--note-ink); font-size: 14px; }
.tools { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 12px; justify-content: space-between; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0; font-size: 14px; }
input, button { font: inherit; color: inherit; border-radius: 8px; border: 1px solid var(--line); background: var(--panel); padding: 7px 12px; min-height: 38px; }
input { width: 220px; }
button { cursor: pointer; background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button.quiet { background: transparent; border-color: var(--line); color: var(--soft); font-weight: 400; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#offline { grid-column: 1 / -1; margin: 0; color: var(--soft); font-size: 14px; }
main { display: grid; grid-template-columns: minmax(0, 400px) minmax(0, 1fr); gap: 24px; align-items: start; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 16px; padding: 16px; min-width: 0; }
section.sms { border-radius: 36px; border-width: 8px; padding: 16px 12px; }
h2 { font-size: 16px; margin: 0 4px 12px; display: flex; gap: 8px; align-items: center; }
.count { font-size: 12px; font-weight: 600; padding: 1px 8px; border-radius: 999px; background: var(--bubble); color: var(--soft); }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 18px; }
ol:not(:empty) + .empty { display: none; }
.empty { color: var(--soft); text-align: center; padding: 48px 0; margin: 0; }
.meta { display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; color: var(--soft); font-size: 13px; margin: 0 4px 4px; }
.meta b { font-weight: 500; color: var(--ink); overflow-wrap: anywhere; }
time { color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bubble { margin: 0; padding: 10px 14px; border-radius: 18px 18px 18px 4px; background: var(--bubble); white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: var(--mark); color: inherit; border-radius: 4px; padding: 0 3px; font-weight: 600; user-select: all; }
.actions { display: flex; gap: 8px; align-items: center; margin: 6px 4px 0; font-size: 13px; }
.cloud { color: var(--soft); margin-right: auto; }
.code { font: 600 15px/1.4 ui-monospace, "SF Mono", Consolas, monospace; letter-spacing: .08em; user-select: all; }
.copy { display: none; min-height: 30px; padding: 3px 10px; font-size: 13px; background: transparent; color: var(--accent); border-color: var(--line); }
.js .copy { display: inline-block; }
li.mail { border: 1px solid var(--line); border-radius: 12px; padding: 12px; }
summary { cursor: pointer; display: grid; grid-template-columns: 1fr auto; gap: 2px 12px; align-items: baseline; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary .meta { grid-column: 1 / -1; margin: 0; justify-content: flex-start; }
.subject { font-weight: 600; overflow-wrap: anywhere; }
.subject::after { content: " ▸"; color: var(--soft); }
[open] .subject::after { content: " ▾"; }
.mail-html { display: block; width: 100%; height: 320px; margin-top: 12px; border: 1px solid var(--line); border-radius: 8px; background: #fff; color-scheme: light; resize: vertical; }
.mail-text { white-space: pre-wrap; overflow-wrap: anywhere; margin: 12px 0 0; }
@media (prefers-reduced-motion: no-preference) {
  .new { animation: arrive .5s ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(-8px); } }
}
@media (max-width: 760px) {
  body { padding: 16px 12px; }
  main { grid-template-columns: minmax(0, 1fr); gap: 16px; }
  form[role=search] { width: 100%; }
  form[role=search] input:not([type=hidden]) { flex: 1; width: auto; min-width: 0; }
  section.sms { border-radius: 28px; border-width: 6px; }
}
`

/** A letter in a speech bubble. */
export const INBOX_ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#2457d6" d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z"/><path fill="none" stroke="#fff" stroke-width="2.5" d="M9 10l7 5 7-5"/></svg>'
