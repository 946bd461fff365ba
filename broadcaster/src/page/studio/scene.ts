/** What the composed picture looks like; drawn the same in the worker and, where there is none, in the page. */

/** Where the camera lies over the screen. */
export type Corner = 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';

/** Anything with a size that a canvas can draw. */
export type Picture = { readonly image: CanvasImageSource; readonly width: number; readonly height: number };

/** One moment of the picture. */
export type Scene = {
  readonly camera: Picture | undefined;
  readonly screen: Picture | undefined;
  readonly corner: Corner;
  /** What the still picture says when there is neither. */
  readonly slate: string;
  readonly title: string;
};

/** Width of the camera's inset, as a share of the picture's. */
const INSET_SHARE = 0.24;

/** Distance of the inset from the edges, as a share of the picture's width. */
const MARGIN_SHARE = 0.02;

/** The part of a 2D context that is used, which canvases of pages and of workers share. */
export type Brush = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Draws a scene over the whole of `width` x `height`, whatever the sizes of its parts. */
export function drawScene(brush: Brush, width: number, height: number, scene: Scene): void {
  const { camera, screen } = scene;
  const main = screen ?? camera;
  if (!main) return drawSlate(brush, width, height, scene);
  brush.fillStyle = '#000';
  brush.fillRect(0, 0, width, height);
  drawFitted(brush, main, { x: 0, y: 0, width, height }, screen ? 'whole' : 'filled');
  if (screen && camera) drawInset(brush, width, height, camera, scene.corner);
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

function drawFitted(brush: Brush, picture: Picture, box: Box, fit: 'whole' | 'filled'): void {
  const ratios = [box.width / picture.width, box.height / picture.height];
  // A camera of another shape is cut a little; a portrait one would lose most of itself and is shown whole.
  const isNear = Math.max(...ratios) / Math.min(...ratios) < 1.5;
  const scale = fit === 'filled' && isNear ? Math.max(...ratios) : Math.min(...ratios);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const x = box.x + (box.width - width) / 2;
  const y = box.y + (box.height - height) / 2;
  brush.drawImage(picture.image, x, y, width, height);
}

function drawInset(brush: Brush, width: number, height: number, camera: Picture, corner: Corner): void {
  const insetWidth = Math.round(width * INSET_SHARE);
  const insetHeight = Math.round((insetWidth * 9) / 16);
  const margin = Math.round(width * MARGIN_SHARE);
  const x = corner.endsWith('left') ? margin : width - insetWidth - margin;
  const y = corner.startsWith('top') ? margin : height - insetHeight - margin;
  brush.save();
  brush.beginPath();
  brush.roundRect(x, y, insetWidth, insetHeight, Math.round(insetHeight / 10));
  brush.clip();
  brush.fillStyle = '#000';
  brush.fillRect(x, y, insetWidth, insetHeight);
  drawFitted(brush, camera, { x, y, width: insetWidth, height: insetHeight }, 'filled');
  brush.restore();
  // A rim, so that it stands out from a screen of the same colour.
  brush.strokeStyle = 'rgb(255 255 255 / 85%)';
  brush.lineWidth = Math.max(2, Math.round(width / 480));
  brush.stroke();
}

function drawSlate(brush: Brush, width: number, height: number, { slate, title }: Scene): void {
  const shade = brush.createLinearGradient(0, 0, width, height);
  shade.addColorStop(0, '#0f2a2e');
  shade.addColorStop(1, '#081113');
  brush.fillStyle = shade;
  brush.fillRect(0, 0, width, height);
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  brush.fillStyle = '#f1f8f7';
  brush.font = `600 ${Math.round(height / 12)}px system-ui, sans-serif`;
  brush.fillText(title, width / 2, height * 0.45, width * 0.86);
  brush.fillStyle = '#9db8ba';
  brush.font = `400 ${Math.round(height / 24)}px system-ui, sans-serif`;
  brush.fillText(slate, width / 2, height * 0.57, width * 0.86);
}
