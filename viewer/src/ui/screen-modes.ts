/** Full screen and picture in picture, with the ways around what browsers lack. */

/** Whether `host` fills the screen now. */
export const isFullScreen = (host: HTMLElement): boolean => host.matches(':fullscreen');

/**
 * Fills the screen with `host`, or leaves full screen; resolves with whether the browser allowed it. iPhones let only
 * the video itself fill the screen.
 */
export const toggleFullScreen = async (host: HTMLElement, video: HTMLVideoElement): Promise<boolean> => {
  try {
    if (isFullScreen(host)) await document.exitFullscreen();
    else if (typeof host.requestFullscreen === 'function') await host.requestFullscreen();
    else if ('webkitEnterFullscreen' in video && typeof video.webkitEnterFullscreen === 'function')
      video.webkitEnterFullscreen();
    else return false;
    return true;
  } catch {
    // Refused: no tap behind it, or a frame without permission.
    return false;
  }
};

/** Whether this browser has picture in picture. */
export const hasPictureInPicture = (): boolean => document.pictureInPictureEnabled === true;

/** Puts the video into its own small window, or back; resolves with whether the browser allowed it. */
export const togglePictureInPicture = async (video: HTMLVideoElement): Promise<boolean> => {
  if (!hasPictureInPicture()) return false;
  try {
    if (document.pictureInPictureElement === null) await video.requestPictureInPicture();
    else await document.exitPictureInPicture();
    return true;
  } catch {
    // Refused: nothing is decoded yet, or no tap is behind it.
    return false;
  }
};
