// A part of the page as a PNG, made by the browser: the part and the style sheets of the page in an
// SVG, drawn on a canvas (docs/decisions/047). Nothing is fetched.

const pixelsMax = 16_000; // a side of a canvas
const perPixel = 2;
// XML knows no control characters.
// eslint-disable-next-line no-control-regex
const noXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const sheetText = (): string => [...document.styleSheets]
  .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\n');

// What the variables of the page are now: an image does not know which theme was chosen.
function variables(css: string): string {
  const style = getComputedStyle(document.documentElement);
  const names = new Set(css.match(/--[\w-]+(?=\s*:)/g) ?? []);
  return [...names].map((name) => [name, style.getPropertyValue(name).trim()])
    .filter(([, value]) => value !== '').map(([name, value]) => `${name}:${value}`).join(';');
}

// A copy knows what was written in the document, not what was chosen since.
function keepChoices(from: HTMLElement, to: HTMLElement): void {
  const boxes = to.querySelectorAll('input');
  from.querySelectorAll('input').forEach((box, i) => boxes[i]?.setAttribute('value', box.value));
  const lists = to.querySelectorAll('select');
  from.querySelectorAll('select').forEach((list, i) => {
    [...(lists[i]?.options ?? [])].forEach((option, at) =>
      option.toggleAttribute('selected', at === list.selectedIndex));
  });
}

export function svgOf(element: HTMLElement): string {
  const { offsetWidth: width, offsetHeight: height } = element;
  const css = sheetText();
  const body = document.createElement('body');
  const copy = element.cloneNode(true) as HTMLElement;
  keepChoices(element, copy);
  copy.style.margin = '0';
  copy.style.inlineSize = `${width}px`;
  body.append(copy);
  const style = document.createElement('style');
  style.textContent = `${css}\n.menu-box, .picture-no { display: none !important; }
    body { margin: 0; min-block-size: 0; }`;
  body.prepend(style);
  const root = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  root.setAttribute('width', String(width));
  root.setAttribute('height', String(height));
  root.setAttribute('style', variables(css));
  const { theme } = document.documentElement.dataset;
  if (theme) root.setAttribute('data-theme', theme);
  const inside = document.createElementNS('http://www.w3.org/2000/svg', 'foreignObject');
  inside.setAttribute('width', '100%');
  inside.setAttribute('height', '100%');
  inside.append(body);
  root.append(inside);
  return new XMLSerializer().serializeToString(root).replace(noXml, ' ');
}

export async function pngOf(element: HTMLElement): Promise<Blob> {
  const { offsetWidth: width, offsetHeight: height } = element;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgOf(element))}`;
  await image.decode();
  const scale = Math.min(perPixel, pixelsMax / Math.max(width, height, 1));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--ground');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('no picture'));
    }, 'image/png');
  });
}
