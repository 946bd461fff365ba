/** The controls: bar, live button, volume, large play button, unmute button, hint. */

/** Style rules. */
export const CONTROL_STYLES = `
.bar {
  position: absolute; display: flex; align-items: center; gap: 2px;
  left: calc(var(--edge) + env(safe-area-inset-left)); right: calc(var(--edge) + env(safe-area-inset-right));
  bottom: calc(var(--edge) + env(safe-area-inset-bottom));
  padding: 5px 6px; border-radius: 18px; border: 1px solid var(--line);
  background: var(--glass);
}
.button {
  display: grid; place-items: center; width: 42px; height: 42px; padding: 0; flex: none;
  border: 0; border-radius: 13px; background: none; transition: background 0.15s ease;
}
.button:hover { background: rgb(255 255 255 / 0.13); }
.button[aria-pressed='true'] { color: var(--accent); background: rgb(255 255 255 / 0.08); }
.button[aria-disabled='true'] { opacity: 0.55; cursor: default; }
.space { flex: 1; }
.sound { display: flex; align-items: center; }
.volume {
  -webkit-appearance: none; appearance: none; width: 92px; height: 28px; margin: 0 10px 0 2px;
  background: none; cursor: pointer; border-radius: 8px;
}
.volume::-webkit-slider-runnable-track {
  height: 4px; border-radius: 2px;
  background: linear-gradient(90deg, var(--accent) var(--filled, 100%), rgb(255 255 255 / 0.3) var(--filled, 100%));
}
.volume::-moz-range-track { height: 4px; border-radius: 2px; background: rgb(255 255 255 / 0.3); }
.volume::-moz-range-progress { height: 4px; border-radius: 2px; background: var(--accent); }
.volume::-webkit-slider-thumb {
  -webkit-appearance: none; width: 14px; height: 14px; margin-top: -5px; border-radius: 50%;
  background: var(--text); border: 0;
}
.volume::-moz-range-thumb { width: 14px; height: 14px; border-radius: 50%; background: var(--text); border: 0; }
.volume:disabled { opacity: 0.4; cursor: default; }

.live {
  display: flex; align-items: center; gap: 8px; height: 34px; padding: 0 13px; margin-left: 4px; flex: none;
  border: 1px solid transparent; border-radius: 17px; background: none;
  font-size: 13px; font-weight: 650; letter-spacing: 0.05em; font-variant-numeric: tabular-nums;
}
.live[aria-disabled='true'] { cursor: default; }
.dot { width: 9px; height: 9px; border-radius: 50%; background: #81918f; }
.live[data-look='on'] .dot { background: var(--live); animation: pulse 2.4s ease-out infinite; }
.live[data-look='off'] { color: var(--dim); }
.live[data-look='behind'] { border-color: rgb(255 255 255 / 0.34); letter-spacing: 0; }
.live[data-look='behind']:hover { background: rgb(255 255 255 / 0.13); }
.behind:empty { display: none; }
.behind { color: var(--dim); font-weight: 500; }
@keyframes pulse {
  from { box-shadow: 0 0 0 0 rgb(255 90 82 / 0.6); }
  70%, to { box-shadow: 0 0 0 8px rgb(255 90 82 / 0); }
}

.big-play {
  position: absolute; top: 50%; left: 50%; width: 92px; height: 92px; margin: -46px 0 0 -46px; padding: 0;
  display: grid; place-items: center; border-radius: 50%; border: 1px solid var(--line);
  background: var(--glass);
  transition: transform 0.18s ease, background 0.18s ease;
}
.big-play .icon { width: 44px; height: 44px; color: var(--accent); }
.big-play:hover { transform: scale(1.06); background: rgb(9 20 22 / 0.88); }
.big-play.has-text {
  display: flex; align-items: center; justify-content: center; gap: 12px; width: auto; height: 64px; margin: 0;
  padding: 0 30px 0 22px; border-radius: 32px; transform: translate(-50%, -50%); white-space: nowrap;
  border: 0; background: var(--accent); color: #04211d; font-size: 18px; font-weight: 640;
}
.big-play.has-text .icon { width: 30px; height: 30px; color: inherit; }
.big-play.has-text:hover { transform: translate(-50%, -50%) scale(1.03); background: var(--accent); }
.big-play span:empty { display: none; }
.unmute {
  position: absolute; left: 50%; transform: translateX(-50%);
  bottom: calc(var(--edge) + 68px + env(safe-area-inset-bottom));
  display: flex; align-items: center; gap: 10px; height: 46px; padding: 0 20px 0 15px; white-space: nowrap;
  border: 0; border-radius: 23px; background: var(--text); color: #08191b; font-weight: 600;
  box-shadow: 0 6px 24px rgb(0 0 0 / 0.35);
}
.unmute:focus-visible { outline-color: var(--accent); outline-offset: 3px; }
.hint {
  position: absolute; left: 50%; top: calc(18% + env(safe-area-inset-top)); transform: translateX(-50%);
  max-width: calc(100% - 48px); padding: 9px 18px; border-radius: 20px; pointer-events: none;
  background: var(--glass); font-weight: 550; font-variant-numeric: tabular-nums; text-align: center;
  opacity: 0; transition: opacity 0.25s ease;
}
.hint:empty { display: none; }
.hint.is-shown { opacity: 1; transition-duration: 0.08s; }
@media (pointer: coarse) {
  .volume, .only-with-keyboard { display: none; }
  .button { width: 44px; height: 44px; }
  .live { height: 44px; border-radius: 22px; }
}
@container (max-width: 560px) {
  .volume { display: none; }
  .bar { gap: 0; }
  .big-play:not(.has-text) { width: 76px; height: 76px; margin: -38px 0 0 -38px; }
}
@container (max-width: 430px) {
  .only-with-keyboard, .behind { display: none; }
  .live { padding: 0 11px; margin-left: 0; }
}
`;
