/** Media keys, headsets, lock screens and the buttons of a picture in picture window. */

/** What those buttons ask for. */
export type MediaSessionListener = { readonly onPlay: () => void; readonly onPause: () => void };

/** Names the broadcast to the system and takes its play and pause; returns a function that lets go of both. */
export const holdMediaSession = (title: string, listener: MediaSessionListener): (() => void) => {
  if (!('mediaSession' in navigator)) return () => undefined;
  const session = navigator.mediaSession;
  session.metadata = new MediaMetadata({ title, artist: 'Freshet' });
  // Left alone, the browser would pause the picture and leave the sound, which may be an element of its own.
  session.setActionHandler('play', () => listener.onPlay());
  session.setActionHandler('pause', () => listener.onPause());
  return () => {
    session.metadata = null;
    session.setActionHandler('play', null);
    session.setActionHandler('pause', null);
  };
};
