/** The status screens in their four forms. */

/** Style rules. */
export const SCREEN_STYLES = `
.status { position: absolute; inset: 0; pointer-events: none; }
.status-action {
  pointer-events: auto; height: 44px; padding: 0 22px; border: 0; border-radius: 22px;
  background: var(--cover-accent); color: var(--cover-on-accent); font-weight: 600;
}
.status-action:hover { filter: brightness(1.08); }
.status-title { font-size: 26px; line-height: 1.2; font-weight: 620; letter-spacing: -0.018em; text-wrap: balance; }
.status-detail { margin-top: 10px; max-width: 46ch; font-size: 16px; text-wrap: balance; }
.status-box {
  position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center; justify-content: center;
  gap: 24px; text-align: center; padding: 24px max(24px, env(safe-area-inset-right)) 32px max(24px, env(safe-area-inset-left));
}
.status .mark { width: 60px; stroke-width: 2; flex: none; }
.status .bed { opacity: 0.32; }
.status .water { opacity: 0; }
.status[data-tone='calm'] .bed { opacity: 1; }
.status[data-tone='busy'] .water { opacity: 1; stroke-dasharray: 26 74; animation: flow 1.7s linear infinite; }
.status[data-tone='trouble'] .mark { stroke: var(--trouble); }
.status[data-tone='trouble'] .mark .bed { opacity: 1; }
.water:nth-of-type(4) { animation-delay: -0.5s !important; }
.water:nth-of-type(6) { animation-delay: -1s !important; }
@keyframes flow { from { stroke-dashoffset: 126; } to { stroke-dashoffset: 26; } }

.status[data-form='cover'] {
  pointer-events: auto; color: var(--cover-text);
  background: radial-gradient(130% 95% at 50% 118%, var(--cover-glow), transparent 72%) var(--cover-back);
}
.status[data-form='cover'] .mark { stroke: var(--cover-accent); }
.status[data-form='cover'][data-tone='trouble'] .mark { stroke: var(--trouble); }
.status[data-form='cover'] .status-detail { color: var(--cover-dim); }
.river {
  position: absolute; left: 0; right: 0; bottom: 0; width: 100%; height: 30%; display: none;
  fill: none; stroke: var(--cover-bed); stroke-width: 1.5; vector-effect: non-scaling-stroke;
}
.river path { vector-effect: non-scaling-stroke; }
.river .bed { opacity: 1; }
.status[data-tone='busy'] .river .water { animation-duration: 4.2s; stroke: var(--cover-accent); opacity: 0.5; stroke-dasharray: 12 88; }
.status[data-form='cover'] .river { display: block; }
.status :focus-visible { outline-color: var(--cover-accent); outline-offset: 3px; }

.status[data-form='veil'] { pointer-events: auto; background: rgb(3 9 10 / 0.78); color: #f1f8f7; }
.status[data-form='veil'] .status-detail { color: #c3d2d0; }
.status[data-form='veil'] .status-action { background: #45dcc4; color: #04211d; }

.status[data-form='banner'] .status-box {
  inset: calc(62px + env(safe-area-inset-top)) auto auto 50%; transform: translateX(-50%);
  flex-direction: row; gap: 14px; width: max-content; max-width: calc(100% - 2 * var(--edge));
  padding: 10px 12px 10px 16px; text-align: left; border-radius: 18px; border: 1px solid var(--line);
  background: rgb(9 20 22 / 0.86);
}
.status[data-form='banner'] .mark { width: 26px; stroke-width: 2.6; }
.status[data-form='banner'] .status-title { font-size: 15px; letter-spacing: 0; font-weight: 600; }
.status[data-form='banner'] .status-detail { margin: 0; font-size: 14px; color: var(--dim); font-variant-numeric: tabular-nums; }
.status[data-form='banner'] .status-action {
  height: 36px; padding: 0 15px; margin-left: 6px; flex: none; font-size: 14px;
  background: rgb(255 255 255 / 0.14); color: inherit;
}
.status[data-form='spinner'] .status-words { display: none; }
.status[data-form='spinner'] .mark { width: 68px; filter: drop-shadow(0 1px 6px rgb(0 0 0 / 0.6)); }
@container (max-width: 560px) {
  .status-title { font-size: 22px; }
  .status-detail { font-size: 15px; }
  .status-box { gap: 18px; }
  .status .mark { width: 50px; }
  .status[data-form='banner'] .status-action { padding: 0 12px; }
}
@media (prefers-reduced-motion: reduce) {
  .status[data-tone='busy'] .bed { opacity: 1; }
  .status[data-tone='busy'] .water { opacity: 0 !important; }
}
@media (max-height: 430px) {
  .status[data-form='cover'] .mark, .status[data-form='veil'] .mark { display: none; }
  .status-box { gap: 16px; }
}
`;
