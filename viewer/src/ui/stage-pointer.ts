/** What mouse and finger mean on the picture. */

/** What they ask for. */
export type StagePointerListener = {
  /** The pointer moves, or the focus does: somebody is there. */
  readonly onAttention: () => void;
  /** The mouse left. */
  readonly onLeave: () => void;
  /** A finger tapped the picture: it shows the controls, or sends them away. */
  readonly onTap: () => void;
  /** A mouse click on the picture, once it is clear that no second one follows. */
  readonly onClick: () => void;
  readonly onDoubleClick: () => void;
  /** Whether an event's innermost target is the picture, not a control on it. */
  readonly isOnPicture: (target: EventTarget | undefined) => boolean;
};

/** A second click within this makes a double click: pausing in between would throw the live edge away. */
const DOUBLE_CLICK_MS = 220;

/** Listens on `host` until the signal aborts. */
export const listenToPointer = (
  host: HTMLElement,
  listener: StagePointerListener,
  signal: AbortSignal,
): void => {
  const isOnPicture = (event: Event): boolean => listener.isOnPicture(event.composedPath()[0]);
  const isTouch = (event: Event): boolean => 'pointerType' in event && event.pointerType === 'touch';
  let clickTimer: ReturnType<typeof setTimeout> | undefined;
  host.addEventListener(
    'click',
    (event) => {
      if (!isOnPicture(event)) return listener.onAttention();
      if (isTouch(event)) return listener.onTap();
      clearTimeout(clickTimer);
      if (event.detail < 2) clickTimer = setTimeout(() => listener.onClick(), DOUBLE_CLICK_MS);
    },
    { signal },
  );
  host.addEventListener(
    'dblclick',
    (event) => {
      if (isOnPicture(event)) listener.onDoubleClick();
    },
    { signal },
  );
  host.addEventListener('pointermove', (event) => !isTouch(event) && listener.onAttention(), { signal });
  host.addEventListener('pointerleave', (event) => !isTouch(event) && listener.onLeave(), { signal });
  host.addEventListener(
    'focusin',
    (event) => {
      // A tap on the picture focuses the stage too, and means what `onTap` makes of it.
      if (!isOnPicture(event)) listener.onAttention();
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(clickTimer));
};
