import type { Canvas } from "../diagram.ts";

/** Free space in pixels at the edges: bpmn-js' own fit draws under the palette and cuts badges off. */
export interface Padding {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const editorPadding: Padding = { top: 30, right: 30, bottom: 60, left: 120 };
export const picturePadding: Padding = { top: 24, right: 24, bottom: 40, left: 24 };

/** Shows the whole drawing inside the padding, never larger than life. Does nothing while the container has no size. */
export function fitWithPadding(canvas: Canvas, padding: Padding): void {
  canvas.resized();
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - padding.left - padding.right;
  const height = outer.height - padding.top - padding.bottom;
  if (width <= 0 || height <= 0 || inner.width <= 0 || inner.height <= 0) return;
  const scale = Math.max(0.2, Math.min(1, width / inner.width, height / inner.height));
  const spareX = Math.max(0, width - inner.width * scale) / 2;
  const spareY = Math.max(0, height - inner.height * scale) / 2;
  canvas.viewbox({
    x: inner.x - (padding.left + spareX) / scale,
    y: inner.y - (padding.top + spareY) / scale,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}
