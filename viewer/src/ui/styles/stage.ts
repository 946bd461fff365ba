/**
 * The stage: host, picture, header, poster. Nothing here blurs what lies behind it: that would be paid for with every
 * frame of the video.
 */

/** Style rules. */
export const STAGE_STYLES = `
:host {
  --accent: var(--freshet-accent, #45dcc4);
  --live: var(--freshet-live, #ff5a52);
  --ink: #05090a;
  --text: #f1f8f7;
  --dim: #bccdcb;
  --glass: rgb(9 20 22 / 0.84);
  --line: rgb(255 255 255 / 0.1);
  --edge: 14px;
  --cover-back: #081113;
  --cover-glow: #12343a;
  --cover-text: #f1f8f7;
  --cover-dim: #a9bfbd;
  --cover-accent: #45dcc4;
  --cover-on-accent: #04211d;
  --cover-bed: rgb(69 220 196 / 0.16);
  --trouble: #ffb454;
  display: block;
  position: relative;
  aspect-ratio: 16 / 9;
  overflow: hidden;
  container-type: inline-size;
  background: var(--ink);
  color: var(--text);
  font: 400 15px/1.45 var(--freshet-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
  -webkit-tap-highlight-color: transparent;
}
@media (prefers-color-scheme: light) {
  :host {
    --cover-back: #f3f8f7;
    --cover-glow: #d5ebe7;
    --cover-text: #0c2124;
    --cover-dim: #47605f;
    --cover-accent: #0b6f64;
    --cover-on-accent: #ffffff;
    --cover-bed: rgb(11 111 100 / 0.16);
    --trouble: #9a5200;
  }
}
:host([hidden]), [hidden] { display: none !important; }
:host(:fullscreen) { width: 100%; height: 100%; aspect-ratio: auto; }
*, *::before, *::after { box-sizing: border-box; }
h2, p, dl, dd { margin: 0; }
button { font: inherit; color: inherit; cursor: pointer; }
.stage, .poster, video { position: absolute; inset: 0; width: 100%; height: 100%; }
.stage { outline: none; user-select: none; -webkit-user-select: none; }
.stage.is-bare { cursor: none; }
video { object-fit: contain; }
video::-webkit-media-controls { display: none !important; }
.poster { display: grid; place-items: center; padding-bottom: min(190px, 40%); }
.poster .mark { width: 72px; opacity: 0.5; }
.mark { width: 32px; fill: none; stroke: var(--accent); stroke-width: 2.2; stroke-linecap: round; }
.icon {
  width: 24px; height: 24px; display: block; flex: none;
  fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round;
}
.icon-play, .icon-volumeHigh, .icon-volumeLow, .icon-volumeOff { stroke-width: 1.7; }
.icon-pause { stroke-width: 3.2; }
.icon-play { fill: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.spoken {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}

.header {
  position: absolute; inset: 0 0 auto; display: flex; align-items: center; gap: 12px;
  padding: calc(var(--edge) + env(safe-area-inset-top)) calc(var(--edge) + 4px + env(safe-area-inset-right))
    44px calc(var(--edge) + 4px + env(safe-area-inset-left));
  background: linear-gradient(rgb(3 8 9 / 0.78), rgb(3 8 9 / 0.5) 45%, transparent);
  pointer-events: none;
}
.heading { min-width: 0; display: flex; align-items: baseline; gap: 10px; }
.title {
  min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  font-size: 16px; font-weight: 600; letter-spacing: -0.005em;
}
.since { flex: none; color: var(--dim); font-size: 13px; font-variant-numeric: tabular-nums; }
.since:not(:empty)::before { content: '· '; }
.helping {
  display: flex; align-items: center; gap: 6px; height: 34px; margin: -4px -4px -4px auto; padding: 0 13px 0 10px; flex: none;
  border: 1px solid var(--line); border-radius: 17px; background: var(--glass); pointer-events: auto; white-space: nowrap;
  font-size: 13px; font-weight: 550; font-variant-numeric: tabular-nums;
}
.helping .icon { width: 18px; height: 18px; color: var(--accent); }
.header .mark { flex: none; }
@container (max-width: 430px) { .helping .word { display: none; } }
.helping:hover { background: rgb(28 44 46 / 0.9); }
.helping[aria-pressed='true'] { color: var(--accent); }
.header, .bar { transition: opacity 0.22s ease, transform 0.22s ease; }
.is-bare .header, .is-bare .bar { opacity: 0; pointer-events: none; }
.is-bare .helping { pointer-events: none; }
@media (pointer: coarse) { .helping { height: 44px; margin: -9px -6px -9px auto; border-radius: 22px; } }
.is-bare .header { transform: translateY(-6px); }
.is-bare .bar { transform: translateY(8px); }
.is-covered .header, .is-covered .bar, .is-unasked .bar { display: none; }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
`;
