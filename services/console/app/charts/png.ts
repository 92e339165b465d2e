import { saveBlob } from '../lib/export.ts';

export interface Caption {
  readonly title: string;
  /** Month, state and sample: a picture that is passed on says how sure it is. */
  readonly sub: string;
  readonly file: string;
}

const SCALE = 2;
const HEAD = 58;
const FOOT = 26;
const PAD = 16;
const FONT = 'Inter, system-ui, sans-serif';
const PROPERTIES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-size',
  'font-weight',
];
const SVG = 'http://www.w3.org/2000/svg';

/** The chart as a picture at twice its size, with every colour resolved. */
export async function savePng(svg: SVGSVGElement, caption: Caption): Promise<void> {
  const picture = withCaption(resolved(svg), svg, caption);
  const url = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(picture)], { type: 'image/svg+xml' }),
  );
  try {
    const image = await loaded(url);
    const canvas = document.createElement('canvas');
    canvas.width = image.width * SCALE;
    canvas.height = image.height * SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob) saveBlob(blob, `${caption.file}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function pngSize(svg: SVGSVGElement): { width: number; height: number } {
  return {
    width: (Number(svg.getAttribute('width')) + 2 * PAD) * SCALE,
    height: (Number(svg.getAttribute('height')) + HEAD + FOOT) * SCALE,
  };
}

function loaded(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('the picture could not be drawn'));
    image.src = url;
  });
}

/** A copy whose look no longer needs the page's style. */
function resolved(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [from, to] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  for (const [i, element] of from.entries()) {
    const style = getComputedStyle(element);
    const keep = element.getAttribute('fill')?.startsWith('url(') ? PROPERTIES.slice(1) : PROPERTIES;
    for (const property of keep) to[i]?.setAttribute(property, style.getPropertyValue(property));
    if (element.tagName === 'text') to[i]?.setAttribute('font-family', FONT);
    to[i]?.removeAttribute('class');
  }
  return copy;
}

function withCaption(chart: SVGSVGElement, from: SVGSVGElement, { title, sub }: Caption): SVGSVGElement {
  const [width, height] = [Number(from.getAttribute('width')) + 2 * PAD, Number(from.getAttribute('height'))];
  const page = getComputedStyle(document.body);
  const surface = getComputedStyle(from.closest('.panel') ?? document.body).backgroundColor;
  const picture = element('svg', {
    xmlns: SVG,
    width,
    height: height + HEAD + FOOT,
    viewBox: `0 0 ${width} ${height + HEAD + FOOT}`,
  });
  picture.append(
    element('rect', { width: '100%', height: '100%', fill: surface }),
    text(title, { x: PAD, y: 28, 'font-size': 16, 'font-weight': 620, fill: page.color }),
    text(sub, { x: PAD, y: 48, 'font-size': 12.5, fill: page.color, opacity: 0.75 }),
    text(`Rollcall · ${location.origin}${location.pathname}`, {
      x: PAD,
      y: height + HEAD + 14,
      'font-size': 11,
      fill: page.color,
      opacity: 0.65,
    }),
  );
  const inside = element('g', { transform: `translate(${PAD},${HEAD})` });
  inside.append(...chart.childNodes);
  picture.append(inside);
  return picture as SVGSVGElement;
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function text(content: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = element('text', { 'font-family': FONT, ...attributes });
  made.textContent = content;
  return made;
}
