/** The window of a picture of more than 8 bits: which samples are shown as black and as white. */

/** What the server shows by itself, and how many bits a sample has. */
export interface SampleRange {
  readonly low: number;
  readonly high: number;
  readonly bits: number;
}

export type IntensityWindow = readonly [low: number, high: number];

const FINEST = 200;

/** The address of a picture, or a part of it, through a window; null leaves the choice to the server. */
export function windowedUrl(url: string, window: IntensityWindow | null): string {
  return window ? `${url}?window=${window.map(encodeURIComponent).join(",")}` : url;
}

/** How finely the ends can be moved: a power of ten. */
export function sliderStep({ low, high }: SampleRange): number {
  return 10 ** Math.floor(Math.log10((high - low) / FINEST));
}

/** How far sliders go: as wide again on either side, and never below nothing for what has no sign. */
export function sliderRange({ low, high }: SampleRange): IntensityWindow {
  const span = high - low;
  return [low < 0 ? low - span : Math.max(low - span, 0), high + span];
}

/** A window with one end at another value; the other end gives way, so that low stays below high. */
export function withWindowEnd(window: IntensityWindow, end: 0 | 1, value: number, step: number): IntensityWindow {
  if (end === 0) return [value, Math.max(window[1], roundToStep(value + step, step))];
  return [Math.min(window[0], roundToStep(value - step, step)), value];
}

/** The nearest whole number of steps, without the remnants of binary fractions. */
export function roundToStep(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}
