/** How the canvas looks, by Streamlit's own theme. */

export const STYLES = `
:host { display: block; }
.bench {
  display: grid; grid-template: minmax(0, 1fr) auto / auto minmax(0, 1fr) 17rem; gap: 6px;
  height: clamp(420px, calc(100vh - 19.5rem), 1600px);
  font: 14px/1.35 var(--st-font, sans-serif); color: var(--st-text-color);
}
.bench * { box-sizing: border-box; }
.tools { display: flex; flex-direction: column; gap: 2px; overflow-y: auto; scrollbar-width: thin; padding-right: 2px; }
.tools hr { width: 100%; margin: 3px 0; border: 0; border-top: 1px solid var(--st-border-color); }
button {
  font: inherit; color: inherit; background: transparent; cursor: pointer;
  border: 1px solid transparent; border-radius: 6px; min-height: 30px; padding: 2px 6px;
}
button:hover:not(:disabled) { background: var(--st-secondary-background-color); }
button:disabled { opacity: 0.35; cursor: default; }
button[aria-pressed=true] { background: var(--st-primary-color); color: var(--st-background-color); }
button.main { background: var(--st-primary-color); color: var(--st-background-color); padding: 4px 10px; }
button.plain { border-color: var(--st-border-color); padding: 4px 10px; }
:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.icon { font: normal 20px/1 "Material Symbols Rounded"; display: inline-block; vertical-align: middle; user-select: none; }
.stage {
  position: relative; overflow: hidden; border-radius: 8px; background: #1c1f26; touch-action: none; outline-offset: -2px;
}
.stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.divider { position: absolute; inset: 0 auto 0 0; width: 0; z-index: 1; font-size: 12px; font-weight: 600; }
.divider[hidden] { display: none; }
.divider::before { content: ""; position: absolute; inset: 0 -1px; background: #fff; box-shadow: 0 0 0 1px rgba(0, 0, 0, 0.7); }
.divider span { position: absolute; top: 8px; padding: 1px 8px; border-radius: 6px; background: #111827; color: #fff; white-space: nowrap; pointer-events: none; }
.divider .before { right: 8px; }
.divider .after { left: 8px; }
.grip { position: absolute; inset: 0 -9px; cursor: ew-resize; touch-action: none; }
.grip::after {
  content: "⇔"; position: absolute; top: 50%; left: 50%; transform: translate(-50%, -50%); width: 32px; height: 32px; line-height: 30px;
  text-align: center; font-size: 16px; border-radius: 50%; background: #fff; color: #111827; border: 1px solid #111827;
}
.notices { position: absolute; top: 8px; left: 50%; transform: translateX(-50%); display: grid; gap: 4px; z-index: 2; max-width: 90%; }
.notice { background: #111827; color: #fff; border: 1px solid #9ca3af; border-radius: 8px; padding: 6px 10px; display: flex; gap: 8px; align-items: center; }
.notice.lasting { border-color: #fbbf24; }
.side { display: flex; flex-direction: column; gap: 6px; min-height: 0; overflow-y: auto; }
.side header { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.side header select { flex: 1 1 100%; }
select, input[type=number] {
  font: inherit; color: inherit; background: var(--st-background-color); border: 1px solid var(--st-border-color);
  border-radius: 6px; min-height: 30px; padding: 2px 4px; max-width: 100%;
}
.versions { border: 1px solid #fbbf24; border-radius: 8px; padding: 6px; display: grid; gap: 6px; font-size: 13px; }
.versions[hidden] { display: none; }
.versions p { margin: 0; }
.pair { display: flex; gap: 6px; }
.versions figure { margin: 0; flex: 1 1 0; min-width: 0; }
.versions figcaption { overflow-wrap: anywhere; }
.view { position: relative; aspect-ratio: 1; border-radius: 6px; overflow: hidden; background: #1c1f26; }
.view canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.choice { display: flex; flex-wrap: wrap; gap: 4px; }
.choice button { padding: 4px 6px; flex: 1 1 auto; }
.versions button[hidden] { display: none; }
.rows { list-style: none; margin: 0; padding: 0; overflow-y: auto; flex: 1; min-height: 90px; scrollbar-width: thin; }
.rows li {
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto auto; align-items: center; column-gap: 4px;
  padding: 3px 4px; border-radius: 6px; border: 1px solid transparent; cursor: pointer;
  content-visibility: auto; contain-intrinsic-size: auto 42px;
}
.rows li[aria-selected=true] { border-color: var(--st-primary-color); background: var(--st-secondary-background-color); }
.rows li.proposed { border-left: 3px dashed var(--st-violet-color, #8b5cf6); }
.rows li.contested { border: 1px solid #fbbf24; border-left-width: 3px; }
.rows li.rejected .name { text-decoration: line-through; opacity: 0.6; }
.chip { grid-column: 1; grid-row: 1 / span 2; min-width: 1.9em; text-align: center; border-radius: 999px; color: #fff; text-shadow: 0 0 3px #000, 0 0 2px #000; font-weight: 600; padding: 1px 5px; }
.name { grid-column: 2; grid-row: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.name.unknown { font-style: italic; }
.state { grid-column: 2; grid-row: 2; font-size: 12px; opacity: 0.75; }
.rows button { grid-row: 1 / span 2; padding: 0 2px; min-height: 26px; }
.rows button .icon { font-size: 18px; }
.empty { opacity: 0.75; margin: 0; }
.bar { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; min-height: 32px; font-size: 13px; }
.bar .status { min-width: 9em; font-weight: 600; color: var(--st-green-text-color, inherit); }
.bar .status:not([data-waiting="0"]) { color: inherit; }
.bar .status.late { color: var(--st-red-text-color, #b91c1c); }
.bar .zoom { min-width: 3.6em; text-align: center; }
.bar input[type=range] { width: 64px; }
.bar .window { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; }
.bar .window[hidden] { display: none; }
.bar .window input[type=range] { width: 120px; }
.bar .window input[type=number] { width: 6.5em; }
.bar label { display: inline-flex; gap: 4px; align-items: center; }
dialog { color: var(--st-text-color); background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: 10px; max-height: 80vh; }
dialog dl { display: grid; grid-template-columns: auto 1fr auto 1fr; gap: 3px 14px; margin: 0 0 10px; }
dialog dt { font-weight: 600; } dialog dd { margin: 0; } dialog h2 { margin: 0 0 8px; font-size: 1.2em; }
dialog button { border-color: var(--st-border-color); }
@media (max-height: 1040px) {
  .tools { display: grid; grid-template-columns: auto auto; align-content: start; }
  .tools hr { grid-column: 1 / -1; }
}
@media (max-width: 900px) {
  .bench { grid-template: auto minmax(320px, 60vh) auto auto / minmax(0, 1fr); height: auto; }
  .tools { display: flex; flex-direction: row; flex-wrap: wrap; }
  .rows { max-height: 40vh; }
}
`;
