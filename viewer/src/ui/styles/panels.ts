/** The panels over the picture: statistics and keys. */

/** Style rules. */
export const PANEL_STYLES = `
.panel {
  position: absolute; border-radius: 18px; border: 1px solid var(--line);
  background: rgb(7 16 18 / 0.93);
  overflow: auto; overscroll-behavior: contain; scrollbar-width: thin; user-select: text; -webkit-user-select: text;
}
.panel .close { position: absolute; top: 6px; right: 6px; width: 36px; height: 36px; }
.panel .close .icon { width: 19px; height: 19px; }
.stats {
  top: calc(58px + env(safe-area-inset-top)); right: calc(var(--edge) + env(safe-area-inset-right));
  width: min(318px, calc(100% - 2 * var(--edge)));
  max-height: calc(100% - 144px - env(safe-area-inset-top) - env(safe-area-inset-bottom));
  padding: 14px 18px 16px; font-size: 13px;
}
.stats-chart { position: relative; display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 10px; }
.stats-label { flex-basis: 100%; color: var(--dim); font-size: 12px; }
.stats-figure { font-size: 21px; font-weight: 600; letter-spacing: -0.01em; font-variant-numeric: tabular-nums; }
.stats-worst { color: var(--dim); font-variant-numeric: tabular-nums; }
.sparkline { flex-basis: 100%; width: 100%; height: 30px; margin: 2px 0 8px; color: var(--accent); }
.stats-chart + .stats-chart .sparkline { color: #8ab8ff; }
.origin-bar {
  flex-basis: 100%; height: 8px; margin: 6px 0 7px; border-radius: 4px; overflow: hidden; background: #5c7391;
}
.origin-part {
  display: block; width: 100%; height: 100%; background: var(--accent); transform-origin: left;
  transform: scaleX(var(--share, 0)); transition: transform 0.4s ease;
}
.origin-legend {
  flex-basis: 100%; display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 14px; margin-bottom: 10px;
  color: var(--dim); font-size: 12px; font-variant-numeric: tabular-nums;
}
.origin-legend span:empty { display: none; }
.origin-legend span::before {
  content: ''; display: inline-block; width: 8px; height: 8px; margin-right: 7px; border-radius: 50%; background: #5c7391;
}
.origin-legend .origin-viewers::before { background: var(--accent); }
.stats-list {
  display: grid; grid-template-columns: auto 1fr; gap: 3px 18px; padding-top: 10px; line-height: 1.38; border-top: 1px solid var(--line);
}
.stats-list dt { color: var(--dim); white-space: nowrap; }
.stats-list dd { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.keys {
  top: 50%; left: 50%; transform: translate(-50%, -50%); width: min(400px, calc(100% - 2 * var(--edge)));
  max-height: calc(100% - 2 * var(--edge)); padding: 20px 24px 22px;
}
.keys h2 { margin-bottom: 14px; font-size: 16px; font-weight: 600; }
.keys-list { display: grid; grid-template-columns: auto 1fr; gap: 9px 20px; align-items: center; }
.keys-list dt { display: flex; gap: 6px; }
.keys-list dd { color: var(--dim); }
kbd {
  min-width: 28px; padding: 2px 8px; border-radius: 7px; text-align: center;
  border: 1px solid rgb(255 255 255 / 0.22); border-bottom-width: 2px; background: rgb(255 255 255 / 0.07);
  font: 500 13px/1.45 inherit; font-family: inherit;
}
@media (max-height: 480px) {
  .keys-list { grid-template-columns: auto 1fr auto 1fr; gap: 9px 16px; }
  .keys { width: min(600px, calc(100% - 2 * var(--edge))); }
  .stats {
    top: calc(var(--edge) + env(safe-area-inset-top)); width: min(720px, calc(100% - 2 * var(--edge)));
    max-height: calc(100% - 88px - env(safe-area-inset-top) - env(safe-area-inset-bottom));
    display: grid; grid-template-columns: 118px 1fr; gap: 0 18px; font-size: 12px;
  }
  .stats-list {
    grid-column: 2; grid-row: 1 / 3; grid-template-columns: auto 1fr auto 1fr; align-content: start;
    gap: 5px 12px; padding: 26px 0 0; border: 0;
  }
  .origin { grid-column: 1 / 3; flex-wrap: nowrap; align-items: center; margin-top: 5px; }
  .origin .stats-label { flex-basis: auto; white-space: nowrap; }
  .origin .stats-figure { font-size: 15px; }
  .origin .stats-worst { white-space: nowrap; }
  .origin-bar { flex: 1; margin: 0 6px; }
  .origin-legend { flex: none; margin: 0; }
}
@container (max-width: 560px) {
  .stats { left: var(--edge); right: var(--edge); width: auto; }
}
`;
